"""The language of a definition.

A published version of a service is one `Definition`: immutable, with a sha256 over its canonical JSON.
Everything that a person reads is a `Text` in Swahili and English; every figure says how sure it is.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from services.definitions.condition_schema import Condition, Name
from services.definitions.fee_schema import Fee
from services.definitions.texts import Model, Sourced, Status, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,79}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]

FieldType = Literal[
    "text", "textarea", "integer", "decimal", "money", "date", "datetime", "radio", "select", "multiselect",
    "checkbox", "table", "phone", "email", "nin", "tin", "ward", "council", "country", "institution",
]  # fmt: skip
CHOICE_TYPES = frozenset({"radio", "select", "multiselect"})
PLACE_TYPES = frozenset({"ward", "council", "country", "institution"})
NUMBER_TYPES = frozenset({"integer", "decimal", "money"})

Format = Literal[
    "csee_index", "passport", "driving_licence", "plate", "vrn", "brela_number", "check_number"
]  # fmt: skip
RelativeDate = Annotated[str, StringConstraints(pattern=r"^(now|today([+-]\d{1,4}[dmy])?|\d{4}-\d{2}-\d{2})$")]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Days = Annotated[int, Key(ge=0, le=1000)]


class Option(Model):
    value: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    label: Text


class Validation(Model):
    min: Decimal | None = None
    max: Decimal | Literal["current_year"] | None = None
    min_length: Annotated[int, Key(ge=1)] | None = None
    max_length: Annotated[int, Key(ge=1, le=10_000)] | None = None
    min_date: RelativeDate | None = None
    max_date: RelativeDate | None = None
    regex: str | None = None
    format: Format | None = None
    unique_in: str | None = None
    """Name of an outside register that an officer must search; nothing is refused here."""


class Repeat(Model):
    min: Annotated[int, Key(ge=0, le=200)] = 0
    max: Annotated[int, Key(ge=1, le=200)]


class Computed(Model):
    """A value that the server works out; what a client sends for it is ignored."""

    formula: str
    words: Text


class Column(Model):
    """What a field and a column of a table have in common."""

    name: Name
    type: FieldType
    label: Text
    help: Text | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    validation: Validation = Validation()
    sensitive: bool = False
    """Health, identity numbers, children, bank accounts: masked, and each view by staff is logged."""


class Field(Column):
    show_if: Condition | None = None
    required_if: Condition | None = None
    prefill: str | None = None
    locked: bool = False
    """A known prefill value wins over anything that the client sends."""
    computed: Computed | None = None
    repeat: Repeat | None = None
    columns: tuple[Column, ...] = ()
    purpose: str
    retention: str

    @model_validator(mode="after")
    def _shape_fits_type(self) -> Self:
        if (self.type in CHOICE_TYPES) != bool(self.options):
            raise ValueError("radio, select and multiselect have options, other types have none")
        if (self.type == "table") != bool(self.columns) or (self.type == "table") != bool(self.repeat):
            raise ValueError("a table has columns and repeat, other types have neither")
        if any(column.type == "table" for column in self.columns):
            raise ValueError("a table does not stand in a table")
        return self


class Section(Model):
    key: Name
    label: Text
    fields: tuple[Field, ...] = Key(min_length=1)


class Rule(Model):
    """Two answers that must agree. `flag` tells the officer instead of stopping the applicant."""

    field: Name
    when: Condition | None = None
    require: str
    message: Text
    level: Literal["error", "flag"] = "error"


class DocumentRequirement(Model):
    document: Name
    mandatory: bool = False
    when: Condition | None = None


class Stage(Model):
    key: Name
    label: Text
    role: Name
    working_days: Days
    actions: tuple[Name, ...] = Key(min_length=1)
    institution_field: Name | None = None
    """The answer that names whose queue this is; without it, the institution that owns the service."""


class ProcessingTime(Sourced):
    working_days: Days


class Validity(Model):
    years: Days | None = None
    months: Days | None = None
    days: Days | None = None
    until: Literal["financial_year", "academic_year", "none"] | None = None
    status: Status

    @model_validator(mode="after")
    def _exactly_one_period(self) -> Self:
        if sum(value is not None for value in (self.years, self.months, self.days, self.until)) != 1:
            raise ValueError("validity has exactly one of years, months, days, until")
        return self


class Output(Model):
    kind: Name
    title: Text
    holder_fields: tuple[Name, ...] = ()
    """Answers that name the holder; without any it is the applicant, or the organisation acted for."""
    holder_joiner: Literal[" ", " & "] = " "
    """Between the answers: parts of one name, or two holders."""
    facts: tuple[Name, ...] | None = None
    """Answers that are printed, in this order. The linter requires it; versions from before it print none."""
    qr_verifiable: bool = False
    validity: Validity | None = None


class ApplicationWindow(Model):
    opens: MonthDay
    closes: MonthDay
    status: Status
    note: str | None = None

    def is_open(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        if self.opens <= self.closes:
            return self.opens <= today <= self.closes
        return today >= self.opens or today <= self.closes


class Charter(Model):
    """Where else to go, whom to ask and how to object, for the service page."""

    other_channels: Text
    contact: Text
    appeal: Text
    status: Status


class Definition(Model):
    format: Literal["huduma/1"]
    slug: Slug
    audience: Literal["G2C", "G2B", "G2E", "G2G"]
    category: Name
    institution: Code
    title: Text
    summary: Text
    eligibility: Text
    channels: tuple[Name, ...] = Key(min_length=1)
    application_window: ApplicationWindow | None = None
    in_person_step: Text | None = None
    sections: tuple[Section, ...] = Key(min_length=1)
    rules: tuple[Rule, ...] = ()
    documents: tuple[DocumentRequirement, ...] = ()
    fee: Fee
    processing_time: ProcessingTime
    stages: tuple[Stage, ...] = Key(min_length=1)
    output: Output
    charter: Charter
    provenance: tuple[str, ...] = ()

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def field(self, name: str) -> Field | None:
        return self._fields_by_name.get(name)

    def section(self, key: str) -> Section:
        """KeyError when there is no such section."""
        return self._sections_by_key[key]

    def section_of(self, name: str) -> Section | None:
        return next((s for s in self.sections if any(f.name == name for f in s.fields)), None)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types; `Definition.model_validate` reads it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def sha256(self) -> str:
        canonical = json.dumps(self.as_data(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def _fields_by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields()}

    @cached_property
    def _sections_by_key(self) -> dict[str, Section]:
        return {section.key: section for section in self.sections}

"""The one validator: web pages, the API and later USSD all ask it, so that they cannot disagree.

`answers` is what is stored: canonical values by field name, None where a person left a visible field empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from services.definitions.cleaning import Choice, Refused, clean_value, is_blank
from services.definitions.conditions import holds, is_empty
from services.definitions.expressions import NotComputable, evaluate
from services.definitions.messages import say
from services.definitions.schema import Column, Definition, Field, Rule, Section

Answers = Mapping[str, Any]
SectionState = Literal["not_started", "in_progress", "complete"]

LARGEST_RAW = 200_000
"""Characters in one posted section: the largest table filled to the brim stays well below."""
NAMED_UNKNOWNS = 20
WHOLE_SECTION = ""
"""Key of errors that belong to no field."""


@dataclass(frozen=True)
class FieldError:
    code: str
    message: Any
    """A lazy sentence that tells the person what to do."""
    choices: tuple[Choice, ...] = ()
    """What an unclear answer may have meant."""


Errors = dict[str, list[FieldError]]


@dataclass(frozen=True)
class CleanedSection:
    values: dict[str, Any]
    """Every field of the section; None for what is empty or hidden, so that merging also clears."""
    errors: Errors

    @property
    def is_valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class Flag:
    """Something that the officer should look at; it never stops the applicant."""

    field: str
    message: Any


@dataclass
class _Cleaning:
    """Values found so far; a later field of the section sees the earlier ones."""

    definition: Definition
    today: date
    known: Mapping[str, Any]
    seen: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)

    def keep(self, name: str, value: Any) -> None:
        self.values[name] = self.seen[name] = value

    def refuse(self, name: str, code: str, message: Any, choices: tuple[Choice, ...] = ()) -> None:
        self.errors.setdefault(name, []).append(FieldError(code, message, choices))


def clean_section(
    definition: Definition,
    section_key: str,
    raw: Mapping[str, Any],
    answers: Answers,
    *,
    today: date,
    known: Mapping[str, Any] | None = None,
) -> CleanedSection:
    """What the person sent for one section, checked against the answers of the others.

    `known` holds what the server knows by prefill path (`{"profile.nin": …}`); a locked field takes its
    value from there whatever was sent, and a computed field is always worked out again.
    """
    if _size(raw) > LARGEST_RAW:
        return CleanedSection({}, {WHOLE_SECTION: [FieldError("too_large", _("This is too much text. Shorten it."))]})
    section = definition.section(section_key)
    cleaning = _Cleaning(definition, today, known or {}, drop_hidden(definition, answers))
    for item in section.fields:
        _clean_field(cleaning, item, raw.get(item.name))
    _refuse_unknown(cleaning, section, raw)
    for rule in broken_rules(definition, cleaning.seen, level="error", today=today):
        if rule.field in cleaning.values and rule.field not in cleaning.errors:
            cleaning.refuse(rule.field, "rule", rule.message)
    return CleanedSection(cleaning.values, cleaning.errors)


def check_all(definition: Definition, answers: Answers, *, today: date) -> dict[str, Errors]:
    """Errors by section key, only for sections that have some; `""` for answers that no section asks for."""
    found = {
        section.key: clean_section(definition, section.key, _given(section, answers), answers, today=today).errors
        for section in visible_sections(definition, answers)
    }
    strangers = [name for name in answers if definition.field(name) is None]
    if strangers:
        found[WHOLE_SECTION] = {name: [_unknown_field()] for name in strangers[:NAMED_UNKNOWNS]}
    return {key: errors for key, errors in found.items() if errors}


def visible_sections(definition: Definition, answers: Answers) -> list[Section]:
    shown = _visible_names(definition, answers)
    return [section for section in definition.sections if any(item.name in shown for item in section.fields)]


def visible_fields(definition: Definition, section_key: str, answers: Answers) -> list[Field]:
    shown = _visible_names(definition, answers)
    return [item for item in definition.section(section_key).fields if item.name in shown]


def is_required(item: Field, answers: Answers) -> bool:
    return item.required or (item.required_if is not None and holds(item.required_if, answers))


def section_state(
    definition: Definition, section: Section, answers: Answers, *, today: date | None = None
) -> SectionState:
    """Not started until one of its fields has been saved, even as empty."""
    if not any(item.name in answers for item in visible_fields(definition, section.key, answers)):
        return "not_started"
    cleaned = clean_section(definition, section.key, _given(section, answers), answers, today=today or date.today())
    return "complete" if cleaned.is_valid else "in_progress"


def drop_hidden(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Only what the form asks for under these answers; conditions look back, so one pass settles it."""
    shown = _visible_names(definition, answers)
    return {name: value for name, value in answers.items() if name in shown}


def prefill_values(definition: Definition, section_key: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the server already knows, to show in a section that has not been started."""
    fields = definition.section(section_key).fields
    return {item.name: known[item.prefill] for item in fields if item.prefill and known.get(item.prefill) is not None}


def broken_rules(
    definition: Definition, answers: Answers, *, level: Literal["error", "flag"], today: date
) -> Iterator[Rule]:
    """A rule with an empty answer in it is silent: the empty answer is reported where it is."""
    for rule in definition.rules:
        if rule.level == level and holds(rule.when, answers):
            try:
                agrees = evaluate(rule.require, definition, answers, today=today)
            except NotComputable:
                continue
            if not agrees:
                yield rule


def flags(definition: Definition, answers: Answers, *, today: date) -> list[Flag]:
    """What an officer must look into before deciding."""
    found = [Flag(rule.field, rule.message) for rule in broken_rules(definition, answers, level="flag", today=today)]
    for item in definition.fields():
        if item.validation.unique_in and not is_empty(answers.get(item.name)):
            found.append(Flag(item.name, say(_("Search the register for: %(label)s"), label=item.label)))
    return found


def _clean_field(cleaning: _Cleaning, item: Field, raw: Any) -> None:
    if not holds(item.show_if, cleaning.seen):
        cleaning.values[item.name] = None
        cleaning.seen.pop(item.name, None)
    elif item.computed is not None:
        cleaning.keep(item.name, _computed(cleaning, item))
    elif item.locked and not is_empty(known := cleaning.known.get(item.prefill or "")):
        _clean_given(cleaning, item, known)
    elif is_blank(raw):
        _refuse_empty(cleaning, item)
    else:
        _clean_given(cleaning, item, raw)


def _clean_given(cleaning: _Cleaning, item: Field, raw: Any) -> None:
    cleaning.keep(item.name, None)
    if item.type == "table":
        _clean_table(cleaning, item, raw)
        return
    try:
        value = clean_value(item, raw, today=cleaning.today)
    except Refused as refused:
        cleaning.refuse(item.name, refused.code, refused.message, refused.choices)
        return
    cleaning.keep(item.name, value)
    if item.type == "checkbox" and not value and is_required(item, cleaning.seen):
        cleaning.refuse(item.name, "required", _required_message(item))


def _refuse_empty(cleaning: _Cleaning, item: Field) -> None:
    cleaning.keep(item.name, False if item.type == "checkbox" else None)
    if is_required(item, cleaning.seen):
        cleaning.refuse(item.name, "required", _required_message(item))


def _computed(cleaning: _Cleaning, item: Field) -> Any:
    assert item.computed is not None
    try:
        value = evaluate(item.computed.formula, cleaning.definition, cleaning.seen, today=cleaning.today)
        return clean_value(item, value, today=cleaning.today)
    except (NotComputable, Refused):
        return None


def _clean_table(cleaning: _Cleaning, item: Field, raw: Any) -> None:
    assert item.repeat is not None
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        cleaning.refuse(item.name, "invalid", say(_("Fill in the rows: %(label)s"), label=item.label))
        return
    rows = [(number, row) for number, row in enumerate(raw) if not is_blank(row)]
    if len(rows) > item.repeat.max:
        message = say(_("Keep at most %(max)s rows: %(label)s"), max=item.repeat.max, label=item.label)
        cleaning.refuse(item.name, "too_many_rows", message)
        return
    cleaning.keep(item.name, [_clean_row(cleaning, item, number, row) for number, row in rows])
    if len(rows) < item.repeat.min:
        cleaning.refuse(item.name, "too_few_rows", _rows_message(item))


def _clean_row(cleaning: _Cleaning, item: Field, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """Errors stand under `owners-0-nin`: table, row as sent, column."""
    values: dict[str, Any] = {}
    for column in item.columns:
        key = f"{item.name}-{number}-{column.name}"
        values[column.name] = None
        if is_blank(row.get(column.name)):
            if column.required:
                cleaning.refuse(key, "required", _required_message(column))
            continue
        try:
            values[column.name] = clean_value(column, row[column.name], today=cleaning.today)
        except Refused as refused:
            cleaning.refuse(key, refused.code, refused.message, refused.choices)
    for name in _strangers(row, {column.name for column in item.columns}):
        cleaning.errors[f"{item.name}-{number}-{name}"] = [_unknown_field()]
    return values


def _refuse_unknown(cleaning: _Cleaning, section: Section, raw: Mapping[str, Any]) -> None:
    for name in _strangers(raw, {item.name for item in section.fields}):
        cleaning.errors[name] = [_unknown_field()]


def _strangers(raw: Mapping[str, Any], expected: set[str]) -> list[str]:
    return [str(name)[:60] for name in raw if name not in expected][:NAMED_UNKNOWNS]


def _unknown_field() -> FieldError:
    return FieldError("unknown_field", _("This form does not ask for this."))


def _required_message(item: Column) -> Any:
    if isinstance(item, Field) and item.repeat is not None:
        return _rows_message(item)
    match item.type:
        case "radio" | "select" | "multiselect" | "council" | "country" | "institution":
            return say(_("Choose: %(label)s"), label=item.label)
        case "checkbox":
            return say(_("Tick to accept: %(label)s"), label=item.label)
        case "date" | "datetime":
            return say(_("Enter the date: %(label)s"), label=item.label)
        case _:
            return say(_("Fill in: %(label)s"), label=item.label)


def _rows_message(item: Field) -> Any:
    assert item.repeat is not None
    if item.repeat.min <= 1:
        return say(_("Add at least one row: %(label)s"), label=item.label)
    return say(_("Add at least %(min)s rows: %(label)s"), min=item.repeat.min, label=item.label)


def _visible_names(definition: Definition, answers: Answers) -> set[str]:
    seen: dict[str, Any] = {}
    shown: set[str] = set()
    for item in definition.fields():
        if holds(item.show_if, seen):
            shown.add(item.name)
            if item.name in answers:
                seen[item.name] = answers[item.name]
    return shown


def _given(section: Section, answers: Answers) -> dict[str, Any]:
    return {item.name: answers[item.name] for item in section.fields if item.name in answers}


def _size(raw: Any, depth: int = 0) -> int:
    """Characters in keys and values; nesting deeper than a table's cells counts as too much."""
    if depth > 4:
        return LARGEST_RAW + 1
    if isinstance(raw, Mapping):
        return sum(len(str(key)) + _size(value, depth + 1) for key, value in raw.items())
    if isinstance(raw, list | tuple):
        return sum(1 + _size(value, depth + 1) for value in raw)
    return len(raw) if isinstance(raw, str) else 1

"""A section of a definition as a web page: what the template draws, and what comes back from it.

Nothing here checks an answer: that is `definitions.answers`, which the API asks as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import places
from portal.dates import MONTHS
from portal.identifiers import format_nin, format_phone, format_tin
from services.definitions.answers import Errors, clean_section, is_required, prefill_values
from services.definitions.cleaning import OTHER_WARD, TEXT_LENGTH, Choice
from services.definitions.conditions import holds, is_empty
from services.definitions.display import display_value
from services.definitions.loader import vocabulary
from services.definitions.schema import Column, Definition, Field

SHOWN = "shown"
"""Hidden input with the questions on the page, so that one which has just come up is not called empty."""
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "then", SHOWN})
DATE_PARTS = ("day", "month", "year")
MOST_ROWS = 200

TEMPLATES = {
    "textarea": "textarea",
    "radio": "choices",
    "multiselect": "choices",
    "checkbox": "checkbox",
    "select": "select",
    "council": "select",
    "country": "select",
    "institution": "select",
    "date": "date",
    "datetime": "date",
    "ward": "ward",
    "table": "table",
}
SHORT_TYPES = frozenset({"integer", "decimal", "money", "phone", "tin", "nin"})
NUMERIC_TYPES = frozenset({"integer", "nin", "tin"})


@dataclass(frozen=True)
class OptionView:
    value: str
    label: str
    id: str
    selected: bool


@dataclass(frozen=True)
class OptionGroup:
    label: str
    options: tuple[OptionView, ...]


@dataclass(frozen=True)
class PartView:
    """One box of a date or a time."""

    name: str
    id: str
    label: str
    value: str
    width: str


@dataclass(frozen=True)
class RowView:
    number: int
    """Counts from one, for people."""
    index: int
    fields: tuple["FieldView", ...]
    removable: bool


@dataclass(frozen=True)
class FieldView:
    name: str
    id: str
    type: str
    template: str
    label: str
    help: str
    required: bool
    value: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[OptionView, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    choices: tuple[OptionView, ...] = ()
    """What an unclear ward may have meant."""
    parts: tuple[PartView, ...] = ()
    rows: tuple[RowView, ...] = ()
    can_add: bool = False
    autocomplete: str = "off"
    inputmode: str = ""
    input_type: str = "text"
    width: str = ""
    max_length: int | None = None
    is_new: bool = False
    """The question has come up because of an answer just given."""

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-hint"] if self.help else []
        return " ".join(ids + ([f"{self.id}-error"] if self.errors else []))


class PageError(NamedTuple):
    text: str
    anchor: str


class ParsedPost(NamedTuple):
    raw: dict[str, Any]
    changed: bool
    """Only the page changes: a row was added or removed, or an answer brought up new questions."""


@dataclass
class SectionPage:
    """Everything that the templates in `services/forms/` need to draw one section.

    `raw` is what the person sent, shown again as written; without it, what is stored or known.
    """

    definition: Definition
    section_key: str
    answers: Mapping[str, Any]
    raw: Mapping[str, Any] | None = None
    field_errors: Errors = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    """That of the reader, unless named."""

    def __post_init__(self) -> None:
        self.language = (self.language or translation.get_language() or "sw")[:2]
        self._seen = dict(self.answers) | self._values()

    @property
    def title(self) -> str:
        return self.definition.section(self.section_key).label.in_language(self.language)

    @property
    def fields(self) -> list[FieldView]:
        with translation.override(self.language):
            return [self._field(item) for item in self._visible()]

    @property
    def shown(self) -> str:
        """Value of the hidden input `shown`."""
        return " ".join(item.name for item in self._visible())

    @property
    def errors(self) -> list[PageError]:
        """For the error summary, in the order of the page; errors of no field on it come last."""
        names = [name for item in self._visible() for name in self._names(item)]
        keys = sorted(self.field_errors, key=lambda key: names.index(key) if key in names else len(names))
        with translation.override(self.language):
            return [
                PageError(str(error.message), key if key in names else "")
                for key in keys
                for error in self.field_errors[key]
            ]

    def _visible(self) -> list[Field]:
        return [item for item in self._section_fields() if holds(item.show_if, self._seen)]

    def _field(self, item: Field) -> FieldView:
        if item.computed or (item.locked and not is_empty(self.known.get(item.prefill or ""))):
            return self._fixed(item)
        if item.type == "table":
            return self._table(item)
        is_new = item.show_if is not None and self.raw is not None and item.name not in self.raw
        return self._input(item, item.name, self._entered(item), is_new=is_new)

    def _values(self) -> dict[str, Any]:
        """Values as far as they can be read, to know which questions to show."""
        if self.raw is None:
            stored = {
                item.name: self.answers[item.name] for item in self._section_fields() if item.name in self.answers
            }
            return prefill_values(self.definition, self.section_key, self.known) | stored
        return clean_section(
            self.definition,
            self.section_key,
            self.raw,
            self.answers,
            today=timezone.localdate(),
            known=self.known,
        ).values

    def _section_fields(self) -> tuple[Field, ...]:
        return self.definition.section(self.section_key).fields

    def _names(self, item: Field) -> Iterator[str]:
        yield item.name
        for index in range(len(self._table_rows(item)) if item.type == "table" else 0):
            for column in item.columns:
                yield f"{item.name}-{index}-{column.name}"

    def _entered(self, item: Field) -> Any:
        return self._seen.get(item.name) if self.raw is None else self.raw.get(item.name)

    def _fixed(self, item: Field) -> FieldView:
        """What the server knows or works out is shown, never asked."""
        value = self._seen.get(item.name) if item.computed else self.known[item.prefill or ""]
        words = item.computed.words.in_language(self.language) if item.computed else self._text(item.help)
        return FieldView(
            name=item.name,
            id=item.name,
            type=item.type,
            template="services/forms/field_fixed.html",
            label=item.label.in_language(self.language),
            help=words,
            required=False,
            value=display_value(item, value, self.language),
            errors=self._errors(item.name),
        )

    def _table(self, item: Field) -> FieldView:
        assert item.repeat is not None
        rows = self._table_rows(item)
        return FieldView(
            name=item.name,
            id=item.name,
            type=item.type,
            template="services/forms/field_table.html",
            label=item.label.in_language(self.language),
            help=self._text(item.help),
            required=is_required(item, self._seen),
            errors=self._errors(item.name),
            rows=tuple(
                RowView(
                    number=index + 1,
                    index=index,
                    fields=tuple(
                        self._input(column, f"{item.name}-{index}-{column.name}", row.get(column.name))
                        for column in item.columns
                    ),
                    removable=len(rows) > max(item.repeat.min, 1),
                )
                for index, row in enumerate(rows)
            ),
            can_add=len(rows) < item.repeat.max,
        )

    def _table_rows(self, item: Field) -> list[Mapping[str, Any]]:
        assert item.repeat is not None
        entered = self._entered(item)
        rows = [row for row in entered if isinstance(row, Mapping)] if isinstance(entered, list) else []
        least = max(item.repeat.min, 1)
        return rows[:MOST_ROWS] + [{} for _row in range(least - len(rows))]

    def _input(self, item: Column, name: str, entered: Any, *, is_new: bool = False) -> FieldView:
        return FieldView(
            name=name,
            id=name,
            type=item.type,
            template=f"services/forms/field_{TEMPLATES.get(item.type, 'text')}.html",
            label=item.label.in_language(self.language),
            help=self._text(item.help) or _default_help(item),
            required=is_required(item, self._seen) if isinstance(item, Field) else item.required,
            value=_as_entered(item, entered),
            errors=self._errors(name),
            options=self._options(item, name, entered),
            groups=self._groups(item, name, entered),
            choices=self._choices(item, name, entered),
            parts=_date_parts(item, name, entered) if item.type in ("date", "datetime") else (),
            autocomplete=_autocomplete(item),
            inputmode=_inputmode(item),
            input_type={"email": "email", "phone": "tel"}.get(item.type, "text"),
            width="input--short" if item.type in SHORT_TYPES or _longest(item) <= 20 else "",
            max_length=_longest(item) if item.type in ("text", "textarea") else None,
            is_new=is_new,
        )

    def _errors(self, name: str) -> tuple[str, ...]:
        return tuple(str(error.message) for error in self.field_errors.get(name, ()))

    def _text(self, text: Any) -> str:
        return text.in_language(self.language) if text else ""

    def _options(self, item: Column, name: str, entered: Any) -> tuple[OptionView, ...]:
        chosen = {_code(value) for value in (entered if isinstance(entered, list) else [entered])}
        pairs = [(option.value, option.label.in_language(self.language)) for option in item.options]
        if item.type == "country":
            pairs = sorted(((c.code, c.name(self.language)) for c in places.countries()), key=lambda pair: pair[1])
        return _option_views(pairs, name, chosen)

    def _groups(self, item: Column, name: str, entered: Any) -> tuple[OptionGroup, ...]:
        """Councils by region; for institutions, those of the central Government first."""
        if item.type not in ("council", "institution"):
            return ()
        chosen = {_code(entered)}
        groups = []
        if item.type == "institution":
            entries = [entry for entry in vocabulary().institutions.values() if not entry.template]
            pairs = sorted(((e.code, e.name.in_language(self.language)) for e in entries), key=lambda pair: pair[1])
            groups.append(OptionGroup(_("Central Government"), _option_views(pairs, name, chosen)))
        for region in places.regions():
            councils = [council for council in places.councils() if council.region == region.code]
            pairs = sorted(((c.slug, c.name(self.language)) for c in councils), key=lambda pair: pair[1])
            if pairs:
                groups.append(OptionGroup(region.name(self.language), _option_views(pairs, name, chosen)))
        return tuple(groups)

    def _choices(self, item: Column, name: str, entered: Any) -> tuple[OptionView, ...]:
        """Radios under an unclear ward; a ward that is not listed keeps its choice when it is shown again."""
        if item.type != "ward":
            return ()
        offered = [choice for error in self.field_errors.get(name, ()) for choice in error.choices]
        code, typed = _code(entered), _as_entered(item, entered)
        if not offered and code == OTHER_WARD:
            as_typed = f"{OTHER_WARD}:{typed}"
            offered, code = (
                [Choice(as_typed, _("My ward is not listed: use “%(ward)s”") % {"ward": typed})],
                as_typed,
            )
        return _option_views([(choice.value, str(choice.label)) for choice in offered], f"{name}-choice", {code})


def parse_post(
    definition: Definition, section_key: str, posted: QueryDict, answers: Mapping[str, Any] | None = None
) -> ParsedPost:
    """The posted page as raw answers. Anything that the page did not ask for is passed on, to be refused."""
    raw: dict[str, Any] = {}
    used: set[str] = set()
    for item in definition.section(section_key).fields:
        names = _posted_names(item, posted)
        used |= names
        if names or item.name in posted.get(SHOWN, "").split():
            raw[item.name] = _posted_value(item, posted)
    buttons = {name for name in posted if name.startswith(("add:", "remove:"))}
    raw |= {name: posted[name] for name in posted.keys() - used - NOT_ANSWERS - buttons}
    changed = [button for button in sorted(buttons) if _change_rows(definition, button, raw)]
    return ParsedPost(raw, bool(changed) or _brings_up_questions(definition, section_key, raw, posted, answers or {}))


def _brings_up_questions(
    definition: Definition,
    section_key: str,
    raw: Mapping[str, Any],
    posted: QueryDict,
    answers: Mapping[str, Any],
) -> bool:
    if SHOWN not in posted:
        return False
    values = clean_section(definition, section_key, raw, answers, today=timezone.localdate()).values
    seen = dict(answers) | values
    return any(
        item.name not in raw and item.show_if is not None and item.computed is None and holds(item.show_if, seen)
        for item in definition.section(section_key).fields
    )


def _posted_names(item: Field, posted: QueryDict) -> set[str]:
    if item.type == "table":
        return {name for name in posted if _cell(item, name)}
    parts = {
        "date": [f"{item.name}-{part}" for part in DATE_PARTS],
        "datetime": [f"{item.name}-{part}" for part in (*DATE_PARTS, "time")],
        "ward": [f"{item.name}-choice"],
    }.get(item.type, [])
    return {name for name in (item.name, *parts) if name in posted}


def _posted_value(item: Field, posted: QueryDict) -> Any:
    if item.type == "table":
        return _posted_rows(item, posted)
    return _posted_input(item, item.name, posted)


def _posted_input(item: Column, name: str, posted: QueryDict) -> Any:
    match item.type:
        case "multiselect":
            return posted.getlist(name)
        case "date" | "datetime" if name not in posted:
            parts = (*DATE_PARTS, "time") if item.type == "datetime" else DATE_PARTS
            return {part: posted.get(f"{name}-{part}", "") for part in parts}
        case "ward":
            return _posted_ward(posted.get(name, ""), posted.get(f"{name}-choice", ""))
        case _:
            return posted.get(name, "")


def _posted_ward(typed: str, choice: str) -> str:
    """A choice counts only for the name it was offered for: the person may have typed another one since."""
    if choice.startswith(f"{OTHER_WARD}:"):
        return choice if choice.removeprefix(f"{OTHER_WARD}:") == typed.strip() else typed
    return choice if any(ward.postcode == choice for ward in places.find_wards(typed)) else typed


def _posted_rows(item: Field, posted: QueryDict) -> list[dict[str, Any]]:
    columns = {column.name: column for column in item.columns}
    cells = [cell for name in posted if (cell := _cell(item, name))]
    rows: list[dict[str, Any]] = []
    for index in sorted({index for index, _column in cells})[: MOST_ROWS + 1]:
        row: dict[str, Any] = {}
        for name in dict.fromkeys(name for at, name in cells if at == index):
            column = columns.get(name) or columns.get(name.rpartition("-")[0])
            key = column.name if column else name
            prefix = f"{item.name}-{index}-{key}"
            row[key] = _posted_input(column, prefix, posted) if column else posted.get(prefix, "")
        rows.append(row)
    return rows


def _cell(item: Field, name: str) -> tuple[int, str] | None:
    match = re.fullmatch(rf"{item.name}-([0-9]{{1,3}})-([a-z0-9_-]{{1,60}})", name)
    return (int(match[1]), match[2]) if match else None


def _change_rows(definition: Definition, button: str, raw: dict[str, Any]) -> bool:
    """`add:owners` or `remove:owners:0`; a button that fits no table does nothing."""
    verb, _separator, rest = button.partition(":")
    name, _separator, index = rest.partition(":")
    item = definition.field(name)
    if item is None or item.repeat is None or name not in raw:
        return False
    rows = raw[name]
    if verb == "add" and len(rows) < item.repeat.max:
        rows.append({})
    elif verb == "remove" and re.fullmatch(r"[0-9]{1,3}", index) and int(index) < len(rows):
        del rows[int(index)]
    return True


def _as_entered(item: Column, entered: Any) -> str:
    """What stands in the box: as written, or the stored form as people write it."""
    match entered:
        case str() if item.type == "phone" and entered.startswith("+"):
            return format_phone(entered)
        case str() if item.type == "nin" and re.fullmatch(r"[0-9]{20}", entered):
            return format_nin(entered)
        case str() if item.type == "tin" and re.fullmatch(r"[0-9]{9}", entered):
            return format_tin(entered)
        case str() if item.type == "ward":
            return entered.removeprefix(f"{OTHER_WARD}:")
        case bool():
            return "on" if entered else ""
        case str() | int():
            return str(entered)
        case {"code": str(code), "name": str(name)}:
            return _ward_as_entered(code, name) if item.type == "ward" else code
    return ""


def _ward_as_entered(code: str, name: str) -> str:
    """Its full name, unless a namesake stands in the same district: then its postcode."""
    return name if code == OTHER_WARD or len(places.find_wards(name)) == 1 else code


def _code(entered: Any) -> str:
    return str(entered.get("code", "")) if isinstance(entered, Mapping) else str(entered or "")


def _option_views(pairs: list[tuple[str, str]], name: str, chosen: set[str]) -> tuple[OptionView, ...]:
    """The first has the id of the field, so that a link to the field lands on it."""
    return tuple(
        OptionView(value, label, name if index == 0 else f"{name}-{index}", value in chosen)
        for index, (value, label) in enumerate(pairs)
    )


def _date_parts(item: Column, name: str, entered: Any) -> tuple[PartView, ...]:
    values = _split_date(entered)
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year"), "time": _("Time, such as 14:05")}
    names = (*DATE_PARTS, "time") if item.type == "datetime" else DATE_PARTS
    return tuple(
        PartView(
            name=f"{name}-{part}",
            id=name if part == "day" else f"{name}-{part}",
            label=labels[part],
            value=values.get(part, ""),
            width="4" if part == "year" else "5" if part == "time" else "2",
        )
        for part in names
    )


def _split_date(entered: Any) -> dict[str, str]:
    if isinstance(entered, Mapping):
        return {part: str(entered.get(part, ""))[:20] for part in (*DATE_PARTS, "time")}
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?", entered if isinstance(entered, str) else "")
    if match is None:
        return {}
    year, month, day, clock = match.groups()
    return {"day": str(int(day)), "month": str(int(month)), "year": year, "time": clock or ""}


def _default_help(item: Column) -> str:
    match item.type:
        case "date":
            language = translation.get_language() or "sw"
            return _("For example 7 7 2026, for 7 %(month)s 2026") % {"month": MONTHS[language[:2]][6]}
        case "ward":
            return _("Write the name of the ward, or its five-digit postcode")
        case "nin":
            return _("20 digits, as on the National ID card")
        case "multiselect":
            return _("Choose all that apply")
    return ""


def _longest(item: Column) -> int:
    return item.validation.max_length or TEXT_LENGTH * (8 if item.type == "textarea" else 1)


def _autocomplete(item: Column) -> str:
    """Browsers fill in only what is about the person at the keyboard."""
    about_me = isinstance(item, Field) and (item.prefill or "").startswith("profile.")
    return {"phone": "tel", "email": "email"}.get(item.type, "off") if about_me else "off"


def _inputmode(item: Column) -> str:
    if item.type in NUMERIC_TYPES:
        return "numeric"
    return {"decimal": "decimal", "money": "decimal", "phone": "tel", "email": "email"}.get(item.type, "")

"""A section of a definition as a page: which questions it shows, with what in them, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import places
from services.definitions.answers import Errors, clean_section, is_required, prefill_values
from services.definitions.cleaning import OTHER_WARD, Choice
from services.definitions.conditions import holds, is_empty
from services.definitions.display import display_value
from services.definitions.loader import vocabulary
from services.definitions.schema import Column, Definition, Field
from services.forms.boxes import (
    as_entered,
    autocomplete,
    code_of,
    date_parts,
    default_help,
    inputmode,
    longest,
    option_views,
)
from services.forms.posting import MOST_ROWS
from services.forms.views import FieldView, OptionGroup, OptionView, PageError, RowView

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
            help=self._text(item.help) or default_help(item),
            required=is_required(item, self._seen) if isinstance(item, Field) else item.required,
            value=as_entered(item, entered),
            errors=self._errors(name),
            options=self._options(item, name, entered),
            groups=self._groups(item, name, entered),
            choices=self._choices(item, name, entered),
            parts=date_parts(item, name, entered) if item.type in ("date", "datetime") else (),
            autocomplete=autocomplete(item),
            inputmode=inputmode(item),
            input_type={"email": "email", "phone": "tel"}.get(item.type, "text"),
            width="input--short" if item.type in SHORT_TYPES or longest(item) <= 20 else "",
            max_length=longest(item) if item.type in ("text", "textarea") else None,
            is_new=is_new,
        )

    def _errors(self, name: str) -> tuple[str, ...]:
        return tuple(str(error.message) for error in self.field_errors.get(name, ()))

    def _text(self, text: Any) -> str:
        return text.in_language(self.language) if text else ""

    def _options(self, item: Column, name: str, entered: Any) -> tuple[OptionView, ...]:
        chosen = {code_of(value) for value in (entered if isinstance(entered, list) else [entered])}
        pairs = [(option.value, option.label.in_language(self.language)) for option in item.options]
        if item.type == "country":
            pairs = sorted(((c.code, c.name(self.language)) for c in places.countries()), key=lambda pair: pair[1])
        return option_views(pairs, name, chosen)

    def _groups(self, item: Column, name: str, entered: Any) -> tuple[OptionGroup, ...]:
        """Councils by region; for institutions, those of the central Government first."""
        if item.type not in ("council", "institution"):
            return ()
        chosen = {code_of(entered)}
        groups = []
        if item.type == "institution":
            entries = [entry for entry in vocabulary().institutions.values() if not entry.template]
            pairs = sorted(((e.code, e.name.in_language(self.language)) for e in entries), key=lambda pair: pair[1])
            groups.append(OptionGroup(_("Central Government"), option_views(pairs, name, chosen)))
        for region in places.regions():
            councils = [council for council in places.councils() if council.region == region.code]
            pairs = sorted(((c.slug, c.name(self.language)) for c in councils), key=lambda pair: pair[1])
            if pairs:
                groups.append(OptionGroup(region.name(self.language), option_views(pairs, name, chosen)))
        return tuple(groups)

    def _choices(self, item: Column, name: str, entered: Any) -> tuple[OptionView, ...]:
        """Radios under an unclear ward; a ward that is not listed keeps its choice when it is shown again."""
        if item.type != "ward":
            return ()
        offered = [choice for error in self.field_errors.get(name, ()) for choice in error.choices]
        code, typed = code_of(entered), as_entered(item, entered)
        if not offered and code == OTHER_WARD:
            as_typed = f"{OTHER_WARD}:{typed}"
            offered, code = (
                [Choice(as_typed, _("My ward is not listed: use “%(ward)s”") % {"ward": typed})],
                as_typed,
            )
        return option_views([(choice.value, str(choice.label)) for choice in offered], f"{name}-choice", {code})

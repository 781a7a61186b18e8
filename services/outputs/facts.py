"""Which answers an output shows. Paper travels: it carries what it certifies and no more (PDPA s.5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.definitions.conditions import is_empty
from services.definitions.display import display_value
from services.definitions.schema import Column, Definition, Field, Section

SILENT_TYPES = frozenset({"phone", "email", "checkbox"})
"""Ways to reach a person, and ticked boxes, which are declarations to us."""

SILENT_PURPOSES = frozenset({"contact", "deliver", "declare"})
"""Asked so that the office can do its work; nobody who reads the document needs them."""

CERTIFIES_THE_PERSON = frozenset({"cheti", "kadi", "pasipoti", "namba", "ripoti"})
"""Kinds whose very purpose may be a sensitive fact (the child on a birth certificate)."""

WIDE = 40
"""Symbols of a value beyond which it takes the whole width of the page."""


def facts_of(definition: Definition, answers: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Sections with rows and tables; a section with nothing to show is left out."""
    show_sensitive = definition.output.kind in CERTIFIES_THE_PERSON
    sections = (_section(section, answers, language, show_sensitive) for section in definition.sections)
    return [section for section in sections if section["rows"] or section["tables"]]


def _section(section: Section, answers: Mapping[str, Any], language: str, show_sensitive: bool) -> dict[str, Any]:
    given = [f for f in section.fields if _is_shown(f, show_sensitive) and not is_empty(answers.get(f.name))]
    return {
        "heading": {"sw": section.label.sw, "en": section.label.en},
        "rows": [_row(field, answers[field.name], language) for field in given if field.type != "table"],
        "tables": [
            _table(field, answers[field.name], language, show_sensitive)
            for field in given
            if field.type == "table" and any(_is_shown(column, show_sensitive) for column in field.columns)
        ],
    }


def _is_shown(column: Column, show_sensitive: bool) -> bool:
    if isinstance(column, Field) and column.purpose in SILENT_PURPOSES:
        return False
    if column.type == "nin":
        return True  # masked, see _value
    return column.type not in SILENT_TYPES and (show_sensitive or not column.sensitive)


def _row(field: Field, value: Any, language: str) -> dict[str, Any]:
    text = _value(field, value, language)
    return {"label": _label(field), "value": text, "wide": len(text) > WIDE or "\n" in text}


def _table(field: Field, rows: Iterable[Mapping[str, Any]], language: str, show_sensitive: bool) -> dict[str, Any]:
    columns = [column for column in field.columns if _is_shown(column, show_sensitive)]
    return {
        "label": _label(field),
        "columns": [_label(column) for column in columns],
        "rows": [[_value(column, row.get(column.name), language) for column in columns] for row in rows],
    }


def _value(column: Column, value: Any, language: str) -> str:
    """An identity number shows its end only: enough for its owner, useless to a finder of the paper."""
    if column.type == "nin" and value:
        return f"{'*' * 8} {str(value)[-4:]}"
    return display_value(column, value, language)


def _label(column: Column) -> dict[str, str]:
    return {"sw": column.label.sw, "en": column.label.en}

"""The answers that an output shows: those that its definition lists, under the headings of their sections."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from services.definitions.conditions import is_empty
from services.definitions.display import display_value
from services.definitions.printing import IDENTITY_CARDS, printed_columns
from services.definitions.schema import Column, Definition, Field, Section
from services.outputs.words import both

WIDE = 40
"""Symbols of a value beyond which it takes the whole width of the page."""


def holder_of(definition: Definition, answers: Mapping[str, Any], language: str) -> str:
    """The name that the answers give; empty when the holder is the applicant or the organisation acted for."""
    output = definition.output
    fields = filter(None, map(definition.field, output.holder_fields))
    names = (display_value(field, answers.get(field.name), language) for field in fields)
    return output.holder_joiner.join(filter(None, names))


def facts_of(definition: Definition, answers: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Runs of listed answers of one section; what was not answered is left out."""
    fields = filter(None, map(definition.field, definition.output.facts or ()))
    given = [field for field in fields if not is_empty(answers.get(field.name))]
    runs = groupby(given, key=lambda field: definition.section_of(field.name))
    kind = definition.output.kind
    return [_run(section, tuple(run), answers, kind, language) for section, run in runs if section]


def _run(
    section: Section, fields: Sequence[Field], answers: Mapping[str, Any], kind: str, language: str
) -> dict[str, Any]:
    return {
        "heading": both(section.label),
        "rows": [_row(field, answers[field.name], kind, language) for field in fields if field.type != "table"],
        "tables": [_table(field, answers[field.name], kind, language) for field in fields if field.type == "table"],
    }


def _row(field: Field, value: Any, kind: str, language: str) -> dict[str, Any]:
    text = _value(field, value, kind, language)
    return {"label": both(field.label), "value": text, "wide": len(text) > WIDE or "\n" in text}


def _table(field: Field, rows: Iterable[Mapping[str, Any]], kind: str, language: str) -> dict[str, Any]:
    columns = printed_columns(field, kind)
    return {
        "label": both(field.label),
        "columns": [both(column.label) for column in columns],
        "rows": [[_value(column, row.get(column.name), kind, language) for column in columns] for row in rows],
    }


def _value(column: Column, value: Any, kind: str, language: str) -> str:
    """An identity number shows its end only: enough for its owner, useless to a finder of the paper."""
    if column.type == "nin" and value and kind not in IDENTITY_CARDS:
        return f"{'*' * 8} {str(value)[-4:]}"
    return display_value(column, value, language)

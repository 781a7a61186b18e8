"""From a posted page to raw answers. What the page did not ask for is passed on, to be refused."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone

from portal import places
from services.definitions.answers import clean_section
from services.definitions.cleaning import OTHER_WARD
from services.definitions.conditions import holds
from services.definitions.schema import Column, Definition, Field
from services.forms.boxes import DATE_PARTS

SHOWN = "shown"
"""Hidden input with the questions on the page, so that one which has just come up is not called empty."""
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "then", SHOWN})
MOST_ROWS = 200


class ParsedPost(NamedTuple):
    raw: dict[str, Any]
    changed: bool
    """Only the page changes: a row was added or removed, or an answer brought up new questions."""


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

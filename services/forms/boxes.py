"""How an answer stands in its box: as written, or the stored form as people write it."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from portal import places
from portal.dates import MONTHS
from portal.identifiers import format_nin, format_phone, format_tin, normalise_phone
from services.definitions.cleaning import OTHER_WARD, TEXT_LENGTH, TEXTAREA_LENGTH
from services.definitions.schema import Column, Field
from services.forms.views import OptionView, PartView

DATE_PARTS = ("day", "month", "year")
NUMERIC_TYPES = frozenset({"integer", "nin", "tin"})


def as_entered(item: Column, entered: Any) -> str:
    """What stands in the box: as written, or the stored form as people write it."""
    match entered:
        case str() if item.type == "phone" and normalise_phone(entered) == entered:
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


def code_of(entered: Any) -> str:
    return str(entered.get("code", "")) if isinstance(entered, Mapping) else str(entered or "")


def option_views(pairs: list[tuple[str, str]], name: str, chosen: set[str]) -> tuple[OptionView, ...]:
    """The first has the id of the field, so that a link to the field lands on it."""
    return tuple(
        OptionView(value, label, name if index == 0 else f"{name}-{index}", value in chosen)
        for index, (value, label) in enumerate(pairs)
    )


def date_parts(item: Column, name: str, entered: Any) -> tuple[PartView, ...]:
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


def default_help(item: Column) -> str:
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


def longest(item: Column) -> int:
    return item.validation.max_length or (TEXTAREA_LENGTH if item.type == "textarea" else TEXT_LENGTH)


def autocomplete(item: Column) -> str:
    """Browsers fill in only what is about the person at the keyboard."""
    about_me = isinstance(item, Field) and (item.prefill or "").startswith("profile.")
    return {"phone": "tel", "email": "email"}.get(item.type, "off") if about_me else "off"


def inputmode(item: Column) -> str:
    if item.type in NUMERIC_TYPES:
        return "numeric"
    return {"decimal": "decimal", "money": "decimal", "phone": "tel", "email": "email"}.get(item.type, "")

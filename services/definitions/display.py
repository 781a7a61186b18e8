"""Stored answers as people read them: check-your-answers, letters, the officer's page."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from portal import places
from portal.dates import format_date
from portal.identifiers import format_nin, format_phone, format_tin
from services.definitions.conditions import is_empty
from services.definitions.loader import vocabulary
from services.definitions.schema import Column, Field


def display_value(field: Column, value: Any, language: str) -> str:
    """Plain text; empty when there is no answer. Rows of a table stand on lines of their own."""
    if is_empty(value):
        return ""
    with translation.override(language):
        return SHOWN.get(field.type, _plain)(field, value, language)


def _plain(_field: Column, value: Any, _language: str) -> str:
    return str(value)


def _option(field: Column, value: Any, language: str) -> str:
    labels = {option.value: option.label.in_language(language) for option in field.options}
    return labels.get(str(value), str(value))


def _options(field: Column, value: Any, language: str) -> str:
    return ", ".join(_option(field, item, language) for item in value)


def _checkbox(_field: Column, value: Any, _language: str) -> str:
    return _("Yes") if value else _("No")


def _date(_field: Column, value: Any, language: str) -> str:
    return format_date(date.fromisoformat(value), language)


def _datetime(_field: Column, value: Any, language: str) -> str:
    return f"{format_date(date.fromisoformat(value[:10]), language)}, {value[11:16]}"


def _integer(field: Column, value: Any, _language: str) -> str:
    return str(value) if "year" in field.name else f"{value:,}"


def _number(_field: Column, value: Any, _language: str) -> str:
    number = Decimal(value)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"


def _council(_field: Column, value: Any, language: str) -> str:
    council = places.council(value["code"])
    return council.name(language) if council else value["name"]


def _country(_field: Column, value: Any, language: str) -> str:
    country = places.country(value["code"])
    return country.name(language) if country else value["name"]


def _institution(field: Column, value: Any, language: str) -> str:
    institution = vocabulary().institutions.get(value["code"])
    return institution.name.in_language(language) if institution else _council(field, value, language)


def _ward(_field: Column, value: Any, _language: str) -> str:
    return str(value["name"])


def _table(field: Column, value: Any, language: str) -> str:
    columns = field.columns if isinstance(field, Field) else ()
    return "\n".join(_row(columns, row, language) for row in value)


def _row(columns: tuple[Column, ...], row: dict[str, Any], language: str) -> str:
    cells = ((column, display_value(column, row.get(column.name), language)) for column in columns)
    return "; ".join(f"{column.label.in_language(language)}: {cell}" for column, cell in cells if cell)


SHOWN: dict[str, Callable[[Column, Any, str], str]] = {
    "radio": _option,
    "select": _option,
    "multiselect": _options,
    "checkbox": _checkbox,
    "date": _date,
    "datetime": _datetime,
    "integer": _integer,
    "decimal": _number,
    "money": _number,
    "phone": lambda _field, value, _language: format_phone(value),
    "nin": lambda _field, value, _language: format_nin(value),
    "tin": lambda _field, value, _language: format_tin(value),
    "ward": _ward,
    "council": _council,
    "country": _country,
    "institution": _institution,
    "table": _table,
}

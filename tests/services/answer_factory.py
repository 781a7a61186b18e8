"""Valid answers for any definition, so that a test can walk any of the forty services to its end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.definitions.answers import clean_section, is_required
from services.definitions.cleaning import resolve_date
from services.definitions.conditions import holds
from services.definitions.expressions import shift_months
from services.definitions.schema import Column, Definition, Field

SAMPLES: dict[str, Any] = {
    "textarea": "Maelezo ya kutosha kwa ajili ya jaribio hili la fomu.",
    "checkbox": True,
    "phone": "+255712345678",
    "email": "mfano@example.tz",
    "nin": "19900101111010000123",
    "tin": "123456789",
    "ward": {"code": "11104", "name": "Kisutu, Ilala CBD, Dar es Salaam"},
    "council": {"code": "arusha-cc", "name": "Halmashauri ya Jiji la Arusha"},
    "country": {"code": "KE", "name": "Kenya"},
    "institution": {"code": "RITA", "name": "Wakala wa Usajili, Ufilisi na Udhamini"},
}
FORMATS = {
    "csee_index": "S0101/0001/2019",
    "passport": "TAE123456",
    "driving_licence": "4001234567",
    "plate": "T123ABC",
    "vrn": "40-012345-A",
    "brela_number": "123456",
    "check_number": "11223344",
}
PATTERNS = {
    "entry_number": "A/123-2020",
    "bank_account": "0150123456789",
    "leave_year": "2026/2027",
    "salary_scale": "TGS D",
    "domain": "mfano.go.tz",
    "gps": "-6.8, 39.28",
}


def valid_answers(definition: Definition, *, today: date | None = None, **overrides: Any) -> dict[str, Any]:
    """Canonical answers for every visible field; an override wins and may be raw (`"7,000"`) or None.

    Raises AssertionError with the errors when an override makes the answers invalid.
    """
    today = today or date.today()
    wishes = _story(definition.slug, today) | overrides
    answers: dict[str, Any] = {}
    for section in definition.sections:
        raw: dict[str, Any] = {}
        seen = dict(answers)
        for field in section.fields:
            if field.computed is None and holds(field.show_if, seen):
                raw[field.name] = seen[field.name] = wishes.get(field.name, _sample_field(field, today))
        cleaned = clean_section(definition, section.key, raw, answers, today=today)
        errors = {name: [(e.code, str(e.message)) for e in found] for name, found in cleaned.errors.items()}
        assert not errors, (definition.slug, section.key, errors)
        answers |= {name: value for name, value in cleaned.values.items() if name in raw or value is not None}
    return answers


def required_names(definition: Definition, answers: dict[str, Any]) -> list[str]:
    return [
        field.name
        for field in definition.fields()
        if field.name in answers and field.computed is None and is_required(field, answers)
    ]


def post_data(definition: Definition, section_key: str, answers: dict[str, Any]) -> dict[str, Any]:
    """What a browser would post for one section of canonical answers."""
    data: dict[str, Any] = {}
    for field in definition.section(section_key).fields:
        value = answers.get(field.name)
        if value is None or field.computed is not None:
            continue
        if field.type == "table":
            for index, row in enumerate(value):
                for column in field.columns:
                    data |= _posted(column, f"{field.name}-{index}-{column.name}", row.get(column.name))
        else:
            data |= _posted(field, field.name, value)
    return data


def _posted(column: Column, name: str, value: Any) -> dict[str, Any]:
    match value:
        case None | False:
            return {}
        case True:
            return {name: "on"}
        case {"code": code}:
            return {name: code}
        case str() if column.type in ("date", "datetime"):
            parts = {f"{name}-year": value[:4], f"{name}-month": value[5:7], f"{name}-day": value[8:10]}
            return parts | ({f"{name}-time": value[11:16]} if column.type == "datetime" else {})
    return {name: value}


def _story(slug: str, today: date) -> dict[str, Any]:
    """Where the answers of one service must agree with one another."""
    return {
        "rita-cheti-cha-kuzaliwa": {"date_of_birth": _days(today, -10)},
        "rita-cheti-cha-kifo": {"date_of_death": _days(today, -10)},
        "utumishi-likizo-ya-mwaka": {
            "start_date": _days(today, 10),
            "end_date": _days(today, 17),
            "balance": 28,
        },
        "utumishi-ruhusa-ya-masomo": {"start_date": _days(today, 30), "end_date": _days(today, 395)},
        "utumishi-kustaafu": {
            "date_of_birth": shift_months(today, -12 * 56).isoformat(),
            "retirement_date": shift_months(today, 8).isoformat(),
        },
    }.get(slug, {})


def _days(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _sample_field(field: Field, today: date) -> Any:
    if field.repeat is not None:
        row = {column.name: _sample(column, today) for column in field.columns}
        return [row for _index in range(max(field.repeat.min, 1))]
    return _sample(field, today)


def _sample(column: Column, today: date) -> Any:
    match column.type:
        case "text":
            return _sample_text(column)
        case "integer" | "decimal" | "money":
            return _sample_number(column, today)
        case "date":
            return _sample_date(column, today).isoformat()
        case "datetime":
            return f"{_sample_date(column, today).isoformat()}T09:30"
        case "radio" | "select":
            return column.options[0].value
        case "multiselect":
            return [column.options[0].value]
    return SAMPLES[column.type]


def _sample_text(column: Column) -> str:
    if column.validation.format:
        return FORMATS[column.validation.format]
    return PATTERNS.get(column.name, "Jaribio Mfano" if (column.validation.max_length or 255) > 12 else "Mfano")


def _sample_number(column: Column, today: date) -> Any:
    least = column.validation.min if column.validation.min is not None else Decimal(1)
    most = column.validation.max
    if most == "current_year":
        return today.year
    if column.type == "money":
        least = max(least, Decimal(1_000_000))
    number = least if most is None else (least + Decimal(most)) // 2
    return int(number) if column.type == "integer" else str(int(number))


def _sample_date(column: Column, today: date) -> date:
    earliest = resolve_date(column.validation.min_date, today)
    latest = resolve_date(column.validation.max_date, today)
    if earliest is not None:
        return earliest + timedelta(days=7)
    return (latest or today) - timedelta(days=7)

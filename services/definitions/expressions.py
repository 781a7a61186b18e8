"""CEL expressions in definitions: computed fees and values, and rules between answers.

Answers come in as CEL sees them: whole numbers as int, other numbers as double, dates as ISO text (which
sorts and compares as dates do), places by their code. `today` is always known.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import cel

from portal.dates import working_days_between as count_working_days
from services.definitions.conditions import is_empty
from services.definitions.schema import Definition

COUNTABLE_DAYS = 1_500
"""Beyond four years working days are estimated instead of counted one by one."""


class NotComputable(ValueError):
    """The expression does not fit the answers: one is missing, or is not of the kind that it should be."""


def evaluate(expression: str, definition: Definition, answers: Mapping[str, Any], *, today: date) -> Any:
    program = _compiled(expression)
    context = cel.Context({"today": today.isoformat()}, FUNCTIONS)
    for name in variables(expression):
        field, value = definition.field(name), answers.get(name)
        if field is not None and not is_empty(value):
            context.add_variable(name, _as_cel(field.type, value))
    try:
        return program.execute(context)
    except Exception as error:  # the engine has no base class of its own: RuntimeError, TypeError, ValueError
        raise NotComputable(str(error)) from error


def variables(expression: str) -> list[str]:
    """ValueError when the expression is not CEL."""
    return [name for name in _compiled(expression).variables() if name != "today"]


def functions(expression: str) -> list[str]:
    return [name for name in _compiled(expression).functions() if name.isidentifier() and name.islower()]


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def years_between(first: str, last: str) -> int:
    """Whole years, as an age is counted."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def working_days_between(first: str, last: str) -> int:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    span = (end - start).days
    return count_working_days(start, end) if span <= COUNTABLE_DAYS else span * 5 // 7


def add_days(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def add_months(day: str, months: int) -> str:
    return shift_months(date.fromisoformat(day), months).isoformat()


def shift_months(day: date, months: int) -> date:
    """The same day of another month, or its last day: 31 January and one month is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    next_month = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), next_month - timedelta(days=1))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "days_between": days_between,
    "years_between": years_between,
    "working_days_between": working_days_between,
    "add_days": add_days,
    "add_months": add_months,
}


@lru_cache(maxsize=256)
def _compiled(expression: str) -> cel.Program:
    return cel.compile(expression)


def _as_cel(kind: str, value: Any) -> Any:
    if kind in ("decimal", "money"):
        number = Decimal(str(value))
        return int(number) if number == number.to_integral_value() else float(number)
    return value.get("code") if isinstance(value, dict) else value

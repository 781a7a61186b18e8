"""Whether a condition holds for the answers given so far, and what it says in words."""

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from services.definitions.condition_schema import AllOf, AnyOf, Compare, Condition, Negation
from services.definitions.schema import Definition, Field

Answers = Mapping[str, Any]

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


def holds(condition: Condition | None, answers: Answers) -> bool:
    """No condition always holds; a comparison with an empty answer never does."""
    match condition:
        case None:
            return True
        case AllOf():
            return all(holds(part, answers) for part in condition.all)
        case AnyOf():
            return any(holds(part, answers) for part in condition.any)
        case Negation():
            return not holds(condition.not_, answers)
        case Compare():
            return _compare(condition, answers.get(condition.field))


def comparisons(condition: Condition | None) -> Iterator[Compare]:
    match condition:
        case Compare():
            yield condition
        case Negation():
            yield from comparisons(condition.not_)
        case AllOf():
            for part in condition.all:
                yield from comparisons(part)
        case AnyOf():
            for part in condition.any:
                yield from comparisons(part)


def explain(condition: Condition | None, definition: Definition, language: str) -> str:
    """`Time since birth is Within 90 days`; empty when there is no condition."""
    with translation.override(language):
        return _explain(condition, definition, language)


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _compare(comparison: Compare, answer: Any) -> bool:
    if is_empty(answer):
        return False
    values = [_key(item) for item in answer] if isinstance(answer, list) else [_key(answer)]
    match comparison.operator:
        case "eq":
            return any(_same(value, comparison.eq) for value in values)
        case "ne":
            return not any(_same(value, comparison.ne) for value in values)
        case "in_":
            return any(_same(value, wanted) for value in values for wanted in comparison.in_ or ())
        case name:
            return any(_ordered(ORDER[name], value, comparison.value) for value in values)


def _key(answer: Any) -> Any:
    """A place is compared by its code."""
    return answer.get("code") if isinstance(answer, dict) else answer


def _same(answer: Any, wanted: Any) -> bool:
    if isinstance(answer, bool) or isinstance(wanted, bool):
        return answer is wanted
    if isinstance(wanted, int):
        return _number(answer) == wanted
    return str(answer) == str(wanted)


def _ordered(compare: Callable[[Any, Any], bool], answer: Any, wanted: Any) -> bool:
    """Numbers as numbers; dates as text, because ISO dates sort as text."""
    if isinstance(wanted, str):
        return compare(str(answer), wanted)
    number = _number(answer)
    return number is not None and compare(number, Decimal(wanted))


def _number(answer: Any) -> Decimal | None:
    if isinstance(answer, bool):
        return None
    try:
        number = Decimal(str(answer))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _explain(condition: Condition | None, definition: Definition, language: str) -> str:
    match condition:
        case None:
            return ""
        case AllOf():
            return _(" and ").join(_explain(part, definition, language) for part in condition.all)
        case AnyOf():
            return _(" or ").join(_explain(part, definition, language) for part in condition.any)
        case Negation():
            return _("not (%(condition)s)") % {"condition": _explain(condition.not_, definition, language)}
        case Compare():
            return _explain_comparison(condition, definition, language)


def _explain_comparison(comparison: Compare, definition: Definition, language: str) -> str:
    field = definition.field(comparison.field)
    values = comparison.in_ or (comparison.value,)
    sentence = {
        "eq": _("%(field)s is %(value)s"),
        "ne": _("%(field)s is not %(value)s"),
        "in_": _("%(field)s is %(value)s"),
        "lt": _("%(field)s is less than %(value)s"),
        "lte": _("%(field)s is at most %(value)s"),
        "gt": _("%(field)s is more than %(value)s"),
        "gte": _("%(field)s is at least %(value)s"),
    }[comparison.operator]
    return sentence % {
        "field": field.label.in_language(language) if field else comparison.field,
        "value": _(" or ").join(_value_in_words(field, value, language) for value in values),
    }


def _value_in_words(field: Field | None, value: Any, language: str) -> str:
    for option in field.options if field else ():
        if option.value == str(value):
            return option.label.in_language(language)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:,}" if isinstance(value, int) else str(value)

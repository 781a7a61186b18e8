"""Sentences that wait for the reader's language, with numbers, dates or field labels in them."""

from typing import Any

from django.utils.functional import lazy

from portal.dates import format_date


def _say(message: Any, words: dict[str, Any]) -> str:
    return str(message) % words if words else str(message)


_lazy_say = lazy(_say, str)
long_date = lazy(format_date, str)


def say(message: Any, **words: Any) -> Any:
    """`message` is a lazy translation; a `Text` or a lazy date in it is said in the same language."""
    return _lazy_say(message, words)

"""Pure presentation: words, groups and colours. Nothing here reads the database or decides anything."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

STATE_COLOURS = {
    "draft": "grey",
    "submitted": "blue",
    "awaiting_payment": "amber",
    "in_review": "blue",
    "returned": "amber",
    "approved": "green",
    "issued": "green",
    "rejected": "red",
    "withdrawn": "grey",
    "lapsed": "grey",
}


@register.filter
def state_colour(state: str) -> str:
    return STATE_COLOURS.get(state, "grey")


@register.filter
def groups_of_four(number: str) -> list[str]:
    digits = str(number).replace(" ", "")
    return [digits[start : start + 4] for start in range(0, len(digits), 4)]


@register.filter
def counting(total: int) -> range:
    return range(1, int(total) + 1)


@register.filter
def due_words(days_left: int | None) -> str:
    """A due date as an officer says it; the number is working days from today."""
    if days_left is None:
        return ""
    if days_left == 0:
        return _("today")
    if days_left < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days_left) % {"days": -days_left}
    return ngettext("in %(days)d day", "in %(days)d days", days_left) % {"days": days_left}


@register.filter
def due_colour(days_left: int | None) -> str:
    if days_left is None:
        return "grey"
    if days_left < 0:
        return "red"
    return "amber" if days_left <= 1 else "green"

"""How amounts and dates read in templates."""

from datetime import date, datetime

from django import template
from moneyed import Money

from portal.dates import format_date, format_datetime
from portal.money import format_money

register = template.Library()


@register.filter
def money(value: Money) -> str:
    return format_money(value)


@register.filter
def longdate(value: date | None) -> str:
    return format_date(value) if value else ""


@register.filter
def longdatetime(value: datetime | None) -> str:
    return format_datetime(value) if value else ""

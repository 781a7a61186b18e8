"""Dates as people say them, and the working days of the public service.

Working days are Monday to Friday without the public holidays of Tanzania (package `holidays`, which adds
one day to the Umm al-Qura calendar for the Islamic feasts: an estimate until they are announced).
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone, translation

MONTHS = {
    "sw": (
        "Januari", "Februari", "Machi", "Aprili", "Mei", "Juni",
        "Julai", "Agosti", "Septemba", "Oktoba", "Novemba", "Desemba",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def format_date(day: date, language: str | None = None) -> str:
    """`7 Julai 2026`; an aware datetime is shown as its day in Dar es Salaam."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    language = (language or translation.get_language() or "sw")[:2]
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def format_datetime(moment: datetime, language: str | None = None) -> str:
    """`7 Julai 2026, 14:05` in Dar es Salaam, on the 24-hour clock."""
    return f"{format_date(moment, language)}, {timezone.localtime(moment):%H:%M}"


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The last day of a period of `days` working days that begins the day after `start`.

    Zero days means the same day, or the next working day when `start` is not one.
    """
    day = start
    while days > 0 or not is_working_day(day):
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Working days from `first` to `last`, both counted; zero when `last` comes before `first`."""
    return sum(is_working_day(first + timedelta(days=offset)) for offset in range((last - first).days + 1))


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("TZ", years=year)

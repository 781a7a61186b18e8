"""Money and dates as people read them, and the working days of the public service."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from moneyed import Money

from portal.dates import add_working_days, format_date, format_datetime, is_working_day, working_days_between
from portal.money import format_money


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("22000", "TZS", "TZS 22,000"),
        ("0", "TZS", "TZS 0"),
        ("1234567890", "TZS", "TZS 1,234,567,890"),
        ("22000.50", "TZS", "TZS 22,000.50"),
        ("10.5", "USD", "USD 10.50"),
        ("1000", "USD", "USD 1,000.00"),
        ("-500", "TZS", "TZS -500"),
    ],
)
def test_money_is_written_one_way(amount: str, currency: str, words: str) -> None:
    assert format_money(Money(Decimal(amount), currency)) == words


@pytest.mark.parametrize(
    ("language", "words"), [("sw", "7 Julai 2026"), ("en", "7 July 2026"), ("en-gb", "7 July 2026")]
)
def test_a_date_is_written_in_the_language(language: str, words: str) -> None:
    assert format_date(date(2026, 7, 7), language) == words


def test_a_moment_is_told_in_dar_es_salaam() -> None:
    late = datetime(2026, 7, 7, 22, 30, tzinfo=UTC)

    assert format_date(late, "sw") == "8 Julai 2026"
    assert format_datetime(late, "en") == "8 July 2026, 01:30"


HOLIDAYS = {
    "New Year": date(2026, 1, 1),
    "Zanzibar Revolution": date(2026, 1, 12),
    "Good Friday": date(2026, 4, 3),
    "Easter Monday": date(2026, 4, 6),
    "Karume": date(2026, 4, 7),
    "Workers": date(2026, 5, 1),
    "Saba Saba": date(2026, 7, 7),
    "Nane Nane": date(2025, 8, 8),
    "Nyerere": date(2026, 10, 14),
    "Independence": date(2026, 12, 9),
    "Christmas": date(2026, 12, 25),
    "Eid al-Fitr 2024": date(2024, 4, 10),
    "Eid al-Adha 2024": date(2024, 6, 17),
}


@pytest.mark.parametrize("name", HOLIDAYS)
def test_nobody_works_on_a_public_holiday(name: str) -> None:
    day = HOLIDAYS[name]

    assert day.weekday() < 5, "a weekend would prove nothing"
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 7, 4), date(2026, 7, 5), date(2026, 11, 22)])
def test_nobody_works_at_the_weekend(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 7, 6), date(2026, 7, 8), date(2026, 11, 24), date(2025, 8, 7)])
def test_other_days_are_worked(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 7, 6), 1, date(2026, 7, 8)),
        (date(2025, 8, 7), 1, date(2025, 8, 11)),
        (date(2026, 4, 2), 1, date(2026, 4, 8)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_a_period_ends_on_a_working_day(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days) == end


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 1),
        (date(2026, 11, 27), date(2026, 11, 30), 2),
        (date(2026, 7, 6), date(2026, 7, 8), 2),
        (date(2026, 11, 28), date(2026, 11, 29), 0),
        (date(2026, 11, 25), date(2026, 11, 24), 0),
    ],
)
def test_working_days_are_counted_with_both_ends(first: date, last: date, days: int) -> None:
    assert working_days_between(first, last) == days

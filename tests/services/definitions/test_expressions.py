from datetime import date

import pytest

from services.definitions.expressions import NotComputable, evaluate, shift_months, working_days_between, years_between


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2024-02-29", 720, "2084-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_where_they_end(day, months, expected):
    assert shift_months(date.fromisoformat(day), months).isoformat() == expected


def test_a_birthday_completes_a_year():
    assert years_between("2000-07-07", "2026-07-06") == 25
    assert years_between("2000-07-07", "2026-07-07") == 26


def test_working_days_leave_out_weekends_and_holidays():
    assert working_days_between("2026-12-07", "2026-12-11") == 4
    assert working_days_between("2026-12-11", "2026-12-07") == 0
    assert working_days_between("1900-01-01", "2100-12-31") > 50_000


@pytest.mark.parametrize("answers", [{}, {"late_months": None}, {"late_months": "x"}, {"late_months": {"code": "x"}}])
def test_what_cannot_be_worked_out_says_so(service, today, answers):
    with pytest.raises(NotComputable):
        evaluate("22000 + 2500 * late_months", service("brela-taarifa-ya-mwaka"), answers, today=today)

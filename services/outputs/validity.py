"""Until when an output is valid, as its definition says."""

from calendar import monthrange
from datetime import date, timedelta

from services.definitions.schema import Validity

FINANCIAL_YEAR_END = (6, 30)
ACADEMIC_YEAR_END = (9, 30)


def expiry_date(validity: Validity | None, issued_on: date) -> date | None:
    """The last valid day, or None for ever: a licence of one year from 7 July 2026 ends on 6 July 2027."""
    if validity is None or validity.until == "none":
        return None
    if validity.until is not None:
        end = FINANCIAL_YEAR_END if validity.until == "financial_year" else ACADEMIC_YEAR_END
        return _next(end, issued_on)
    if validity.days is not None:
        return issued_on + timedelta(days=validity.days - 1)
    months = validity.months if validity.months is not None else 12 * (validity.years or 0)
    return _add_months(issued_on, months) - timedelta(days=1)


def _next(end: tuple[int, int], day: date) -> date:
    """The coming end of the year, which may be the day itself."""
    this_year = date(day.year, *end)
    return this_year if day <= this_year else date(day.year + 1, *end)


def _add_months(day: date, months: int) -> date:
    """31 January and one month is the last day of February; 29 February and a year is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

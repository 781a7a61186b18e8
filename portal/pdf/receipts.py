"""The content of an official receipt (Electronic Transactions Act s.15: one for every payment)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from portal.dates import format_date
from portal.money import format_money
from portal.pdf.furniture import Pair, pair

TITLE = _("Official receipt")
ISSUED_ON = _("Issued on")


def receipt_content(
    *,
    number: str,
    payer: str,
    amount: Money,
    lines: Iterable[tuple[str, Money]],
    paid_at: datetime,
    facts: Iterable[tuple[str | Promise, str]],
    institution: Pair,
    office: Pair,
    language: str,
    amount_in_words: str | None = None,
) -> dict[str, Any]:
    """`facts` are the rows under the lines: control number, channel, reference of the payment provider."""
    issued_on = timezone.localtime(paid_at).date()
    return {
        "template": "receipt",
        "service": "receipt",
        "language": language,
        "number": number,
        "holder": payer,
        "institution": institution,
        "office": office,
        "title": pair(TITLE),
        "amount": format_money(amount),
        "amount_words": amount_in_words,
        "lines": [{"description": text, "amount": format_money(value)} for text, value in lines],
        "facts": [{"heading": None, "rows": [_row(label, value) for label, value in facts], "tables": []}],
        "terms": [
            {
                "label": pair(ISSUED_ON),
                "value": {code: format_date(issued_on, code) for code in ("sw", "en")},
            }
        ],
        "issued_on": issued_on.isoformat(),
        "expires_on": None,
    }


def _row(label: str | Promise, value: str) -> dict[str, Any]:
    return {"label": pair(label), "value": value, "wide": len(value) > 44}

"""The words that every document carries, in Swahili and English at once, whatever the reader's language."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

Pair = dict[str, str]
"""`{"sw": …, "en": …}`: one text as both halves of the country's public read it."""

COUNTRY = _("The United Republic of Tanzania")
LABELS: Mapping[str, str | Promise] = {
    "number": _("Number"),
    "page": _("Page"),
    "verify": _("Verify by scanning, or at"),
    "signed-for": _("Signed on behalf of"),
    "digital": _("This file carries a digital signature. Check a printed copy by its QR code."),
    "subject": _("RE"),
    "payer": _("Received from"),
    "amount": _("Amount"),
    "item": _("Payment for"),
    "total": _("Total"),
}
QR_ALT = _("QR code that verifies this document")


def pair(message: str | Promise, **values: Pair) -> Pair:
    """`message` in both languages; `values` fill its %(name)s places, each in the same language."""
    return {language: _in(language, message, values) for language in ("sw", "en")}


def same(text: str) -> Pair:
    """A name, a number: what is not translated."""
    return {"sw": text, "en": text}


def furniture(content: Mapping[str, Any], *, language: str, address: str, qr: str) -> dict[str, Any]:
    """What the templates need beside the content of the document itself."""
    country = pair(COUNTRY)
    return {
        "country": country,
        "labels": {key: pair(text) for key, text in LABELS.items()} | {"qr-alt": _in(language, QR_ALT, {})},
        "verify_address": address,
        "qr": qr,
        "microtext": f"{country['sw'].upper()} · {content['number']}",
        # Four numbers that turn the rosettes, so that no two documents carry the same pattern.
        "seed": list(hashlib.sha256(content["number"].encode()).digest()[:4]),
    }


def _in(language: str, message: str | Promise, values: Mapping[str, Pair]) -> str:
    with override(language):
        text = str(message)
    return text % {name: value[language] for name, value in values.items()} if values else text

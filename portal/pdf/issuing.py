"""From the content of a document to the file that is handed over: QR payload, pages, signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from portal import signing
from portal.pdf.engine import render
from portal.pdf.furniture import furniture
from portal.pdf.signatures import sign
from portal.qr import qr_svg_for_print

LONGEST_HOLDER = 60
"""Symbols of a masked name that the QR code carries; the page shows the whole name anyway."""


@dataclass(frozen=True)
class IssuedDocument:
    """`qr_text` is the address in the QR code; `content_sha256` begins with the digest that it signs."""

    pdf: bytes
    qr_text: str
    content_sha256: str


def issue_document(content: Mapping[str, Any], *, reason: str) -> IssuedDocument:
    """Sign and print `content` (see services.outputs.build_output). Nothing is stored."""
    digest = signing.content_digest(content)
    qr_text = _qr_text(content, digest)
    pdf = render(content["template"], printable(content, qr_text), language=content["language"])
    return IssuedDocument(
        pdf=sign(pdf, reason=reason, name=content["institution"]["sw"]),
        qr_text=qr_text,
        content_sha256=digest,
    )


def printable(content: Mapping[str, Any], qr_text: str) -> dict[str, Any]:
    address = f"{settings.SITE_URL.split('://')[-1]}/verify/"
    frame = furniture(content, language=content["language"], address=address, qr=qr_svg_for_print(qr_text))
    return {**content, **frame}


def _qr_text(content: Mapping[str, Any], digest: str) -> str:
    expires_on = content["expires_on"]
    payload = signing.Payload(
        number=content["number"],
        service=content["service"],
        holder=signing.mask_name(content["holder"])[:LONGEST_HOLDER],
        issued_on=date.fromisoformat(content["issued_on"]),
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
        content_sha256=digest,
    )
    return signing.verification_url(payload.number, signing.sign_payload(payload))

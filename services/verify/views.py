"""Verification by anybody: is this document real, and is it valid today?"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import signing
from portal.dates import format_date
from portal.limits import limited
from portal.pdf.signatures import signing_certificate as pdf_certificate
from portal.references import is_valid_reference, normalise_reference
from services.models import Certificate, Verdict
from services.queries import certificate_for_public

TRIES_AN_HOUR = 200


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Takes a number as people write it, or the whole text of a QR code, whose signature is then checked."""
    written = request.GET.get("number", "").strip()[:1000]
    if not written:
        return render(request, "services/verify/search.html")
    if "#" in written:
        return _qr_answer(request, written)
    number = normalise_reference(written[:60])
    if is_valid_reference(number):
        return redirect("verify:certificate", number)
    text = _("That is not a whole number. Copy it from the document as it stands, with its last symbol.")
    context = {"number": written, "errors": [{"text": text, "anchor": "number"}]}
    return render(request, "services/verify/search.html", context, status=422)


def _qr_answer(request: HttpRequest, text: str) -> HttpResponse:
    try:
        payload = signing.verify_payload(text)
    except signing.ForgedPayload:
        return render(request, "services/verify/result.html", _forged() | {"checked_at": timezone.now()})
    return redirect("verify:certificate", payload.number)


@login_not_required
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The answer at one glance: genuine and valid, genuine but over, revoked, or unknown (404)."""
    if limited("verify", request.META["REMOTE_ADDR"], most=TRIES_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    number = normalise_reference(number)
    try:
        found = certificate_for_public(number)
    except Http404:
        return render(request, "services/verify/result.html", _unknown(number), status=404)
    return render(request, "services/verify/result.html", _found(found) | {"checked_at": timezone.now()})


def _unknown(number: str) -> dict[str, Any]:
    return {
        "verdict": "bad",
        "title": _("Not found"),
        "text": _(
            "No document has this number. Check each symbol; if it still is not found, do not accept the document."
        ),
        "number": number,
        "checked_at": timezone.now(),
    }


def _forged() -> dict[str, Any]:
    return {
        "verdict": "bad",
        "title": _("This QR code is forged"),
        "text": _("Its signature is not ours. Do not accept the document and tell the institution."),
    }


def _found(found: Certificate) -> dict[str, Any]:
    verdict, title, text = _WORDS[found.verdict]
    return {
        "verdict": verdict,
        "title": title,
        "text": text,
        "number": found.number,
        "facts": public_facts(found),
    }


_WORDS = {
    Verdict.VALID: ("good", _("Genuine and valid"), _("This document was issued by the institution named below.")),
    Verdict.EXPIRED: (
        "warning",
        _("Genuine, but expired"),
        _("The document is real; its time of validity is over."),
    ),
    Verdict.BEING_ISSUED: (
        "warning",
        _("Being issued"),
        _("The document is being prepared. Check again in some minutes."),
    ),
    Verdict.REPLACED: ("bad", _("Replaced"), _("A newer document has taken the place of this one.")),
    Verdict.REVOKED: (
        "bad",
        _("Revoked"),
        _("The institution has withdrawn this document. It is no longer valid."),
    ),
}


def public_facts(found: Certificate) -> list[dict[str, Any]]:
    """Only what lets somebody compare the paper in hand: never the answers, the name only in part."""
    title = found.application.definition.output.title.in_language(get_language())
    return [
        {"label": _("Document"), "value": title},
        {"label": _("Number"), "value": found.number},
        {"label": _("Holder"), "value": signing.mask_name(found.holder)},
        {"label": _("Institution"), "value": found.application.institution.name},
        {"label": _("Issued on"), "value": format_date(found.issued_at)},
        {
            "label": _("Valid until"),
            "value": format_date(found.expires_on) if found.expires_on else _("No expiry"),
        },
    ]


@login_not_required
@require_safe
def public_keys(request: HttpRequest) -> JsonResponse:
    """The keys with which anybody checks a QR code without asking us (RFC 7517)."""
    return JsonResponse(signing.public_jwks())


@login_not_required
@require_safe
def signing_certificate(request: HttpRequest) -> HttpResponse:
    """The certificate with which the PDF documents are signed."""
    return HttpResponse(pdf_certificate(), content_type="application/x-pem-file")

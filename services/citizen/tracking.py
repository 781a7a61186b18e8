"""Tracking without signing in: the reference, and the end of the applicant's phone number or their email."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.limits import limited
from portal.references import is_valid_reference, normalise_reference
from services.presenters import heading, stage_line
from services.queries import application_for_tracking

TRIES_AN_HOUR = 200
"""From one address, behind which a mobile network puts thousands of people."""
TRIES_FOR_ONE = 20
"""For one reference, from anywhere: whoever knows it would soon have tried all ends of a phone number."""


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Reads only, by POST so that no log keeps what was written; a forged form could not read the answer,
    and without a token the page is the same for everybody."""
    if request.method != "POST":
        return render(request, "services/citizen/track.html", {"reference": request.GET.get("reference", "")[:40]})
    reference = normalise_reference(request.POST.get("reference", "")[:60])
    if _too_often(request, reference):
        return render(request, "429.html", status=429)
    contact = request.POST.get("contact", "").strip()[:254]
    context, status = _answer(reference, contact)
    given = {"reference": reference, "contact": contact}
    return render(request, "services/citizen/track.html", given | context, status=status)


def _too_often(request: HttpRequest, reference: str) -> bool:
    if limited("track", request.META["REMOTE_ADDR"], most=TRIES_AN_HOUR, seconds=3600):
        return True
    return is_valid_reference(reference) and limited("track-one", reference, most=TRIES_FOR_ONE, seconds=3600)


def _answer(reference: str, contact: str) -> tuple[dict[str, Any], int]:
    if not is_valid_reference(reference):
        text = _("That is not a whole reference. It looks like RITA-26-7K3M9Q2-X; check each symbol.")
        return {"errors": [{"text": text, "anchor": "reference"}]}, 422
    try:
        application = application_for_tracking(reference, contact)
    except Http404:
        text = _("No application answers to this reference and this phone number or email. Check both.")
        return {"errors": [{"text": text, "anchor": "reference"}]}, 404
    return {"result": heading(application) | {"stages": stage_line(application), "due": application.due_on}}, 200

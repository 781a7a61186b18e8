"""Pages for what went wrong before a view could help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is old or missing: mostly a page left open over a sign-out."""
    message = _("This page had been open too long. Go back, reload it and send the form again; drafts are kept.")
    return render(request, "403.html", {"exception": message}, status=403)

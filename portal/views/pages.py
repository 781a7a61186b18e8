"""Standing pages: help, privacy, accessibility, contacts, performance."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SLUGS = ("help", "contacts", "privacy", "accessibility", "performance")


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in SLUGS:
        raise Http404
    return render(request, f"pages/{slug}.html")

"""What programmes look for at the root of any site: `/robots.txt`, and `/.well-known/security.txt` (RFC 9116)."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

PRIVATE = ("services:applications", "payments:bills", "inbox", "accounts:profile", "desk:home", "admin:index")
EXPIRES_AFTER = timedelta(days=180)
"""The RFC asks for less than a year, so that an abandoned site stops promising an answer."""


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return _text("User-agent: *", *(f"Disallow: {path}" for path in _private_paths()))


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    expires = timezone.now() + EXPIRES_AFTER
    return _text(
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: sw, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    )


def _private_paths() -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from map(reverse, PRIVATE)


def _text(*lines: str) -> HttpResponse:
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")

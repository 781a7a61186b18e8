"""What every page's frame needs: the languages, the mode, the unread count, the day of the last change."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from portal.notifications import unread_count
from portal.pages import last_updated


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "language_links": SimpleLazyObject(lambda: language_links(request)),
        "demo_mode": settings.DEMO_MODE,
        "site_url": settings.SITE_URL,
        "last_updated": SimpleLazyObject(last_updated),
        "unread_count": SimpleLazyObject(lambda: _unread(request)),
    }


def language_links(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    """(code, name, address of this page in that language, is current) for each language."""
    current = translation.get_language()
    path = request.get_full_path()
    return [(code, name, translate_url(path, code), code == current) for code, name in settings.LANGUAGES]


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread_count(user) if user is not None and user.is_authenticated else 0

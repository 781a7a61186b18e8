"""Pages of one person that are opened again and again: kept for a moment, until what they show has changed."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
SECONDS = 60


def kept_until_changed(version: Callable[[HttpRequest], str]) -> Callable[[View], View]:
    """Keep the page of a view for each person, language and CSRF secret while `version` says the same.

    `version` is asked on each request, so it must be cheap, and must change with everything that the page shows.
    A page with messages to show is never kept.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
            if request.method != "GET" or secret is None or len(get_messages(request)):
                return view(request, *args, **kwargs)
            key = _key(request, secret, version(request))
            content = cache.get(key)
            if content is not None:
                return HttpResponse(content)
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                cache.set(key, response.content, SECONDS)
            return response

        return inner

    return decorate


def _key(request: HttpRequest, secret: str, version: str) -> str:
    parts = [str(request.user.pk), get_language() or "", request.get_full_path(), secret, version]
    return f"personal:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"

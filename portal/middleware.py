"""Middleware of the floor: a request id, and whole public pages from memory."""

import uuid
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from portal import public_pages
from portal.request_ids import current_request_id

ADMINISTRATION = ("/admin/", "/en/admin/")
OF_THE_TOOLKIT = {
    "script-src": [UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "font-src": ["data:"],
}
GetResponse = Callable[[HttpRequest], HttpResponse]


class PageCompressionMiddleware(GZipMiddleware):
    """Pages only. A streamed file is packed by its own format, and its length tells a slow phone how far it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class RequestIdMiddleware:
    """Gives each request an id that its log lines, audit entries and error page carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:16]
        token = current_request_id.set(request.request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = request.request_id
        return response


class ClientAddressMiddleware:
    """Behind a proxy REMOTE_ADDR is the proxy, and every limit would count all visitors as one.

    The last entry of X-Forwarded-For is what our own proxy wrote; those before it are only claims.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if address := request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip():
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


class NullCharacterMiddleware:
    """No person writes a null character and PostgreSQL keeps none: an address with one is refused (400).

    The API refuses them by itself, with a problem document.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        written = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if written and not request.path_info.startswith("/api/v1/"):
            raise BadRequest("null character in the address")
        return self.get_response(request)


class ContentPolicyMiddleware(CSPMiddleware):
    """No page of ours has code in it. The administration's toolkit has, but there too none from elsewhere."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(ADMINISTRATION):
            parts.update = OF_THE_TOOLKIT
        return parts


class AnonymousPageMiddleware:
    """Answers public pages for people without a session before anything else is touched.

    It stands outermost but for compression: what it keeps has passed every other middleware once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not public_pages.is_anonymous_read(request):
            return _for_one_reader(request, self.get_response(request))
        page = public_pages.pages.find(request)
        if page is None:
            response = self.get_response(request)
            if not public_pages.may_be_kept(response):
                return response
            page = public_pages.pages.keep(request, response)
        return public_pages.answer(request, page)


def _for_one_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """At a shared computer the next person presses "back": what a person saw stays in no cache, not even there."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response

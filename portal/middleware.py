"""Middleware of the floor: a request id, and whole public pages from the cache."""

import hashlib
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from portal.pages import catalogue_version, is_public_page
from portal.request_ids import current_request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
PAGE_SECONDS = 15 * 60


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


class AnonymousPageMiddleware:
    """Answers public pages for people without a session straight from the cache, with an ETag.

    It stands before sessions, languages and templates, so a hit costs one look-up. The key holds the
    language (by the path), the query and the version of the catalogue, so publishing makes new pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_anonymous_read(request):
            return self.get_response(request)
        key = self._key(request)
        page = cache.get(key)
        if page is None:
            response = self.get_response(request)
            if response.status_code != 200 or response.cookies or response.streaming:
                return response
            page = (response.content, f'"{hashlib.sha256(response.content).hexdigest()[:32]}"')
            cache.set(key, page, PAGE_SECONDS)
        return self._answer(request, *page)

    @staticmethod
    def _is_anonymous_read(request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and "messages" not in request.COOKIES
            and is_public_page(request.path_info)
        )

    @staticmethod
    def _key(request: HttpRequest) -> str:
        address = hashlib.sha256(request.get_full_path().encode()).hexdigest()
        return f"page:{catalogue_version()}:{address}"

    @staticmethod
    def _answer(request: HttpRequest, content: bytes, etag: str) -> HttpResponse:
        response = HttpResponse(content, headers={"ETag": etag, "Vary": "Cookie", "Cache-Control": "no-cache"})
        return get_conditional_response(request, etag=etag, response=response) or response

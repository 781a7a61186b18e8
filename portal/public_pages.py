"""Whole public pages, rendered once for each language and catalogue version and kept in the process.

A page is kept with the headers that it was first sent with and in the encodings that browsers take, so that
a hit costs a look-up and nothing else: no session, no template, no compression.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.pages import catalogue_version, is_public_page

MOST_PAGES = 512
PAGE_SECONDS = 15 * 60
VERSION_SECONDS = 1.0
"""How long a process may not notice that the catalogue has changed."""
_NOT_KEPT = {"Content-Length", "Set-Cookie", "X-Request-ID", "ETag", "Vary"}


@dataclass(frozen=True)
class Page:
    bodies: dict[str, bytes]
    headers: dict[str, str]
    etag: str
    until: float


class PublicPages:
    """The least recently read page goes first when there are too many."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()
        self._version = ""
        self._version_until = 0.0

    def find(self, request: HttpRequest) -> Page | None:
        with self._lock:
            self._forget_old_version()
            page = self._pages.get(request.get_full_path())
            if page is None or page.until < time.monotonic():
                return None
            self._pages.move_to_end(request.get_full_path())
            return page

    def keep(self, request: HttpRequest, response: HttpResponse) -> Page:
        page = page_of(response)
        with self._lock:
            self._pages[request.get_full_path()] = page
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return page

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._version_until = 0.0

    def _forget_old_version(self) -> None:
        now = time.monotonic()
        if now < self._version_until:
            return
        self._version_until = now + VERSION_SECONDS
        version = catalogue_version()
        if version != self._version:
            self._version = version
            self._pages.clear()


pages = PublicPages()


def page_of(response: HttpResponse) -> Page:
    content = response.content
    return Page(
        bodies={"br": brotli.compress(content, quality=9), "gzip": gzip.compress(content, 9), "": content},
        headers={name: value for name, value in response.items() if name not in _NOT_KEPT}
        | {"Vary": "Accept-Encoding, Cookie", "Cache-Control": "no-cache"},
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
        until=time.monotonic() + PAGE_SECONDS,
    )


def may_be_kept(response: HttpResponse) -> bool:
    return response.status_code == 200 and not response.cookies and not response.streaming


def is_anonymous_read(request: HttpRequest) -> bool:
    """Reads of public pages by people without a session; over HTTPS where that is demanded."""
    return (
        request.method in ("GET", "HEAD")
        and is_public_page(request.path_info)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and (not settings.SECURE_SSL_REDIRECT or request.is_secure())
    )


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """304 when the reader has the page already, else the page in the best encoding that the reader takes."""
    headers = page.headers | {"ETag": page.etag}
    if request.META.get("HTTP_IF_NONE_MATCH") == page.etag:
        return HttpResponse(status=304, headers=headers)
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    encoding = next((name for name in ("br", "gzip") if name in accepted), "")
    if encoding:
        headers["Content-Encoding"] = encoding
    return HttpResponse(page.bodies[encoding], headers=headers)

"""Whom the limits count: the visitor, and behind a proxy not the proxy."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.throttling import AnonRateThrottle

from portal.middleware import ClientAddressMiddleware

PROXY = "127.0.0.1"


def counted_as(address_header: str | None) -> str:
    """The address after the middleware, as the pages and the API see it."""
    headers = {} if address_header is None else {"X-Forwarded-For": address_header}
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)
    ClientAddressMiddleware(lambda _request: HttpResponse())(request)
    assert AnonRateThrottle().get_ident(request) == request.META["REMOTE_ADDR"]
    return str(request.META["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("196.41.10.7", "196.41.10.7"),
        ("10.0.0.1, 196.41.10.7", "196.41.10.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", PROXY),
        (None, PROXY),
    ],
)
def test_behind_a_proxy_the_last_address_counts(settings: object, header: str | None, address: str) -> None:
    settings.BEHIND_PROXY = True

    assert counted_as(header) == address


def test_without_a_proxy_nobody_chooses_an_address(settings: object) -> None:
    settings.BEHIND_PROXY = False

    with pytest.raises(MiddlewareNotUsed):
        ClientAddressMiddleware(_never)


def _never(_request: HttpRequest) -> HttpResponse:
    raise AssertionError

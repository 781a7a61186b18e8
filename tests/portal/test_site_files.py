"""`/robots.txt` and `/.well-known/security.txt`: for everybody, from nothing but the settings and the clock."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

ROBOTS, SECURITY = "/robots.txt", "/.well-known/security.txt"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_crawlers_are_asked_to_leave_what_is_private_alone() -> None:
    response = Client().get(ROBOTS)

    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /applications/",
        "Disallow: /bills/",
        "Disallow: /inbox/",
        "Disallow: /account/",
        "Disallow: /desk/",
        "Disallow: /admin/",
        "Disallow: /en/applications/",
        "Disallow: /en/bills/",
        "Disallow: /en/inbox/",
        "Disallow: /en/account/",
        "Disallow: /en/desk/",
        "Disallow: /en/admin/",
    ]


def test_who_found_a_weakness_learns_where_to_write(settings) -> None:
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://huduma.go.tz", "mailto:usalama@huduma.go.tz"

    with time_machine.travel(NOW, tick=False):
        response = Client().get(SECURITY)

    assert response.text.splitlines() == [
        "Contact: mailto:usalama@huduma.go.tz",
        "Expires: 2027-05-23T08:00:00Z",
        "Preferred-Languages: sw, en",
        "Canonical: https://huduma.go.tz/.well-known/security.txt",
    ]


def test_without_an_address_of_its_own_the_contact_page_is_named() -> None:
    first = Client().get(SECURITY).text.splitlines()[0]

    assert first == "Contact: http://testserver/pages/contacts/"


@pytest.mark.parametrize("path", [ROBOTS, SECURITY])
def test_nothing_is_asked_of_the_database_or_left_with_the_visitor(path: str) -> None:
    """These tests may not use the database: a query would raise."""
    client = Client()

    response = client.get(path)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.cookies == {}
    assert client.post(path).status_code == 405

"""Pages that only trouble or time brings: made here, shown at the portal's own address, and looked at like the rest."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, Route

from services.actions import lapse_application
from services.models import Application
from tests.e2e.browsers import HEIGHTS, Visitors
from tests.e2e.checks import Listener, accessibility, sideways_scroll
from tests.e2e.world import LEAVE, World
from tests.factories import start
from tests.services.cases import applicant_for, approved, at, browser, ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
INCIDENT = "ega-taarifa-ya-tukio-la-usalama"
ERRORS = ("400", "403", "404", "413", "429", "500")


def complaints_about(tab: Page, address: str, html: str, status: int) -> list[str]:
    """Shown as the portal would: with its address, its styles and its pictures."""
    listener = Listener(tab)
    path = urlsplit(address).path
    tab.route(
        lambda url: urlsplit(url).path == path,
        lambda route: _answer(route, html, status),
    )
    tab.goto(address)
    assert tab.evaluate("[...document.styleSheets].some((sheet) => sheet.cssRules.length > 20)"), "no styles"
    complaints = []
    for width, height in HEIGHTS.items():
        tab.set_viewport_size({"width": width, "height": height})
        complaints += [f"at {width} px: {line}" for line in accessibility(tab) + sideways_scroll(tab)]
    return complaints + [line for line in listener.complaints if "status of 500" not in line]


def _answer(route: Route, html: str, status: int) -> None:
    route.fulfill(status=status, content_type="text/html; charset=utf-8", body=html)


@pytest.mark.parametrize("language", ["sw", "en"])
@pytest.mark.parametrize("error", ERRORS)
def test_an_error_page_is_for_everybody(error: str, language: str, visitors: Visitors, world: World) -> None:
    with translation.override(language):
        html = render_to_string(f"{error}.html", request=RequestFactory().get("/"))
    assert f'lang="{language}"' in html

    with visitors.page() as tab:
        assert complaints_about(tab, f"{world.place.site}/rare/", html, int(error)) == []


def lapsed() -> tuple[Application, str]:
    return lapse_application(reference=ready(LEAVE).reference), ""


def decided() -> tuple[Application, str]:
    return approved(LEAVE), ""


def with_a_moment() -> tuple[Application, str]:
    """The only section that asks for a day and an hour."""
    return start(INCIDENT, *applicant_for(INCIDENT)), "incident/"


@pytest.mark.parametrize("make", [lapsed, decided, with_a_moment])
def test_an_application_that_few_see_is_for_everybody(
    make: Callable[[], tuple[Application, str]], visitors: Visitors, world: World
) -> None:
    application, rest = make()
    address = at(application, rest)
    page = browser(application.applicant, application.acting_for).get(address)

    with visitors.page() as tab:
        assert complaints_about(tab, world.place.site + address, page.text, page.status_code) == []
        assert page.status_code == 200

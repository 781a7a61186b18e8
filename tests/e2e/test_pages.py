"""Every page, on a phone and on a desk: nothing for axe to find, nothing to scroll sideways, no word on the console."""

import pytest

from tests.e2e.browsers import HEIGHTS, Visitors
from tests.e2e.checks import Listener, accessibility, sideways_scroll
from tests.e2e.pages import PAGES, Page
from tests.e2e.world import World

pytestmark = pytest.mark.browser
# The same templates serve both languages: English is read where its words are longest or its forms differ.
IN_ENGLISH = {
    "home", "service-tiers", "sign-up", "section-child", "documents-empty", "application-returned", "bill-to-pay",
    "certificate", "case-mine",
}  # fmt: skip
VISITS = [(page, "sw") for page in PAGES] + [(page, "en") for page in PAGES if page.name in IN_ENGLISH]


@pytest.mark.parametrize(("page", "language"), VISITS, ids=[f"{page.name}-{language}" for page, language in VISITS])
def test_page_is_for_everybody(page: Page, language: str, visitors: Visitors, world: World) -> None:
    complaints = []
    with visitors.page(page.account, width=1280) as tab:
        listener = Listener(tab)
        response = tab.goto(page.address(world, language))

        for width, height in HEIGHTS.items():
            tab.set_viewport_size({"width": width, "height": height})
            complaints += [f"at {width} px: {line}" for line in accessibility(tab) + sideways_scroll(tab)]
        for width in (320, 640):  # the least that WCAG 1.4.10 asks, and a desk at 200 per cent
            tab.set_viewport_size({"width": width, "height": 600})
            complaints += [f"at {width} px: scrolls sideways: {line}" for line in sideways_scroll(tab)]

        assert response is not None and response.status == page.status
        assert response.url == page.address(world, language), "another page was shown"
        assert tab.locator("html").get_attribute("lang") == language
        assert tab.locator("h1").count() == page.titles
    assert complaints + listener.complaints == []


def test_every_name_is_used_once() -> None:
    names = [page.name for page in PAGES]

    assert sorted(set(names)) == sorted(names)

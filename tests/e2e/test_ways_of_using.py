"""Keys alone, no JavaScript at all, and the one thing for which officers have some."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import Visitors
from tests.e2e.world import BIRTH, INTAKE, LEAVE, NEIGHBOUR, World
from tests.journeys.people import blank_pdf
from tests.journeys.stories import annual_leave

pytestmark = pytest.mark.browser
MOST_TABS = 80
_FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.closest('.choice') ? getComputedStyle(element.closest('.choice')) : style;
  return {
    name: element.name || '', value: element.value || '', id: element.id, href: element.getAttribute('href') || '',
    seen: [style, box].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
  };
}"""

_AT_OR_AFTER = """(id) => {
  const target = document.getElementById(id), order = target.compareDocumentPosition(document.activeElement);
  const after = Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY;
  return target === document.activeElement || (order & after) !== 0;
}"""


@pytest.fixture
def stranger(visitors: Visitors, world: World) -> Iterator[Page]:
    """A browser in which nobody has signed in."""
    context = visitors.fresh()
    yield context.new_page()
    context.close()


def test_a_form_can_be_filled_in_with_keys_alone(stranger: Page, world: World) -> None:
    stranger.goto(f"{world.place.site}/account/login/?next=/services/{BIRTH}/")
    tab_to(stranger, name="login")
    stranger.keyboard.type(f"{NEIGHBOUR}@demo.example")
    tab_to(stranger, name="password")
    stranger.keyboard.type(world.place.password)
    stranger.keyboard.press("Enter")
    stranger.wait_for_url(lambda url: "/account/login" not in url)

    tab_to(stranger, css="main form button")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/applications/**")
    tab_to(stranger, css=".tasks a")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/child/")

    tab_to(stranger, name="registration_type")
    stranger.keyboard.press("Space")
    tab_to(stranger, name="child_first_name")
    stranger.keyboard.type("Ng'wanza")
    stranger.keyboard.press("Enter")
    summary = stranger.locator(".error-summary")
    expect(summary).to_be_visible()

    tab_to(stranger, css=".error-summary a")
    anchor = stranger.evaluate("document.activeElement.hash.slice(1)")
    stranger.keyboard.press("Enter")

    assert stranger.evaluate("location.hash.slice(1)") == anchor
    assert stranger.locator(f"[id='{anchor}']").count() == 1
    stranger.keyboard.press("Tab")
    assert stranger.evaluate(_AT_OR_AFTER, anchor)
    expect(stranger.locator("[name=child_first_name]")).to_have_value("Ng'wanza")


def test_first_tab_skips_to_the_content(stranger: Page, world: World) -> None:
    stranger.goto(f"{world.place.site}/")

    stranger.keyboard.press("Tab")
    expect(stranger.locator(".skip")).to_be_in_viewport()
    stranger.keyboard.press("Enter")

    assert stranger.evaluate("document.activeElement.id") == "main"


def test_whole_application_without_javascript(visitors: Visitors, world: World) -> None:
    context = visitors.fresh("mtumishi", width=360, scripts=False)
    page = context.new_page()
    page.goto(f"{world.place.site}/services/{LEAVE}/")
    page.locator("main form button").click()
    leave(page)

    page.locator("input[name=declaration]").check()
    page.locator("main form button").last.click()

    assert page.url.endswith("/submitted/")
    expect(page.locator(".reference")).to_contain_text("ORMUUU-")
    context.close()


def test_the_button_of_a_row_does_not_lie_under_its_link(stranger: Page, world: World) -> None:
    stranger.goto(f"{world.place.site}/account/login/?next=/account/acting/")
    stranger.locator("[name=login]").fill("karani@demo.example")
    stranger.locator("[name=password]").fill(world.place.password)
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/account/acting/")

    for width in (360, 1280):
        stranger.set_viewport_size({"width": width, "height": 740})
        stranger.locator(".tasks form button").first.click(trial=True, timeout=5_000)


def leave(page: Page) -> None:
    """Fill in the sections as they come, then the documents, up to the page where the answers are checked."""
    page.locator(".tasks a").first.click()
    for fields in annual_leave().values():
        for name, value in fields.items():
            fill(page, name, value)
        page.locator("main button[name=then][value=next]").last.click()
    if page.url.endswith("/documents/"):
        add_documents(page)


def add_documents(page: Page) -> None:
    file = {"name": "barua.pdf", "mimeType": "application/pdf", "buffer": blank_pdf()}
    while (wanted := page.locator(".document > form input[type=file]")).count():
        wanted.first.set_input_files(file)
        page.locator(".document > form button").first.click()
    page.locator("main .btn-row .btn--primary").click()


def fill(page: Page, name: str, value: str) -> None:
    field = page.locator(f"[name='{name}']")
    if field.first.get_attribute("type") == "radio":
        page.locator(f"[name='{name}'][value='{value}']").check()
    elif field.first.evaluate("e => e.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def test_officer_searches_the_queue(visitors: Visitors, world: World) -> None:
    with visitors.page(INTAKE) as page:
        page.goto(f"{world.place.site}/desk/queues/all/")
        page.locator("#search").fill(world.names["in_review"])
        page.keyboard.press("Enter")

        expect(page.locator(".queue tbody tr")).to_have_count(1)
        expect(page.locator(".queue")).to_contain_text(world.names["in_review"])


def test_officer_moves_with_keys(visitors: Visitors, world: World) -> None:
    with visitors.page(INTAKE) as page:
        page.goto(f"{world.place.site}/desk/queues/all/")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("j")

        assert page.evaluate("document.activeElement.closest('.queue') !== null")


def tab_to(page: Page, *, name: str = "", css: str = "") -> None:
    """Press Tab until the field is reached, and see at each stop that the focus can be seen."""
    for _stop in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        assert focus["seen"], f"the focus cannot be seen on {focus}"
        if focus["name"] == name if name else page.evaluate("(css) => document.activeElement.matches(css)", css):
            return
    raise AssertionError(f"{name or css} cannot be reached with the Tab key")

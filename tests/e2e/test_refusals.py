"""What a person meets after a wrong answer: an error page that is as good as the first one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import HEIGHTS, Visitors
from tests.e2e.checks import Listener, accessibility, sideways_scroll
from tests.e2e.world import CITIZEN, INTAKE, OWNER, SERVANT, World

pytestmark = pytest.mark.browser
Act = Callable[[Page], None]


def save(page: Page) -> None:
    page.locator("main button[name=then][value=next]").last.click()


def write_many_wards(page: Page) -> None:
    page.locator("[name=ward]").fill("Kati")
    save(page)


def upload_a_program(page: Page) -> None:
    file = {"name": "cheti.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(400)}
    page.locator("input[type=file]").first.set_input_files(file)
    page.locator("form[enctype] button").first.click()


def forget_the_declaration(page: Page) -> None:
    form = page.locator("form:has([name=declaration])")
    form.evaluate("form => form.noValidate = true")
    form.locator("button").click()


def return_without_reason(page: Page) -> None:
    page.locator("[name=decision][value=rudisha]").check()
    page.locator("[name=action][value=decide]").click()


def sign_in_wrongly(page: Page) -> None:
    page.locator("[name=login]").fill("mwananchi@demo.example")
    page.locator("[name=password]").fill("si-nenosiri-langu")
    page.keyboard.press("Enter")


def track_nothing(page: Page) -> None:
    page.locator("[name=reference]").fill("RITA-26-0000000-0")
    page.locator("[name=contact]").fill("0712 345 678")
    page.keyboard.press("Enter")


REFUSALS: dict[str, tuple[str, str, Act]] = {
    "empty section": ("/applications/{draft}/birth/", CITIZEN, save),
    "empty table": ("/applications/{utumishi-kupandishwa-cheo}/appraisal/", SERVANT, save),
    "empty owners": ("/applications/{brela-jina-la-biashara}/owners/", OWNER, save),
    "many wards": ("/applications/{brela-jina-la-biashara}/business/", OWNER, write_many_wards),
    "empty boxes and dates": ("/applications/{tra-kuhuisha-leseni-ya-udereva}/licence/", CITIZEN, save),
    "program named as a document": ("/applications/{draft}/documents/", CITIZEN, upload_a_program),
    "no declaration": ("/applications/{complete}/check/", CITIZEN, forget_the_declaration),
    "no reason": ("/desk/cases/{in_review}/", INTAKE, return_without_reason),
    "wrong password": ("/account/login/", "", sign_in_wrongly),
    "unknown reference": ("/track/", "", track_nothing),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_is_for_everybody(name: str, visitors: Visitors, world: World) -> None:
    path, account, act = REFUSALS[name]
    with visitors.page(account) as page:
        listener = Listener(page)
        page.goto(world.place.site + path.format(**world.names))

        act(page)
        expect(page.locator("main [role=alert]").first).to_be_visible()

        complaints = []
        for width, height in HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            complaints += [f"at {width} px: {line}" for line in accessibility(page) + sideways_scroll(page)]
        broken = page.evaluate(
            "() => [...document.querySelectorAll('.error-summary a')].map((a) => a.hash)"
            ".filter((hash) => !document.getElementById(decodeURIComponent(hash.slice(1))))"
        )
    assert complaints + listener.complaints + broken == []

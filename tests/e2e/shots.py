"""`make shots`: pictures of every page of a running portal, in both languages, as wide as a phone and as a desk."""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browsers import Visitors, launch
from tests.e2e.pages import PAGES, Page
from tests.e2e.world import Maker, World
from tests.journeys.stories import Place

FOLDER = Path(__file__).resolve().parents[2] / "shots"
LANGUAGES = ("sw", "en")


def main(wanted: list[str]) -> int:
    port = int(os.environ.get("PORT", "8000"))
    place = Place(
        site=os.environ.get("SITE", f"http://127.0.0.1:{port}"),
        gateway=os.environ.get("GATEWAY", f"http://127.0.0.1:{port + 1}"),
        password=os.environ.get("DEMO_PASSWORD", "Huduma-2026!"),
    )
    world = Maker(place).world()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        visitors = Visitors(launch(playwright), world)
        for page in PAGES:
            if not wanted or any(word in page.name for word in wanted):
                picture(visitors, world, page)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")
    return 0


def picture(visitors: Visitors, world: World, page: Page) -> None:
    for language in LANGUAGES:
        for width in (360, 1280):
            with visitors.page(page.account, width=width) as tab:
                tab.goto(page.address(world, language))
                tab.screenshot(path=FOLDER / f"{page.name}-{language}-{width}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

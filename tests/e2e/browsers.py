"""One Chromium, one context for each person and size; pages that note what a visitor never should see."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.e2e.world import World

PATHS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
MISSING = "Chromium is not installed, so no page is looked at in a browser. Debian: apt install chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip
HEIGHTS = {360: 740, 1280: 900}


def chromium() -> str | None:
    return next((path for path in PATHS if Path(path).exists()), None)


def launch(playwright: Playwright) -> Browser:
    path = chromium()
    if path is None:
        raise SystemExit(MISSING)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Visitors:
    """Contexts are kept: signing in and warming the cache of files happen once."""

    def __init__(self, browser: Browser, world: World) -> None:
        self.browser = browser
        self.world = world
        self._contexts: dict[tuple[str, int, bool], BrowserContext] = {}

    @contextmanager
    def page(self, account: str = "", *, width: int = 1280, scripts: bool = True) -> Iterator[Page]:
        page = self._context(account, width, scripts).new_page()
        page.set_default_timeout(15_000)
        try:
            yield page
        finally:
            page.close()

    def _context(self, account: str, width: int, scripts: bool) -> BrowserContext:
        key = (account, width, scripts)
        if key not in self._contexts:
            self._contexts[key] = self.fresh(account, width, scripts)
        return self._contexts[key]

    def fresh(self, account: str = "", width: int = 1280, scripts: bool = True) -> BrowserContext:
        """A context of one's own, for what would disturb the others."""
        size = {"width": width, "height": HEIGHTS.get(width, 740)}
        context = self.browser.new_context(viewport=size, java_script_enabled=scripts, locale="sw-TZ")
        if account:
            pairs = self.world.cookies[account]
            context.add_cookies([{"name": name, "value": value, "url": self.world.place.site} for name, value in pairs])
        return context

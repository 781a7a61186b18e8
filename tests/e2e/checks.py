"""What is asked of every page, as functions that return complaints in words; no complaint, no words."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
_AXE = Axe()
_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const clips = (element) => getComputedStyle(element).overflowX !== 'visible';
  const scrolls = (element) => element && (clips(element) || scrolls(element.parentElement));
  return [...document.body.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`);
}"""


class Listener:
    """Hears what a page says and asks behind the back of its reader."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self._own_host = ""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium also writes a line for each page that is rightly a 4xx."""
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        self._own_host = self._own_host or host
        if host != self._own_host and not request.url.startswith("data:"):
            self.complaints.append(f"asks another host: {request.url}")


def accessibility(page: Page) -> list[str]:
    found = _AXE.run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in found
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Page) -> list[str]:
    return page.evaluate(_OVERFLOW)

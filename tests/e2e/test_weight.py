"""The first view of a citizen's page arrives in the first flight of TCP: HTML, style and pictures in 14 kB as sent."""

import sys
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html

from tests.e2e.pages import CITIZEN_PAGES, Page
from tests.e2e.world import World

MOST = 14_000
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
FIRST_VIEW = "//link[@rel='stylesheet']/@href | //link[@rel='icon' and @type]/@href | //img/@src"


def test_first_view_is_light(world: World) -> None:
    with httpx.Client(base_url=world.place.site, headers=BROWSER, timeout=30) as client:
        rows = [(page.name, *_weights(client, page, world)) for page in CITIZEN_PAGES]

    sys.stdout.write(_table(rows))  # pytest -s shows it
    assert {name: html + rest for name, html, rest in rows if html + rest > MOST} == {}
    assert {page.name for page in CITIZEN_PAGES} == {name for name, *_ in rows}


@pytest.mark.parametrize("path", ["/", "/applications/"])
def test_pages_are_sent_compressed(path: str, world: World) -> None:
    cookies = dict(world.cookies["mwananchi"]) if path != "/" else {}

    response = httpx.get(world.place.site + path, headers=BROWSER, cookies=cookies)

    assert response.status_code == 200
    assert response.headers["content-encoding"] in ("br", "gzip")


def _weights(client: httpx.Client, page: Page, world: World) -> tuple[int, int]:
    """Bytes of the page, and of the style and pictures that it shows, as they cross the wire."""
    address = page.address(world)
    cookie = "; ".join(f"{name}={value}" for name, value in world.cookies.get(page.account, []))
    sent, content = _fetch(client, address, cookie)
    files = {urljoin(address, path) for path in html.fromstring(content).xpath(FIRST_VIEW)}
    return sent, sum(_fetch(client, file, "")[0] for file in files)


def _fetch(client: httpx.Client, address: str, cookie: str) -> tuple[int, bytes]:
    client.cookies.clear()
    with client.stream("GET", address, headers={"Cookie": cookie} if cookie else {}) as response:
        content = response.read()
        return response.num_bytes_downloaded, content


def _table(rows: list[tuple[str, int, int]]) -> str:
    heaviest_first = sorted(rows, key=lambda row: -sum(row[1:]))
    lines = [f"{name:45} {html:6} {rest:6} {html + rest:6}" for name, html, rest in heaviest_first]
    return "\n".join([f"\n{'page':45} {'html':>6} {'files':>6} {'sum':>6}", *lines, ""])

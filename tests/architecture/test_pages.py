"""What every page of ours keeps to."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.architecture.cast import CAST
from tests.architecture.conftest import UNDEFINED, Page

OUR_HOSTS = {"", "testserver"}
GALLERY = "components"
"""It shows headings as well."""
ADDRESSES = {"src", "href", "action", "formaction", "poster", "srcset", "data"}


class Outline(HTMLParser):
    """What the checks need of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = self.title = ""
        self.headings = 0
        self.inline: list[str] = []
        self.hosts: set[str] = set()
        self.ids: list[str] = []
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = values.get("lang", "")
        self._in_title = tag == "title" or (self._in_title and tag != "body")
        self.headings += tag == "h1"
        self.ids += [values["id"]] if "id" in values else []
        self.inline += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith("on")]
        self.inline += [f"<{tag}>"] if tag == "style" or (tag == "script" and "src" not in values) else []
        for name in ADDRESSES & values.keys():
            address = urlsplit(values[name])
            self.hosts.add(address.netloc)
            self.inline += [values[name]] if address.scheme == "javascript" else []

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"


@pytest.fixture
def ours(pages: list[Page]) -> list[Page]:
    """The administration belongs to Django and Unfold, and has a policy of its own."""
    html = [page for page in pages if page.content_type == "text/html" and page.text]
    return [page for page in html if not page.name.startswith("admin:") and page.status < 300]


def test_a_page_has_language_title_and_one_heading(ours: list[Page]) -> None:
    outlines = {str(page): Outline(page.text) for page in ours}

    assert {name: page.language for name, page in outlines.items() if page.language not in ("sw", "en")} == {}
    assert [name for name, page in outlines.items() if len(page.title.strip()) < 5] == []
    assert {name for name, page in outlines.items() if page.headings != 1} == {f"{who}: {GALLERY}" for who in CAST}


def test_no_identifier_stands_twice(ours: list[Page]) -> None:
    ids = {str(page): Counter(Outline(page.text).ids) for page in ours}

    assert {name: twice for name, found in ids.items() if (twice := [one for one in found if found[one] > 1])} == {}


def test_no_code_stands_inside_a_page(ours: list[Page]) -> None:
    """The policy on content forbids it, so it would be dead."""
    assert {str(page): inline for page in ours if (inline := Outline(page.text).inline)} == {}


def test_nothing_is_fetched_from_elsewhere(ours: list[Page]) -> None:
    assert {str(page): hosts for page in ours if (hosts := Outline(page.text).hosts - OUR_HOSTS)} == {}


def test_no_variable_of_a_template_is_undefined(ours: list[Page]) -> None:
    around = re.compile(rf".{{0,80}}{UNDEFINED}.{{0,30}}")

    assert {str(page): around.search(page.text)[0] for page in ours if UNDEFINED in page.text} == {}


def test_no_tag_of_a_template_is_left_over(ours: list[Page]) -> None:
    assert [str(page) for page in ours if re.search(r"{{|{%|{#", page.text)] == []

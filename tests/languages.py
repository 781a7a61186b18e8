"""Whether a page speaks one language: what a reader sees or hears of it, and which of that both languages share."""

import re
from collections.abc import Iterator
from functools import cache

import lxml.html
import polib
from django.conf import settings
from django.test import Client

LABELS = ("alt", "aria-label", "placeholder", "title")
UNSEEN = " or ".join(
    ["contains(@class, 'material-symbols')"]
    + [f"self::{tag}" for tag in ("script", "style", "svg", "template", "pre", "code")]
)
SAME_IN_BOTH = {"English", "Kiswahili"}


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(settings.LOCALE_PATHS[0] / "sw" / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def words(page: str) -> set[str]:
    """The text nodes of a page and the labels of its parts, without scripts and drawings."""
    return {text for text in map(tidy, _texts(lxml.html.document_fromstring(page))) if re.search(r"[A-Za-z]{2}", text)}


def _texts(tree: lxml.html.HtmlElement) -> Iterator[str]:
    yield from tree.xpath(f"//text()[not(ancestor::*[{UNSEEN}])]")
    for label in LABELS:
        yield from tree.xpath(f"//@{label}")
    yield from tree.xpath("//input[@type='submit' or @type='button']/@value")


def tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ·():,.*›/-–")


def shared(swahili: str, english: str) -> set[str]:
    """Text in the wrong language: it stands in both pages, or the catalogue knows it in the other language."""
    sw, en = words(swahili), words(english)
    assert sw and en
    english_of, alike = _pairs()
    strange = sw & set(english_of.values()) | en & set(english_of)
    both = {text for text in sw & en if _is_language(text)}
    return (both | strange) - alike - SAME_IN_BOTH


def _is_language(text: str) -> bool:
    """Numbers, references, addresses, abbreviations and file names belong to no language."""
    return bool(re.search(r"(?<![\w@./-])[A-Za-z]?[a-z]{2,}(?![\w@./-]*[\d@/_])", text))


@cache
def _pairs() -> tuple[dict[str, str], frozenset[str]]:
    """Longer texts of the catalogue, English by Swahili, and all that are the same in both."""
    pairs = {tidy(entry.msgstr): tidy(entry.msgid) for entry in catalogue()}
    english = set(pairs.values())
    different = {sw: en for sw, en in pairs.items() if len(en) > 12 and sw not in english and en not in pairs}
    return different, frozenset(sw for sw, en in pairs.items() if sw == en)


def shared_by(client: Client, path: str, *, status: int = 200) -> set[str]:
    """The same for an address: at the root in Swahili, under /en/ in English."""
    swahili, english = client.get(path), client.get(f"/en{path}")
    assert (swahili.status_code, english.status_code) == (status, status), path
    return shared(swahili.content.decode(), english.content.decode())

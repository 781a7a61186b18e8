"""The design keeps its promises: every component is shown, no page needs a script, first views stay small."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from portal.templatetags.portal_tags import due_colour, due_words, groups_of_four, state_colour
from portal.views.gallery import sample

ROOT = Path(settings.BASE_DIR)
COMPONENTS = sorted(path.stem for path in (ROOT / "templates" / "components").glob("*.html"))
FRAME_PARTS = {"languages", "nav_links", "account_links", "messages", "breadcrumb"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", sorted(set(COMPONENTS) - FRAME_PARTS))
def test_component_is_shown_in_the_gallery(name: str) -> None:
    gallery = (ROOT / "templates" / "pages" / "gallery.html").read_text()
    parts = gallery + (ROOT / "templates" / "components" / "sections.html").read_text()
    assert f'"components/{name}.html"' in parts


@pytest.mark.parametrize("language", ["sw", "en"])
def test_gallery_renders_in_both_languages(language: str, rf) -> None:
    with translation.override(language):
        page = render_to_string("pages/gallery.html", sample() | {"request": rf.get("/__components__/")})
    assert f'<html lang="{language}">' in page
    assert page.count("control-number") == 1
    assert "9912</span> <span>3456</span> <span>7890" in page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_no_inline_code_or_foreign_address(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r'<script(?![^>]*\s(src=|type="application/json"))', text)
    assert not re.search(r'(src|href)="(https?:)?//', text)


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_says_what_it_takes(name: str) -> None:
    assert "{% comment %}" in (ROOT / "templates" / "components" / f"{name}.html").read_text()


@pytest.mark.parametrize(("name", "limit"), [("portal.css", 7_000), ("officer.css", 2_500)])
def test_stylesheet_stays_small(name: str, limit: int) -> None:
    assert len(brotli.compress((ROOT / "static" / "css" / name).read_bytes())) <= limit


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html"])
def test_error_page_renders_without_a_request(name: str) -> None:
    page = render_to_string(name)
    assert "<h1>" in page
    assert "csrfmiddlewaretoken" not in page


def test_control_number_is_read_in_groups_of_four() -> None:
    assert groups_of_four("991234567890") == ["9912", "3456", "7890"]
    assert groups_of_four("9912 3456 7890") == ["9912", "3456", "7890"]
    assert groups_of_four("99123456789012") == ["9912", "3456", "7890", "12"]


@pytest.mark.parametrize(
    ("days", "words", "colour"),
    [
        (None, "", "grey"),
        (-2, "overdue by 2 days", "red"),
        (-1, "overdue by 1 day", "red"),
        (0, "today", "amber"),
        (1, "in 1 day", "amber"),
        (5, "in 5 days", "green"),
    ],
)
def test_due_date_is_words_first_and_colour_second(days: int | None, words: str, colour: str) -> None:
    with translation.override("en"):
        assert due_words(days) == words
    assert due_colour(days) == colour


@pytest.mark.parametrize(
    ("state", "colour"),
    [("issued", "green"), ("rejected", "red"), ("awaiting_payment", "amber"), ("unheard-of", "grey")],
)
def test_state_has_a_colour(state: str, colour: str) -> None:
    assert state_colour(state) == colour

"""Typst inside the process: A4, PDF/A-2a with tags, fonts from the engine, no file outside this folder."""

import json
import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent / "templates"
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Controls and marks without ink, among them those that turn the direction of text around."""
_MISSING = re.compile(
    r"[^\n\x20-\u024f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122]"
)
TEMPLATES = ("certificate", "licence", "letter", "receipt")


def render(template: str, data: dict[str, Any], *, language: str) -> bytes:
    """The same data give the same bytes: the only clock in the document is `data["issued_on"]`.

    Data travel as one JSON string and are never evaluated as markup, so an answer such as
    `#read("/etc/passwd")` prints as it was typed.
    """
    if template not in TEMPLATES:
        raise ValueError(f"unknown document template: {template!r}")
    pdf = typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a"],
        sys_inputs={"data": json.dumps(_drawable({**data, "language": language}), ensure_ascii=False)},
        timestamp=datetime.combine(date.fromisoformat(data["issued_on"]), time(), tzinfo=UTC),
    )
    assert pdf is not None
    return pdf


def _drawable(value: Any) -> Any:
    """Letters that the fonts of the engine lack become `?`: PDF/A forbids a glyph that is not there.

    Latin with every accent, Greek and Cyrillic are there; a name in another script is on the page of the
    register, and its Latin form is what official papers carry.
    """
    if isinstance(value, str):
        return _MISSING.sub("?", _UNSEEN.sub("", unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(item) for item in value]
    return value


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The engine's own fonts only, so that a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)

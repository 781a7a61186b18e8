"""Typst inside the process: A4, PDF/A-2a with tags, fonts from the engine, no file outside this folder."""

import json
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent / "templates"
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
        sys_inputs={"data": json.dumps({**data, "language": language}, ensure_ascii=False)},
        timestamp=datetime.combine(date.fromisoformat(data["issued_on"]), time(), tzinfo=UTC),
    )
    assert pdf is not None
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The engine's own fonts only, so that a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)

"""The HTML twin of a document: the same content in the language of the reader, for screen readers and phones."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override


def twin_of(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Words only, ready for the components `summary_list` and `table`."""
    return {
        "title": content["title"][language],
        "institution": content["institution"][language],
        "paragraphs": [paragraph[language] for paragraph in content["body"]],
        "summary": _summary(content, language),
        "sections": [_section(section, language) for section in content["facts"]],
    }


def _summary(content: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    with override(language):
        first = [
            {"label": _("Number"), "value": content["number"]},
            {"label": _("Holder"), "value": content["holder"]},
        ]
        last = [{"label": _("Signed on behalf of"), "value": content["office"][language]}]
    terms = [{"label": term["label"][language], "value": term["value"][language]} for term in content["terms"]]
    return [*first, *terms, *last]


def _section(section: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "heading": section["heading"][language] if section["heading"] else "",
        "rows": [{"label": row["label"][language], "value": row["value"]} for row in section["rows"]],
        "tables": [
            {
                "caption": table["label"][language],
                "head": [column[language] for column in table["columns"]],
                "rows": table["rows"],
            }
            for table in section["tables"]
        ],
    }

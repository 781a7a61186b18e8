"""Every component in every state, on one page and in both languages: what a designer and a test look at."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

MORNING = datetime(2026, 7, 7, 6, 5, tzinfo=UTC)


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/gallery.html", sample())


def sample() -> dict[str, Any]:
    return {
        "colours": ["green", "blue", "amber", "red", "grey"],
        "button_kinds": ["primary", "secondary", "quiet", "danger", "hero"],
        "notice_kinds": ["info", "success", "warning", "error"],
        "verdicts": ["good", "warning", "bad"],
        "facts": _facts(),
        "service": _service(),
        "audience": {
            "title": _("Citizens"),
            "text": _("Certificates, identity and permits"),
            "href": "#",
            "count": 15,
            "services": [{"title": _service()["title"], "href": "#"}],
        },
        "stages": _stages(),
        "tasks": _tasks(),
        "errors": [{"text": _("Write the NIDA number with its 20 digits"), "anchor": "sample-error"}],
        "events": [
            {
                "at": MORNING,
                "text": _("Returned for correction"),
                "who": "RITA",
                "reason": _("The photo is too dark."),
            },
            {"at": MORNING, "text": _("Submitted")},
        ],
        "documents": _documents(),
        "rows": [
            {"label": _("Full name"), "value": "Asha Juma Mwinyimvua", "change": "#"},
            {"label": _("Middle name"), "value": "", "change": "#"},
        ],
        "table_head": [_("Item"), _("Amount")],
        "table_rows": [[_("Certificate fee"), "TZS 3,500"], [_("Total"), "TZS 3,500"]],
        "steps": [{"title": _("Choose"), "text": _("Find the service")}, {"title": _("Apply")}],
        "sections": [{"id": "sample-bank", "title": _("Bank"), "steps": [{"title": _("Go to the bank")}]}],
        "filters": [{"title": _("Institution"), "options": _filter_options()}],
        "page": Paginator(range(30), 10).page(2),
    }


def _facts() -> list[dict[str, str]]:
    return [
        {"label": _("Fee"), "value": "TZS 3,500", "tag": _("Estimate"), "note": _("Confirmed on the bill.")},
        {"label": _("Time"), "value": _("5 working days")},
    ]


def _service() -> dict[str, Any]:
    return {
        "title": _("Birth certificate"),
        "summary": _("Register a birth and obtain the certificate."),
        "href": "#",
        "institution": "RITA",
        "fee": "TZS 3,500",
        "fee_is_estimate": True,
        "days": 5,
        "channel": _("Online"),
        "audience": _("Citizens"),
    }


def _stages() -> list[dict[str, Any]]:
    day = date(2026, 7, 7)
    return [
        {"name": _("Submitted"), "state": "done", "date": day},
        {"name": _("Verification"), "state": "current", "office": "RITA, Dodoma", "due": day},
        {"name": _("Rejected"), "state": "stopped", "date": day},
        {"name": _("Certificate issued"), "state": "next"},
    ]


def _tasks() -> list[dict[str, str]]:
    states = ("done", "started", "todo", "blocked", "error")
    return [
        {"title": _("Details of the child"), "state": state, "href": "" if state == "blocked" else "#"}
        for state in states
    ]


def _documents() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Birth notification"),
            "file_name": "tangazo.pdf",
            "size": 240_000,
            "href": "#",
            "state": _("Received"),
            "colour": "green",
        },
        {"title": _("Parent's identity card"), "note": _("PDF, JPG or PNG")},
    ]


def _filter_options() -> list[dict[str, Any]]:
    return [
        {"title": _("All"), "href": "#", "count": 40, "current": True},
        {"title": "RITA", "href": "#", "count": 4, "current": False},
    ]

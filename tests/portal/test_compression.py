"""Pages are packed on their way; files go out as they are, with the length that a progress bar needs."""

import gzip

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from portal.files import store_generated
from services.actions import complete_issue
from services.models import Document
from tests.factories import BIRTH, LEAVE
from tests.services.cases import approved, at, browser, ready

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"0" * 20_000
"""Packs well, as no real one does: whatever compresses at all would compress this."""


def ask(client: Client, path: str) -> tuple[HttpResponseBase, bytes]:
    """Through every middleware, as a browser that takes compressed answers."""
    response = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert response.status_code == 200
    return response, response.getvalue()


def test_a_document_goes_out_as_it_is() -> None:
    draft = ready(BIRTH)
    document = Document.objects.create(
        application=draft,
        kind="other",
        file=store_generated(PDF, purpose="application-document", file_name="hati.pdf"),
        added_by=draft.applicant,
    )

    response, content = ask(browser(draft.applicant), at(draft, f"documents/{document.pk}/"))

    assert content == PDF
    assert response["Content-Length"] == str(len(PDF))
    assert "Content-Encoding" not in response.headers


def test_a_certificate_goes_out_as_it_is() -> None:
    case = approved(LEAVE)
    complete_issue(number=case.certificate.number, pdf=PDF, qr_text="https://testserver/verify/x/")

    response, content = ask(browser(case.applicant, case.acting_for), at(case, "certificate/pdf/"))

    assert content == PDF
    assert response["Content-Length"] == str(len(PDF))
    assert "Content-Encoding" not in response.headers


def test_a_page_of_ones_own_is_packed() -> None:
    draft = ready(BIRTH)

    response, content = ask(browser(draft.applicant), at(draft))

    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Length"] == str(len(content))
    assert draft.reference.encode() in gzip.decompress(content)

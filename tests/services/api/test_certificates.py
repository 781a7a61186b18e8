"""Verification by anybody: the verdict, and nothing that the paper itself does not show."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from portal.files import store_generated
from portal.notifications import inbox_of
from portal.references import new_reference
from services.actions import revoke_certificate, submit_application
from services.models import Application, Certificate
from tests.factories import LEAVE, PersonFactory, fill_in, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def certificate(applicant) -> Certificate:
    application = fill_in(start(LEAVE, applicant))
    submit_application(reference=application.reference, actor=applicant, declared=True)
    return Certificate.objects.create(
        number=new_reference("ORMUUU"),
        application=application,
        holder="Asha Juma Ng'wanza",
        file=store_generated(b"%PDF-1.7 made here", purpose="certificate", file_name="barua.pdf"),
    )


def verify(client: APIClient, number: str) -> dict:
    return client.get(f"/api/v1/certificates/{number}/").json()


def test_a_valid_certificate(anybody, certificate):
    told = verify(anybody, certificate.number)

    assert told.pop("checked_at")
    assert told == {
        "number": certificate.number,
        "verdict": "valid",
        "document": {"sw": "Barua ya ruhusa ya likizo", "en": "Leave approval letter"},
        "holder": "As*** Ju*** Ng***",
        "institution": {"code": "UTUMISHI-MKOA", "name": "Institution UTUMISHI-MKOA"},
        "issued_on": timezone.localdate().isoformat(),
        "expires_on": None,
    }


def test_a_number_as_people_write_it(anybody, certificate):
    assert verify(anybody, certificate.number.lower())["verdict"] == "valid"


def test_an_expired_certificate(anybody, certificate):
    Certificate.objects.update(expires_on=timezone.localdate() - timedelta(days=1))

    assert verify(anybody, certificate.number)["verdict"] == "expired"


def test_a_revoked_certificate(anybody, certificate):
    revoke_certificate(number=certificate.number, actor=PersonFactory(), reason="Taarifa za uongo")

    told = verify(anybody, certificate.number)

    assert told["verdict"] == "revoked"
    assert "uongo" not in str(told)


def test_a_certificate_that_is_being_made(anybody, certificate):
    Certificate.objects.update(file=None)

    assert verify(anybody, certificate.number)["verdict"] == "being_issued"


@pytest.mark.parametrize("number", ["RITA-26-0000000-0", "x", "RITA-26-7K3M9Q2-Z"])
def test_an_unknown_number(anybody, number):
    response = anybody.get(f"/api/v1/certificates/{number}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_only_its_applicant_downloads_it(api, client_of, certificate):
    address = f"/api/v1/applications/{certificate.application.reference}/certificate/"

    own = api.get(address, headers={"Accept": "*/*"})

    assert own["Content-Type"] == "application/pdf"
    assert own["Cache-Control"] == "private, no-store"
    assert b"".join(own.streaming_content) == b"%PDF-1.7 made here"
    assert client_of(PersonFactory()).get(address).status_code == 404
    assert client_of().get(address).status_code == 401


def test_a_downloader_may_ask_for_a_pdf(api, certificate):
    address = f"/api/v1/applications/{certificate.application.reference}/certificate/"

    given = api.get(address, headers={"Accept": "application/pdf"})

    assert (given.status_code, given["Content-Type"]) == (200, "application/pdf")
    given.close()


def test_an_application_shows_its_certificate(api, certificate):
    told = api.get(f"/api/v1/applications/{certificate.application.reference}/").json()

    assert told["certificate"]["number"] == certificate.number
    assert Application.objects.get().state == told["state"]


def test_the_inbox_is_ones_own(api, client_of, certificate, deliver_events):
    deliver_events()

    messages = api.get("/api/v1/inbox/").json()

    assert messages["count"] == inbox_of(certificate.application.applicant).count() >= 1
    assert messages["results"][0]["read_at"] is None
    assert client_of(PersonFactory()).get("/api/v1/inbox/").json()["count"] == 0

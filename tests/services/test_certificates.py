"""Documents: what is in them, who sees them, and what anybody is told who asks whether one is real."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from portal import signing
from portal.errors import Conflict
from portal.files import read_content
from portal.models import AuditEntry
from portal.pdf.signatures import verify
from portal.references import is_valid_reference, new_reference
from services.actions import complete_issue, revoke_certificate
from services.models import Application, Certificate
from services.production import produce
from services.tasks import produce_certificate, sweep_certificates
from tests.factories import LEAVE, PersonFactory
from tests.services.cases import approved, at, blank_pdf, browser, officer_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    return approved(LEAVE, PersonFactory(public_servant=True, full_name="Asha Juma Mwinyi"))


@pytest.fixture
def issued(application: Application) -> Certificate:
    """With another PDF than the real one, which takes a second to make."""
    number = application.certificate.number
    return complete_issue(number=number, pdf=blank_pdf(), qr_text="https://testserver/verify/x/")


@pytest.fixture
def ask(client: Client) -> Callable[[Certificate], str]:
    return lambda certificate: client.get(f"/en/verify/{certificate.number}/").text


# --- Making ------------------------------------------------------------------------------------------------
def test_the_document_is_made_signed_and_said_so_once(application: Application, client: Client) -> None:
    certificate = application.certificate

    assert [produce_certificate(certificate.pk), produce(certificate.pk)] == [True, False]

    application.refresh_from_db()
    certificate.refresh_from_db()
    report = verify(read_content(certificate.file), client.get("/.well-known/huduma-signing.pem").content)
    assert (report.intact, report.trusted) == (True, True)
    assert application.state == "issued"
    assert signing.verify_payload(certificate.qr_text).number == certificate.number
    assert AuditEntry.objects.filter(verb="services.application.issued").count() == 1
    assert is_valid_reference(certificate.number)


def test_a_document_made_twice_at_once_is_kept_once(issued: Certificate) -> None:
    first = issued.file

    again = complete_issue(number=issued.number, pdf=blank_pdf(), qr_text="other")

    assert (again.file, again.qr_text) == (first, "https://testserver/verify/x/")
    assert issued.application.events.filter(code="issue").count() == 1


def test_documents_that_were_not_made_are_asked_for_again(application: Application, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(produce_certificate, "delay", asked.append)

    assert sweep_certificates() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert sweep_certificates() == 1

    assert asked == [application.certificate.pk]


def test_the_content_names_the_holder_the_number_and_the_request(application: Application) -> None:
    text = str(application.certificate.content)

    assert application.certificate.holder == "Asha Juma Mwinyi"
    assert all(fact in text for fact in ("Asha Juma Mwinyi", application.certificate.number, application.reference))


# --- The owner's pages -------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["certificate/", "certificate/pdf/"])
def test_only_the_owner_opens_the_document(issued: Certificate, page: str) -> None:
    address = at(issued.application, page)

    opened = browser(issued.application.applicant).get(address)
    assert (opened.status_code, len(b"".join(opened)) > 100) == (200, True)
    assert browser(PersonFactory()).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("page", ["certificate/", "certificate/pdf/"])
def test_a_document_that_is_being_made_cannot_be_opened_yet(application: Application, page: str) -> None:
    assert browser(application.applicant).get(at(application, page)).status_code == 404


def test_an_officer_who_opens_the_document_leaves_a_trace(issued: Certificate) -> None:
    officer = issued.application.tasks.order_by("-pk").first().decided_by

    opened = browser(officer).get(f"/en/desk/cases/{issued.application.reference}/certificate/")

    assert b"".join(opened).startswith(b"%PDF")
    entry = AuditEntry.objects.get(verb="services.document.read")
    assert (entry.actor, entry.data) == (officer, {"kind": "certificate"})


# --- Verification by anybody -------------------------------------------------------------------------------
def test_a_valid_document_is_confirmed_and_its_holder_masked(issued: Certificate, ask) -> None:
    page = ask(issued)

    assert "Genuine and valid" in page
    assert "Mwinyi" not in page
    assert signing.mask_name("Asha Juma Mwinyi") in page
    for answer in issued.application.answers.values():
        assert not isinstance(answer, str) or len(answer) < 12 or answer not in page


def test_a_document_that_is_being_made_is_not_confirmed_yet(application: Application, ask) -> None:
    page = ask(application.certificate)

    assert "Being issued" in page
    assert "Genuine and valid" not in page


def test_an_expired_document_is_called_so(issued: Certificate, ask) -> None:
    issued.expires_on = timezone.localdate()
    issued.save()
    assert "Genuine and valid" in ask(issued)

    issued.expires_on -= timedelta(days=1)
    issued.save()
    assert "Genuine, but expired" in ask(issued)


def test_a_revoked_document_is_called_so_at_once(issued: Certificate, ask) -> None:
    assert "Genuine and valid" in ask(issued)

    revoke_certificate(number=issued.number, actor=PersonFactory(), reason="Ilitolewa kwa makosa.")

    page = ask(issued)
    assert "Revoked" in page
    assert "Genuine and valid" not in page
    assert AuditEntry.objects.filter(verb="services.certificate.revoked").count() == 1


def test_a_document_is_revoked_once(issued: Certificate) -> None:
    revoke_certificate(number=issued.number, actor=PersonFactory(), reason="Kwanza.")

    with pytest.raises(Conflict):
        revoke_certificate(number=issued.number, actor=PersonFactory(), reason="Pili.")

    issued.refresh_from_db()
    assert issued.revocation_reason == "Kwanza."


def test_the_day_of_issue_is_the_day_in_dar_es_salaam(ask) -> None:
    """01:30 of 8 July at home is still 7 July in UTC."""
    with time_machine.travel(datetime(2026, 7, 7, 22, 30, tzinfo=UTC)):
        page = ask(approved(LEAVE).certificate)

    assert "8 July 2026" in page
    assert "7 July 2026" not in page


def test_an_unknown_number_is_not_found_and_said_so(client: Client) -> None:
    response = client.get(f"/en/verify/{new_reference('RITA')}/")

    assert response.status_code == 404
    assert "No document has this number" in response.text


def test_a_number_is_found_as_people_write_it(issued: Certificate, client: Client) -> None:
    written = f"  {issued.number.lower()} "

    response = client.get("/en/verify/", {"number": written})

    assert (response.status_code, response["Location"]) == (302, f"/en/verify/{issued.number}/")


@pytest.mark.parametrize("written", ["RITA", "RITA-26-7K3M9Q2-Z", "<script>", "'; DROP TABLE", "٢"])
def test_what_is_not_a_number_is_said_so(client: Client, written: str) -> None:
    response = client.get("/en/verify/", {"number": written})

    assert response.status_code == 422
    assert "That is not a whole number." in response.text
    assert "<script>" not in response.text


@pytest.fixture
def qr(application: Application) -> str:
    produce(application.certificate.pk)
    return Certificate.objects.get().qr_text


def test_the_text_of_a_qr_code_leads_to_its_document(qr: str, client: Client) -> None:
    response = client.get("/en/verify/", {"number": qr})

    assert response["Location"] == f"/en/verify/{Certificate.objects.get().number}/"


def test_a_forged_qr_code_is_called_so(qr: str, client: Client) -> None:
    address, payload = qr.split("#")
    middle = len(payload) // 2
    other = "A" if payload[middle] != "A" else "B"
    forgeries = [
        f"{address}#{payload[:middle]}{other}{payload[middle + 1 :]}", f"{address}#{payload[:-12]}", f"{address}#",
        f"{address}#x.y.z", "https://evil.example/verify/#" + "A" * 80, "#\x01", "#é",
    ]  # fmt: skip

    for forgery in forgeries:
        response = client.get("/en/verify/", {"number": forgery})
        assert "This QR code is forged" in response.text, forgery
        assert "Genuine" not in response.text


def test_too_many_questions_are_put_off(client: Client, issued: Certificate, monkeypatch) -> None:
    monkeypatch.setattr("services.verify.views.TRIES_AN_HOUR", 2)

    with time_machine.travel("2026-11-24 09:00:30+03:00", tick=False):
        statuses = [client.get(f"/en/verify/{issued.number}/").status_code for _try in range(4)]

    assert statuses == [200, 200, 429, 429]


# --- Tracking without signing in ---------------------------------------------------------------------------
def test_whoever_has_reference_and_phone_sees_the_state_and_no_more(application: Application, client: Client) -> None:
    phone = application.applicant.phone

    found = client.post("/en/track/", {"reference": application.reference.lower(), "contact": phone[-4:]})
    wrong = client.post("/en/track/", {"reference": application.reference, "contact": f"9{phone[-3:]}"})
    shape = client.post("/en/track/", {"reference": "RITA-26", "contact": phone[-4:]})

    assert [found.status_code, wrong.status_code, shape.status_code] == [200, 404, 422]
    assert "Approved" in found.text
    assert "No application answers to this reference and this phone number or email." in wrong.text
    assert all(str(answer) not in found.text for answer in ("Moshi", application.applicant.email))


@pytest.mark.parametrize(
    ("contact", "status"),
    [
        ("0712 345 678", 200), ("+255 712 345 678", 200), ("5678", 200), ("Asha@Mfano.example", 200),
        ("678", 404), ("", 404), ("@", 404), ("juma@mfano.example", 404), ("asha@mfano", 404),
    ],
)  # fmt: skip
def test_a_phone_as_people_write_it_or_the_email(
    application: Application, client: Client, contact: str, status: int
) -> None:
    Person.objects.filter(pk=application.applicant_id).update(phone="+255712345678", email="asha@mfano.example")

    given = {"reference": application.reference, "contact": contact}

    assert client.post("/en/track/", given).status_code == status


@pytest.mark.parametrize("contact", ["0000", "@", "none@mfano.example"])
def test_whoever_has_no_phone_is_found_by_nothing_but_the_email(
    application: Application, client: Client, contact: str
) -> None:
    Person.objects.filter(pk=application.applicant_id).update(phone=None, email="asha@mfano.example")

    given = {"reference": application.reference, "contact": contact}

    assert client.post("/en/track/", given).status_code == 404


def test_an_approved_case_is_in_no_queue(application: Application) -> None:
    with pytest.raises(AssertionError):
        officer_for(application)

"""One's own applications by the API: the same rules and the same actions as the pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from payments.actions import issue_bill
from portal.models import AuditEntry
from services.actions import retire_service, submit_application
from services.definitions.fees import FeeLine
from services.definitions.texts import Text
from services.models import Application, Document
from tests.factories import (
    BIRTH,
    BUSINESS_NAME,
    LEAVE,
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    fill_in,
    publish,
    start,
)
from tests.services.answer_factory import valid_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(applicant) -> Application:
    return start(LEAVE, applicant)


def at(application: Application, rest: str = "") -> str:
    return f"/api/v1/applications/{application.reference}/{rest}"


def errors_of(response) -> dict[str, str]:
    """Pointer -> code."""
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}


def sections_of(application: Application) -> dict[str, dict]:
    answers = valid_answers(application.definition)
    return {
        section.key: {field.name: answers[field.name] for field in section.fields if field.name in answers}
        for section in application.definition.sections
    }


# --- Who may -----------------------------------------------------------------------------------------------
ENDPOINTS = [
    ("get", ""),
    ("get", "timeline/"),
    ("get", "documents/"),
    ("get", "sections/employee/"),
    ("put", "sections/employee/"),
    ("patch", "sections/employee/"),
    ("post", "submit/"),
    ("post", "withdraw/"),
    ("get", "certificate/"),
    ("delete", "documents/anything/"),
]


@pytest.mark.parametrize(("method", "rest"), ENDPOINTS)
def test_a_stranger_finds_nothing(client_of, draft, method, rest):
    response = getattr(client_of(PersonFactory(public_servant=True)), method)(at(draft, rest), {})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    draft.refresh_from_db()
    assert (draft.state, draft.answers) == ("draft", {})


@pytest.mark.parametrize(("method", "rest"), ENDPOINTS)
def test_an_officer_of_the_queue_finds_nothing_of_an_applicant_here(client_of, draft, method, rest):
    officer = RoleGrantFactory(role="mkuu_wa_idara", institution=draft.applicant.employer).person
    fill_in(draft)
    submit_application(reference=draft.reference, actor=draft.applicant, declared=True)

    response = getattr(client_of(officer), method)(at(draft, rest), {})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("method", "rest"), ENDPOINTS)
def test_nobody_is_told_to_sign_in(client_of, draft, method, rest):
    response = getattr(client_of(), method)(at(draft, rest), {})

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Session realm="api"'
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["applications/", "bills/", "inbox/"])
def test_own_lists_need_a_session(client_of, address):
    assert client_of().get(f"/api/v1/{address}").status_code == 401


def test_a_write_without_csrf_token_is_refused(applicant):
    publish(LEAVE)
    client = APIClient(enforce_csrf_checks=True)
    assert client.login(email=applicant.email, password=PASSWORD)

    response = client.post("/api/v1/applications/", {"service": LEAVE}, format="json")

    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert Application.objects.count() == 0


# --- Starting ----------------------------------------------------------------------------------------------
def test_start(api, applicant):
    publish(LEAVE)

    response = api.post("/api/v1/applications/", {"service": LEAVE})

    application = Application.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver{at(application)}"
    told = response.json()
    assert (told["reference"], told["state"], told["channel"]) == (application.reference, "draft", "api")
    assert [step["action"] for step in told["next_steps"]] == ["complete_section"] * 4 + ["withdraw"]
    assert application.applicant == applicant
    assert AuditEntry.objects.filter(verb="services.application.started", actor=applicant).count() == 1


def test_start_of_an_unknown_service(api):
    assert api.post("/api/v1/applications/", {"service": "no-such-service"}).status_code == 404


def test_start_of_a_retired_service(api):
    publish(LEAVE)
    retire_service(slug=LEAVE, actor=PersonFactory(), reason="Imeunganishwa")

    response = api.post("/api/v1/applications/", {"service": LEAVE})

    assert (response.status_code, response.json()["code"]) == (409, "service_closed")
    assert Application.objects.count() == 0


def test_start_for_another_audience(client_of):
    publish(LEAVE)

    response = client_of(PersonFactory()).post("/api/v1/applications/", {"service": LEAVE})

    assert (response.status_code, response.json()["code"]) == (403, "wrong_audience")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/service": "required"}),
        ({"service": "a\x00b"}, {"/service": "invalid"}),
        ({"service": LEAVE, "state": "approved"}, {"/state": "unknown_field"}),
        ([], {"": "invalid"}),
    ],
)
def test_start_with_a_wrong_body(api, body, expected):
    publish(LEAVE)

    response = api.post("/api/v1/applications/", body)

    assert response.status_code == 422
    assert expected.items() <= errors_of(response).items()
    assert Application.objects.count() == 0


# --- Acting for --------------------------------------------------------------------------------------------
def test_a_clerk_starts_for_the_company_by_header(client_of):
    clerk = MembershipFactory(role="clerk")
    publish(BUSINESS_NAME)
    client = client_of(clerk.person)
    company = {"X-Acting-For": str(clerk.organisation.pk)}

    response = client.post("/api/v1/applications/", {"service": BUSINESS_NAME}, headers=company)

    reference = response.json()["reference"]
    assert response.json()["acting_for"] == {"id": clerk.organisation.pk, "name": clerk.organisation.name}
    assert client.get(f"/api/v1/applications/{reference}/", headers=company).status_code == 200
    assert client.get(f"/api/v1/applications/{reference}/").status_code == 404
    assert client.get("/api/v1/applications/").json()["count"] == 0
    assert client.get("/api/v1/applications/", headers=company).json()["count"] == 1


def test_the_session_chooses_and_the_header_wins(client_of):
    owner = MembershipFactory()
    start(BUSINESS_NAME, owner.person, owner.organisation)
    client = client_of(owner.person)
    session = client.session
    session["acting_for"] = owner.organisation.pk
    session.save()

    assert client.get("/api/v1/applications/").json()["count"] == 1
    assert client.get("/api/v1/applications/", headers={"X-Acting-For": "self"}).json()["count"] == 0


@pytest.mark.parametrize("header", ["other", "0", "-1", "9" * 40, "stranger"])
def test_no_mandate_no_organisation(client_of, header):
    chosen = str(OrganisationFactory().pk) if header == "stranger" else header

    response = client_of(PersonFactory()).get("/api/v1/applications/", headers={"X-Acting-For": chosen})

    assert (response.status_code, response.json()["code"]) == (403, "no_mandate")


def test_a_revoked_mandate_ends_at_once(client_of):
    owner = MembershipFactory(revoked_at=timezone.now())

    response = client_of(owner.person).get(
        "/api/v1/applications/", headers={"X-Acting-For": str(owner.organisation.pk)}
    )

    assert response.status_code == 403


# --- Sections ----------------------------------------------------------------------------------------------
def test_a_section_is_saved(api, draft):
    response = api.put(at(draft, "sections/cover/"), {"acting_officer": "Juma Ali"})

    assert response.status_code == 200
    assert response.json() == {
        "key": "cover",
        "label": "Cover",
        "state": "complete",
        "answers": {"acting_officer": "Juma Ali"},
        "errors": [],
        "known": {},
    }
    draft.refresh_from_db()
    assert draft.answers["acting_officer"] == "Juma Ali"


def test_known_facts_are_offered(api, draft):
    section = api.get(at(draft, "sections/employee/")).json()

    assert section["state"] == "not_started"
    assert section["known"]["check_number"] == "11223344"


def test_patch_keeps_what_is_not_sent(api, draft):
    dates = sections_of(draft)["dates"]
    api.put(at(draft, "sections/dates/"), dates)

    response = api.patch(at(draft, "sections/dates/"), {"leave_address": "Kigoma"})

    assert response.status_code == 200
    assert response.json()["answers"] == dates | {"leave_address": "Kigoma"}


def test_put_empties_what_is_not_sent_and_says_so(api, draft):
    api.put(at(draft, "sections/dates/"), sections_of(draft)["dates"])

    response = api.put(at(draft, "sections/dates/"), {"leave_address": "Kigoma"})

    assert response.status_code == 422
    assert errors_of(response)["/start_date"] == "required"
    draft.refresh_from_db()
    assert draft.answers["leave_address"] == sections_of(draft)["dates"]["leave_address"]


@pytest.mark.parametrize(
    ("language", "title", "message"),
    [
        ("en", "Something needs correction", "Write a phone number such as 0712 345 678, or with a country code"),
        ("en-GB,en;q=0.8", "Something needs correction", "Write a phone number such as 0712 345 678"),
    ],
)
def test_errors_in_the_language_asked_for(client_of, draft, language, title, message):
    wrong = sections_of(draft)["dates"] | {"leave_phone": "12"}

    response = client_of(draft.applicant, language).put(at(draft, "sections/dates/"), wrong)

    assert response.status_code == 422
    assert response["Content-Language"] == "en"
    assert response.json()["title"] == title
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/leave_phone", "phone")
    assert error["message"].startswith(message)


def test_errors_in_swahili_name_the_field_in_swahili(client_of, draft):
    response = client_of(draft.applicant, "sw").put(at(draft, "sections/cover/"), {})

    (error,) = response.json()["errors"]
    assert response["Content-Language"] == "sw"
    assert "Atakayekaimu" in error["message"]


def test_our_own_words_and_not_those_of_the_framework(api):
    told = api.post("/api/v1/applications/", {}).json()

    assert told["errors"] == [{"pointer": "/service", "code": "required", "message": "Fill this in.", "choices": []}]
    other = api.post("/api/v1/categories/", {})
    assert (other.status_code, other.json()["code"]) == (405, "method_not_allowed")
    assert other.json()["detail"] == "Look at /api/docs/ for what this address does."


def test_without_accept_language_the_person_decides(draft):
    draft.applicant.language = "en"
    draft.applicant.save()
    client = APIClient()
    client.force_login(draft.applicant)

    assert client.get(at(draft))["Content-Language"] == "en"


def test_an_unknown_field_is_refused_and_nothing_kept(api, draft):
    response = api.put(at(draft, "sections/cover/"), {"acting_officer": "Juma", "state/approved~": True})

    assert response.status_code == 422
    assert errors_of(response) == {"/state~1approved~0": "unknown_field"}
    draft.refresh_from_db()
    assert draft.answers == {}


def test_a_locked_field_keeps_what_the_portal_knows(api, draft):
    employee = sections_of(draft)["employee"] | {"check_number": "99999999"}

    response = api.put(at(draft, "sections/employee/"), employee)

    assert response.json()["answers"]["check_number"] == "11223344"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[" * 100_000, 400, "parse_error"),
        (b'{"acting_officer": ' * 50_000, 400, "parse_error"),
        (b'{"acting_officer": "\\ud800"}', 400, "parse_error"),
        (b'{"\\ud800": 1}', 400, "parse_error"),
        (b'{"acting_officer": NaN}', 400, "parse_error"),
        (b"\xff\xfe", 400, "parse_error"),
        (b'"text"', 422, "invalid"),
        (b'{"acting_officer": "\\u0000"}', 422, "invalid"),
        (b'{"acting_officer": ' + b"9" * 5000 + b"}", 400, "parse_error"),
        (b'{"acting_officer": "' + b"x" * 300_000 + b'"}', 422, "invalid"),
        (b" " * (1024 * 1024 + 1), 413, "body_too_large"),
    ],
)
def test_hostile_bodies(api, draft, body, status, code):
    response = api.generic("PUT", at(draft, "sections/cover/"), body, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (status, code)
    draft.refresh_from_db()
    assert draft.answers == {}


def test_a_form_is_not_json(api, draft):
    form = "application/x-www-form-urlencoded"

    response = api.put(at(draft, "sections/cover/"), "acting_officer=Juma", content_type=form)

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_only_json_is_spoken(api, draft):
    response = api.get(at(draft), headers={"Accept": "text/html"})

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_an_unknown_section(api, draft):
    assert api.get(at(draft, "sections/nothing/")).status_code == 404
    assert api.put(at(draft, "sections/nothing/"), {}).status_code == 404


# --- Documents ---------------------------------------------------------------------------------------------
@pytest.fixture
def birth(applicant) -> Application:
    return fill_in(start(BIRTH, applicant))


def upload(api, application, kind, content, name):
    file = SimpleUploadedFile(name, content)
    return api.post(at(application, "documents/"), {"kind": kind, "file": file}, format="multipart")


def kind_wanted(api, application) -> str:
    return api.get(at(application, "documents/")).json()[0]["kind"]


def test_an_executable_renamed_to_pdf_is_refused(api, birth):
    response = upload(api, birth, kind_wanted(api, birth), b"MZ\x90\x00" + b"\x00" * 200, "cheti.pdf")

    assert (response.status_code, response.json()["code"]) == (422, "file_type_not_allowed")
    assert Document.objects.count() == 0


def test_a_document_that_nobody_asked_for(api, birth, png):
    response = upload(api, birth, "something_else", png, "picha.png")

    assert (response.status_code, response.json()["code"]) == (422, "unknown_document")
    assert Document.objects.count() == 0


def test_a_large_upload_is_refused_before_it_is_read(api, birth, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    response = upload(api, birth, kind_wanted(api, birth), b"x" * 100_000, "kubwa.pdf")

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert Document.objects.count() == 0


def test_a_file_over_the_limit_is_refused(api, birth, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    response = upload(api, birth, kind_wanted(api, birth), b"x" * 2000, "kubwa.pdf")

    assert (response.status_code, response.json()["code"]) == (413, "file_too_large")


def test_add_download_and_remove_a_document(api, birth, png):
    kind = kind_wanted(api, birth)

    added = upload(api, birth, kind, png, "picha.png")
    address = at(birth, f"documents/{kind}/")
    given = api.get(address, headers={"Accept": "*/*"})

    assert added.status_code == 201
    assert (added.json()["kind"], added.json()["file"]["content_type"]) == (kind, "image/png")
    assert given["Content-Type"] == "image/png"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given.streaming_content).startswith(b"\x89PNG")
    assert api.delete(address).status_code == 204
    assert api.delete(address).status_code == 404
    assert Document.objects.get().superseded_at is not None


# --- Sending -----------------------------------------------------------------------------------------------
def test_the_whole_way_of_a_free_service(api, applicant):
    publish(LEAVE)
    reference = api.post("/api/v1/applications/", {"service": LEAVE}).json()["reference"]
    application = Application.objects.get(reference=reference)
    for key, answers in sections_of(application).items():
        assert api.put(at(application, f"sections/{key}/"), answers).status_code == 200
    ready = api.get(at(application)).json()

    sent = api.post(at(application, "submit/"), {"declared": True})

    assert [step["action"] for step in ready["next_steps"]] == ["submit", "withdraw"]
    assert ready["errors"] == []
    assert ready["fee"]["total"] == "0.00"
    assert sent.status_code == 200
    assert sent.json()["state"] == "in_review"
    assert sent.json()["due_on"] is not None
    assert [step["action"] for step in sent.json()["next_steps"]] == ["withdraw"]
    timeline = api.get(at(application, "timeline/")).json()
    assert [event["text"] for event in timeline["events"]][-1] == "The application was received."
    assert [stage["state"] for stage in timeline["stages"]] == ["current", "next", "next"]
    assert AuditEntry.objects.filter(verb="services.application.submitted", actor=applicant).count() == 1


def test_sent_twice_is_sent_once_and_answers_the_same(api, draft):
    fill_in(draft)

    first = api.post(at(draft, "submit/"), {"declared": True})
    second = api.post(at(draft, "submit/"), {"declared": True})

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert AuditEntry.objects.filter(verb="services.application.submitted").count() == 1


def test_an_incomplete_application_says_what_is_missing(api, birth):
    birth.answers.pop(next(iter(birth.answers)))
    missing = next(name for name in valid_answers(birth.definition) if name not in birth.answers)
    section = birth.definition.section_of(missing).key
    birth.save(update_fields=["answers"])
    kind = kind_wanted(api, birth)

    response = api.post(at(birth, "submit/"), {"declared": True})

    assert (response.status_code, response.json()["code"]) == (422, "incomplete")
    assert errors_of(response)[f"/sections/{section}/{missing}"] == "required"
    assert errors_of(response)[f"/documents/{kind}"] == "required"
    birth.refresh_from_db()
    assert birth.state == "draft"


def test_nothing_is_sent_without_the_declaration(api, draft):
    fill_in(draft)

    response = api.post(at(draft, "submit/"), {"declared": False})

    assert (response.status_code, response.json()["code"]) == (422, "not_declared")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_service_retired_while_the_draft_was_open(api, draft):
    fill_in(draft)
    retire_service(slug=LEAVE, actor=PersonFactory(), reason="Imeunganishwa")

    response = api.post(at(draft, "submit/"), {"declared": True})

    assert (response.status_code, response.json()["code"]) == (409, "service_closed")
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert draft.answers["acting_officer"]


def test_what_is_sent_stays_as_it_is(api, draft):
    fill_in(draft)
    api.post(at(draft, "submit/"), {"declared": True})

    response = api.put(at(draft, "sections/cover/"), {"acting_officer": "Mwingine"})

    assert (response.status_code, response.json()["code"]) == (409, "not_editable")


def test_a_fee_leads_to_a_bill_of_the_applicant_alone(api, client_of, birth, png):
    for document in api.get(at(birth, "documents/")).json():
        upload(api, birth, document["kind"], png, "picha.png")

    sent = api.post(at(birth, "submit/"), {"declared": True}).json()

    assert sent["state"] == "awaiting_payment"
    assert [step["action"] for step in sent["next_steps"]] == ["pay", "withdraw"]
    number = sent["bill"]["number"]
    bill = api.get(f"/api/v1/bills/{number}/").json()
    assert (bill["amount"], bill["state"]) == (sent["bill"]["amount"], "awaiting_control_number")
    assert bill["subject"] == f"services.application:{birth.reference}"
    assert sum(float(line["amount"]) for line in bill["lines"]) == float(bill["amount"])
    assert [row["number"] for row in api.get("/api/v1/bills/").json()["results"]] == [number]
    stranger = client_of(PersonFactory())
    assert stranger.get(f"/api/v1/bills/{number}/").status_code == 404
    assert stranger.get("/api/v1/bills/").json()["count"] == 0


def test_a_bill_of_the_company_is_its_clerks_and_not_the_persons(client_of, applicant):
    owner = MembershipFactory()
    bill = issue_bill(
        subject="services.application:X",
        institution=applicant.employer,
        payer=owner.person,
        payer_organisation=owner.organisation,
        payer_name=owner.organisation.name,
        payer_phone="",
        payer_email="",
        currency="TZS",
        lines=[FeeLine(Text(sw="Ada", en="Fee"), Decimal(20_000), "140101", "published")],
        description="Ada",
        expires_at=timezone.now() + timedelta(days=30),
        actor=owner.person,
    )
    clerk = client_of(MembershipFactory(organisation=owner.organisation, role="clerk").person)
    company = {"X-Acting-For": str(owner.organisation.pk)}

    assert clerk.get(f"/api/v1/bills/{bill.number}/").json()["amount"] == "20000.00"
    assert [row["number"] for row in clerk.get("/api/v1/bills/", headers=company).json()["results"]] == [bill.number]
    assert client_of(owner.person).get("/api/v1/bills/").json()["count"] == 0


# --- Withdrawing and listing -------------------------------------------------------------------------------
def test_withdraw(api, draft):
    response = api.post(at(draft, "withdraw/"), {"reason": "Nimebadili mawazo"})

    assert (response.status_code, response.json()["state"]) == (200, "withdrawn")
    again = api.post(at(draft, "withdraw/"), {})
    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    sent = api.post(at(draft, "submit/"), {"declared": True})
    assert sent.status_code == 409


def test_my_applications_by_state(api, draft):
    start(LEAVE, draft.applicant)
    api.post(at(draft, "withdraw/"), {})
    start(LEAVE, PersonFactory(public_servant=True))

    assert api.get("/api/v1/applications/").json()["count"] == 2
    withdrawn = api.get("/api/v1/applications/?state=withdrawn").json()["results"]
    assert [row["reference"] for row in withdrawn] == [draft.reference]
    assert api.get("/api/v1/applications/?state=eaten").status_code == 422


def test_too_many_requests(api, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})

    statuses = [api.get("/api/v1/applications/") for _ in range(3)]

    assert [response.status_code for response in statuses] == [200, 200, 429]
    assert statuses[-1].json()["code"] == "throttled"
    assert 0 < int(statuses[-1]["Retry-After"]) <= 61


def test_a_forged_forwarding_header_does_not_escape_the_count(client_of, monkeypatch):
    from rest_framework.throttling import AnonRateThrottle

    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    client = client_of()

    statuses = [
        client.get("/api/v1/categories/", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(3)
    ]

    assert statuses == [200, 200, 429]


def test_an_old_draft_still_says_its_times(api, draft):
    long_ago = timezone.now() - timedelta(days=30)
    Application.objects.filter(pk=draft.pk).update(saved_at=long_ago)

    told = api.get(at(draft)).json()

    assert told["saved_at"].startswith(timezone.localtime(long_ago).isoformat()[:19])

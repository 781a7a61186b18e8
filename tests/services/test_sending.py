"""Sending an application in: once, whole, declared; taking it back; answering a request for correction."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from payments.actions import expire_bill
from payments.models import Bill
from portal.errors import Conflict
from portal.models import AuditEntry, OutboxMessage, StoredFile
from services.actions import lapse_application, retire_service, submit_application, withdraw_application
from services.models import Application, Event
from services.tasks import DRAFT_LIFE, lapse_drafts
from tests.factories import BIRTH, LEAVE, PASSWORD, InstitutionFactory, PersonFactory, fill_in, start
from tests.services.answer_factory import post_data, valid_answers
from tests.services.cases import (
    BUILDING,
    approved,
    at,
    bill_of,
    browser,
    council,
    decide,
    forward_to,
    give_documents,
    in_review,
    pay,
    ready,
    sent,
    task_of,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DECLARED = {"declaration": "yes"}


def facts() -> tuple[object, ...]:
    """Everything that a refusal must leave as it was."""
    return (
        list(Application.objects.order_by("pk").values()),
        Event.objects.count(),
        AuditEntry.objects.exclude(verb__startswith="accounts.").count(),
        OutboxMessage.objects.count(),
        list(Bill.objects.values_list("number", "state")),
    )


# --- Sending -----------------------------------------------------------------------------------------------
def test_sending_with_a_fee_asks_for_it_once() -> None:
    draft = ready(BIRTH)

    response = browser(draft.applicant).post(at(draft, "submit/"), DECLARED)

    draft.refresh_from_db()
    bill = Bill.objects.get()
    assert (response.status_code, response["Location"]) == (302, at(draft, "submitted/"))
    assert (draft.state, bill.subject, bill.payer) == ("awaiting_payment", draft.bill_subject, draft.applicant)
    assert (draft.submitted_at is not None, draft.declared_at is not None, draft.due_on is not None) == (True,) * 3
    assert not draft.tasks.exists()
    assert [event.code for event in draft.events.all()] == ["submit", "bill"]
    entry = AuditEntry.objects.get(verb="services.application.submitted")
    assert (entry.actor, entry.data["before"], entry.data["after"]) == (draft.applicant, "draft", "submitted")
    assert len(entry.data["answers_sha256"]) == 64


def test_sending_without_a_fee_goes_to_the_first_queue() -> None:
    draft = ready(LEAVE)

    browser(draft.applicant).post(at(draft, "submit/"), DECLARED)

    draft.refresh_from_db()
    assert (draft.state, task_of(draft).stage, Bill.objects.count()) == ("in_review", "recommendation", 0)


def test_without_the_declaration_nothing_is_sent() -> None:
    draft = ready(BIRTH)
    before = facts()

    response = browser(draft.applicant).post(at(draft, "submit/"), {})

    assert response.status_code == 422
    assert "Confirm that what you wrote is true" in response.text
    assert facts() == before


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("answers", "Some answers are still missing"), ("documents", "Some documents are still missing")],
)
def test_an_incomplete_application_is_not_sent(lacks: str, sentence: str) -> None:
    draft = start(BIRTH, PersonFactory()) if lacks == "answers" else fill_in(start(BIRTH, PersonFactory()))
    before = facts()

    response = browser(draft.applicant).post(at(draft, "submit/"), DECLARED)

    assert response.status_code == 422
    assert sentence in response.text
    assert facts() == before


def test_sending_twice_is_one_application_one_bill_and_the_same_receipt() -> None:
    draft = ready(BIRTH)
    client = browser(draft.applicant)

    first = client.post(at(draft, "submit/"), DECLARED, follow=True)
    before = facts()
    second = client.post(at(draft, "submit/"), DECLARED, follow=True)

    assert first.redirect_chain == second.redirect_chain == [(at(draft, "submitted/"), 302)]
    assert draft.reference in second.text
    assert facts() == before
    assert Bill.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_twice_at_once_is_one_application() -> None:
    draft = ready(BIRTH)

    def send() -> str:
        return browser(draft.applicant).post(at(draft, "submit/"), DECLARED)["Location"]

    answers = at_once(*[send] * 4)

    assert answers == [at(draft, "submitted/")] * 4
    assert Application.objects.get().state == "awaiting_payment"
    assert (Bill.objects.count(), Event.objects.filter(code="submit").count()) == (1, 1)


def test_the_back_button_after_sending_changes_nothing() -> None:
    application = sent(BIRTH)
    client = browser(application.applicant)
    before = facts()

    changed = post_data(
        application.definition, "parents", valid_answers(application.definition, mother_name="Mwingine")
    )
    for page, data in (("parents/", changed), ("documents/", {"kind": "x", "remove": "1"})):
        response = client.post(at(application, page), data, follow=True)
        assert response.request["PATH_INFO"] == at(application)
        assert "has already been sent" in response.text
    assert client.get(at(application, "check/"))["Location"] == at(application)

    assert facts() == before


def test_a_draft_has_no_receipt_yet() -> None:
    draft = ready(BIRTH)

    assert browser(draft.applicant).get(at(draft, "submitted/"))["Location"] == at(draft)


# --- A session that ends on the last page ------------------------------------------------------------------
def test_a_session_that_ended_on_the_last_page_loses_nothing() -> None:
    draft = ready(BIRTH)
    client = browser(draft.applicant)
    client.get(at(draft, "check/"))
    client.logout()
    before = facts()

    refused = client.post(at(draft, "submit/"), DECLARED)
    assert refused.status_code == 302
    assert refused["Location"] == f"/en/account/login/?next={at(draft, 'submit/')}"
    assert facts() == before

    again = client.post(refused["Location"], {"login": draft.applicant.email, "password": PASSWORD}, follow=True)
    assert again.redirect_chain[-1] == (at(draft, "check/"), 302)
    assert 'name="declaration"' in again.text

    client.post(at(draft, "submit/"), DECLARED)
    draft.refresh_from_db()
    assert draft.state == "awaiting_payment"


def test_a_page_without_its_token_is_refused_in_words() -> None:
    draft = ready(BIRTH)
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.applicant)
    before = facts()

    response = client.post(at(draft, "submit/"), DECLARED)

    assert response.status_code == 403
    assert "This page had been open too long" in response.text
    assert facts() == before


# --- A service that closes ---------------------------------------------------------------------------------
def test_a_retired_service_takes_no_draft_but_keeps_it() -> None:
    draft = ready(BIRTH)
    retire_service(slug=BIRTH, actor=PersonFactory(), reason="Imeunganishwa")
    before = facts()

    response = browser(draft.applicant).post(at(draft, "submit/"), DECLARED)

    assert response.status_code == 409
    assert "This service no longer takes applications. Your draft is kept" in response.text
    assert facts() == before


def test_what_was_sent_before_a_service_closed_goes_on() -> None:
    application = in_review(BIRTH)
    decide(application, "rudisha", "Picha haisomeki.")
    retire_service(slug=BIRTH, actor=PersonFactory(), reason="Imeunganishwa")

    response = browser(application.applicant).post(at(application, "submit/"), DECLARED)

    application.refresh_from_db()
    assert (response.status_code, application.state) == (302, "in_review")


# --- Taking it back ----------------------------------------------------------------------------------------
def test_a_draft_that_is_thrown_away_leaves_no_answers_and_no_news() -> None:
    draft = ready(BIRTH)
    client = browser(draft.applicant)

    client.post(at(draft, "withdraw/"))

    draft.refresh_from_db()
    assert (draft.state, draft.answers) == ("withdrawn", {})
    assert not draft.documents.exists()
    assert not StoredFile.objects.exclude(linked_at=None).exists()
    assert draft.reference not in client.get("/en/applications/").text


def test_taking_back_an_unpaid_application_cancels_its_bill() -> None:
    application = sent(BIRTH)

    response = browser(application.applicant).post(at(application, "withdraw/"), follow=True)

    application.refresh_from_db()
    assert "The application has been withdrawn." in response.text
    assert (application.state, bill_of(application).state) == ("withdrawn", "cancelled")
    assert application.answers != {}


@pytest.mark.parametrize("returned", [False, True], ids=["in review", "returned"])
def test_taking_back_a_paid_application_closes_its_task_and_keeps_its_bill(returned: bool) -> None:
    application = in_review(BIRTH)
    if returned:
        decide(application, "rudisha", "Picha haisomeki.")

    withdraw_application(reference=application.reference, actor=application.applicant)

    application.refresh_from_db()
    assert (application.state, bill_of(application).state) == ("withdrawn", "settled")
    assert not application.tasks.filter(state="open").exists()


def test_what_is_decided_can_no_longer_be_taken_back() -> None:
    application = approved(LEAVE)
    before = facts()

    response = browser(application.applicant).post(at(application, "withdraw/"), follow=True)

    assert "This step is no longer possible" in response.text
    assert facts() == before


def test_taking_back_twice_is_told_in_words() -> None:
    application = sent(BIRTH)
    client = browser(application.applicant)
    client.post(at(application, "withdraw/"))
    before = facts()

    response = client.post(at(application, "withdraw/"), follow=True)

    assert "This step is no longer possible" in response.text
    assert facts() == before


# --- A request for correction ------------------------------------------------------------------------------
def test_a_corrected_application_goes_back_to_the_stage_that_asked() -> None:
    application = forward_to(in_review(BIRTH), "verification")
    decide(application, "rudisha", "Andika jina kamili la mama.")
    client = browser(application.applicant)
    assert "Andika jina kamili la mama." in client.get(at(application)).text

    corrected = valid_answers(application.definition, mother_name="Asha Juma Mwinyi")
    client.post(at(application, "parents/"), post_data(application.definition, "parents", corrected))
    response = client.post(at(application, "submit/"), DECLARED)

    application.refresh_from_db()
    assert response["Location"] == at(application, "submitted/")
    assert (application.state, task_of(application).stage) == ("in_review", "verification")
    assert application.answers["mother_name"] == "Asha Juma Mwinyi"
    assert application.public_reason == ""
    assert Bill.objects.count() == 1


def test_each_second_request_for_correction_is_answered_too() -> None:
    application = in_review(LEAVE)

    for round_ in range(2):
        decide(application, "rudisha", f"Mara ya {round_}.")
        submit_application(reference=application.reference, actor=application.applicant, declared=True)

    assert [event.code for event in application.events.all()].count("resubmit") == 2
    assert OutboxMessage.objects.filter(topic="services.application.returned").count() == 2


def test_a_mandatory_answer_emptied_after_the_return_is_noticed() -> None:
    application = in_review(LEAVE)
    decide(application, "rudisha", "Rekebisha.")
    Application.objects.filter(pk=application.pk).update(answers={})

    response = browser(application.applicant).post(at(application, "submit/"), DECLARED)

    application.refresh_from_db()
    assert (response.status_code, application.state) == (422, "returned")


# --- Time that runs out ------------------------------------------------------------------------------------
def test_drafts_that_nobody_touched_expire_and_younger_ones_stay() -> None:
    old, young = ready(BIRTH), ready(BIRTH)
    Application.objects.filter(pk=old.pk).update(saved_at=timezone.now() - DRAFT_LIFE - timedelta(hours=1))

    assert lapse_drafts() == 1

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.answers, young.state) == ("lapsed", {}, "draft")
    assert lapse_drafts() == 0


def test_a_draft_that_is_sent_while_the_sweep_runs_stays_sent() -> None:
    application = in_review(LEAVE)

    with pytest.raises(Conflict):
        lapse_application(reference=application.reference)

    application.refresh_from_db()
    assert application.state == "in_review"


@pytest.mark.parametrize(
    ("days_ago", "state", "bill_state"), [(4, "lapsed", "cancelled"), (2, "awaiting_payment", "expired")]
)
def test_what_nobody_paid_for_is_closed_when_no_late_money_can_come(
    days_ago, state, bill_state, deliver_events
) -> None:
    application = sent(BIRTH)
    bill = bill_of(application)
    Bill.objects.filter(pk=bill.pk).update(expires_at=timezone.now() - timedelta(days=days_ago))
    expire_bill(number=bill.number)

    lapse_drafts()
    deliver_events()

    application.refresh_from_db()
    assert (application.state, bill_of(application).state) == (state, bill_state)
    assert application.applicant.notifications.filter(code="application_lapsed").count() == (state == "lapsed")


def test_what_is_paid_never_expires() -> None:
    application = in_review(BIRTH)
    Bill.objects.update(expires_at=timezone.now() - timedelta(days=90))

    assert lapse_drafts() == 0

    application.refresh_from_db()
    assert application.state == "in_review"


def corrected(application: Application, **answers: object) -> Application:
    """Returned by the stage where it stands, answered anew and sent again."""
    decide(application, "rudisha", "Rekebisha.")
    application.answers |= answers
    application.save(update_fields=["answers"])
    application.documents.all().delete()
    give_documents(application)
    return submit_application(reference=application.reference, actor=application.applicant, declared=True)


def test_a_correction_that_costs_more_is_paid_before_the_same_stage_sees_it_again() -> None:
    application = in_review(BIRTH, registration_type="siku_91_miaka_10", date_of_birth="2025-01-01")
    asked = task_of(application).stage

    application = corrected(application, registration_type="zaidi_miaka_10", date_of_birth="1990-01-01")

    assert (application.state, application.tasks.filter(state="open").count()) == ("awaiting_payment", 0)
    assert [bill.amount for bill in Bill.objects.order_by("pk")] == [8000, 12000]
    assert pay(application).state == "in_review"
    assert task_of(application).stage == asked


def test_a_correction_that_costs_no_more_asks_for_nothing() -> None:
    application = in_review(BIRTH, registration_type="siku_91_miaka_10", date_of_birth="2025-01-01")

    application = corrected(application, child_first_name="Rehema")

    assert (application.state, task_of(application).stage, Bill.objects.count()) == ("in_review", "intake", 1)


def test_a_correction_never_moves_the_file_to_another_council() -> None:
    first = council()
    InstitutionFactory(code="mbeya-cc", parent=first.parent)
    application = in_review(BUILDING)
    decide(application, "rudisha", "Rekebisha.")
    elsewhere = application.answers | {"council": {"code": "mbeya-cc", "name": "Mbeya"}}
    Application.objects.filter(pk=application.pk).update(answers=elsewhere)
    before = facts()

    response = browser(application.applicant).post(at(application, "submit/"), DECLARED)

    assert (response.status_code, facts()) == (422, before)
    assert f"{first.name_en} has this application." in response.text

"""Each move tells the applicant once, in the applicant's own language."""

import pytest

from payments.actions import record_control_number
from portal.models import Notification, OutboxDelivery
from services.actions import complete_issue, submit_application, withdraw_application
from services.models import Application, Event
from tests.factories import BIRTH, LEAVE, MembershipFactory, PersonFactory
from tests.services.cases import approved, bill_of, blank_pdf, decide, forward_to, in_review, pay, ready, sent

pytestmark = pytest.mark.django_db


def codes(application: Application) -> list[str]:
    return list(
        Notification.objects.filter(recipient=application.applicant).order_by("pk").values_list("code", flat=True)
    )


@pytest.fixture(autouse=True)
def nothing_fails(request: pytest.FixtureRequest):
    yield
    assert list(OutboxDelivery.objects.exclude(error="").values_list("handler", "error")) == []


def test_a_whole_life_is_told_step_by_step(deliver_events) -> None:
    application = sent(BIRTH)
    record_control_number(number=bill_of(application).number, control_number="990000000200")
    deliver_events()
    pay(application, settle=False)
    deliver_events()
    application.refresh_from_db()
    decide(application, "rudisha", "Picha haisomeki.")
    deliver_events()
    submit_application(reference=application.reference, actor=application.applicant, declared=True)
    deliver_events()
    application.refresh_from_db()
    decide(application, "kataa", "Si raia.")
    deliver_events()
    deliver_events()

    assert sorted(codes(application)) == [
        "application_awaiting_payment",
        "application_in_review",
        "application_payment_received",
        "application_rejected",
        "application_returned",
        "application_submitted",
    ]
    by_code = {it.code: it for it in Notification.objects.all()}
    assert "Picha haisomeki." in by_code["application_returned"].body
    assert "Si raia." in by_code["application_rejected"].body
    assert bill_of(application).grouped_control_number in by_code["application_awaiting_payment"].body


def test_the_end_is_told_with_the_number_of_the_document(deliver_events) -> None:
    application = approved(LEAVE)
    complete_issue(number=application.certificate.number, pdf=blank_pdf(), qr_text="x")
    deliver_events()

    assert {"application_approved", "application_issued"} <= set(codes(application))
    assert application.certificate.number in Notification.objects.get(code="application_issued").body


@pytest.mark.parametrize("language", ["sw", "en"])
def test_the_news_is_in_the_language_of_the_applicant(language: str, deliver_events) -> None:
    application = in_review(LEAVE, PersonFactory(public_servant=True, language=language))

    deliver_events()

    news = Notification.objects.get()
    assert (news.language, news.path) == (language, f"/applications/{application.reference}/")
    assert application.definition.title.in_language(language) in news.body
    assert {it.channel for it in news.deliveries.all()} == {"email", "sms"}


def test_nothing_is_told_of_drafts_and_of_free_starts(deliver_events) -> None:
    draft = ready(LEAVE)
    withdraw_application(reference=draft.reference, actor=draft.applicant)
    application = in_review(LEAVE)

    deliver_events()

    assert codes(draft) == []
    assert codes(application) == ["application_submitted"]


def test_two_requests_for_correction_are_two_messages(deliver_events) -> None:
    application = in_review(LEAVE)
    for note in ("Kwanza.", "Pili."):
        decide(application, "rudisha", note)
        submit_application(reference=application.reference, actor=application.applicant, declared=True)

    deliver_events()

    assert codes(application).count("application_returned") == 2


def test_steps_inside_the_office_are_not_news(deliver_events) -> None:
    application = in_review(LEAVE)
    deliver_events()
    before = codes(application)

    forward_to(application, "approval")
    deliver_events()

    assert codes(application) == before
    assert Event.objects.filter(code="stage_done").count() == 2


def test_only_the_applicant_is_told_not_the_whole_company(deliver_events) -> None:
    application = sent("brela-jina-la-biashara")
    colleague = MembershipFactory(organisation=application.acting_for, role="clerk").person

    deliver_events()

    assert codes(application) == ["application_submitted"]
    assert not Notification.objects.filter(recipient=colleague).exists()

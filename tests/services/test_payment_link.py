"""What a payment does to its application: it moves on once, whatever comes twice, late or out of order."""

import pytest

from payments.actions import record_control_number, record_payment
from payments.models import Bill, Receipt, SuspenseEntry
from portal.models import AuditEntry, Notification, OutboxDelivery, OutboxMessage
from services.actions import settle_application, withdraw_application
from services.handlers import advance_paid_application, tell_control_number
from services.models import Event
from tests.factories import BIRTH, LEAVE
from tests.payments.conftest import payment_of
from tests.services.cases import bill_of, pay, sent, task_of

pytestmark = pytest.mark.django_db


def told(bill: Bill) -> dict[str, str]:
    return {"bill": bill.number, "subject": bill.subject}


def failures() -> int:
    return OutboxDelivery.objects.exclude(error="").count()


def test_a_paid_bill_moves_its_application_on(deliver_events) -> None:
    application = sent(BIRTH)

    pay(application, settle=False)
    assert application.state == "awaiting_payment"
    deliver_events()

    application.refresh_from_db()
    assert (application.state, task_of(application).stage, failures()) == ("in_review", "intake", 0)


def test_the_same_news_again_changes_nothing(deliver_events) -> None:
    application = pay(sent(BIRTH))
    deliver_events()
    before = (
        Event.objects.count(),
        AuditEntry.objects.count(),
        OutboxMessage.objects.count(),
        Notification.objects.count(),
    )

    for _time in range(2):
        advance_paid_application(told(bill_of(application)))
    deliver_events()

    assert (
        Event.objects.count(), AuditEntry.objects.count(), OutboxMessage.objects.count(), Notification.objects.count(),
    ) == before  # fmt: skip
    assert application.tasks.count() == 1


def test_news_of_a_bill_that_is_not_paid_changes_nothing() -> None:
    application = sent(BIRTH)

    settle_application(reference=application.reference, bill=bill_of(application).number)
    settle_application(reference=application.reference, bill="BILL-26-0000000-0")

    application.refresh_from_db()
    assert application.state == "awaiting_payment"


def test_money_of_others_is_not_ours_to_handle() -> None:
    advance_paid_application({"bill": "BILL-1", "subject": "fines:7"})
    tell_control_number({"bill": "BILL-1", "subject": "fines:7"})

    assert not Notification.objects.exists()


def test_money_that_comes_after_the_withdrawal_waits_for_a_person(deliver_events) -> None:
    application = sent(BIRTH)
    withdraw_application(reference=application.reference, actor=application.applicant)

    record_payment(payment=payment_of(bill_of(application)))
    deliver_events()

    application.refresh_from_db()
    assert (application.state, Receipt.objects.count(), failures()) == ("withdrawn", 0, 0)
    assert SuspenseEntry.objects.get().reason == "cancelled_bill"


def test_money_and_withdrawal_that_cross_leave_the_application_withdrawn(deliver_events) -> None:
    application = pay(sent(BIRTH), settle=False)
    withdraw_application(reference=application.reference, actor=application.applicant)

    deliver_events()

    application.refresh_from_db()
    assert (application.state, bill_of(application).state, failures()) == ("withdrawn", "settled", 0)


def test_money_that_is_quicker_than_its_control_number(deliver_events) -> None:
    application = sent(BIRTH)
    bill = bill_of(application)

    record_payment(payment=payment_of(bill, control_number="990000000123"))
    deliver_events()
    record_control_number(number=bill.number, control_number="990000000123")
    deliver_events()

    application.refresh_from_db()
    assert (application.state, bill_of(application).state, failures()) == ("in_review", "settled", 0)
    assert not Notification.objects.filter(code="application_awaiting_payment").exists()


def test_a_part_of_the_money_moves_nothing(deliver_events) -> None:
    application = sent(BIRTH)
    record_control_number(number=bill_of(application).number, control_number="990000000124")

    record_payment(payment=payment_of(bill_of(application), 1, control_number="990000000124"))
    deliver_events()

    application.refresh_from_db()
    assert application.state == "awaiting_payment"


def test_too_much_money_moves_it_on_all_the_same(deliver_events) -> None:
    application = sent(BIRTH)
    record_control_number(number=bill_of(application).number, control_number="990000000125")

    record_payment(payment=payment_of(bill_of(application), 9_000_000, control_number="990000000125"))
    deliver_events()

    application.refresh_from_db()
    assert (application.state, bill_of(application).state) == ("in_review", "overpaid")


def test_nobody_is_asked_for_the_money_of_a_withdrawn_application(deliver_events) -> None:
    application = sent(BIRTH)
    record_control_number(number=bill_of(application).number, control_number="990000000126")
    withdraw_application(reference=application.reference, actor=application.applicant)

    deliver_events()

    assert not Notification.objects.filter(code="application_awaiting_payment").exists()


def test_a_free_service_makes_no_bill() -> None:
    sent(LEAVE)

    assert not Bill.objects.exists()

"""Issuing, cancelling and expiring; and what the database itself refuses."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments.actions import (
    cancel_bill,
    cancel_bills_for,
    expire_bill,
    record_control_number,
    record_payment,
    record_refusal,
)
from payments.errors import BillAlreadyIssued, BillNotValid
from payments.models import Bill, BillLine, GatewayMessage, GatewayRequest, Receipt
from payments.queries import current_bill_for, is_settled
from payments.states import BillState
from portal.errors import TransitionNotAllowed
from portal.models import AuditEntry, OutboxMessage
from portal.references import is_valid_reference

from .conftest import CONTROL_NUMBER, FeeLine, payment_of


def events() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("topic", "key"))


def test_a_bill_copies_its_lines_and_asks_to_be_submitted(make_bill: Callable[..., Bill]) -> None:
    bill = make_bill(20_000, 2_000, subject="services.application:RITA-26-1")

    assert is_valid_reference(bill.number)
    assert bill.number.startswith("BILL-")
    assert (bill.amount, bill.state) == (Decimal(22_000), BillState.AWAITING_CONTROL_NUMBER)
    assert [(line.label_en, line.gfs_code, line.amount, line.certainty) for line in bill.lines.all()] == [
        ("Fee of a birth certificate", "140101", Decimal(20_000), "official"),
        ("Fee of a birth certificate", "140101", Decimal(2_000), "official"),
    ]
    request = GatewayRequest.objects.get()
    assert (request.bill, request.kind, request.state, request.attempts) == (bill, "submission", "waiting", 0)
    entry = AuditEntry.objects.get(verb="payments.bill.issued")
    assert (entry.subject_key, entry.actor_id, entry.data["amount"]) == (bill.number, bill.payer_id, "22000")
    assert events() == [("payments.bill.issued", bill.number)]
    assert OutboxMessage.objects.get().payload == {"bill": bill.number, "subject": "services.application:RITA-26-1"}


def test_the_mark_of_an_unpublished_revenue_code_does_not_travel(make_bill: Callable[..., Bill]) -> None:
    bill = make_bill(lines=[FeeLine(Decimal(5), gfs_code="illustrative:142201", status="illustrative")])

    line = bill.lines.get()

    assert (line.gfs_code, line.certainty) == ("142201", "illustrative")


def test_asking_twice_gives_one_bill(make_bill: Callable[..., Bill], bill: Bill) -> None:
    again = make_bill(subject=bill.subject, payer=bill.payer)

    assert again == bill
    assert Bill.objects.count() == GatewayRequest.objects.count() == 1
    assert len(events()) == 1


def test_a_second_live_bill_with_another_amount_is_refused(make_bill: Callable[..., Bill], bill: Bill) -> None:
    with pytest.raises(BillAlreadyIssued):
        make_bill(23_000, subject=bill.subject)

    assert Bill.objects.get() == bill


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lines": []}, "bill_lines_not_valid"),
        ({"lines": [FeeLine(Decimal(0))]}, "bill_lines_not_valid"),
        ({"lines": [FeeLine(Decimal(10)), FeeLine(Decimal(-1))]}, "bill_lines_not_valid"),
        ({"lines": [FeeLine(Decimal("0.001"))]}, "bill_lines_not_valid"),
        ({"lines": [FeeLine(Decimal(10) ** 15)]}, "bill_amount_too_large"),
        ({"expires_at": timezone.now()}, "bill_expiry_not_valid"),
    ],
)
def test_what_cannot_be_a_bill_is_refused(make_bill: Callable[..., Bill], change: dict, code: str) -> None:
    with pytest.raises(BillNotValid) as refusal:
        make_bill(**change)

    assert refusal.value.code == code
    assert not Bill.objects.exists()
    assert events() == []


def test_a_control_number_makes_a_bill_payable_once(bill: Bill) -> None:
    assert record_control_number(number=bill.number, control_number=CONTROL_NUMBER)
    assert record_control_number(number=bill.number, control_number=CONTROL_NUMBER)

    bill.refresh_from_db()
    assert (bill.state, bill.control_number) == (BillState.PAYABLE, CONTROL_NUMBER)
    assert bill.grouped_control_number == "9900 1234 5678"
    assert GatewayRequest.objects.get().state == "done"
    assert events()[1:] == [("payments.bill.payable", bill.number)]
    assert OutboxMessage.objects.last().payload["control_number"] == CONTROL_NUMBER
    assert AuditEntry.objects.filter(verb="payments.bill.payable").count() == 1


@pytest.mark.parametrize("control_number", ["", "0", "PENDING", "99001234567", "99001234567X"])
def test_what_is_no_control_number_is_not_recorded(bill: Bill, control_number: str) -> None:
    assert not record_control_number(number=bill.number, control_number=control_number)

    bill.refresh_from_db()
    assert (bill.state, bill.control_number) == (BillState.AWAITING_CONTROL_NUMBER, None)


def test_a_bill_keeps_its_first_control_number(payable_bill: Bill) -> None:
    assert not record_control_number(number=payable_bill.number, control_number="990010000000")

    payable_bill.refresh_from_db()
    assert payable_bill.control_number == CONTROL_NUMBER


def test_two_bills_never_share_a_control_number(payable_bill: Bill, make_bill: Callable[..., Bill]) -> None:
    other = make_bill()

    assert not record_control_number(number=other.number, control_number=CONTROL_NUMBER)

    other.refresh_from_db()
    assert (other.state, other.control_number) == (BillState.AWAITING_CONTROL_NUMBER, None)


def test_a_refusal_is_recorded_with_its_telling_code_and_can_be_put_right(bill: Bill) -> None:
    assert record_refusal(number=bill.number, code="7201;7258")

    bill.refresh_from_db()
    assert (bill.state, bill.refusal_code) == (BillState.REFUSED, "7258")
    assert events()[1:] == [("payments.bill.refused", bill.number)]
    assert record_control_number(number=bill.number, control_number=CONTROL_NUMBER)
    bill.refresh_from_db()
    assert (bill.state, bill.refusal_code) == (BillState.PAYABLE, "")


def test_a_late_refusal_does_not_touch_a_payable_bill(payable_bill: Bill) -> None:
    assert not record_refusal(number=payable_bill.number, code="7258")

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.PAYABLE


def test_cancelling_asks_the_gateway_to_cancel(payable_bill: Bill) -> None:
    cancel_bill(number=payable_bill.number, actor=payable_bill.payer, reason="Withdrawn")

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.CANCELLED
    assert payable_bill.cancelled_at is not None
    request = GatewayRequest.objects.get(kind="cancellation")
    assert (request.bill, request.reason, request.state) == (payable_bill, "Withdrawn", "waiting")
    assert AuditEntry.objects.get(verb="payments.bill.cancelled").data == {"reason": "Withdrawn"}


def test_a_paid_bill_is_not_cancelled(payable_bill: Bill) -> None:
    record_payment(payment=payment_of(payable_bill))

    with pytest.raises(TransitionNotAllowed):
        cancel_bill(number=payable_bill.number, actor=None, reason="Too late")

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED
    assert not GatewayRequest.objects.filter(kind="cancellation").exists()
    assert cancel_bills_for(subject=payable_bill.subject, actor=None) == []


def test_withdrawing_cancels_the_live_bill_of_a_subject_and_nothing_else(make_bill: Callable[..., Bill]) -> None:
    mine, other = make_bill(subject="a"), make_bill(subject="b")

    assert cancel_bills_for(subject="a", actor=None) == [mine]

    other.refresh_from_db()
    assert other.state == BillState.AWAITING_CONTROL_NUMBER
    assert make_bill(subject="a") != mine


def test_a_bill_expires_after_its_date_and_not_before(payable_bill: Bill) -> None:
    assert not expire_bill(number=payable_bill.number)
    Bill.objects.filter(pk=payable_bill.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert expire_bill(number=payable_bill.number)
    assert not expire_bill(number=payable_bill.number)

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.EXPIRED
    assert not payable_bill.can_be_paid_now


def test_a_bill_past_its_date_makes_room_for_a_new_one(payable_bill: Bill, make_bill: Callable[..., Bill]) -> None:
    Bill.objects.filter(pk=payable_bill.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    renewed = make_bill(30_000, subject=payable_bill.subject)

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.EXPIRED
    assert current_bill_for(payable_bill.subject) == renewed


def test_what_other_apps_ask(payable_bill: Bill, make_bill: Callable[..., Bill]) -> None:
    assert current_bill_for(payable_bill.subject) == payable_bill
    assert current_bill_for("nothing") is None
    assert not is_settled(payable_bill.number)

    record_payment(payment=payment_of(payable_bill))

    assert is_settled(payable_bill.number)
    assert current_bill_for(payable_bill.subject) == payable_bill
    later = make_bill(subject=payable_bill.subject)
    assert current_bill_for(payable_bill.subject) == later


@pytest.mark.parametrize(
    "change",
    [
        {"state": "payable", "control_number": None},
        {"state": "settled"},
        {"state": "settled", "settled_at": timezone.now()},
        {"state": "overpaid", "paid_amount": 22_000, "settled_at": timezone.now()},
        {"state": "partly_paid"},
        {"state": "refused"},
        {"state": "cancelled"},
        {"state": "invented"},
        {"cancelled_at": timezone.now()},
        {"paid_amount": 1},
    ],
)
def test_a_state_without_its_data_is_refused_by_the_database(bill: Bill, change: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.filter(pk=bill.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 1},
        {"currency": "USD"},
        {"subject": "other"},
        {"number": "BILL-26-0000000-0"},
        {"control_number": "990010000000"},
        {"control_number": None},
        {"payer_name": "Somebody else"},
    ],
)
def test_what_a_bill_asked_is_never_rewritten(payable_bill: Bill, change: dict) -> None:
    with pytest.raises(IntegrityError, match=r"never rewritten|payable_has"), transaction.atomic():
        Bill.objects.filter(pk=payable_bill.pk).update(**change)


def test_money_rows_are_never_altered_or_deleted(payable_bill: Bill) -> None:
    message = GatewayMessage.objects.create(direction="in", raw=b"x", verdict="valid")
    record_payment(payment=payment_of(payable_bill), message=message)
    forbidden = [
        lambda: Bill.objects.filter(pk=payable_bill.pk).update(paid_amount=0, state="payable", settled_at=None),
        lambda: Receipt.objects.update(amount=1),
        lambda: Receipt.objects.all()._raw_delete("default"),
        lambda: BillLine.objects.update(amount=1),
        lambda: BillLine.objects.all()._raw_delete("default"),
        lambda: Bill.objects.all()._raw_delete("default"),
        lambda: GatewayMessage.objects.update(raw=b"y"),
        lambda: GatewayMessage.objects.all()._raw_delete("default"),
    ]

    for act in forbidden:
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            act()

    assert Receipt.objects.get().amount == Decimal(22_000)


def test_a_bill_outlives_its_payer_in_the_books(bill: Bill) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        bill.payer.delete()
    with pytest.raises(ProtectedError):
        bill.institution.delete()

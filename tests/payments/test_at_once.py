"""The same callback many times at once, in real threads on the real database."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from payments.actions import cancel_bill
from payments.gateway.signature import Signer
from payments.models import Bill, GatewayMessage, Receipt, SuspenseEntry
from payments.states import BillState
from portal.errors import TransitionNotAllowed
from portal.models import OutboxMessage
from tests.threads import at_once

from .conftest import Gateway, notice_of, number_given, payment_of

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def tell(signer: Signer, message: object) -> Callable[[], str]:
    return lambda: Gateway(Client(), signer).tell(message)


def test_one_payment_told_many_times_at_once_is_one_receipt(payable_bill: Bill, gateway_signer: Signer) -> None:
    notice = notice_of(payment_of(payable_bill))

    answers = at_once(*[tell(gateway_signer, notice)] * THREADS)

    assert answers == ["7101"] * THREADS
    assert Receipt.objects.count() == 1
    assert not SuspenseEntry.objects.exists()
    assert GatewayMessage.objects.count() == THREADS
    assert OutboxMessage.objects.filter(topic="payments.bill.settled").count() == 1
    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.SETTLED, Decimal(22_000))


def test_instalments_at_once_are_all_counted(payable_bill: Bill, gateway_signer: Signer) -> None:
    notices = [
        notice_of(payment_of(payable_bill, 2_000, receipt_id=f"R{number}", transaction_id=f"T{number}"))
        for number in range(THREADS)
    ]

    answers = at_once(*[tell(gateway_signer, notice) for notice in notices])

    assert answers == ["7101"] * THREADS
    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.PARTLY_PAID, Decimal(2_000 * THREADS))


def test_number_and_payment_at_once(bill: Bill, gateway_signer: Signer) -> None:
    acts = [tell(gateway_signer, number_given(bill)), tell(gateway_signer, notice_of(payment_of(bill)))] * 4

    answers = at_once(*acts)

    assert answers == ["7101"] * 8
    bill.refresh_from_db()
    assert bill.state == BillState.SETTLED
    assert Receipt.objects.count() == 1
    assert bill.requests.get().state == "done"


def test_the_same_receipt_for_two_bills_at_once_counts_once(
    payable_bill: Bill, make_bill: Callable[..., Bill], gateway_signer: Signer
) -> None:
    other = make_bill()
    mine = notice_of(payment_of(payable_bill))
    theirs = notice_of(payment_of(other, control_number=""))

    answers = at_once(*[tell(gateway_signer, mine), tell(gateway_signer, theirs)] * 3)

    assert answers == ["7101"] * 6
    assert Receipt.objects.count() == 1
    assert SuspenseEntry.objects.get().reason == "conflict"
    assert sum(Bill.objects.values_list("paid_amount", flat=True)) == Decimal(22_000)


def test_unknown_money_told_many_times_at_once_is_one_entry(payable_bill: Bill, gateway_signer: Signer) -> None:
    notice = notice_of(payment_of(payable_bill, bill_id="BILL-26-0000000-0", control_number="990010000009"))

    assert at_once(*[tell(gateway_signer, notice)] * THREADS) == ["7101"] * THREADS

    assert SuspenseEntry.objects.count() == 1


def test_payment_and_cancellation_at_once_lose_no_money(payable_bill: Bill, gateway_signer: Signer) -> None:
    paid, cancelled = at_once(
        tell(gateway_signer, notice_of(payment_of(payable_bill))),
        lambda: cancel_bill(number=payable_bill.number, actor=None, reason="Withdrawn"),
    )

    assert paid == "7101"
    payable_bill.refresh_from_db()
    if isinstance(cancelled, TransitionNotAllowed):
        assert (payable_bill.state, Receipt.objects.count(), SuspenseEntry.objects.count()) == ("settled", 1, 0)
    else:
        assert (payable_bill.state, Receipt.objects.count(), SuspenseEntry.objects.count()) == ("cancelled", 0, 1)


def test_asking_for_the_same_bill_at_once_gives_one_bill(make_bill: Callable[..., Bill], bill: Bill) -> None:
    answers = at_once(*[lambda: make_bill(subject="once", payer=bill.payer)] * THREADS)

    issued = Bill.objects.get(subject="once")
    assert answers == [issued] * THREADS
    assert issued.requests.count() == issued.lines.count() == 1

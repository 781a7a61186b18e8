"""What the gateway posts to us: stored first and committed, then acted on."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from payments import keys
from payments.actions.payments import record_payment
from payments.actions.results import record_control_number, record_refusal
from payments.gateway import statuses
from payments.gateway.elements import MalformedMessage, Message
from payments.gateway.envelope import Envelope, open_envelope
from payments.gateway.messages import BillResult, BillResultDetail, PaymentNotice
from payments.gateway.signature import Verdict
from payments.gateway.statuses import Consequence
from payments.models import Bill, GatewayMessage

logger = logging.getLogger(__name__)
KEPT_OF_UNREADABLE = 4096
"""Enough to see what it was; a stranger may not fill our disk."""


@dataclass(frozen=True)
class Callback:
    """A stored callback. `message` is None when the bytes are no message of this protocol."""

    pk: int
    verdict: Verdict
    message: Message | None


@transaction.atomic(durable=True)
def store_callback(*, body: bytes) -> Callback:
    """Keep the bytes and what the signature is worth, whatever they are, before anything is made of them."""
    verdict, envelope = _judge(body)
    row = GatewayMessage.objects.create(
        direction=GatewayMessage.Direction.INCOMING,
        kind=envelope.tag if envelope else "",
        raw=body if verdict is Verdict.VALID else body[:KEPT_OF_UNREADABLE],
        verdict=verdict,
    )
    return Callback(row.pk, verdict, _read(envelope))


@transaction.atomic
def handle_callback(*, pk: int) -> str:
    """Act on a stored callback and return the status code for its ack. Acting twice changes nothing twice."""
    row = GatewayMessage.objects.select_for_update().get(pk=pk)
    if row.handled_at is None:
        row.status_code = _code_for(row)
        row.handled_at = timezone.now()
        row.save(update_fields=["status_code", "handled_at", "bill"])
    return row.status_code


def _judge(body: bytes) -> tuple[Verdict, Envelope | None]:
    try:
        envelope = open_envelope(body)
    except MalformedMessage:
        return Verdict.UNREADABLE, None
    return keys.verifier().verdict(envelope.message, envelope.signature), envelope


def _read(envelope: Envelope | None) -> Message | None:
    try:
        return envelope.read() if envelope else None
    except MalformedMessage:
        return None


def _code_for(row: GatewayMessage) -> str:
    if row.verdict == Verdict.UNREADABLE:
        return statuses.REQUEST_INVALID
    if row.verdict != Verdict.VALID:
        return statuses.SIGNATURE_INVALID
    match _read(open_envelope(bytes(row.raw))):
        case BillResult() as result:
            return _take_results(row, result)
        case PaymentNotice() as notice:
            return _take_payments(row, notice)
        case _:
            return statuses.REQUEST_INVALID


def _take_results(row: GatewayMessage, message: BillResult) -> str:
    # In the order of their numbers, so that two messages about the same bills never wait for each other.
    codes = [_take_result(row, detail) for detail in sorted(message.bills, key=lambda detail: detail.bill_id)]
    return next((code for code in codes if code != statuses.SUCCESS), statuses.SUCCESS)


def _take_result(row: GatewayMessage, detail: BillResultDetail) -> str:
    bill = Bill.objects.filter(number=detail.bill_id).first()
    if bill is None:
        return statuses.BILL_UNKNOWN
    row.bill = bill
    consequence = statuses.consequence_of(detail.status_code)
    if consequence is Consequence.REFUSED:
        record_refusal(number=bill.number, code=detail.status_code)
    elif consequence is Consequence.SUCCESS:
        taken = record_control_number(number=bill.number, control_number=detail.control_number)
        return statuses.SUCCESS if taken else "7333"
    # A trouble of the gateway itself: the request stays open, and the bill is sent again.
    return statuses.SUCCESS


def _take_payments(row: GatewayMessage, message: PaymentNotice) -> str:
    for payment in sorted(message.payments, key=lambda payment: payment.bill_id):
        row.bill = record_payment(payment=payment, message=row).bill
    return statuses.SUCCESS

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
from portal.limits import limited

logger = logging.getLogger(__name__)
KEPT_OF_UNREADABLE = 4096
"""Enough to see what it was; a stranger may not fill our disk."""
UNTRUSTED_A_MINUTE = 60
"""From one address, more than a gateway with a wrong key sends in its retries. The rest is answered, not stored."""


@dataclass(frozen=True)
class Callback:
    """What came in. `pk` is None when it was not stored, `message` when the bytes are no message of this protocol."""

    pk: int | None
    verdict: Verdict
    message: Message | None


def store_callback(*, body: bytes, sender: str) -> Callback:
    """Keep the bytes and what the signature is worth, before anything is made of them.

    What is signed is always kept. What is not is kept too, until one `sender` (an address) sends too much of it.
    """
    verdict, envelope = _judge(body)
    if verdict is not Verdict.VALID and limited("gepg", sender, most=UNTRUSTED_A_MINUTE, seconds=60):
        logger.warning("callback_not_stored", extra={"sender": sender, "verdict": verdict.value})
        return Callback(None, verdict, _read(envelope))
    with transaction.atomic(durable=True):
        row = GatewayMessage.objects.create(
            direction=GatewayMessage.Direction.INCOMING,
            kind=envelope.tag if envelope else "",
            raw=body if verdict is Verdict.VALID else body[:KEPT_OF_UNREADABLE],
            verdict=verdict,
        )
    return Callback(row.pk, verdict, _read(envelope))


def refusal_code(verdict: Verdict) -> str:
    """The code of the ack to a message that is not trusted."""
    return statuses.REQUEST_INVALID if verdict is Verdict.UNREADABLE else statuses.SIGNATURE_INVALID


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
    if row.verdict != Verdict.VALID:
        return refusal_code(Verdict(row.verdict))
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

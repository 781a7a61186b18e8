"""Money that arrives. It is never refused: what fits no bill waits in suspense for a person."""

import logging
from typing import Any

from django.db import IntegrityError, transaction

from payments import verbs
from payments.actions.moves import lock, lock_by_control_number, move
from payments.actions.results import record_control_number
from payments.gateway.messages import PaymentDetail
from payments.models import Bill, GatewayMessage, Receipt, SuspenseEntry
from payments.states import CANCELLED
from portal.audit import record
from portal.references import new_reference

logger = logging.getLogger(__name__)
Reason = SuspenseEntry.Reason


@transaction.atomic
def record_payment(*, payment: PaymentDetail, message: GatewayMessage | None = None) -> Receipt | SuspenseEntry:
    """Write the receipt and move the bill under its lock. The same payment again returns its receipt."""
    bill = _bill_of(payment)
    if receipt := _receipt_of(payment):
        same = _tells_the_same(receipt, bill, payment)
        return receipt if same else _suspend(payment, bill, Reason.CONFLICT, message)
    if bill is None:
        return _suspend(payment, None, Reason.UNKNOWN_BILL, message)
    if reason := _objection(bill, payment):
        return _suspend(payment, bill, reason, message)
    try:
        with transaction.atomic():
            receipt = Receipt.objects.create(
                number=new_reference("RCPT"), bill=bill, message=message, **_facts_of(payment)
            )
    except IntegrityError:  # told at the same moment for another bill
        return _suspend(payment, bill, Reason.CONFLICT, message)
    _count(bill, receipt, payment)
    return receipt


def _bill_of(payment: PaymentDetail) -> Bill | None:
    """By our own number first: the payment may be here before its control number is."""
    try:
        return lock(payment.bill_id)
    except Bill.DoesNotExist:
        pass
    try:
        return lock_by_control_number(payment.control_number)
    except Bill.DoesNotExist:
        return None


def _receipt_of(payment: PaymentDetail) -> Receipt | None:
    by_receipt = Receipt.objects.filter(gateway_receipt=payment.receipt_id)
    by_transaction = Receipt.objects.filter(psp_code=payment.psp_code, trx_id=payment.transaction_id)
    return by_receipt.first() or by_transaction.first()


def _tells_the_same(receipt: Receipt, bill: Bill | None, payment: PaymentDetail) -> bool:
    told = (
        payment.receipt_id,
        payment.psp_code,
        payment.transaction_id,
        payment.currency,
        payment.paid_amount,
    )
    known = (receipt.gateway_receipt, receipt.psp_code, receipt.trx_id, receipt.currency, receipt.amount)
    return bill is not None and bill.pk == receipt.bill_id and told == known


def _objection(bill: Bill, payment: PaymentDetail) -> SuspenseEntry.Reason | None:
    if bill.state == CANCELLED:
        return Reason.CANCELLED_BILL
    if payment.currency != bill.currency:
        return Reason.CURRENCY
    if bill.control_number and payment.control_number and payment.control_number != bill.control_number:
        return Reason.CONTROL_NUMBER
    return None if payment.paid_amount > 0 else Reason.NO_AMOUNT


def _count(bill: Bill, receipt: Receipt, payment: PaymentDetail) -> None:
    bill.paid_amount += receipt.amount
    data: dict[str, Any] = {"receipt": receipt.number, "amount": str(receipt.amount), "paid": str(bill.paid_amount)}
    if bill.paid_amount < bill.amount:
        move(bill, "pay_in_part", verbs.PAID_IN_PART, **data)
    elif bill.paid_amount == bill.amount:
        move(bill, "settle", verbs.SETTLED, **data)
    else:
        move(bill, "overpay", verbs.OVERPAID, **data)
    if payment.control_number and bill.control_number is None:
        record_control_number(number=bill.number, control_number=payment.control_number)


def _suspend(
    payment: PaymentDetail, bill: Bill | None, reason: SuspenseEntry.Reason, message: GatewayMessage | None
) -> SuspenseEntry:
    """One entry for one tale: a redelivery of the same finds the entry of the first time."""
    facts = _facts_of(payment)
    identity = {name: facts.pop(name) for name in ("gateway_receipt", "psp_code", "trx_id", "currency", "amount")}
    entry, is_new = SuspenseEntry.objects.get_or_create(
        **identity,
        claimed_bill=payment.bill_id,
        defaults={
            **facts,
            "reason": reason,
            "bill": bill,
            "claimed_control_number": payment.control_number,
            "payer_name": payment.payer_name,
            "payer_phone": payment.payer_phone,
            "message": message,
        },
    )
    if is_new:
        record(verbs.SUSPENDED, entry, reason=reason.value, amount=str(entry.amount), currency=entry.currency)
        logger.warning("payment_suspended", extra={"receipt": entry.gateway_receipt, "reason": reason.value})
    return entry


def _facts_of(payment: PaymentDetail) -> dict[str, object]:
    return {
        "gateway_receipt": payment.receipt_id,
        "psp_code": payment.psp_code,
        "psp_name": payment.psp_name,
        "trx_id": payment.transaction_id,
        "channel": payment.channel,
        "currency": payment.currency,
        "amount": payment.paid_amount,
        "paid_at": payment.paid_at,
    }

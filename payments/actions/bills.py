"""Issuing, cancelling and expiring bills."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Organisation, Person
from payments import verbs
from payments.actions.moves import facts, lock, move
from payments.actions.requests import request_exchange
from payments.errors import BillAlreadyIssued, BillNotValid
from payments.gateway.messages import PaymentOption
from payments.models import Bill, BillLine, GatewayRequest
from payments.states import LIVE, may
from portal.audit import record
from portal.outbox import publish
from portal.references import new_reference

CENT = Decimal("0.01")
_GFS_MARK = "illustrative:"  # how the catalogue marks a revenue code that is not officially published


class Label(Protocol):
    @property
    def sw(self) -> str: ...
    @property
    def en(self) -> str: ...


class Line(Protocol):
    """A fee line of whoever asks for the money. It is copied: a later change of the fee changes no bill."""

    @property
    def label(self) -> Label: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def gfs_code(self) -> str: ...
    @property
    def status(self) -> str: ...


@transaction.atomic
def issue_bill(
    *,
    subject: str,
    institution: Institution,
    payer: Person | None,
    payer_name: str,
    payer_phone: str,
    payer_email: str,
    currency: str,
    lines: Iterable[Line],
    description: str,
    expires_at: datetime,
    actor: Person | None,
    payer_organisation: Organisation | None = None,
    payment_option: PaymentOption = PaymentOption.EXACT,
) -> Bill:
    """Write the bill and the request that carries it to the gateway; the control number comes later.

    Asking again for the same subject and amount returns the bill that is still to be paid.
    """
    lines = tuple(lines)
    amount = sum((line.amount for line in lines), Decimal(0))
    _check(lines, amount, expires_at)
    live = Bill.objects.filter(subject=subject, state__in=LIVE).first()
    if live and not expire_bill(number=live.number):
        return _same(live, amount, currency)
    try:
        with transaction.atomic():
            bill = Bill.objects.create(
                number=new_reference("BILL"),
                subject=subject,
                institution=institution,
                payer=payer,
                payer_organisation=payer_organisation,
                payer_name=payer_name,
                payer_phone=payer_phone,
                payer_email=payer_email,
                description=description[:500],
                currency=currency,
                amount=amount,
                payment_option=payment_option.value,
                expires_at=expires_at,
            )
    except IntegrityError:  # asked for twice at the same moment
        return _same(Bill.objects.get(subject=subject, state__in=LIVE), amount, currency)
    BillLine.objects.bulk_create(_copy_of(line, bill) for line in lines)
    record(verbs.ISSUED, bill, actor=actor, amount=str(amount), currency=currency, purpose=subject)
    publish("payments.bill.issued", key=bill.number, **facts(bill))
    request_exchange(bill, GatewayRequest.Kind.SUBMISSION)
    return bill


@transaction.atomic
def cancel_bill(*, number: str, actor: Person | None, reason: str) -> Bill:
    """Nobody pays this bill any more. Money that is already on its way will wait in suspense."""
    bill = lock(number)
    move(bill, "cancel", verbs.CANCELLED, actor=actor, reason=reason)
    request_exchange(bill, GatewayRequest.Kind.CANCELLATION, reason=reason)
    return bill


@transaction.atomic
def cancel_bills_for(*, subject: str, actor: Person | None, reason: str = "Withdrawn by the applicant") -> list[Bill]:
    """Cancel what may still be cancelled of a subject; what is paid, even in part, stays as it is."""
    numbers = Bill.objects.filter(subject=subject).order_by("pk").values_list("number", flat=True)
    return [
        cancel_bill(number=number, actor=actor, reason=reason)
        for number in numbers
        if may("cancel", lock(number).state)
    ]


@transaction.atomic
def expire_bill(*, number: str) -> bool:
    """True when it expired now. A payment that was made in time and arrives late still settles it."""
    bill = lock(number)
    if not may("expire", bill.state) or bill.expires_at > timezone.now():
        return False
    move(bill, "expire", verbs.EXPIRED)
    return True


def _check(lines: tuple[Line, ...], amount: Decimal, expires_at: datetime) -> None:
    if not lines or any(line.amount <= 0 or line.amount != line.amount.quantize(CENT) for line in lines):
        raise BillNotValid(_("A bill needs lines with amounts above zero."), "bill_lines_not_valid")
    if amount >= Decimal(10) ** 15:
        raise BillNotValid(_("The amount of the bill is too large."), "bill_amount_too_large")
    if expires_at <= timezone.now():
        raise BillNotValid(_("A bill must expire in the future."), "bill_expiry_not_valid")


def _same(live: Bill, amount: Decimal, currency: str) -> Bill:
    if (live.amount, live.currency) != (amount, currency):
        raise BillAlreadyIssued
    return live


def _copy_of(line: Line, bill: Bill) -> BillLine:
    return BillLine(
        bill=bill,
        label_sw=line.label.sw[:200],
        label_en=line.label.en[:200],
        gfs_code=line.gfs_code.removeprefix(_GFS_MARK),
        amount=line.amount,
        certainty=line.status,
    )

"""The practice gateway itself: takes bills, gives control numbers, takes payments, owes callbacks."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from payments.gateway import statuses
from payments.gateway.elements import MalformedMessage, Message
from payments.gateway.envelope import open_envelope, seal
from payments.gateway.messages import (
    BillResult,
    BillResultDetail,
    BillResultHeader,
    BillSubmission,
    BillSubmissionAck,
    Cancellation,
    CancellationResult,
    Outcome,
    PaymentDetail,
    PaymentHeader,
    PaymentNotice,
)
from payments.gateway.moments import EAT
from payments.gateway.signature import Signer, Verdict, Verifier
from payments.simulator import rules
from payments.simulator.channels import CHANNELS
from payments.simulator.faults import Faults
from payments.simulator.store import KnownBill, Store

BILLS_PATH, PAYMENTS_PATH = "/gepg/bills/", "/gepg/payments/"
COLLECTION_ACCOUNT = "0150000000000"


class RequestRefused(Exception):
    def __init__(self, code: str, request_id: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.request_id = request_id


@dataclass(frozen=True)
class Paid:
    receipt_id: str
    transaction_id: str
    control_number: str
    bill_id: str
    amount: Decimal
    currency: str
    channel: str


@dataclass(frozen=True)
class Gateway:
    store: Store
    signer: Signer
    verifier: Verifier
    sp_code: str
    faults: Faults

    def take_submission(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """The signed ack. It says only "queued": the verdict on the bill itself follows as a callback."""
        try:
            submission = self._verified(headers, body)
            if not isinstance(submission, BillSubmission):
                raise RequestRefused(statuses.REQUEST_INVALID)
            request_id = submission.header.request_id
            self._check(rules.check_sender(headers, submission.header.sp_group_code, self.sp_code), request_id)
        except RequestRefused as refusal:
            return self._ack(refusal.request_id, refusal.code)
        with self.store.transaction():
            self._answer(submission)
        return self._ack(request_id, statuses.SUCCESS)

    def take_cancellation(self, headers: Mapping[str, str], body: bytes) -> bytes:
        try:
            cancellation = self._verified(headers, body)
            if not isinstance(cancellation, Cancellation):
                raise RequestRefused(statuses.REQUEST_INVALID)
            request_id = cancellation.request_id
            self._check(rules.check_sender(headers, cancellation.sp_group_code, self.sp_code), request_id)
        except RequestRefused as refusal:
            return self._cancelled(refusal.request_id, "", refusal.code)
        with self.store.transaction():
            code = rules.check_cancellation(self.store.bill(cancellation.group_bill_id))
            if code == statuses.BILL_CANCELLED:
                self.store.cancel_bill(cancellation.group_bill_id)
        return self._cancelled(request_id, cancellation.group_bill_id, code)

    def pay(self, bill: KnownBill, amount: Decimal, channel_code: str) -> Paid:
        """Take the money and owe the notice. RequestRefused when a rule of the bill forbids it."""
        now = datetime.now(EAT)
        with self.store.transaction():
            current = self.store.bill(bill.bill_id) or bill
            self._check(rules.check_payment(current, amount, now))
            paid = _payment_of(current, amount, channel_code, now)
            self.store.set_paid(current.bill_id, current.paid + amount)
            self._owe(current.bill_id, PAYMENTS_PATH, _notice_of(current, paid, now))
        return paid

    def _verified(self, headers: Mapping[str, str], body: bytes) -> Message:
        self._check(rules.check_headers(headers))
        try:
            envelope = open_envelope(body)
            if self.verifier.verdict(envelope.message, envelope.signature) is not Verdict.VALID:
                raise RequestRefused(statuses.SIGNATURE_INVALID)
            return envelope.read()
        except MalformedMessage:
            raise RequestRefused(statuses.REQUEST_INVALID) from None

    def _check(self, code: str, request_id: str = "") -> None:
        if code != statuses.SUCCESS:
            raise RequestRefused(code, request_id)

    def _answer(self, submission: BillSubmission) -> None:
        bill = submission.bills[0]
        if known := self.store.bill(bill.bill_id):
            code = f"{statuses.FAILURE};{statuses.DUPLICATE_BILL}"
            self._owe_result(submission, code, known.control_number)
            return
        code = rules.check_submission(submission, datetime.now(EAT))
        number = self._free_control_number(bill.sp_code) if code == statuses.SUCCESS else ""
        if number:
            self.store.add_bill(_known_bill(submission, number))
        self._owe_result(submission, code, number)

    def _owe_result(self, submission: BillSubmission, code: str, number: str) -> None:
        held = bool(number) and bool(self.faults.take("payment_before_control_number"))
        bill_id = submission.bills[0].bill_id
        self._owe(bill_id, BILLS_PATH, _result_of(submission, code, number), held=held)

    def _owe(self, bill_id: str, path: str, message: Message, *, held: bool = False) -> None:
        due_at = None if held else time.time() + float(self.faults.take("delay_seconds") or 0)
        self.store.owe_callback(bill_id, path, message.to_xml(), due_at=due_at)

    def _free_control_number(self, sp_code: str) -> str:
        prefix = sp_code.removeprefix("SP").rjust(5, "9")[-5:]
        while True:
            number = f"{prefix}{secrets.randbelow(10**7):07d}"
            if self.store.bill_with_number(number) is None:
                return number

    def _ack(self, request_id: str, code: str) -> bytes:
        ack = BillSubmissionAck(
            ack_id=_identifier("GW"),
            request_id=request_id,
            status_code=code,
            status_text=statuses.sentence_for(code),
        )
        return seal(ack, self.signer)

    def _cancelled(self, request_id: str, bill_id: str, code: str) -> bytes:
        done = code == statuses.BILL_CANCELLED
        result = CancellationResult(
            result_id=_identifier("GW"),
            request_id=request_id,
            group_bill_id=bill_id,
            outcome=Outcome.SUCCESS if done else Outcome.FAILURE,
            status_code=code,
            status_text=statuses.sentence_for(code),
        )
        return seal(result, self.signer)


def _identifier(prefix: str) -> str:
    return f"{prefix}{datetime.now(EAT):%Y%m%d%H%M%S}{secrets.randbelow(10**6):06d}"


def _known_bill(submission: BillSubmission, number: str) -> KnownBill:
    bill = submission.bills[0]
    return KnownBill(
        bill_id=bill.bill_id,
        sp_code=bill.sp_code,
        control_number=number,
        amount=bill.amount,
        paid=Decimal(0),
        currency=bill.currency,
        payment_option=bill.payment_option,
        expires_at=bill.expires_at,
        description=bill.description,
        payer_name=bill.customer_name,
        payer_phone=bill.customer_phone,
        payer_email=bill.customer_email,
        is_cancelled=False,
    )


def _result_of(submission: BillSubmission, code: str, number: str) -> BillResult:
    sentence = statuses.sentence_for(code)
    return BillResult(
        header=BillResultHeader(
            result_id=_identifier("RS"),
            request_id=submission.header.request_id,
            group_bill_id=submission.header.group_bill_id,
            customer_control_number=number,
            outcome=Outcome.SUCCESS if number else Outcome.FAILURE,
            status_code=code,
            status_text=sentence,
        ),
        bills=tuple(
            BillResultDetail(bill_id=bill.bill_id, control_number=number, status_code=code, status_text=sentence)
            for bill in submission.bills
        ),
    )


def _payment_of(bill: KnownBill, amount: Decimal, channel_code: str, now: datetime) -> Paid:
    return Paid(
        receipt_id=f"9{now:%y%m%d}{secrets.randbelow(10**8):08d}",
        transaction_id=f"{channel_code.upper()[:2]}{secrets.token_hex(5).upper()}",
        control_number=bill.control_number,
        bill_id=bill.bill_id,
        amount=amount,
        currency=bill.currency,
        channel=channel_code,
    )


def _notice_of(bill: KnownBill, paid: Paid, now: datetime) -> PaymentNotice:
    channel = CHANNELS[paid.channel]
    return PaymentNotice(
        header=PaymentHeader(
            request_id=_identifier("PN"),
            group_bill_id=bill.bill_id,
            sp_group_code=bill.sp_code,
            customer_control_number=bill.control_number,
            entry_count="1",
        ),
        payments=(
            PaymentDetail(
                sp_code=bill.sp_code,
                bill_id=bill.bill_id,
                control_number=bill.control_number,
                psp_code=channel.psp_code,
                psp_name=channel.name,
                transaction_id=paid.transaction_id,
                receipt_id=paid.receipt_id,
                bill_amount=bill.amount,
                paid_amount=paid.amount,
                payment_option=bill.payment_option,
                currency=bill.currency,
                account=COLLECTION_ACCOUNT,
                paid_at=now,
                channel=channel.way,
                payer_phone=bill.payer_phone,
                payer_email=bill.payer_email,
                payer_name=bill.payer_name,
            ),
        ),
    )

"""The messages of GePG version 5 (paths "20") that a service provider and the gateway exchange.

Submission:    billSubReq -> billSubReqAck, later billSubRes -> billSubResAck
Payment:       pmtSpNtfReq -> pmtSpNtfReqAck
Cancellation:  billCanclReq -> billCanclRes, at once
"""

# ruff: noqa: RUF009 - the field functions are dataclasses.field() with a tag

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from lxml import etree

from payments.gateway import elements as wire
from payments.gateway.elements import MalformedMessage, Message, Record


class BillType(StrEnum):
    NORMAL = "1"
    COMBINED = "2"


class PayType(StrEnum):
    ALL_AT_ONCE = "1"
    ANY_ONE = "2"


class CustomerIdType(StrEnum):
    NATIONAL_ID = "1"
    DRIVING_LICENCE = "2"
    TIN = "3"
    WALLET = "4"
    OTHER = "5"  # undocumented, but what live service providers send for everything else


class PaymentOption(StrEnum):
    FULL = "1"  # one instalment, at least the amount
    PARTIAL = "2"  # several instalments, the last may exceed
    EXACT = "3"  # one instalment of exactly the amount


class Outcome(StrEnum):
    SUCCESS = "GS"
    FAILURE = "GF"


@dataclass(frozen=True, kw_only=True)
class BillItem(Record):
    bill_id: str = wire.text("RefBillId", limit=100)
    sub_sp_code: str = wire.text("SubSpCode", limit=10)
    gfs_code: str = wire.text("GfsCode", limit=20)
    reference: str = wire.text("BillItemRef", limit=50)
    use_reference_on_pay: str = wire.text("UseItemRefOnPay", limit=1)
    amount: Decimal = wire.amount("BillItemAmt")
    equivalent_amount: Decimal = wire.amount("BillItemEqvAmt")
    collecting_sp: str = wire.text("CollSp", limit=10)


@dataclass(frozen=True, kw_only=True)
class BillDetail(Record):
    bill_id: str = wire.text("BillId", limit=100)
    sp_code: str = wire.text("SpCode", limit=10)
    collection_centre: str = wire.text("CollCentCode", limit=20)
    description: str = wire.text("BillDesc", limit=500)
    customer_tin: str = wire.text("CustTin", limit=20, optional=True)
    customer_id: str = wire.text("CustId", limit=50)
    customer_id_type: str = wire.text("CustIdTyp", limit=2)
    customer_account: str = wire.text("CustAccnt", limit=50, optional=True)
    customer_name: str = wire.text("CustName", limit=200)
    customer_phone: str = wire.text("CustCellNum", limit=12, optional=True)
    customer_email: str = wire.text("CustEmail", limit=150, optional=True)
    generated_at: datetime = wire.moment("BillGenDt")
    expires_at: datetime = wire.moment("BillExprDt")
    generated_by: str = wire.text("BillGenBy", limit=30)
    approved_by: str = wire.text("BillApprBy", limit=30)
    amount: Decimal = wire.amount("BillAmt")
    equivalent_amount: Decimal = wire.amount("BillEqvAmt")
    minimum_amount: Decimal = wire.amount("MinPayAmt")
    currency: str = wire.text("Ccy", limit=3)
    exchange_rate: Decimal = wire.amount("ExchRate")
    payment_option: str = wire.text("BillPayOpt", limit=1)
    pay_plan: str = wire.text("PayPlan", limit=1)
    limit_type: str = wire.text("PayLimTyp", limit=1)
    limit_amount: Decimal = wire.amount("PayLimAmt")
    collecting_psp: str = wire.text("CollPsp", limit=20, optional=True)
    reused_control_number: str = wire.text("BillCntrNum", limit=13, left_out_when_empty=True)
    reuse_reason: str = wire.text("ReuseReasn", limit=200, left_out_when_empty=True)
    items: tuple[BillItem, ...] = wire.many("BillItems", "BillItem", BillItem)


@dataclass(frozen=True, kw_only=True)
class SubmissionHeader(Record):
    request_id: str = wire.text("ReqId", limit=100)
    sp_group_code: str = wire.text("SpGrpCode", limit=10)
    system_code: str = wire.text("SysCode", limit=10)
    bill_type: str = wire.text("BillTyp", limit=1)
    pay_type: str = wire.text("PayTyp", limit=1)
    group_bill_id: str = wire.text("GrpBillId", limit=100)
    customer_control_number: str = wire.text("CustCntrNum", limit=13, left_out_when_empty=True)


@dataclass(frozen=True, kw_only=True)
class BillSubmission(Message):
    TAG: ClassVar[str] = "billSubReq"
    header: SubmissionHeader = wire.one("BillHdr", SubmissionHeader)
    bills: tuple[BillDetail, ...] = wire.many("BillDtls", "BillDtl", BillDetail)


@dataclass(frozen=True, kw_only=True)
class BillSubmissionAck(Message):
    TAG: ClassVar[str] = "billSubReqAck"
    ack_id: str = wire.text("AckId", limit=100)
    request_id: str = wire.text("ReqId", limit=100, optional=True)
    status_code: str = wire.text("AckStsCode", limit=100)
    status_text: str = wire.text("AckStsDesc", optional=True)


@dataclass(frozen=True, kw_only=True)
class BillResultHeader(Record):
    result_id: str = wire.text("ResId", limit=100)
    request_id: str = wire.text("ReqId", limit=100)
    group_bill_id: str = wire.text("GrpBillId", limit=100, optional=True)
    customer_control_number: str = wire.text("CustCntrNum", limit=13, optional=True)
    outcome: str = wire.text("ResSts", limit=2)
    status_code: str = wire.text("ResStsCode", limit=100)
    status_text: str = wire.text("ResStsDesc", optional=True)


@dataclass(frozen=True, kw_only=True)
class BillResultDetail(Record):
    bill_id: str = wire.text("BillId", limit=100)
    control_number: str = wire.text("BillCntrNum", limit=13, optional=True)
    status_code: str = wire.text("BillStsCode", limit=100)
    status_text: str = wire.text("BillStsDesc", optional=True)


@dataclass(frozen=True, kw_only=True)
class BillResult(Message):
    TAG: ClassVar[str] = "billSubRes"
    header: BillResultHeader = wire.one("BillHdr", BillResultHeader)
    bills: tuple[BillResultDetail, ...] = wire.many("BillDtls", "BillDtl", BillResultDetail)


@dataclass(frozen=True, kw_only=True)
class BillResultAck(Message):
    TAG: ClassVar[str] = "billSubResAck"
    ack_id: str = wire.text("AckId", limit=100)
    result_id: str = wire.text("ResId", limit=100, optional=True)
    status_code: str = wire.text("AckStsCode", limit=100)


@dataclass(frozen=True, kw_only=True)
class PaymentHeader(Record):
    request_id: str = wire.text("ReqId", limit=100)
    group_bill_id: str = wire.text("GrpBillId", limit=100, optional=True)
    sp_group_code: str = wire.text("SpGrpCode", limit=10, optional=True)
    customer_control_number: str = wire.text("CustCntrNum", limit=13, optional=True)
    entry_count: str = wire.text("EntryCnt", limit=6)


@dataclass(frozen=True, kw_only=True)
class PaymentDetail(Record):
    sp_code: str = wire.text("SpCode", limit=10)
    bill_id: str = wire.text("BillId", limit=100, optional=True)
    control_number: str = wire.text("BillCtrNum", limit=13, optional=True)  # Ctr here, Cntr in billSubRes
    psp_code: str = wire.text("PspCode", limit=50)
    psp_name: str = wire.text("PspName", limit=100, optional=True)
    transaction_id: str = wire.text("TrxId", limit=100)
    receipt_id: str = wire.text("PayRefId", limit=100)
    bill_amount: Decimal = wire.amount("BillAmt")
    paid_amount: Decimal = wire.amount("PaidAmt")
    payment_option: str = wire.text("BillPayOpt", limit=1, optional=True)
    currency: str = wire.text("Ccy", limit=3)
    account: str = wire.text("CollAccNum", limit=50, optional=True)
    paid_at: datetime = wire.moment("TrxDtTm")
    channel: str = wire.text("UsdPayChnl", limit=50, optional=True)
    third_party_id: str = wire.text("TrdPtyTrxId", limit=100, optional=True)
    quote_id: str = wire.text("QtRefId", limit=100, optional=True)
    payer_phone: str = wire.text("PyrCellNum", limit=20, optional=True)
    payer_email: str = wire.text("PyrEmail", limit=150, optional=True)
    payer_name: str = wire.text("PyrName", limit=200, optional=True)
    reserved_1: str = wire.text("Rsv1", optional=True)
    reserved_2: str = wire.text("Rsv2", optional=True)
    reserved_3: str = wire.text("Rsv3", optional=True)


@dataclass(frozen=True, kw_only=True)
class PaymentNotice(Message):
    TAG: ClassVar[str] = "pmtSpNtfReq"
    header: PaymentHeader = wire.one("PmtHdr", PaymentHeader)
    payments: tuple[PaymentDetail, ...] = wire.many("PmtDtls", "PmtTrxDtl", PaymentDetail)


@dataclass(frozen=True, kw_only=True)
class PaymentNoticeAck(Message):
    TAG: ClassVar[str] = "pmtSpNtfReqAck"
    ack_id: str = wire.text("AckId", limit=100)
    request_id: str = wire.text("ReqId", limit=100, optional=True)
    status_code: str = wire.text("AckStsCode", limit=100)


@dataclass(frozen=True, kw_only=True)
class Cancellation(Message):
    TAG: ClassVar[str] = "billCanclReq"
    request_id: str = wire.text("ReqId", limit=100)
    sp_group_code: str = wire.text("SpGrpCode", limit=10)
    system_code: str = wire.text("SysCode", limit=10)
    bill_type: str = wire.text("BillTyp", limit=1)
    group_bill_id: str = wire.text("GrpBillId", limit=100)
    generated_by: str = wire.text("CanclGenBy", limit=30)
    approved_by: str = wire.text("CanclApprBy", limit=30)
    reason: str = wire.text("CanclReasn", limit=200)


@dataclass(frozen=True, kw_only=True)
class CancellationResult(Message):
    TAG: ClassVar[str] = "billCanclRes"
    result_id: str = wire.text("ResId", limit=100)
    request_id: str = wire.text("ReqId", limit=100, optional=True)
    group_bill_id: str = wire.text("GrpBillId", limit=100, optional=True)
    outcome: str = wire.text("CanclSts", limit=2, optional=True)
    status_code: str = wire.text("CanclStsCode", limit=100)
    status_text: str = wire.text("CanclStsDesc", optional=True)


MESSAGES: dict[str, type[Message]] = {
    message.TAG: message
    for message in (
        BillSubmission,
        BillSubmissionAck,
        BillResult,
        BillResultAck,
        PaymentNotice,
        PaymentNoticeAck,
        Cancellation,
        CancellationResult,
    )
}


def read_message(element: etree._Element) -> Message:
    try:
        return MESSAGES[element.tag].read_from(element)
    except KeyError:
        raise MalformedMessage(f"{element.tag} is not a message of this protocol.") from None

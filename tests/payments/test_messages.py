"""Messages to XML and back, with the tags and the order of the protocol."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from payments.gateway.elements import MalformedMessage
from payments.gateway.messages import (
    BillDetail,
    BillItem,
    BillResult,
    BillSubmission,
    Cancellation,
    PaymentNotice,
    SubmissionHeader,
    read_message,
)

ISSUED = datetime(2026, 7, 7, 6, 0, tzinfo=UTC)
EXPIRES = datetime(2026, 8, 6, 6, 0, tzinfo=UTC)

SUBMISSION = (
    "<billSubReq><BillHdr><ReqId>R1</ReqId><SpGrpCode>SP99001</SpGrpCode><SysCode>HUDUMA001</SysCode>"
    "<BillTyp>1</BillTyp><PayTyp>2</PayTyp><GrpBillId>B1</GrpBillId></BillHdr><BillDtls><BillDtl><BillId>B1</BillId>"
    "<SpCode>SP99001</SpCode><CollCentCode>CC1000000099001</CollCentCode><BillDesc>Cheti &amp; nakala</BillDesc>"
    "<CustTin></CustTin><CustId>B1</CustId><CustIdTyp>5</CustIdTyp><CustAccnt></CustAccnt>"
    "<CustName>Asha Ng'wanza Ö</CustName><CustCellNum>255754000001</CustCellNum><CustEmail></CustEmail>"
    "<BillGenDt>2026-07-07T09:00:00</BillGenDt><BillExprDt>2026-08-06T09:00:00</BillExprDt><BillGenBy>x</BillGenBy>"
    "<BillApprBy>y</BillApprBy><BillAmt>12500000.00</BillAmt><BillEqvAmt>12500000.00</BillEqvAmt>"
    "<MinPayAmt>12500000.00</MinPayAmt><Ccy>TZS</Ccy><ExchRate>1.00</ExchRate><BillPayOpt>3</BillPayOpt>"
    "<PayPlan>1</PayPlan><PayLimTyp>1</PayLimTyp><PayLimAmt>0.00</PayLimAmt><CollPsp></CollPsp><BillItems><BillItem>"
    "<RefBillId>B1</RefBillId><SubSpCode>1001</SubSpCode><GfsCode>140101</GfsCode><BillItemRef>B1-1</BillItemRef>"
    "<UseItemRefOnPay>N</UseItemRefOnPay><BillItemAmt>12500000.00</BillItemAmt>"
    "<BillItemEqvAmt>12500000.00</BillItemEqvAmt><CollSp>SP99001</CollSp></BillItem></BillItems></BillDtl></BillDtls>"
    "</billSubReq>"
)


def submission() -> BillSubmission:
    amount = Decimal("1.25E7")
    item = BillItem(
        bill_id="B1", sub_sp_code="1001", gfs_code="140101", reference="B1-1", use_reference_on_pay="N",
        amount=amount, equivalent_amount=amount, collecting_sp="SP99001",
    )  # fmt: skip
    detail = BillDetail(
        bill_id="B1", sp_code="SP99001", collection_centre="CC1000000099001", description="Cheti & nakala",
        customer_id="B1", customer_id_type="5", customer_name="Asha Ng'wanza Ö\x00\x0b", customer_phone="255754000001",
        generated_at=ISSUED, expires_at=EXPIRES, generated_by="x", approved_by="y", amount=amount,
        equivalent_amount=amount, minimum_amount=amount, currency="TZS", exchange_rate=Decimal(1),
        payment_option="3", pay_plan="1", limit_type="1", limit_amount=Decimal(0), items=(item,),
    )  # fmt: skip
    header = SubmissionHeader(
        request_id="R1", sp_group_code="SP99001", system_code="HUDUMA001", bill_type="1", pay_type="2",
        group_bill_id="B1",
    )  # fmt: skip
    return BillSubmission(header=header, bills=(detail,))


def read(xml: str) -> object:
    return read_message(etree.fromstring(xml))


def test_a_submission_has_the_tags_and_the_order_of_the_protocol() -> None:
    assert submission().to_xml().decode() == SUBMISSION


def test_a_submission_reads_back_as_it_was_sent() -> None:
    message = read(SUBMISSION)

    assert message.bills[0].customer_name == "Asha Ng'wanza Ö"
    assert message.bills[0].amount == Decimal("12500000.00")
    assert message.bills[0].expires_at == EXPIRES
    assert message.to_xml().decode() == SUBMISSION


def test_elements_are_found_by_name_in_any_order_and_unknown_ones_are_ignored() -> None:
    message = read(
        "<billSubRes><New>1</New><BillDtls><BillDtl><BillStsCode>7101</BillStsCode><BillCntrNum> 990012345678 "
        "</BillCntrNum><BillId>B1</BillId></BillDtl></BillDtls><BillHdr><ResStsCode>7101</ResStsCode>"
        "<ResSts>GS</ResSts><ReqId>Q</ReqId><ResId>R</ResId></BillHdr></billSubRes>"
    )

    assert isinstance(message, BillResult)
    assert message.bills[0].control_number == "990012345678"
    assert message.header.group_bill_id == ""


def test_one_notice_may_hold_several_payments() -> None:
    entry = (
        "<PmtTrxDtl><SpCode>SP99001</SpCode><BillId>B{0}</BillId><BillCtrNum>99001234567{0}</BillCtrNum>"
        "<PspCode>P</PspCode><TrxId>T{0}</TrxId><PayRefId>R{0}</PayRefId><BillAmt>10</BillAmt><PaidAmt>10.00</PaidAmt>"
        "<Ccy>TZS</Ccy><TrxDtTm>2026-07-07T09:00:00:920</TrxDtTm></PmtTrxDtl>"
    )
    message = read(
        "<pmtSpNtfReq><PmtHdr><ReqId>N</ReqId><EntryCnt>2</EntryCnt></PmtHdr><PmtDtls>"
        f"{entry.format(1)}{entry.format(2)}</PmtDtls></pmtSpNtfReq>"
    )

    assert isinstance(message, PaymentNotice)
    assert [payment.receipt_id for payment in message.payments] == ["R1", "R2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<ReqId>R1</ReqId>", ""),
        ("<ReqId>R1</ReqId>", "<ReqId>R1</ReqId><ReqId>R2</ReqId>"),
        ("<ReqId>R1</ReqId>", "<ReqId></ReqId>"),
        ("<ReqId>R1</ReqId>", "<ReqId>R<b>1</b></ReqId>"),
        ("<ReqId>R1</ReqId>", f"<ReqId>{'R' * 101}</ReqId>"),
        ("<BillAmt>12500000.00</BillAmt>", "<BillAmt>1.25E7</BillAmt>"),
        ("<BillExprDt>2026-08-06T09:00:00</BillExprDt>", "<BillExprDt>6 August</BillExprDt>"),
        ("</BillItems>", "</BillItems><BillItems><BillItem/></BillItems>"),
        ("billSubReq>", "unknownMessage>"),
    ],
)
def test_what_does_not_fit_the_protocol_is_malformed(before: str, after: str) -> None:
    with pytest.raises(MalformedMessage):
        read(SUBMISSION.replace(before, after))


def test_a_value_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(MalformedMessage):
        Cancellation(
            request_id="R", sp_group_code="SP99001", system_code="S", bill_type="1", group_bill_id="B",
            generated_by="x" * 31, approved_by="y", reason="z",
        ).to_xml()  # fmt: skip

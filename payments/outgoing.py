"""The messages that a bill becomes on its way to the gateway."""

import re
from decimal import Decimal

from django.conf import settings

from payments.gateway.messages import (
    BillDetail,
    BillItem,
    BillSubmission,
    BillType,
    Cancellation,
    CustomerIdType,
    PaymentOption,
    PayType,
    SubmissionHeader,
)
from payments.models import Bill, BillLine, GatewayRequest

PORTAL = "Huduma portal"  # BillGenBy and BillApprBy: at most 30 characters
POST_PAID = "1"
NO_LIMIT = "1"
SMALLEST_INSTALMENT = Decimal("0.01")
_LOCAL_PHONE = re.compile(r"255\d{9}\Z", re.ASCII)


def submission_of(bill: Bill, *, request_id: str) -> BillSubmission:
    header = SubmissionHeader(
        request_id=request_id,
        sp_group_code=settings.GEPG_SP_GROUP_CODE,
        system_code=settings.GEPG_SYSTEM_CODE,
        bill_type=BillType.NORMAL,
        pay_type=PayType.ANY_ONE,
        group_bill_id=bill.number,
    )
    return BillSubmission(header=header, bills=(_detail_of(bill),))


def cancellation_of(request: GatewayRequest, *, request_id: str) -> Cancellation:
    return Cancellation(
        request_id=request_id,
        sp_group_code=settings.GEPG_SP_GROUP_CODE,
        system_code=settings.GEPG_SYSTEM_CODE,
        bill_type=BillType.NORMAL,
        group_bill_id=request.bill.number,
        generated_by=PORTAL,
        approved_by=PORTAL,
        reason=request.reason,
    )


def sp_code_of(bill: Bill) -> str:
    return bill.institution.gepg_sp_code or settings.GEPG_SP_CODE


def _detail_of(bill: Bill) -> BillDetail:
    phone = bill.payer_phone.removeprefix("+")
    reachable_by_phone = bool(_LOCAL_PHONE.match(phone))
    in_parts = bill.payment_option == PaymentOption.PARTIAL
    return BillDetail(
        bill_id=bill.number,
        sp_code=sp_code_of(bill),
        collection_centre=settings.GEPG_COLLECTION_CENTRE,
        description=bill.description,
        customer_id=bill.number,  # never the NIN: the number of the bill identifies its payer well enough
        customer_id_type=CustomerIdType.OTHER,
        customer_name=bill.payer_name,
        customer_phone=phone if reachable_by_phone else "",
        customer_email=bill.payer_email or ("" if reachable_by_phone else settings.DEFAULT_FROM_EMAIL),
        generated_at=bill.issued_at,
        expires_at=bill.expires_at,
        generated_by=PORTAL,
        approved_by=PORTAL,
        amount=bill.amount,
        equivalent_amount=bill.amount,
        minimum_amount=SMALLEST_INSTALMENT if in_parts else bill.amount,
        currency=bill.currency,
        exchange_rate=Decimal(1),
        payment_option=bill.payment_option,
        pay_plan=POST_PAID,
        limit_type=NO_LIMIT,
        limit_amount=Decimal(0),
        items=tuple(_item_of(bill, line) for line in bill.lines.all()),
    )


def _item_of(bill: Bill, line: BillLine) -> BillItem:
    return BillItem(
        bill_id=bill.number,
        sub_sp_code=settings.GEPG_SUB_SP_CODE,
        gfs_code=line.gfs_code,
        reference=f"{bill.number}-{line.pk}",
        use_reference_on_pay="N",
        amount=line.amount,
        equivalent_amount=line.amount,
        collecting_sp=sp_code_of(bill),
    )

"""The text of the QR code on a bill, as the wallets' apps read it: JSON, not EMVCo."""

import json

from django.utils import timezone

from payments.gateway.amounts import write_amount
from payments.models import Bill

MAINLAND = "001001"
PAY_A_BILL = "2"


def qr_text_of(bill: Bill) -> str:
    return json.dumps(
        {
            "opType": PAY_A_BILL,
            "shortCode": MAINLAND,
            "billReference": bill.control_number,
            "amount": write_amount(bill.outstanding.amount),
            "billCcy": bill.currency,
            "billExprDt": f"{timezone.localtime(bill.expires_at):%Y-%m-%d}",
            "billPayOpt": bill.payment_option,
            "billRsv01": f"{bill.institution.code}|{bill.payer_name}",
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )

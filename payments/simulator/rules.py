"""What the gateway checks before it takes a bill or a payment. Each answer is a status code."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from payments.gateway import statuses
from payments.gateway.messages import BillDetail, BillSubmission, BillType, PaymentOption
from payments.simulator.store import KnownBill

COMMUNICATIONS = {"default.sp.in", "changebill.sp.in", "reusebill.sp.in"}
_PHONE = re.compile(r"255\d{9}\Z", re.ASCII)
_GFS = re.compile(r"\d{6,12}\Z", re.ASCII)


def check_headers(headers: Mapping[str, str]) -> str:
    if not (headers.get("Gepg-Com") and headers.get("Gepg-Code")):
        return statuses.HEADER_MISSING
    if headers["Gepg-Com"] not in COMMUNICATIONS:
        return statuses.PROTOCOL_INACTIVE
    return statuses.SUCCESS


def check_sender(headers: Mapping[str, str], sp_group_code: str, known_sp_code: str) -> str:
    if headers["Gepg-Code"] != sp_group_code:
        return statuses.CODE_MISMATCH
    return statuses.SUCCESS if sp_group_code == known_sp_code else statuses.SP_INVALID


def check_submission(submission: BillSubmission, now: datetime) -> str:
    if submission.header.bill_type != BillType.NORMAL or len(submission.bills) != 1:
        return statuses.REQUEST_INVALID
    return check_bill(submission.bills[0], now)


def check_bill(bill: BillDetail, now: datetime) -> str:
    items = bill.items
    problems = {
        "7224": bill.amount <= 0,
        "7219": bill.currency not in {"TZS", "USD"},
        "7234": bill.payment_option not in {"1", "2", "3", "4", "5"},
        "7217": not (bill.customer_phone or bill.customer_email),
        "7268": bool(bill.customer_phone) and not _PHONE.match(bill.customer_phone),
        "7267": bool(bill.customer_email) and "@" not in bill.customer_email,
        "7223": not all(_GFS.match(item.gfs_code) for item in items),
        "7230": bill.generated_at > now + timedelta(days=1),
        statuses.EXPIRY_INVALID: bill.expires_at <= now,
        "7255": any(item.amount <= 0 for item in items),
        statuses.ITEMS_DO_NOT_ADD_UP: sum(item.amount for item in items) != bill.amount,
        "7259": sum(item.equivalent_amount for item in items) != bill.equivalent_amount,
    }
    return next((code for code, is_wrong in problems.items() if is_wrong), statuses.SUCCESS)


def check_payment(bill: KnownBill, amount: Decimal, now: datetime) -> str:
    problems = {
        statuses.BILL_CANCELLED: bill.is_cancelled,
        statuses.BILL_SETTLED: bill.is_settled,
        statuses.BILL_EXPIRED: bill.expires_at <= now,
        statuses.AMOUNT_INSUFFICIENT: amount <= 0
        or (bill.payment_option == PaymentOption.FULL and amount < bill.amount),
        statuses.AMOUNT_NOT_EXACT: bill.payment_option == PaymentOption.EXACT and amount != bill.amount,
    }
    return next((code for code, is_wrong in problems.items() if is_wrong), statuses.SUCCESS)


def check_cancellation(bill: KnownBill | None) -> str:
    if bill is None:
        return statuses.BILL_UNKNOWN
    if bill.is_settled:
        return statuses.BILL_SETTLED
    return statuses.PAID_IN_PART if bill.paid else statuses.BILL_CANCELLED

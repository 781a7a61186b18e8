"""Every change of a bill. No function here talks to the network: what must be said is a GatewayRequest."""

from payments.actions.bills import Line, cancel_bill, cancel_bills_for, expire_bill, issue_bill
from payments.actions.payments import record_payment
from payments.actions.results import record_control_number, record_refusal

__all__ = [
    "Line",
    "cancel_bill",
    "cancel_bills_for",
    "expire_bill",
    "issue_bill",
    "record_control_number",
    "record_payment",
    "record_refusal",
]

"""What the gateway made of a bill: a control number, or a refusal."""

import logging

from django.db import IntegrityError, transaction

from payments import verbs
from payments.actions.moves import lock, move
from payments.gateway import statuses
from payments.gateway.control_numbers import is_control_number
from payments.models import Bill, GatewayRequest
from payments.states import may
from portal.audit import record

logger = logging.getLogger(__name__)


@transaction.atomic
def record_control_number(*, number: str, control_number: str) -> bool:
    """True when the bill carries this control number now: a repeat is as good as the first time.

    A bill keeps the first number that it was given, and two bills never share one.
    """
    bill = lock(number)
    if bill.control_number is None and is_control_number(control_number):
        _give(bill, control_number)
    if bill.control_number != control_number:
        logger.error("control_number_not_recorded", extra={"bill": number, "reason": "differs_or_taken"})
        return False
    _close_submission(bill, GatewayRequest.State.DONE)
    return True


@transaction.atomic
def record_refusal(*, number: str, code: str) -> bool:
    """True when the bill is refused now. A bill that has a control number meanwhile stays as it is."""
    bill = lock(number)
    if not may("refuse", bill.state):
        return False
    bill.refusal_code = statuses.telling_code(code)[:10]
    move(bill, "refuse", verbs.REFUSED, code=bill.refusal_code)
    _close_submission(bill, GatewayRequest.State.REFUSED, problem=bill.refusal_code)
    return True


def _give(bill: Bill, control_number: str) -> None:
    try:
        with transaction.atomic():
            bill.control_number = control_number
            if may("receive_control_number", bill.state):
                bill.refusal_code = ""
                move(bill, "receive_control_number", verbs.PAYABLE, control_number=control_number)
            else:  # the money was quicker, or the bill was closed meanwhile
                bill.save(update_fields=["control_number"])
                record(verbs.PAYABLE, bill, control_number=control_number)
    except IntegrityError:  # the number belongs to another bill
        bill.refresh_from_db()


def _close_submission(bill: Bill, state: GatewayRequest.State, *, problem: str = "") -> None:
    bill.requests.filter(kind=GatewayRequest.Kind.SUBMISSION).update(state=state, problem=problem)

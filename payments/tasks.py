"""Celery tasks: thin shells that carry requests to the gateway and pick up what was lost."""

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from payments.actions import expire_bill
from payments.actions.callbacks import handle_callback
from payments.actions.requests import OPEN_STATES, begin_attempt, record_answer, record_silence
from payments.gateway.client import GatewayClient, GatewayUnreachable
from payments.gateway.signature import Verdict
from payments.models import Bill, GatewayMessage, GatewayRequest
from payments.states import AWAITING, PAYABLE

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 200


@shared_task(name="payments.submit_bill")
def submit_bill(request_pk: int) -> bool:
    """Carry one request to the gateway. Safe to run twice: what is answered or not yet due is skipped.

    No transaction is open while the gateway is spoken to.
    """
    attempt = begin_attempt(request_pk=request_pk)
    if attempt is None:
        return False
    client = GatewayClient(settings.GEPG_BASE_URL, settings.GEPG_SP_GROUP_CODE, settings.GEPG_TIMEOUT_SECONDS)
    try:
        answer = client.post(attempt.path, attempt.body, communication=attempt.communication)
    except GatewayUnreachable as error:
        record_silence(attempt=attempt, problem=str(error))
        return False
    record_answer(attempt=attempt, answer=answer)
    return True


@shared_task(name="payments.sweep_bills")
def sweep_bills() -> int:
    """Requests whose time has come, callbacks that were stored but not finished, bills past their date."""
    return _send_due_requests() + _finish_callbacks() + _expire_bills()


def _send_due_requests() -> int:
    due = GatewayRequest.objects.filter(state__in=OPEN_STATES, due_at__lte=timezone.now())
    pks = list(due.order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    # Here and not by further tasks: a broker that loses messages is one reason for this sweep.
    return sum(_alone(submit_bill, pk) for pk in pks)


def _finish_callbacks() -> int:
    left = GatewayMessage.objects.filter(
        direction=GatewayMessage.Direction.INCOMING, verdict=Verdict.VALID, handled_at=None
    )
    pks = list(left.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_alone(lambda pk: handle_callback(pk=pk), pk) for pk in pks)


def _expire_bills() -> int:
    past = Bill.objects.filter(Q(state=AWAITING) | Q(state=PAYABLE), expires_at__lte=timezone.now())
    numbers = list(past.order_by("pk").values_list("number", flat=True)[:MOST_AT_ONCE])
    return sum(_alone(lambda number: expire_bill(number=number), number) for number in numbers)


def _alone(act: Callable[[Any], object], item: int | str) -> bool:
    """One that fails does not keep the others from their turn."""
    try:
        return bool(act(item))
    except Exception:
        logger.exception("sweep_item_failed", extra={"item": item})
        return False

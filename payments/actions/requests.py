"""Requests to the gateway: written with the change that causes them, sent by a worker, answered or given up.

The worker calls `begin_attempt`, posts what it returns, and reports with `record_answer` or `record_silence`.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from celery import signature
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments import keys, verbs
from payments.actions.moves import lock
from payments.actions.results import record_refusal
from payments.gateway import statuses
from payments.gateway.client import Answer
from payments.gateway.elements import MalformedMessage, Message
from payments.gateway.envelope import open_envelope, seal
from payments.gateway.messages import BillSubmissionAck, CancellationResult
from payments.gateway.signature import Verdict
from payments.gateway.statuses import Consequence
from payments.models import Bill, GatewayMessage, GatewayRequest
from payments.outgoing import cancellation_of, submission_of
from payments.states import AWAITING
from portal.audit import record

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 80  # with the waits below about three days
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
RESULT_WAIT = timedelta(minutes=10)
"""When no control number follows an ack in this time, the bill is sent again: the gateway then repeats it."""
SILENCE = "silence"  # in place of a status code: no answer that is surely the gateway's
SILENCES_BEFORE_REST = 5
REST = timedelta(minutes=1)

State, Kind = GatewayRequest.State, GatewayRequest.Kind
OPEN_STATES = (State.WAITING, State.ACKNOWLEDGED)
_COMMUNICATION = {Kind.SUBMISSION: "default.sp.in", Kind.CANCELLATION: "changebill.sp.in"}


@dataclass(frozen=True)
class Attempt:
    request_pk: int
    message_pk: int
    path: str
    communication: str
    body: bytes


def request_exchange(bill: Bill, kind: GatewayRequest.Kind, *, reason: str = "") -> GatewayRequest:
    request = GatewayRequest.objects.create(bill=bill, kind=kind, reason=reason[:200] or "-")

    def kick() -> None:
        """By name, since tasks stand above actions. With the broker down the sweep finds the row."""
        signature("payments.submit_bill", args=[request.pk]).delay()

    transaction.on_commit(kick, robust=True)
    return request


@transaction.atomic
def begin_attempt(*, request_pk: int) -> Attempt | None:
    """Claim the request and store the signed message about to be sent. None when there is nothing to do."""
    request = _claim(request_pk)
    if request is None or _is_needless(request):
        return None
    if _gateway_rests():
        _put_off(request, "resting", wait=REST)
        return None
    request.attempts += 1
    # Should this worker die, another may try once the answer can no longer come.
    request.due_at = timezone.now() + timedelta(seconds=2 * settings.GEPG_TIMEOUT_SECONDS + 30)
    request.save(update_fields=["attempts", "due_at"])
    message = _message_for(request)
    body = seal(message, keys.signer())
    row = GatewayMessage.objects.create(
        direction=GatewayMessage.Direction.OUTGOING,
        kind=message.TAG,
        raw=body,
        verdict=Verdict.VALID,
        bill=request.bill,
    )
    kind = Kind(request.kind)
    return Attempt(request.pk, row.pk, settings.GEPG_PATHS[kind.value], _COMMUNICATION[kind], body)


@transaction.atomic
def record_silence(*, attempt: Attempt, problem: str) -> None:
    """No usable answer came: nobody knows whether it was received, so it is sent again later."""
    request = _lock(attempt.request_pk)
    GatewayMessage.objects.filter(pk=attempt.message_pk).update(handled_at=timezone.now(), status_code=SILENCE)
    _put_off(request, problem)


@transaction.atomic
def record_answer(*, attempt: Attempt, answer: Answer) -> None:
    """Store the answer as it came, then act on it. One that is not surely the gateway's counts as silence."""
    request = _lock(attempt.request_pk)
    verdict, message = _read(answer)
    code = getattr(message, "status_code", "")
    now = timezone.now()
    GatewayMessage.objects.create(
        direction=GatewayMessage.Direction.INCOMING,
        kind=message.TAG if message else "",
        raw=answer.body,
        verdict=verdict,
        bill=request.bill,
        http_status=answer.http_status,
        status_code=code,
        handled_at=now,
    )
    is_heard = verdict is Verdict.VALID and message is not None
    GatewayMessage.objects.filter(pk=attempt.message_pk).update(
        http_status=answer.http_status, status_code=code if is_heard else SILENCE, handled_at=now
    )
    if not is_heard:
        _put_off(request, f"http {answer.http_status}, signature {verdict.value}")
    elif isinstance(message, CancellationResult):
        _cancellation_answered(request, code)
    else:
        _submission_answered(request, code)


def _submission_answered(request: GatewayRequest, code: str) -> None:
    if request.state not in OPEN_STATES:
        return  # the control number was quicker than the ack
    consequence = statuses.consequence_of(code)
    if consequence is Consequence.SUCCESS:
        _settle(request, State.ACKNOWLEDGED, due_at=timezone.now() + RESULT_WAIT)
    elif consequence is Consequence.RETRY:
        _put_off(request, statuses.telling_code(code))
    else:
        record_refusal(number=request.bill.number, code=code)


def _cancellation_answered(request: GatewayRequest, code: str) -> None:
    codes = set(statuses.codes_in(code))
    if codes & {statuses.BILL_CANCELLED, statuses.SUCCESS, statuses.BILL_UNKNOWN}:
        _settle(request, State.DONE)
    elif statuses.consequence_of(code) is Consequence.RETRY:
        _put_off(request, statuses.telling_code(code))
    else:
        _settle(request, State.REFUSED, problem=statuses.telling_code(code))


def _claim(request_pk: int) -> GatewayRequest | None:
    return (
        GatewayRequest.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("bill__institution")
        .filter(pk=request_pk, state__in=OPEN_STATES, due_at__lte=timezone.now())
        .first()
    )


def _lock(request_pk: int) -> GatewayRequest:
    """The bill before its request, as everywhere: a callback may be at work on both."""
    number = Bill.objects.filter(requests=request_pk).values_list("number", flat=True).get()
    bill = lock(number)
    request = GatewayRequest.objects.select_for_update(no_key=True).get(pk=request_pk)
    request.bill = bill
    return request


def _is_needless(request: GatewayRequest) -> bool:
    """A bill that is no longer awaited is not submitted; one that was never submitted is not cancelled."""
    if request.kind == Kind.SUBMISSION:
        needless = request.bill.state != AWAITING
    else:
        submission = request.bill.requests.get(kind=Kind.SUBMISSION)
        needless = submission.attempts == 0
    if needless:
        _settle(request, State.DONE)
    return needless


def _gateway_rests() -> bool:
    """Five silences in a row within a minute: let it come back before the whole queue is tried."""
    since = timezone.now() - REST
    outgoing = GatewayMessage.objects.filter(direction=GatewayMessage.Direction.OUTGOING, handled_at__gte=since)
    latest = list(outgoing.order_by("-handled_at").values_list("status_code", flat=True)[:SILENCES_BEFORE_REST])
    return latest == [SILENCE] * SILENCES_BEFORE_REST


def _message_for(request: GatewayRequest) -> Message:
    if request.kind == Kind.SUBMISSION:
        return submission_of(request.bill, request_id=f"{request.bill.number}-S{request.attempts}")
    return cancellation_of(request, request_id=f"{request.bill.number}-C{request.attempts}")


def _read(answer: Answer) -> tuple[Verdict, Message | None]:
    try:
        envelope = open_envelope(answer.body)
        verdict = keys.verifier().verdict(envelope.message, envelope.signature)
        message = envelope.read()
    except MalformedMessage:
        return Verdict.UNREADABLE, None
    return verdict, message if isinstance(message, BillSubmissionAck | CancellationResult) else None


def _put_off(request: GatewayRequest, problem: str, *, wait: timedelta | None = None) -> None:
    if request.state not in OPEN_STATES:
        return
    if request.attempts >= MOST_ATTEMPTS:
        _settle(request, State.ABANDONED, problem=problem)
        record(verbs.ABANDONED, request.bill, kind=request.kind, problem=problem)
        logger.error("gateway_request_abandoned", extra={"bill": request.bill.number, "reason": problem})
        return
    wait = wait or min(FIRST_WAIT * 2 ** min(request.attempts, 10), LONGEST_WAIT)
    _settle(request, State.WAITING, due_at=timezone.now() + wait, problem=problem)
    logger.warning("gateway_request_put_off", extra={"bill": request.bill.number, "reason": problem})


def _settle(request: GatewayRequest, state: str, *, problem: str = "", **fields: object) -> None:
    request.state, request.problem = state, problem[:100]
    for name, value in fields.items():
        setattr(request, name, value)
    request.save(update_fields=["state", "problem", *fields])

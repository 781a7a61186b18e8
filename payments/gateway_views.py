"""The gateway's callbacks: public, POST only, trusted for nothing but a valid signature.

The answer is HTTP 200 with a signed ack that carries the code. It is 5xx only when the message could not be
stored: then the gateway sends it again.
"""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import keys
from payments.actions.callbacks import handle_callback, refusal_code, store_callback
from payments.gateway import statuses
from payments.gateway.elements import Message
from payments.gateway.envelope import MAXIMUM_BYTES, seal
from payments.gateway.messages import BillResult, BillResultAck, PaymentNotice, PaymentNoticeAck

logger = logging.getLogger(__name__)
AckMaker = Callable[[str, str, str], Message]


@csrf_exempt
@login_not_required
@require_POST
def bills(request: HttpRequest) -> HttpResponse:
    return _answer(request, _result_ack)


@csrf_exempt
@login_not_required
@require_POST
def payments(request: HttpRequest) -> HttpResponse:
    return _answer(request, _payment_ack)


def _answer(request: HttpRequest, make_ack: AckMaker) -> HttpResponse:
    """Either address takes either message; the address only decides how an unreadable one is answered."""
    body = request.read(MAXIMUM_BYTES + 1)
    callback = store_callback(body=body, sender=request.META["REMOTE_ADDR"])
    code = refusal_code(callback.verdict) if callback.pk is None else _handle(callback.pk)
    ack_id = f"SP{callback.pk or 0}"
    ack: Message
    match callback.message:
        case BillResult(header=header):
            ack = _result_ack(ack_id, header.result_id, code)
        case PaymentNotice(header=header):
            ack = _payment_ack(ack_id, header.request_id, code)
        case _:
            ack = make_ack(ack_id, "", code)
    return HttpResponse(seal(ack, keys.signer()), content_type="application/xml")


def _handle(pk: int) -> str:
    try:
        return handle_callback(pk=pk)
    except Exception:
        # It is stored and signed, so it is ours now: the sweep acts on it, nobody need send it again.
        logger.exception("callback_not_handled", extra={"gateway_message": pk})
        return statuses.SUCCESS


def _result_ack(ack_id: str, result_id: str, code: str) -> BillResultAck:
    return BillResultAck(ack_id=ack_id, result_id=result_id, status_code=code)


def _payment_ack(ack_id: str, request_id: str, code: str) -> PaymentNoticeAck:
    return PaymentNoticeAck(ack_id=ack_id, request_id=request_id, status_code=code)

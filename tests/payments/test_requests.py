"""The worker that carries requests to the gateway: a real one over HTTP on this machine, good and bad days."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from payments.actions import cancel_bill, record_control_number, record_payment
from payments.actions.requests import MOST_ATTEMPTS, begin_attempt, record_answer
from payments.gateway.client import Answer
from payments.gateway.elements import Message
from payments.gateway.envelope import MAXIMUM_BYTES, open_envelope, seal
from payments.gateway.messages import BillSubmission, BillSubmissionAck, Cancellation, CancellationResult
from payments.gateway.signature import Signer, Verdict, Verifier
from payments.models import Bill, GatewayMessage, GatewayRequest
from payments.states import BillState
from payments.tasks import submit_bill, sweep_bills
from portal.models import AuditEntry

from .conftest import CONTROL_NUMBER, payment_of


@dataclass
class Counter:
    """Answers what the test puts into `answers`, one for each request; remembers what it was sent."""

    signer: Signer
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def will_say(self, message: Message, *, signer: Signer | None = None, status: int = 200) -> None:
        self.answers.append((status, seal(message, signer or self.signer)))

    def will_ack(self, code: str, **how: object) -> None:
        self.will_say(BillSubmissionAck(ack_id="GW1", request_id="R", status_code=code), **how)

    def received(self) -> list[Message]:
        return [open_envelope(body).read() for _, _, body in self.requests]


@pytest.fixture
def counter(gateway_signer: Signer, settings: object) -> Iterator[Counter]:
    counter = Counter(gateway_signer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            counter.requests.append((self.path, dict(self.headers), body))
            status, answer = counter.answers.pop(0) if counter.answers else (503, b"")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.GEPG_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.GEPG_TIMEOUT_SECONDS = 5
    yield counter
    server.shutdown()
    server.server_close()


def request_of(bill: Bill) -> GatewayRequest:
    return bill.requests.get(kind="submission")


def make_due(bill: Bill) -> None:
    bill.requests.update(due_at=timezone.now())


def test_a_bill_is_submitted_signed_with_the_agreed_headers(counter: Counter, bill: Bill, settings: object) -> None:
    counter.will_ack("7101")

    assert submit_bill(request_of(bill).pk)

    (path, headers, body), envelope = counter.requests[0], open_envelope(counter.requests[0][2])
    assert path == "/api/bill/20/submission"
    sent = {name: headers[name] for name in ("Content-Type", "Gepg-Com", "Gepg-Code", "Gepg-Alg")}
    assert sent == {
        "Content-Type": "application/xml",
        "Gepg-Com": "default.sp.in",
        "Gepg-Code": settings.GEPG_SP_GROUP_CODE,
        "Gepg-Alg": "00S2",
    }
    ours = Verifier.from_files([settings.KEYS_DIR / "gepg-sp.crt.pem"], "")
    assert ours.verdict(envelope.message, envelope.signature) is Verdict.VALID
    message = envelope.read()
    assert isinstance(message, BillSubmission)
    detail = message.bills[0]
    assert (message.header.request_id, detail.bill_id) == (f"{bill.number}-S1", bill.number)
    assert (detail.amount, detail.currency, detail.payment_option) == (bill.amount, "TZS", "3")
    assert detail.customer_phone == bill.payer_phone.removeprefix("+")
    assert sum(item.amount for item in detail.items) == detail.amount
    stored = GatewayMessage.objects.get(direction="out")
    assert (bytes(stored.raw), stored.http_status, stored.status_code) == (body, 200, "7101")


def test_an_ack_means_received_and_not_accepted(counter: Counter, bill: Bill) -> None:
    counter.will_ack("7101")

    submit_bill(request_of(bill).pk)

    bill.refresh_from_db()
    assert bill.state == BillState.AWAITING_CONTROL_NUMBER
    assert request_of(bill).state == "acknowledged"
    assert not submit_bill(request_of(bill).pk)
    assert len(counter.requests) == 1


def test_when_no_number_follows_the_same_bill_is_sent_again(counter: Counter, bill: Bill) -> None:
    counter.will_ack("7101")
    counter.will_ack("7226")
    submit_bill(request_of(bill).pk)
    make_due(bill)

    sweep_bills()

    first, second = counter.received()
    assert first.bills[0].bill_id == second.bills[0].bill_id == bill.number
    assert [first.header.request_id, second.header.request_id] == [f"{bill.number}-S1", f"{bill.number}-S2"]
    assert request_of(bill).state == "acknowledged"


def test_a_bill_that_has_its_number_is_not_sent(counter: Counter, payable_bill: Bill) -> None:
    GatewayRequest.objects.update(state="waiting")

    assert not submit_bill(request_of(payable_bill).pk)

    assert counter.requests == []
    assert request_of(payable_bill).state == "done"


def test_a_gateway_that_is_down_loses_nothing(counter: Counter, bill: Bill, settings: object) -> None:
    there, settings.GEPG_BASE_URL = settings.GEPG_BASE_URL, "http://127.0.0.1:1"
    assert not submit_bill(request_of(bill).pk)
    waiting = request_of(bill)
    assert (waiting.state, waiting.attempts, waiting.problem) == ("waiting", 1, "ConnectError")
    assert waiting.due_at > timezone.now()

    settings.GEPG_BASE_URL = there
    counter.will_ack("7101")
    sweep_bills()
    assert counter.requests == []
    make_due(bill)
    sweep_bills()

    assert request_of(bill).state == "acknowledged"
    assert len(counter.requests) == 1


@pytest.mark.parametrize(
    "answer", [(503, b""), (200, b""), (200, b"<html>maintenance</html>"), (200, b"x" * MAXIMUM_BYTES * 2)]
)
def test_an_answer_that_is_no_ack_is_silence(counter: Counter, bill: Bill, answer: tuple[int, bytes]) -> None:
    counter.answers.append(answer)

    submit_bill(request_of(bill).pk)

    assert request_of(bill).state == "waiting"
    bill.refresh_from_db()
    assert bill.state == BillState.AWAITING_CONTROL_NUMBER


def test_a_refusal_that_is_not_signed_by_the_gateway_refuses_nothing(counter: Counter, bill: Bill) -> None:
    counter.will_ack("7258", signer=Signer(rsa.generate_private_key(public_exponent=65537, key_size=2048)))

    submit_bill(request_of(bill).pk)

    assert request_of(bill).problem == "http 200, signature invalid"
    bill.refresh_from_db()
    assert bill.state == BillState.AWAITING_CONTROL_NUMBER
    assert GatewayMessage.objects.get(direction="in").verdict == "invalid"


@pytest.mark.parametrize(
    ("code", "bill_state", "request_state"),
    [("7201;7258", "refused", "refused"), ("7303", "awaiting_control_number", "waiting")],
)
def test_a_bad_bill_is_refused_and_our_own_trouble_is_tried_again(
    counter: Counter, bill: Bill, code: str, bill_state: str, request_state: str
) -> None:
    counter.will_ack(code)

    submit_bill(request_of(bill).pk)

    bill.refresh_from_db()
    assert (bill.state, request_of(bill).state) == (bill_state, request_state)


def test_a_request_is_given_up_in_the_end_and_that_is_said(counter: Counter, bill: Bill) -> None:
    GatewayRequest.objects.update(attempts=MOST_ATTEMPTS - 1)

    submit_bill(request_of(bill).pk)
    make_due(bill)
    sweep_bills()

    assert len(counter.requests) == 1
    assert request_of(bill).state == "abandoned"
    assert AuditEntry.objects.get(verb="payments.request.abandoned").data["kind"] == "submission"


def test_the_waits_grow_and_are_bounded(bill: Bill, counter: Counter) -> None:
    waits = []
    for _ in range(12):
        GatewayMessage.objects.update(handled_at=timezone.now() - timedelta(hours=2))
        make_due(bill)
        submit_bill(request_of(bill).pk)
        waits.append(round((request_of(bill).due_at - timezone.now()).total_seconds()))

    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == 3600
    assert waits == sorted(waits)


def test_after_five_silences_the_gateway_is_left_in_peace(counter: Counter, make_bill: Callable[..., Bill]) -> None:
    bills = [make_bill() for _ in range(7)]

    sweep_bills()

    assert len(counter.requests) == 5
    assert [request_of(bill).attempts for bill in bills] == [1, 1, 1, 1, 1, 0, 0]
    assert request_of(bills[-1]).problem == "resting"


def test_two_workers_do_not_send_the_same_request(counter: Counter, bill: Bill) -> None:
    assert begin_attempt(request_pk=request_of(bill).pk) is not None
    assert begin_attempt(request_pk=request_of(bill).pk) is None


def test_a_number_that_is_quicker_than_the_ack_stays(counter: Counter, bill: Bill, gateway_signer: Signer) -> None:
    attempt = begin_attempt(request_pk=request_of(bill).pk)
    record_control_number(number=bill.number, control_number=CONTROL_NUMBER)

    ack = seal(BillSubmissionAck(ack_id="GW1", request_id="R", status_code="7258"), gateway_signer)
    record_answer(attempt=attempt, answer=Answer(200, ack))

    bill.refresh_from_db()
    assert (bill.state, request_of(bill).state) == (BillState.PAYABLE, "done")


def test_a_cancellation_is_told_to_the_gateway(counter: Counter, bill: Bill) -> None:
    counter.will_ack("7101")
    submit_bill(request_of(bill).pk)
    record_control_number(number=bill.number, control_number=CONTROL_NUMBER)
    cancel_bill(number=bill.number, actor=None, reason="Withdrawn by the applicant")
    counter.will_say(CancellationResult(result_id="X", outcome="GS", status_code="7283"))

    sweep_bills()

    path, headers, _ = counter.requests[1]
    assert (path, headers["Gepg-Com"]) == ("/api/bill/20/cancellation", "changebill.sp.in")
    message = counter.received()[1]
    assert isinstance(message, Cancellation)
    assert (message.group_bill_id, message.reason) == (bill.number, "Withdrawn by the applicant")
    assert bill.requests.get(kind="cancellation").state == "done"


def test_a_cancellation_that_comes_too_late_is_refused_and_kept(counter: Counter, bill: Bill) -> None:
    counter.will_ack("7101")
    submit_bill(request_of(bill).pk)
    cancel_bill(number=bill.number, actor=None, reason="Withdrawn")
    counter.will_say(CancellationResult(result_id="X", outcome="GF", status_code="7279"))

    sweep_bills()

    request = bill.requests.get(kind="cancellation")
    assert (request.state, request.problem) == ("refused", "7279")


def test_a_bill_that_was_never_sent_is_not_cancelled_at_the_gateway(counter: Counter, bill: Bill) -> None:
    cancel_bill(number=bill.number, actor=None, reason="Withdrawn")

    sweep_bills()

    assert counter.requests == []
    assert set(bill.requests.values_list("state", flat=True)) == {"done"}


def test_one_bad_row_does_not_stop_the_sweep(counter: Counter, make_bill: Callable[..., Bill]) -> None:
    bad, good = make_bill(), make_bill()
    bad.requests.update(kind="mystery")
    counter.will_ack("7101")

    sweep_bills()

    assert bad.requests.get().state == "waiting"
    assert request_of(good).state == "acknowledged"


def test_the_sweep_expires_bills(payable_bill: Bill, counter: Counter) -> None:
    Bill.objects.filter(pk=payable_bill.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    sweep_bills()

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.EXPIRED
    record_payment(payment=payment_of(payable_bill))
    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED


def test_a_payer_without_a_local_phone_is_reached_by_email(counter: Counter, make_bill: Callable[..., Bill]) -> None:
    abroad = make_bill(payer_phone="+4479460000", payer_email="asha@example.com")
    nowhere = make_bill(payer_phone="", payer_email="")
    counter.will_ack("7101")
    counter.will_ack("7101")

    submit_bill(request_of(abroad).pk)
    submit_bill(request_of(nowhere).pk)

    reached = [(one.bills[0].customer_phone, one.bills[0].customer_email) for one in counter.received()]
    assert reached == [("", "asha@example.com"), ("", "huduma@localhost")]


def test_an_institution_with_its_own_code_bills_under_it(counter: Counter, make_bill: Callable[..., Bill]) -> None:
    bill = make_bill()
    bill.institution.gepg_sp_code = "SP99777"
    bill.institution.save()
    counter.will_ack("7101")

    submit_bill(request_of(bill).pk)

    detail = counter.received()[0].bills[0]
    assert (detail.sp_code, detail.items[0].collecting_sp) == ("SP99777", "SP99777")

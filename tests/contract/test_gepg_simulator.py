"""The portal and the practice gateway as two processes that speak the wire protocol over HTTP."""

# ruff: noqa: F401, F811 - the fixtures of bills are imported by name

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from payments.actions import cancel_bill
from payments.gateway.elements import Message
from payments.gateway.envelope import enclose, open_envelope, seal
from payments.gateway.messages import BillSubmissionAck, PaymentOption
from payments.gateway.signature import Signer, Verdict, Verifier
from payments.models import Bill, GatewayMessage, Receipt, SuspenseEntry
from payments.outgoing import submission_of
from payments.states import BillState
from payments.tasks import submit_bill, sweep_bills
from portal.models import OutboxMessage
from tests.payments.conftest import bill, gateway_signer, institution, make_bill, make_payer

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True)
class Simulator:
    url: str

    def pay(self, bill: Bill, **order: Any) -> httpx.Response:
        order = {"bill_id": bill.number} | order
        return httpx.post(f"{self.url}/control/pay", json=order, trust_env=False)

    def misbehave(self, **faults: Any) -> None:
        httpx.post(f"{self.url}/control/faults", json=faults, trust_env=False).raise_for_status()

    def page(self, path: str, **form: str) -> httpx.Response:
        if form:
            return httpx.post(self.url + path, data=form, trust_env=False)
        return httpx.get(self.url + path, trust_env=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def simulator(live_server: Any, gateway_signer: Signer, settings: Any, tmp_path: Path) -> Iterator[Simulator]:
    port = free_port()
    environment = os.environ | {
        "DATA_DIR": str(tmp_path / "data with a space"),
        "KEYS_DIR": str(settings.KEYS_DIR),
        "KEYS_PASSPHRASE": settings.KEYS_PASSPHRASE,
        "GEPG_SIMULATOR_PORT": str(port),
        "GEPG_SIMULATOR_CALLBACK_BASE": live_server.url,
        "GEPG_SP_CODE": settings.GEPG_SP_CODE,
        "DEMO_MODE": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "payments.simulator"], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"Practice gateway: http://127.0.0.1:{port}/\n"
    settings.GEPG_BASE_URL = f"http://127.0.0.1:{port}"
    settings.GEPG_TIMEOUT_SECONDS = 10
    yield Simulator(settings.GEPG_BASE_URL)
    process.terminate()
    process.wait(10)
    process.stdout.close()


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def reaches(bill: Bill, state: BillState) -> bool:
    bill.refresh_from_db()
    return bill.state == state


def submit(bill: Bill) -> None:
    assert submit_bill(bill.requests.get(kind="submission").pk)


@pytest.fixture
def payable(bill: Bill, simulator: Simulator) -> Bill:
    submit(bill)
    eventually(lambda: reaches(bill, BillState.PAYABLE))
    return bill


def test_a_bill_is_submitted_numbered_paid_and_receipted(bill: Bill, simulator: Simulator) -> None:
    submit(bill)
    eventually(lambda: reaches(bill, BillState.PAYABLE))
    assert bill.control_number.startswith("99001")
    assert len(bill.control_number) == 12

    answer = simulator.pay(bill, channel="airtel")

    assert answer.status_code == 200
    eventually(lambda: reaches(bill, BillState.SETTLED))
    receipt = Receipt.objects.get()
    assert receipt.gateway_receipt == answer.json()["receipt"]
    assert (receipt.psp_name, receipt.amount) == ("Airtel Money", Decimal(22_000))
    assert GatewayMessage.objects.exclude(verdict="valid").count() == 0
    kinds = set(GatewayMessage.objects.values_list("direction", "kind"))
    assert kinds == {("out", "billSubReq"), ("in", "billSubReqAck"), ("in", "billSubRes"), ("in", "pmtSpNtfReq")}


def test_a_payer_pays_on_the_page(payable: Bill, simulator: Simulator) -> None:
    listed = simulator.page("/")
    page = simulator.page(f"/pay/{payable.control_number}")
    short = simulator.page(f"/pay/{payable.control_number}", channel="mpesa", amount="21,000")
    words = simulator.page(f"/pay/{payable.control_number}", channel="mpesa", amount="1e4")
    nowhere = simulator.page(f"/pay/{payable.control_number}", channel="cash", amount="22000")
    paid = simulator.page(f"/pay/{payable.control_number}", channel="tpesa", amount="22,000")
    again = simulator.page(f"/pay/{payable.control_number}", channel="tpesa", amount="22000")

    assert payable.grouped_control_number in listed.text
    assert "TZS 22,000" in page.text
    assert "Mfumo wa mazoezi" in page.text
    assert "Asha Ng&#x27;wanza" in page.text
    assert (short.status_code, words.status_code, nowhere.status_code) == (422, 422, 422)
    assert "(7302)" in short.text
    assert paid.status_code == 200
    assert "Malipo yamepokelewa" in paid.text
    assert again.status_code == 422
    assert "(7279)" in again.text
    assert "style=" not in page.text + paid.text
    assert simulator.page("/pay/990019999999").status_code == 404
    assert simulator.page(f"/?number={payable.grouped_control_number}").status_code == 303
    eventually(lambda: reaches(payable, BillState.SETTLED))
    assert Receipt.objects.get().psp_name == "T-Pesa"


@pytest.mark.parametrize(
    ("option", "amounts", "codes", "state"),
    [
        (PaymentOption.EXACT, ["21999", "22001", "22000"], ["7302", "7302", "paid"], BillState.SETTLED),
        (PaymentOption.FULL, ["21999", "22001"], ["7214", "paid"], BillState.OVERPAID),
        (PaymentOption.PARTIAL, ["0", "2000", "20000", "1"], ["7214", "paid", "paid", "7279"], BillState.SETTLED),
    ],
)
def test_the_payment_option_decides_what_may_be_paid(
    make_bill: Callable[..., Bill], simulator: Simulator, option: str, amounts: list[str], codes: list[str], state: str
) -> None:
    bill = make_bill(payment_option=option)
    submit(bill)
    eventually(lambda: reaches(bill, BillState.PAYABLE))

    answers = [simulator.pay(bill, amount=amount).json().get("code", "paid") for amount in amounts]

    assert answers == codes
    eventually(lambda: reaches(bill, state))


def test_a_bill_whose_number_never_came_is_sent_again_and_gets_that_number(bill: Bill, simulator: Simulator) -> None:
    simulator.misbehave(delay_seconds=3600)
    submit(bill)
    bill.requests.update(due_at=timezone.now())

    sweep_bills()

    eventually(lambda: reaches(bill, BillState.PAYABLE))
    assert simulator.pay(bill).json()["control_number"] == bill.control_number
    assert b"7201;7226" in bytes(GatewayMessage.objects.get(kind="billSubRes").raw)


def test_a_bill_that_the_gateway_does_not_like_is_refused_with_its_code(
    make_bill: Callable[..., Bill], simulator: Simulator
) -> None:
    bill = make_bill(currency="XAF")

    submit(bill)

    eventually(lambda: reaches(bill, BillState.REFUSED))
    assert bill.refusal_code == "7219"


def test_an_ack_that_gets_lost_makes_no_second_bill(bill: Bill, simulator: Simulator) -> None:
    simulator.misbehave(drop_ack=True)

    submit(bill)

    eventually(lambda: reaches(bill, BillState.PAYABLE))
    assert bill.requests.get().state in {"waiting", "done"}
    sweep_bills()
    assert GatewayMessage.objects.filter(direction="out").count() == 1


def test_a_payment_that_arrives_before_its_control_number(bill: Bill, simulator: Simulator) -> None:
    simulator.misbehave(payment_before_control_number=True)
    submit(bill)

    assert simulator.pay(bill).status_code == 200

    eventually(lambda: reaches(bill, BillState.SETTLED))
    eventually(lambda: GatewayMessage.objects.filter(kind="billSubRes", handled_at__isnull=False).exists())
    bill.refresh_from_db()
    assert (bill.state, Receipt.objects.count()) == (BillState.SETTLED, 1)
    assert bill.control_number


def test_callbacks_that_come_twice_count_once(payable: Bill, simulator: Simulator) -> None:
    simulator.misbehave(duplicate_callback=True, times=5)

    simulator.pay(payable)

    eventually(lambda: GatewayMessage.objects.filter(kind="pmtSpNtfReq", handled_at__isnull=False).count() == 2)
    assert Receipt.objects.count() == OutboxMessage.objects.filter(topic="payments.bill.settled").count() == 1
    assert not SuspenseEntry.objects.exists()


def test_a_badly_signed_callback_is_refused_and_then_sent_well(payable: Bill, simulator: Simulator) -> None:
    simulator.misbehave(bad_signature=True, delay_seconds=0.2)

    simulator.pay(payable)

    eventually(lambda: reaches(payable, BillState.SETTLED))
    told = GatewayMessage.objects.filter(kind="pmtSpNtfReq").order_by("pk")
    assert list(told.values_list("verdict", "status_code")) == [("invalid", "7303"), ("valid", "7101")]
    assert Receipt.objects.count() == 1


def test_a_cancelled_bill_cannot_be_paid_any_more(payable: Bill, simulator: Simulator) -> None:
    cancel_bill(number=payable.number, actor=None, reason="Withdrawn by the applicant")

    sweep_bills()

    assert payable.requests.get(kind="cancellation").state == "done"
    assert simulator.pay(payable).json() == {"code": "7283"}


def test_a_paid_bill_is_not_cancelled_at_the_gateway(payable: Bill, simulator: Simulator) -> None:
    """The cancellation and the payment cross: the money waits in suspense and the gateway says why it refused."""
    simulator.misbehave(delay_seconds=1)
    simulator.pay(payable)
    cancel_bill(number=payable.number, actor=None, reason="Withdrawn by the applicant")

    sweep_bills()

    request = payable.requests.get(kind="cancellation")
    assert (request.state, request.problem) == ("refused", "7279")
    eventually(SuspenseEntry.objects.exists)
    assert SuspenseEntry.objects.get().reason == "cancelled_bill"


@dataclass(frozen=True)
class Speaker:
    """Says to the simulator what a careless service provider would say."""

    url: str
    signer: Signer

    def code(self, body: bytes, **headers: str) -> str:
        sent = {"Gepg-Com": "default.sp.in", "Gepg-Code": django_settings.GEPG_SP_CODE} | headers
        answer = httpx.post(f"{self.url}/api/bill/20/submission", content=body, headers=sent, trust_env=False)
        envelope = open_envelope(answer.content)
        gateway = Verifier.from_files([django_settings.KEYS_DIR / "gepg-gateway.crt.pem"], "")
        assert gateway.verdict(envelope.message, envelope.signature) is Verdict.VALID
        ack = envelope.read()
        assert isinstance(ack, BillSubmissionAck)
        return ack.status_code


@pytest.fixture
def speaker(simulator: Simulator) -> Speaker:
    keys = django_settings.KEYS_DIR
    return Speaker(simulator.url, Signer.from_pkcs12(keys / "gepg-sp.p12", django_settings.KEYS_PASSPHRASE))


def test_the_gateway_checks_headers_signature_and_sender(speaker: Speaker, bill: Bill, gateway_signer: Signer) -> None:
    message: Message = submission_of(bill, request_id="R1")
    good = seal(message, speaker.signer)
    foreign = enclose(message.to_xml().replace(b"SP99001", b"SP11111"), speaker.signer)

    assert speaker.code(good, **{"Gepg-Com": ""}) == "7202"
    assert speaker.code(good, **{"Gepg-Com": "other.sp.in"}) == "7322"
    assert speaker.code(b"<Gepg>hello</Gepg>") == "7242"
    assert speaker.code(seal(message, gateway_signer)) == "7303"
    assert speaker.code(good.replace(b"22000.00", b"2.00")) == "7303"
    assert speaker.code(good, **{"Gepg-Code": "SP11111"}) == "7323"
    assert speaker.code(foreign, **{"Gepg-Code": "SP11111"}) == "7205"
    assert speaker.code(enclose(message.to_xml().replace(b"22000.00", b"2.2E4"), speaker.signer)) == "7242"
    assert speaker.code(good) == "7101"


def test_the_gateway_answers_a_bad_bill_in_its_callback(speaker: Speaker, make_bill: Callable[..., Bill]) -> None:
    """The ack only says "received". One simulator for all of them: a process each would be slow."""
    changes = {
        "7258": (b"<BillItemAmt>22000.00", b"<BillItemAmt>21999.00"),
        "7259": (b"<BillItemEqvAmt>22000.00", b"<BillItemEqvAmt>21999.00"),
        "7223": (b"<GfsCode>140101", b"<GfsCode>14"),
        "7234": (b"<BillPayOpt>3", b"<BillPayOpt>9"),
        "7268": (b"<CustCellNum>2557", b"<CustCellNum>0"),
        "7231": (b"<BillExprDt>20", b"<BillExprDt>19"),
        "7242": (b"<BillTyp>1", b"<BillTyp>2"),
    }
    bills = {code: make_bill() for code in changes}

    for code, (before, after) in changes.items():
        message = submission_of(bills[code], request_id="R1").to_xml()
        assert message.count(before) == 1
        assert speaker.code(enclose(message.replace(before, after), speaker.signer)) == "7101"

    for code, refused in bills.items():
        eventually(lambda refused=refused: reaches(refused, BillState.REFUSED))
        assert refused.refusal_code == code

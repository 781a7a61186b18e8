"""What the gateway posts: stored first, trusted only when signed, never acted on twice."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import given as hypothesis_given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from payments.actions import cancel_bill, expire_bill
from payments.gateway.envelope import MAXIMUM_BYTES, enclose, open_envelope, seal
from payments.gateway.messages import BillResultAck, PaymentNoticeAck
from payments.gateway.signature import Signer, Verdict, Verifier
from payments.models import Bill, GatewayMessage, Receipt, SuspenseEntry
from payments.states import BillState
from payments.tasks import sweep_bills
from portal.models import AuditEntry, OutboxMessage

from .conftest import CONTROL_NUMBER, Gateway, notice_of, number_given, payment_of

STRANGER = Signer(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def settled_events() -> int:
    return OutboxMessage.objects.filter(topic="payments.bill.settled").count()


def test_the_control_number_arrives(gateway: Gateway, bill: Bill) -> None:
    assert gateway.tell(number_given(bill)) == "7101"

    bill.refresh_from_db()
    assert (bill.state, bill.control_number) == (BillState.PAYABLE, CONTROL_NUMBER)
    row = GatewayMessage.objects.get()
    assert (row.direction, row.kind, row.verdict, row.status_code) == ("in", "billSubRes", "valid", "7101")
    assert row.bill == bill
    assert row.handled_at is not None
    assert open_envelope(bytes(row.raw)).read() == number_given(bill)


def test_the_ack_is_signed_by_us_and_names_the_message(gateway: Gateway, bill: Bill, client: Client) -> None:
    response = client.post("/gepg/bills/", seal(number_given(bill), gateway.signer), content_type="application/xml")

    envelope = open_envelope(response.content)
    ours = Verifier.from_files([settings.KEYS_DIR / "gepg-sp.crt.pem"], "")
    assert ours.verdict(envelope.message, envelope.signature) is Verdict.VALID
    ack = envelope.read()
    assert isinstance(ack, BillResultAck)
    assert (ack.result_id, ack.status_code) == ("RES1", "7101")
    assert ack.ack_id == f"SP{GatewayMessage.objects.get().pk}"
    assert response["Content-Type"] == "application/xml"


def test_a_repeated_bill_is_answered_with_the_number_it_already_has(gateway: Gateway, bill: Bill) -> None:
    assert gateway.tell(number_given(bill, code="7201;7226")) == "7101"

    bill.refresh_from_db()
    assert bill.state == BillState.PAYABLE


@pytest.mark.parametrize(
    ("code", "state"),
    [("7201;7258", BillState.REFUSED), ("7242;7627", BillState.REFUSED), ("7317", BillState.AWAITING_CONTROL_NUMBER)],
)
def test_a_failure_refuses_the_bill_unless_it_is_the_gateways_own(
    gateway: Gateway, bill: Bill, code: str, state: str
) -> None:
    assert gateway.tell(number_given(bill, control_number="", code=code)) == "7101"

    bill.refresh_from_db()
    assert bill.state == state


def test_a_success_without_a_number_is_not_believed(gateway: Gateway, bill: Bill) -> None:
    assert gateway.tell(number_given(bill, control_number="0")) == "7333"

    bill.refresh_from_db()
    assert bill.state == BillState.AWAITING_CONTROL_NUMBER


def test_a_number_for_no_bill_of_ours_is_answered_so(gateway: Gateway, bill: Bill) -> None:
    stranger = Bill(number="BILL-26-0000000-0")

    assert gateway.tell(number_given(stranger)) == "7204"


def test_the_payment_arrives(gateway: Gateway, payable_bill: Bill) -> None:
    assert gateway.tell(notice_of(payment_of(payable_bill))) == "7101"

    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.SETTLED, Decimal(22_000))
    assert payable_bill.settled_at is not None
    receipt = Receipt.objects.get()
    assert (receipt.bill, receipt.gateway_receipt, receipt.psp_code, receipt.trx_id, receipt.amount) == (
        payable_bill, "926112400000001", "PSP-MPESA", "MP1", Decimal(22_000),
    )  # fmt: skip
    assert receipt.message == GatewayMessage.objects.get()
    assert OutboxMessage.objects.get(topic="payments.bill.settled").payload == {
        "bill": payable_bill.number,
        "subject": payable_bill.subject,
    }
    assert AuditEntry.objects.get(verb="payments.bill.settled").data == {
        "receipt": receipt.number, "amount": "22000.00", "paid": "22000.00",
    }  # fmt: skip


def test_the_same_payment_again_gives_no_second_receipt(gateway: Gateway, payable_bill: Bill) -> None:
    notice = notice_of(payment_of(payable_bill))

    assert [gateway.tell(notice) for _ in range(3)] == ["7101"] * 3

    assert Receipt.objects.count() == settled_events() == 1
    assert not SuspenseEntry.objects.exists()
    assert GatewayMessage.objects.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        {"paid_amount": Decimal(21_000)},
        {"currency": "USD"},
        {"transaction_id": "MP2"},
        {"receipt_id": "926112400000002"},
        {"bill_id": "BILL-26-0000000-0", "control_number": "990019999999"},
    ],
)
def test_the_same_payment_with_other_facts_waits_for_a_person(
    gateway: Gateway, payable_bill: Bill, change: dict
) -> None:
    gateway.tell(notice_of(payment_of(payable_bill)))

    for _ in range(2):
        assert gateway.tell(notice_of(payment_of(payable_bill, **change))) == "7101"

    entry = SuspenseEntry.objects.get()
    assert entry.reason == "conflict"
    assert Receipt.objects.get().amount == Decimal(22_000)
    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.SETTLED, Decimal(22_000))


def test_money_for_an_unknown_bill_is_kept_in_suspense(gateway: Gateway, payable_bill: Bill) -> None:
    payment = payment_of(payable_bill, bill_id="BILL-26-0000000-0", control_number="990019999999")

    assert [gateway.tell(notice_of(payment)) for _ in range(2)] == ["7101", "7101"]

    entry = SuspenseEntry.objects.get()
    assert (entry.reason, entry.bill, entry.amount) == ("unknown_bill", None, Decimal(22_000))
    assert (entry.claimed_bill, entry.claimed_control_number) == ("BILL-26-0000000-0", "990019999999")
    assert AuditEntry.objects.filter(verb="payments.payment.suspended").count() == 1
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"currency": "USD"}, "currency"),
        ({"control_number": "990019999999"}, "control_number"),
        ({"paid_amount": Decimal(0)}, "no_amount"),
    ],
)
def test_money_that_does_not_fit_its_bill_is_kept_in_suspense(
    gateway: Gateway, payable_bill: Bill, change: dict, reason: str
) -> None:
    assert gateway.tell(notice_of(payment_of(payable_bill, **change))) == "7101"

    assert SuspenseEntry.objects.get().reason == reason
    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.PAYABLE, 0)


def test_money_for_a_cancelled_bill_is_kept_in_suspense(gateway: Gateway, payable_bill: Bill) -> None:
    cancel_bill(number=payable_bill.number, actor=None, reason="Withdrawn")

    assert gateway.tell(notice_of(payment_of(payable_bill))) == "7101"

    entry = SuspenseEntry.objects.get()
    assert (entry.reason, entry.bill) == ("cancelled_bill", payable_bill)
    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.CANCELLED


def test_money_that_was_paid_in_time_settles_an_expired_bill(gateway: Gateway, payable_bill: Bill) -> None:
    Bill.objects.filter(pk=payable_bill.pk).update(expires_at=payable_bill.issued_at)
    expire_bill(number=payable_bill.number)

    assert gateway.tell(notice_of(payment_of(payable_bill))) == "7101"

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED


def test_instalments_add_up_and_too_much_is_said_so(gateway: Gateway, payable_bill: Bill) -> None:
    seen = []
    for number, amount in enumerate((10_000, 12_000, 500), start=1):
        payment = payment_of(payable_bill, amount, transaction_id=f"T{number}", receipt_id=f"R{number}")
        gateway.tell(notice_of(payment))
        payable_bill.refresh_from_db()
        seen.append((payable_bill.state, int(payable_bill.paid_amount), settled_events()))

    assert seen == [("partly_paid", 10_000, 0), ("settled", 22_000, 1), ("overpaid", 22_500, 1)]
    assert payable_bill.excess.amount == Decimal(500)


def test_one_notice_with_several_payments_counts_them_all(
    gateway: Gateway, payable_bill: Bill, make_bill: Callable[..., Bill]
) -> None:
    other = make_bill(5_000)

    code = gateway.tell(
        notice_of(
            payment_of(payable_bill),
            payment_of(other, transaction_id="T2", receipt_id="R2", control_number="990010000002"),
        )
    )

    assert code == "7101"
    assert set(Bill.objects.values_list("state", flat=True)) == {"settled"}


def test_a_payment_before_its_control_number(gateway: Gateway, bill: Bill) -> None:
    assert gateway.tell(notice_of(payment_of(bill))) == "7101"
    bill.refresh_from_db()
    assert (bill.state, bill.control_number) == (BillState.SETTLED, CONTROL_NUMBER)

    assert gateway.tell(number_given(bill)) == "7101"

    bill.refresh_from_db()
    assert (bill.state, bill.control_number) == (BillState.SETTLED, CONTROL_NUMBER)
    assert bill.requests.get().state == "done"
    assert Receipt.objects.count() == 1
    assert not OutboxMessage.objects.filter(topic="payments.bill.payable").exists()


def test_a_payment_that_only_knows_the_control_number(gateway: Gateway, payable_bill: Bill) -> None:
    assert gateway.tell(notice_of(payment_of(payable_bill, bill_id=""))) == "7101"

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@hypothesis_given(order=st.lists(st.sampled_from(["number", "first", "second"]), min_size=3, max_size=9))
def test_every_order_of_notices_ends_in_the_same_books(
    gateway: Gateway, make_bill: Callable[..., Bill], order: list[str]
) -> None:
    bill = make_bill()
    mark = bill.number[-9:]
    digits = f"99001{bill.pk:07}"
    notices = {
        "number": number_given(bill, control_number=digits),
        "first": notice_of(
            payment_of(bill, 10_000, receipt_id=f"R1{mark}", transaction_id=f"T1{mark}", control_number=digits)
        ),
        "second": notice_of(
            payment_of(bill, 12_000, receipt_id=f"R2{mark}", transaction_id=f"T2{mark}", control_number=digits)
        ),
    }

    codes = [gateway.tell(notices[name]) for name in order]

    bill.refresh_from_db()
    paid = 10_000 * ("first" in order) + 12_000 * ("second" in order)
    assert codes == ["7101"] * len(order)
    assert bill.paid_amount == paid
    assert bill.control_number == digits
    assert bill.receipts.count() == len({"first", "second"} & set(order))
    assert bill.state == ("settled" if paid == 22_000 else "partly_paid" if paid else "payable")
    assert not bill.suspense.exists()


@pytest.mark.parametrize("path", ["/gepg/bills/", "/gepg/payments/"])
def test_what_is_not_surely_the_gateways_changes_nothing(gateway: Gateway, payable_bill: Bill, path: str) -> None:
    notice = notice_of(payment_of(payable_bill))
    unsigned = b"<Gepg>" + notice.to_xml() + b"</Gepg>"
    sealed = seal(notice, gateway.signer)

    assert gateway.send(unsigned, path=path) == "7303"
    assert gateway.tell(notice, path=path, signer=STRANGER) == "7303"
    assert gateway.send(sealed.replace(b"22000.00", b"99999.00"), path=path) == "7303"

    assert list(GatewayMessage.objects.order_by("pk").values_list("verdict", flat=True)) == [
        "missing", "invalid", "invalid",
    ]  # fmt: skip
    payable_bill.refresh_from_db()
    assert (payable_bill.state, payable_bill.paid_amount) == (BillState.PAYABLE, 0)
    assert not Receipt.objects.exists()
    assert not SuspenseEntry.objects.exists()


def test_a_stranger_may_not_fill_the_disk_and_the_gateway_is_still_heard(
    gateway: Gateway, payable_bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.actions.callbacks.UNTRUSTED_A_MINUTE", 3)
    notice = notice_of(payment_of(payable_bill))
    with time_machine.travel(timezone.now(), tick=False):
        codes = [gateway.tell(notice, signer=STRANGER) for _time in range(4)] + [
            gateway.send(b"<noise", path="/gepg/bills/") for _time in "ab"
        ]
        assert codes == ["7303", "7303", "7303", "7303", "7242", "7242"]
        assert GatewayMessage.objects.count() == 3

        assert gateway.tell(notice) == "7101"

    assert list(GatewayMessage.objects.order_by("pk").values_list("verdict", flat=True)) == [*["invalid"] * 3, "valid"]
    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED


def test_our_own_signature_is_not_the_gateways(gateway: Gateway, payable_bill: Bill) -> None:
    ours = Signer.from_pkcs12(settings.KEYS_DIR / "gepg-sp.p12", settings.KEYS_PASSPHRASE)

    assert gateway.tell(notice_of(payment_of(payable_bill)), signer=ours) == "7303"

    assert not Receipt.objects.exists()


@pytest.mark.parametrize("body", [b"", b"hello", b"<Gepg></Gepg>", b"\x00" * 10, b"<!DOCTYPE x><Gepg/>"])
def test_what_is_no_message_is_answered_malformed_and_kept(gateway: Gateway, db: None, body: bytes) -> None:
    assert gateway.send(body, path="/gepg/bills/") == "7242"

    row = GatewayMessage.objects.get()
    assert (bytes(row.raw), row.verdict) == (body, "unreadable")


def test_a_signed_message_that_is_no_callback_is_malformed(gateway: Gateway, payable_bill: Bill) -> None:
    sealed = seal(BillResultAck(ack_id="A", result_id="R", status_code="7101"), gateway.signer)
    wrong = notice_of(payment_of(payable_bill)).to_xml().replace(b"22000.00", b"2.2E4")

    assert gateway.send(sealed, path="/gepg/bills/") == "7242"
    assert gateway.send(enclose(wrong, gateway.signer), path="/gepg/payments/") == "7242"

    assert not Receipt.objects.exists()


def test_the_address_decides_the_ack_of_what_cannot_be_read(client: Client, gateway_signer: Signer, db: None) -> None:
    acks = [
        type(open_envelope(client.post(path, b"x", content_type="text/xml").content).read())
        for path in ("/gepg/bills/", "/gepg/payments/")
    ]

    assert acks == [BillResultAck, PaymentNoticeAck]


def test_a_huge_body_is_refused_and_hardly_stored(gateway: Gateway, db: None) -> None:
    assert gateway.send(b"<Gepg>" + b"x" * (MAXIMUM_BYTES * 4), path="/gepg/bills/") == "7242"

    assert len(bytes(GatewayMessage.objects.get().raw)) == 4096


@pytest.mark.parametrize("path", ["/gepg/bills/", "/gepg/payments/"])
def test_callbacks_are_posted(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 405
    assert not GatewayMessage.objects.exists()


def test_callbacks_need_no_cookie_and_no_csrf_token(gateway: Gateway, bill: Bill) -> None:
    strict = Gateway(Client(enforce_csrf_checks=True), gateway.signer)

    assert strict.tell(number_given(bill)) == "7101"


def test_a_callback_that_was_stored_but_not_finished_is_finished_by_the_sweep(
    gateway: Gateway, payable_bill: Bill
) -> None:
    body = seal(notice_of(payment_of(payable_bill)), gateway.signer)
    GatewayMessage.objects.create(direction="in", kind="pmtSpNtfReq", raw=body, verdict="valid")

    sweep_bills()
    sweep_bills()

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.SETTLED
    assert GatewayMessage.objects.get(direction="in").status_code == "7101"
    assert Receipt.objects.count() == 1


def test_a_failure_while_acting_is_ours_and_not_the_gateways(
    gateway: Gateway, payable_bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database fails after the message was stored: it is acknowledged and the sweep finishes it."""
    notice = notice_of(payment_of(payable_bill))
    with monkeypatch.context() as broken:
        broken.setattr("payments.actions.callbacks.record_payment", _fail)
        assert gateway.tell(notice) == "7101"
    assert not Receipt.objects.exists()

    sweep_bills()

    assert Receipt.objects.count() == 1


def test_what_could_not_be_stored_is_not_acknowledged(
    gateway: Gateway, payable_bill: Bill, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("payments.gateway_views.store_callback", _fail)

    response = client.post("/gepg/payments/", b"<Gepg/>", content_type="application/xml")

    assert response.status_code == 500
    assert not GatewayMessage.objects.exists()


def _fail(**arguments: object) -> None:
    raise RuntimeError("the database is gone")

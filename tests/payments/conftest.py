"""Bills, and a gateway that signs what a test makes it say."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Institution, Organisation, Person
from payments.actions import issue_bill
from payments.gateway.elements import Message
from payments.gateway.envelope import open_envelope, seal
from payments.gateway.messages import (
    BillResult,
    BillResultDetail,
    BillResultHeader,
    PaymentDetail,
    PaymentHeader,
    PaymentNotice,
)
from payments.gateway.signature import Signer
from payments.models import Bill

CONTROL_NUMBER = "990012345678"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Words:
    sw: str
    en: str


@dataclass(frozen=True)
class FeeLine:
    amount: Decimal
    label: Words = Words("Ada ya cheti cha kuzaliwa", "Fee of a birth certificate")
    gfs_code: str = "140101"
    status: str = "official"


@pytest.fixture(scope="session")
def gateway_signer(keys: None) -> Signer:
    """The practice gateway's own key, whose certificate the portal trusts in these tests."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("make_keys", simulator=True, verbosity=0)
    return Signer.from_pkcs12(settings.KEYS_DIR / "gepg-gateway.p12", settings.KEYS_PASSPHRASE)


@pytest.fixture
def institution(db: None) -> Institution:
    return Institution.objects.create(
        code="rita", name_sw="Wakala wa Usajili", name_en="Registration Agency", kind="agency", reference_prefix="RITA"
    )


@pytest.fixture
def make_payer(db: None) -> Callable[..., Person]:
    def make(**fields: Any) -> Person:
        number = next(_numbers)
        return Person.objects.create_user(
            **{"email": f"mlipaji{number}@example.com", "phone": f"+25575400{number:04}", "full_name": "Asha Ng'wanza"}
            | fields
        )

    return make


@pytest.fixture
def make_bill(institution: Institution, make_payer: Callable[..., Person]) -> Callable[..., Bill]:
    """A bill of TZS 22,000 that waits for its control number, unless the test says otherwise."""

    def make(*amounts: int, payer: Person | None = None, **fields: Any) -> Bill:
        payer = payer or make_payer()
        facts = {
            "subject": f"tests:{next(_numbers)}",
            "institution": institution,
            "payer": payer,
            "payer_name": payer.full_name,
            "payer_phone": payer.phone,
            "payer_email": payer.email,
            "currency": "TZS",
            "lines": [FeeLine(Decimal(amount)) for amount in amounts or (22_000,)],
            "description": "Cheti cha kuzaliwa",
            "expires_at": timezone.now() + timedelta(days=30),
            "actor": payer,
        }
        return issue_bill(**facts | fields)

    return make


@pytest.fixture
def bill(make_bill: Callable[..., Bill]) -> Bill:
    return make_bill()


@pytest.fixture
def payable_bill(bill: Bill) -> Bill:
    from payments.actions import record_control_number

    record_control_number(number=bill.number, control_number=CONTROL_NUMBER)
    bill.refresh_from_db()
    return bill


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(kind="company", name="Mkate Mwema Ltd", tin="123456789")


@dataclass(frozen=True)
class Gateway:
    """Says things to the portal as the gateway does."""

    client: Client
    signer: Signer

    def tell(self, message: Message, *, path: str | None = None, signer: Signer | None = None) -> str:
        """The status code of the portal's ack."""
        path = path or ("/gepg/bills/" if isinstance(message, BillResult) else "/gepg/payments/")
        return self.send(seal(message, signer or self.signer), path=path)

    def send(self, body: bytes, *, path: str) -> str:
        response = self.client.post(path, data=body, content_type="application/xml")
        assert response.status_code == 200
        return open_envelope(response.content).read().status_code


@pytest.fixture
def gateway(client: Client, gateway_signer: Signer) -> Gateway:
    return Gateway(client, gateway_signer)


def number_given(bill: Bill, control_number: str = CONTROL_NUMBER, code: str = "7101") -> BillResult:
    return BillResult(
        header=BillResultHeader(
            result_id="RES1",
            request_id=f"{bill.number}-S1",
            group_bill_id=bill.number,
            customer_control_number=control_number,
            outcome="GS" if control_number else "GF",
            status_code=code,
        ),
        bills=(BillResultDetail(bill_id=bill.number, control_number=control_number, status_code=code),),
    )


def payment_of(bill: Bill, amount: int | None = None, **fields: Any) -> PaymentDetail:
    paid_at: datetime = timezone.now().replace(microsecond=0)
    facts = {
        "sp_code": "SP99001",
        "bill_id": bill.number,
        "control_number": bill.control_number or CONTROL_NUMBER,
        "psp_code": "PSP-MPESA",
        "psp_name": "M-Pesa",
        "transaction_id": "MP1",
        "receipt_id": "926112400000001",
        "bill_amount": bill.amount,
        "paid_amount": bill.amount if amount is None else Decimal(amount),
        "payment_option": bill.payment_option,
        "currency": bill.currency,
        "account": "0150000000000",
        "paid_at": paid_at,
        "channel": "USSD",
        "payer_phone": "255754000001",
        "payer_name": "Asha",
    }
    return PaymentDetail(**facts | fields)


def notice_of(*payments: PaymentDetail) -> PaymentNotice:
    header = PaymentHeader(request_id="NTF1", group_bill_id=payments[0].bill_id, entry_count=str(len(payments)))
    return PaymentNotice(header=header, payments=payments)

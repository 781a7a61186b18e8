"""A payer's pages, in both languages, and who does not see them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organisation, Person
from payments.actions import cancel_bill, expire_bill, record_control_number, record_payment, record_refusal
from payments.models import Bill
from payments.qr_text import qr_text_of
from payments.states import BillState

from .conftest import CONTROL_NUMBER, payment_of


@pytest.fixture
def payer(bill: Bill, client: Client) -> Person:
    client.force_login(bill.payer)
    return bill.payer


def words(response: object) -> str:
    """The text of a page without its tags, as a text browser shows it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_a_payable_bill_shows_how_to_pay_it(payer: Person, payable_bill: Bill, client: Client) -> None:
    response = client.get(f"/en/bills/{payable_bill.number}/")

    text = words(response)
    for said in (
        "9900 1234 5678", "TZS 22,000", "Registration Agency", "Nobody may take cash",
        "*150*00#", "*150*01#", "*150*60#", "*150*88#", "*150*71#", "Bank agent",
    ):  # fmt: skip
        assert said in text, said
    assert "Fee of a birth certificate" in text


def test_the_page_has_no_inline_code_and_is_not_cached(payer: Person, payable_bill: Bill, client: Client) -> None:
    response = client.get(f"/en/bills/{payable_bill.number}/")

    page = response.content.decode()
    assert "<script" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert 'http-equiv="refresh"' not in page


def test_the_label_is_in_the_readers_language(payer: Person, payable_bill: Bill, client: Client) -> None:
    assert "Ada ya cheti cha kuzaliwa" in words(client.get(f"/bills/{payable_bill.number}/"))
    assert "Wakala wa Usajili" in words(client.get(f"/bills/{payable_bill.number}/"))


def test_a_bill_without_its_number_says_that_it_comes(payer: Person, bill: Bill, client: Client) -> None:
    text = words(client.get(f"/en/bills/{bill.number}/"))

    assert "Your control number is on its way" in text
    assert "*150*00#" not in text


@pytest.mark.parametrize(
    ("happening", "said"),
    [
        (lambda bill: record_refusal(number=bill.number, code="7201;7258"), "The bill lines do not add up"),
        (
            lambda bill: cancel_bill(number=bill.number, actor=None, reason="x"),
            "This bill was cancelled. Do not pay it.",
        ),
        (lambda bill: _let_expire(bill), "The time to pay this bill has passed. Do not pay it."),
        (lambda bill: _let_time_pass(bill), "The time to pay this bill has passed. Do not pay it."),
    ],
)
def test_a_bill_that_cannot_be_paid_says_why(
    payer: Person, bill: Bill, client: Client, happening: Callable[[Bill], object], said: str
) -> None:
    happening(bill)

    text = words(client.get(f"/en/bills/{bill.number}/"))

    assert said in text
    assert "*150*00#" not in text
    assert "Check again if it is paid" not in text


def _let_expire(bill: Bill) -> None:
    Bill.objects.filter(pk=bill.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    expire_bill(number=bill.number)


def _let_time_pass(bill: Bill) -> None:
    record_control_number(number=bill.number, control_number=CONTROL_NUMBER)
    Bill.objects.filter(pk=bill.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_paid_bill_shows_its_receipt(payer: Person, payable_bill: Bill, client: Client) -> None:
    receipt = record_payment(payment=payment_of(payable_bill))

    text = words(client.get(f"/en/bills/{payable_bill.number}/"))

    for said in (receipt.number, "926112400000001", "M-Pesa", "TZS 22,000", "9900 1234 5678"):
        assert said in text, said
    assert "*150*00#" not in text


def test_too_much_money_is_said(payer: Person, payable_bill: Bill, client: Client) -> None:
    record_payment(payment=payment_of(payable_bill, 25_000))

    assert "You paid TZS 3,000 more than the bill" in words(client.get(f"/en/bills/{payable_bill.number}/"))


def test_a_part_payment_shows_what_is_left(payer: Person, payable_bill: Bill, client: Client) -> None:
    receipt = record_payment(payment=payment_of(payable_bill, 10_000))

    text = words(client.get(f"/en/bills/{payable_bill.number}/"))

    assert "Pay TZS 12,000 before" in text
    assert receipt.number in text


def test_the_code_on_the_bill_is_what_wallets_read(payable_bill: Bill) -> None:
    import io

    import segno
    from PIL import Image

    picture = io.BytesIO()
    segno.make(qr_text_of(payable_bill), error="m").save(picture, kind="png", scale=4)
    read = zxingcpp.read_barcode(Image.open(picture)).text

    assert json.loads(read) == {
        "opType": "2",
        "shortCode": "001001",
        "billReference": CONTROL_NUMBER,
        "amount": "22000.00",
        "billCcy": "TZS",
        "billExprDt": f"{timezone.localtime(payable_bill.expires_at):%Y-%m-%d}",
        "billPayOpt": "3",
        "billRsv01": "rita|Asha Ng'wanza",
    }


def test_the_list_shows_my_bills_and_nobody_elses(
    payer: Person, payable_bill: Bill, make_bill: Callable[..., Bill], client: Client
) -> None:
    other = make_bill()

    page = client.get("/en/bills/").content.decode()

    assert payable_bill.number in page
    assert "9900 1234 5678" in page
    assert other.number not in page


def test_an_empty_list_says_what_will_be_there(make_payer: Callable[..., Person], client: Client) -> None:
    client.force_login(make_payer())

    assert "No bills yet" in words(client.get("/en/bills/"))


@pytest.mark.parametrize("path", ["/bills/", "/en/bills/", "/bills/BILL-26-0000000-0/"])
def test_nobody_reads_bills_without_signing_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert "/account/" in response["Location"]


def test_a_stranger_does_not_learn_that_a_bill_exists(
    bill: Bill, make_payer: Callable[..., Person], client: Client
) -> None:
    client.force_login(make_payer())

    assert client.get(f"/bills/{bill.number}/").status_code == 404
    assert client.get("/bills/BILL-26-0000000-0/").status_code == 404


def test_staff_are_strangers_here_too(bill: Bill, make_payer: Callable[..., Person], client: Client) -> None:
    client.force_login(make_payer(is_staff=True, is_superuser=True))

    assert client.get(f"/bills/{bill.number}/").status_code == 404


def test_a_bill_of_a_company_belongs_to_its_mandate_and_not_to_the_clerk(
    make_bill: Callable[..., Bill], organisation: Organisation, make_payer: Callable[..., Person], client: Client
) -> None:
    clerk, owner = make_payer(), make_payer()
    mandate = Membership.objects.create(organisation=organisation, person=clerk, role="clerk", granted_by=owner)
    Membership.objects.create(organisation=organisation, person=owner, role="owner")
    bill = make_bill(payer=clerk, payer_organisation=organisation, payer_name=organisation.name)
    url = f"/bills/{bill.number}/"

    seen = []
    for person in (clerk, owner):
        client.force_login(person)
        seen.append(client.get(url).status_code)
    mandate.revoked_at = timezone.now()
    mandate.save()
    client.force_login(clerk)
    seen.append(client.get(url).status_code)

    assert seen == [200, 200, 404]
    assert bill.number not in client.get("/bills/").content.decode()


def test_looking_changes_nothing(payer: Person, payable_bill: Bill, client: Client) -> None:
    assert client.post(f"/bills/{payable_bill.number}/").status_code == 405
    client.get(f"/bills/{payable_bill.number}/")

    payable_bill.refresh_from_db()
    assert payable_bill.state == BillState.PAYABLE


def test_a_list_of_many_bills_asks_few_questions(
    payer: Person, make_bill: Callable[..., Bill], client: Client, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(5):
        make_bill(payer=payer)

    with django_assert_max_num_queries(12):
        client.get("/en/bills/")


def test_records_are_read_only_in_the_administration(
    payable_bill: Bill, make_payer: Callable[..., Person], client: Client
) -> None:
    record_payment(payment=payment_of(payable_bill))
    client.force_login(make_payer(is_staff=True, is_superuser=True))

    for model in ("bill", "receipt", "suspenseentry", "gatewaymessage"):
        assert client.get(f"/admin/payments/{model}/").status_code == 200
        assert client.get(f"/admin/payments/{model}/add/").status_code == 403
    assert client.get(f"/admin/payments/bill/{payable_bill.pk}/change/").status_code == 200
    assert client.post(f"/admin/payments/bill/{payable_bill.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Bill.objects.count() == 1


def test_the_schema_is_what_the_models_say(db: None) -> None:
    call_command("makemigrations", "payments", check=True, dry_run=True, verbosity=0)

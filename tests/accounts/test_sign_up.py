"""Opening an account: by phone, by email, by both; and what a stranger cannot learn or take by it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import Person

pytestmark = pytest.mark.django_db
PASSWORD = "Chai-na-maandazi-7"
SIGN_UP = "/account/signup/"


def form(**fields: str) -> dict[str, str]:
    return {"full_name": "Asha  Juma ", "password1": PASSWORD, "password2": PASSWORD} | fields


def test_a_phone_and_its_code_are_enough(client, sms_code):
    response = client.post(SIGN_UP, form(phone="0712 345 678"))

    assert response["Location"] == "/account/phone/verify/"
    assert "_auth_user_id" not in client.session

    response = client.post("/account/phone/verify/", {"code": sms_code()})

    person = Person.objects.get()
    assert (person.full_name, person.phone, person.email, person.language) == (
        "Asha Juma", "+255712345678", None, "sw",
    )  # fmt: skip
    assert person.phone_verified_at is not None
    assert client.session["_auth_user_id"] == str(person.pk)
    assert response.status_code == 302
    assert mail.outbox == []


def test_an_email_and_its_code_are_enough(client, email_code, sms):
    response = client.post("/en" + SIGN_UP, form(email="Asha@Example.com"))

    assert response["Location"] == "/en/account/confirm-email/"

    client.post("/en/account/confirm-email/", {"code": email_code()})

    person = Person.objects.get()
    assert (person.email, person.phone, person.language) == ("asha@example.com", None, "en")
    assert person.email_verified_at is not None
    assert client.session["_auth_user_id"] == str(person.pk)
    assert sms() == []


def test_with_both_the_phone_is_proved_and_the_email_waits(client, sms_code, email_code):
    client.post("/en" + SIGN_UP, form(phone="0712345678", email="asha@example.com"))
    client.post("/en/account/phone/verify/", {"code": sms_code()})

    person = Person.objects.get()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.phone_verified_at is not None
    assert (person.email, mail.outbox) == (None, [])
    assert "Not confirmed" in client.get("/en/account/").text

    confirm = client.post("/en/account/email/", {"email": "asha@example.com", "action_send": "1"})
    client.post(confirm["Location"], {"code": email_code()})

    person.refresh_from_db()
    assert person.email == "asha@example.com"
    assert person.email_verified_at is not None


def test_without_phone_and_email_nobody_is_created(client):
    response = client.post("/en" + SIGN_UP, form())

    assert "Write a phone number or an email." in response.text
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"phone": "0642 345 678"}, "Write a phone number such as 0712 345 678."),
        ({"phone": "0712345678", "password1": "123", "password2": "123"}, "write at least 10 characters"),
        ({"phone": "0712345678", "password2": "kitu-kingine-5"}, "The two passwords differ."),
        ({"phone": "0712345678", "full_name": " "}, "Write your full name."),
        ({"email": "asha"}, "Write an email such as asha@example.com."),
    ],
)
def test_mistakes_are_told_in_words_and_create_nobody(client, fields, sentence):
    response = client.post("/en" + SIGN_UP, form(**fields))

    assert sentence in response.text
    assert not Person.objects.exists()


def test_a_wrong_code_lets_nobody_in_and_three_end_it(client, sms_code):
    client.post(SIGN_UP, form(phone="0712345678"))
    wrong = "000000" if sms_code() != "000000" else "111111"

    for _ in range(3):
        client.post("/account/phone/verify/", {"code": wrong})
    response = client.post("/account/phone/verify/", {"code": sms_code()})

    assert response["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session
    assert Person.objects.get().phone_verified_at is None


def test_a_taken_phone_answers_like_a_free_one(client, person, sms):
    taken = client.post("/en" + SIGN_UP, form(phone="0712 345 678"))
    free = Client().post("/en" + SIGN_UP, form(phone="0713 345 678"))

    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert Person.objects.filter(phone="+255712345678").count() == 1
    assert sms()[0] == (
        "+255712345678",
        "Government Services: you already have an account with this number. Sign in instead.",
    )


def test_a_taken_email_answers_like_a_free_one(client, person):
    taken = client.post(SIGN_UP, form(email="ASHA@example.com"))
    free = Client().post(SIGN_UP, form(email="mwingine@example.com"))

    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert Person.objects.filter(email="asha@example.com").count() == 1
    assert mail.outbox[0].to == ["asha@example.com"]


def test_an_address_belongs_to_whoever_proves_it(client, make_person, sms_code):
    squatter = make_person(
        phone="+255712345678",
        email=None,
        phone_verified_at=None,
        email_verified_at=None,
        date_joined=timezone.now() - timedelta(hours=1),
    )

    client.post(SIGN_UP, form(phone="0712345678"))
    client.post("/account/phone/verify/", {"code": sms_code()})

    owner = Person.objects.get(phone="+255712345678")
    assert owner.full_name == "Asha Juma"
    assert not Person.objects.filter(pk=squatter.pk).exists()


def test_an_email_named_beside_a_phone_is_free_for_its_owner(client, sms_code, email_code):
    squatter = Client()
    squatter.post(SIGN_UP, form(phone="0713000111", email="asha@example.com"))
    squatter.post("/account/phone/verify/", {"code": sms_code()})

    client.post(SIGN_UP, form(email="asha@example.com"))
    client.post("/account/confirm-email/", {"code": email_code()})

    owner = Person.objects.get(email="asha@example.com")
    assert owner.phone is None
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert squatter.session["_auth_user_id"] != str(owner.pk)


def test_whoever_was_given_a_role_is_not_forgotten(client, make_person, rita):
    invited = make_person(
        phone="+255712345678",
        email=None,
        phone_verified_at=None,
        email_verified_at=None,
        date_joined=timezone.now() - timedelta(hours=1),
    )
    grant_role(person=invited, role="mhasibu", institution=rita, actor=None)

    client.post(SIGN_UP, form(phone="0712345678"))

    assert list(Person.objects.all()) == [invited]


def test_a_sign_up_still_under_way_keeps_its_address(client, make_person):
    waiting = make_person(phone="+255712345678", email=None, phone_verified_at=None, email_verified_at=None)

    client.post(SIGN_UP, form(phone="0712345678"))

    assert list(Person.objects.all()) == [waiting]


def test_a_late_proof_still_wins_against_a_later_claim_that_lapsed(client, make_person, email_code):
    """The person comes back after a day, with the password, and proves the email then."""
    late = make_person(
        phone=None,
        phone_verified_at=None,
        email="asha@example.com",
        email_verified_at=None,
        date_joined=timezone.now() - timedelta(days=1),
    )

    client.post("/account/login/", {"login": "asha@example.com", "password": PASSWORD})
    client.post("/account/confirm-email/", {"code": email_code()})

    late.refresh_from_db()
    assert late.email_verified_at is not None
    assert client.session["_auth_user_id"] == str(late.pk)


def test_a_phone_that_a_lapsed_sign_up_named_can_be_taken_over(client, person, make_person, sms_code):
    squatter = make_person(
        phone="+255713222333",
        phone_verified_at=None,
        email=None,
        email_verified_at=None,
        date_joined=timezone.now() - timedelta(days=1),
    )
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    client.post("/account/phone/change/", {"phone": "0713222333"})
    client.post("/account/phone/verify/", {"code": sms_code()})

    person.refresh_from_db()
    assert person.phone == "+255713222333"
    assert not Person.objects.filter(pk=squatter.pk).exists()

"""Every page of an account: drawn, in the language of its address, safe to read, closed to others."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import grant_role
from accounts.models import Person
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "Chai-na-maandazi-7"
PUBLIC = ["login/", "signup/", "login/code/", "password/reset/"]
OWN = [
    "", "details/", "acting/", "organisations/new/", "email/", "phone/change/", "password/change/", "2fa/",
    "sessions/", "logout/", "reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_drawn(client, prefix, path):
    response = client.get(f"{prefix}/account/{path}")

    assert response.status_code == 200
    assert f'<html lang="{"en" if prefix else "sw"}">' in response.text
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", OWN)
def test_own_pages_are_drawn_for_the_person_and_closed_to_others(client, person, prefix, path):
    closed = client.get(f"{prefix}/account/{path}")
    client.force_login(person)

    response = client.get(f"{prefix}/account/{path}")

    assert closed.status_code == 302
    assert response.status_code == 200
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("path", PUBLIC + OWN)
def test_no_page_of_an_account_carries_inline_code(client, person, path):
    if path in OWN:
        client.force_login(person)

    text = client.get(f"/account/{path}").text

    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"\son[a-z]+=", text)


@pytest.mark.parametrize("path", OWN)
def test_reading_does_not_write(client, person, path):
    client.force_login(person)
    client.get("/account/")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/account/{path}")

    writes = [query["sql"] for query in queries if re.match(r"(INSERT|UPDATE|DELETE)", query["sql"])]
    assert [sql for sql in writes if "django_session" not in sql and "usersessions" not in sql] == []


@pytest.mark.parametrize("path", ["acting/self/", "acting/1/", "organisations/1/mandates/1/revoke/"])
def test_what_changes_something_needs_a_post(client, person, path):
    client.force_login(person)

    assert client.get(f"/account/{path}").status_code == 405


def test_details_are_saved_in_their_stored_form(client, person):
    client.force_login(person)

    response = client.post(
        "/account/details/",
        {"full_name": " Asha  Juma Mwinyi", "language": "en", "nin": "19900715-15101-00001-23", "check_number": ""},
    )

    person.refresh_from_db()
    assert response["Location"] == "/account/"
    assert (person.full_name, person.language, person.nin) == ("Asha Juma Mwinyi", "en", "19900715151010000123")
    entry = AuditEntry.objects.get(verb="accounts.profile.updated")
    assert entry.data == {"changed": ["full_name", "language", "nin"]}


def test_the_national_number_is_not_shown_in_full(client, make_person):
    client.force_login(make_person(nin="19900715151010000123"))

    text = client.get("/account/").text

    assert "19900715151010000123" not in text
    assert "1990••••••••••••0123" in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nin", "123", "Write a NIDA number with 20 digits"),
        ("nin", "19901315151010000123", "Write a NIDA number with 20 digits"),
        ("check_number", "12", "Write a check number with 7 to 10 digits."),
        ("full_name", "", "Write your full name."),
    ],
)
def test_wrong_details_change_nothing(client, person, field, value, sentence):
    client.force_login(person)
    form = {"full_name": "Mwingine", "language": "sw", "nin": "", "check_number": ""}

    response = client.post("/en/account/details/", form | {field: value})

    assert response.status_code == 422
    assert sentence in response.text
    assert f'href="#id_{field}"' in response.text
    person.refresh_from_db()
    assert person.full_name == "Asha Juma"
    assert not AuditEntry.objects.exists()


def test_nothing_saved_nothing_written_down(client, person):
    client.force_login(person)

    client.post("/account/details/", {"full_name": "Asha Juma", "language": "sw"})

    assert not AuditEntry.objects.exists()


def test_a_person_cannot_take_fields_that_are_not_offered(client, person):
    client.force_login(person)

    client.post("/account/details/", {"full_name": "Asha Juma", "language": "sw", "is_staff": "1", "phone": "1"})

    person.refresh_from_db()
    assert (person.is_staff, person.phone) == (False, "+255712345678")


def test_two_people_without_email_do_not_collide(make_person):
    make_person(email="", email_verified_at=None)
    make_person(email="", email_verified_at=None)

    assert Person.objects.filter(email__isnull=True).count() == 2


def test_the_last_email_stays_when_there_is_no_phone(client, make_person):
    person = make_person(phone=None, phone_verified_at=None, email="asha@example.com")
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    client.post("/account/email/", {"email": "asha@example.com", "action_remove": "1"})

    person.refresh_from_db()
    assert person.email == "asha@example.com"


def test_the_email_goes_when_a_proved_phone_remains(client, person):
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    client.post("/account/email/", {"email": "asha@example.com", "action_remove": "1"})

    person.refresh_from_db()
    assert (person.email, person.email_verified_at) == (None, None)


def test_the_desk_is_offered_to_officers_only(client, person, make_person, rita):
    officer = make_person()
    grant_role(person=officer, role="mhasibu", institution=rita, actor=None)

    client.force_login(person)
    assert 'href="/desk/"' not in client.get("/account/").text

    client.force_login(officer)
    assert 'href="/desk/"' in client.get("/account/").text

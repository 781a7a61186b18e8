"""Coming in: by password, by code, with a second step; and going out."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from accounts.models import Person
from portal.models import AuditEntry
from tests.factories import RoleGrantFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Chai-na-maandazi-7"
LOGIN = "/account/login/"


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("login", ["asha@example.com", "Asha@Example.com ", "0712 345 678", "+255712345678"])
def test_the_password_opens_with_either_address(client, person, login):
    client.post(LOGIN, {"login": login, "password": PASSWORD})

    assert signed_in(client) == str(person.pk)


@pytest.mark.parametrize("login", ["asha@example.com", "0712345678", "nobody@example.com", "0713999888", "asha"])
def test_a_wrong_password_and_an_unknown_person_read_the_same(client, person, login):
    response = client.post("/en" + LOGIN, {"login": login, "password": "si-hili-neno-1"})

    assert "The email or phone number and the password do not match." in response.text
    assert signed_in(client) is None


@pytest.mark.parametrize("address", ["0712 345 678", "asha@example.com"])
def test_a_code_opens_without_a_password(client, person, address, sms_code, email_code):
    client.post("/account/login/code/", {"address": address})
    code = email_code() if "@" in address else sms_code()

    client.post("/account/login/code/confirm/", {"code": code})

    assert signed_in(client) == str(person.pk)


def test_a_wrong_code_does_not_open(client, person, sms_code):
    client.post("/account/login/code/", {"address": "0712345678"})
    wrong = "000000" if sms_code() != "000000" else "111111"

    response = client.post("/en/account/login/code/confirm/", {"code": wrong})

    assert "This code is not right." in response.text
    assert signed_in(client) is None


def test_asking_for_a_code_does_not_tell_who_has_an_account(client, person, sms):
    known = client.post("/account/login/code/", {"address": "0712345678"})
    stranger = Client()
    unknown = stranger.post("/account/login/code/", {"address": "0713345678"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [phone for phone, _ in sms()] == ["+255712345678", "+255713345678"]
    assert not any(character.isdigit() for character in sms()[1][1])


def test_the_empty_code_of_an_unknown_person_does_not_open(client, person):
    client.post("/account/login/code/", {"address": "0713345678"})

    client.post("/account/login/code/confirm/", {"code": ""})
    client.post("/account/login/code/confirm/", {"code": "-"})

    assert signed_in(client) is None


def test_an_unproved_email_gets_no_code(client, make_person):
    make_person(phone="+255713000111", email="asha@example.com", email_verified_at=None)

    client.post("/en/account/login/code/", {"address": "asha@example.com"})

    assert mail.outbox[0].subject == "There is no account with this email"
    assert not re.search(r"\d{6}", mail.outbox[0].body)


def test_an_unproved_email_resets_no_password(client, make_person):
    person = make_person(phone="+255713000111", email="asha@example.com", email_verified_at=None)

    client.post("/en/account/password/reset/", {"email": "asha@example.com"})

    assert mail.outbox[0].subject == "There is no account with this email"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_code_by_email_gives_a_new_password(client, person, email_code):
    client.post("/account/password/reset/", {"email": "asha@example.com"})
    client.post("/account/password/reset/confirm/", {"code": email_code()})
    new = "Ugali-na-dagaa-9"

    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)


def test_whoever_came_in_by_code_replaces_a_forgotten_password(client, person, sms_code):
    client.post("/account/login/code/", {"address": "0712345678"})
    client.post("/account/login/code/confirm/", {"code": sms_code()})
    new = "Ugali-na-dagaa-9"

    client.post("/account/password/change/", {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)


def test_whoever_came_in_by_password_must_know_it_to_change_it(client, person):
    client.post(LOGIN, {"login": "0712345678", "password": PASSWORD})
    new = "Ugali-na-dagaa-9"

    client.post("/account/password/change/", {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_five_failures_on_one_phone_do_not_lock_another(client, person, make_person):
    other = make_person(phone="+255713345678")
    for _ in range(6):
        locked = client.post("/en" + LOGIN, {"login": "0712345678", "password": "si-hili"})

    client.post(LOGIN, {"login": "0713345678", "password": PASSWORD})

    assert "Too many attempts." in locked.text
    assert signed_in(client) == str(other.pk)


def test_the_session_that_ended_comes_back_to_the_same_page(client, person):
    asked = client.get("/account/details/")

    assert asked["Location"] == "/account/login/?next=/account/details/"
    page = client.get(asked["Location"])
    assert '<input type="hidden" name="next" value="/account/details/"' in page.text

    back = client.post(LOGIN, {"login": "0712345678", "password": PASSWORD, "next": "/account/details/"})

    assert back["Location"] == "/account/details/"


def test_next_does_not_lead_away_from_the_portal(client, person):
    response = client.post(LOGIN, {"login": "0712345678", "password": PASSWORD, "next": "https://evil.example/"})

    assert response["Location"] == "/applications/"


@pytest.mark.parametrize(
    ("role", "staff", "first", "desk"),
    [
        ("muidhinishaji", False, "/desk/", 302),
        ("muidhinishaji", True, "/desk/", 302),
        ("mkaguzi_wa_ndani", True, "/admin/", 404),
        ("msimamizi", True, "/admin/", 404),
        ("mbunifu", False, "/applications/", 404),
    ],
)
def test_signing_in_leads_to_the_work_of_the_role(client, make_person, role, staff, first, desk):
    worker = make_person(phone="+255713345679", is_staff=staff)
    RoleGrantFactory(person=worker, role=role)

    response = client.post(LOGIN, {"login": "0713345679", "password": PASSWORD})

    page = client.get("/account/").text
    assert response["Location"] == first
    assert client.get("/desk/").status_code == desk
    assert ('href="/desk/"' in page, 'href="/admin/"' in page) == (desk == 302, staff)


def test_signing_out_needs_a_post(client, person):
    client.force_login(person)

    assert client.get("/account/logout/").status_code == 200
    assert signed_in(client) == str(person.pk)

    client.post("/account/logout/")

    assert signed_in(client) is None


def test_a_closed_account_stays_closed(client, person):
    Person.objects.filter(pk=person.pk).update(is_active=False)

    client.post(LOGIN, {"login": "0712345678", "password": PASSWORD})

    assert signed_in(client) is None


def test_the_second_step_is_asked_for_and_its_secret_is_encrypted(client, person):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    stored = person.authenticator_set.get(type="totp").data["secret"]

    response = client.post(LOGIN, {"login": "0712345678", "password": PASSWORD})

    assert stored != secret
    assert response["Location"] == "/account/2fa/authenticate/"
    assert signed_in(client) is None

    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    client.post("/account/2fa/authenticate/", {"code": code})

    assert signed_in(client) == str(person.pk)


def test_changing_the_phone_asks_for_the_password_and_then_a_code(client, person, sms_code):
    client.force_login(person)
    asked = client.post("/account/phone/change/", {"phone": "0713 222 333"})
    assert asked["Location"].startswith("/account/reauthenticate/")

    went_on = client.post(asked["Location"], {"password": PASSWORD, "next": "/account/phone/change/"})
    assert went_on["Location"] == "/account/phone/verify/"
    person.refresh_from_db()
    assert person.phone == "+255712345678"

    client.post("/account/phone/verify/", {"code": sms_code()})

    person.refresh_from_db()
    assert person.phone == "+255713222333"


def trail() -> list[tuple[str, dict]]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "data"))


def test_coming_in_is_written_down_with_its_steps(client, person, sms_code):
    client.post("/account/login/code/", {"address": "0712345678"})
    client.post("/account/login/code/confirm/", {"code": sms_code()})
    Client().post(LOGIN, {"login": "0712345678", "password": PASSWORD})
    Client().post(LOGIN, {"login": "0712345678", "password": "si-hili-neno-1"})

    assert trail() == [
        ("accounts.person.signed_in", {"steps": ["code"]}),
        ("accounts.person.signed_in", {"steps": ["password"]}),
    ]


def test_changes_of_password_and_keys_are_written_down_without_them(client, person, django_capture_on_commit_callbacks):
    client.force_login(person)
    new = "Ugali-na-dagaa-9"
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    code = totp.format_hotp_value(
        totp.hotp_value(page.context["form"].secret, next(totp.yield_hotp_counters_from_time()))
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code})
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/deactivate/")

    assert trail() == [
        ("accounts.key.added", {"kind": "totp"}),
        ("accounts.key.added", {"kind": "recovery_codes"}),
        ("accounts.password.changed", {}),
        ("accounts.key.removed", {"kind": "totp"}),
        ("accounts.key.removed", {"kind": "recovery_codes"}),
    ]


def test_a_reset_by_code_names_no_actor(client, person, email_code):
    client.post("/account/password/reset/", {"email": "asha@example.com"})
    client.post("/account/password/reset/confirm/", {"code": email_code()})
    new = "Ugali-na-dagaa-9"
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})

    entry = AuditEntry.objects.get(verb="accounts.password.reset")
    assert (entry.actor, entry.subject_key) == (None, str(person.pk))

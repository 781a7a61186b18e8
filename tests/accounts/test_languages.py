"""Swahili pages speak Swahili, and the short messages fit one SMS in both languages."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils import translation

from accounts import texts
from accounts.actions import register_organisation
from accounts.models import Person
from portal.notifications import gsm7
from tests.languages import shared

pytestmark = pytest.mark.django_db
PASSWORD = "Chai-na-maandazi-7"
NAMES = {"Asha Juma", "Mama Lishe Foods"}
PUBLIC = ["login/", "signup/", "login/code/", "password/reset/"]
OWN = [
    "", "details/", "acting/", "organisations/new/", "email/", "phone/change/", "password/change/", "2fa/",
    "sessions/", "logout/", "reauthenticate/", "2fa/totp/activate/", "2fa/webauthn/",
]  # fmt: skip


def assert_swahili(sw: str, en: str) -> None:
    assert shared(sw, en) - NAMES == set()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_leave_no_english(client, path):
    assert_swahili(client.get(f"/account/{path}").text, client.get(f"/en/account/{path}").text)


@pytest.mark.parametrize("path", OWN)
def test_own_pages_leave_no_english(client, person, path):
    register_organisation(actor=person, name="Mama Lishe Foods", tin="123456789")
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/")

    assert_swahili(client.get(f"/account/{path}").text, client.get(f"/en/account/{path}").text)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("login/", {}),
        ("login/", {"login": "asha", "password": "si-hili-1"}),
        ("signup/", {}),
        ("signup/", {"full_name": "Asha Juma", "phone": "12", "email": "a", "password1": "asha", "password2": "b"}),
        ("signup/", {"full_name": "Asha", "email": "a@b.co", "password1": "password123", "password2": "password123"}),
        ("signup/", {"full_name": "Asha Juma", "password1": "Asha Juma 1", "password2": "Asha Juma 1"}),
        ("login/code/", {}),
        ("login/code/", {"address": "hii si anwani"}),
        ("login/code/", {"address": "hii@si"}),
        ("password/reset/", {"email": "hii"}),
        ("password/reset/", {}),
    ],
)
def test_mistakes_are_told_in_swahili(client, path, form):
    sw = client.post(f"/account/{path}", form).text
    en = client.post(f"/en/account/{path}", form).text

    assert "error-summary" in sw
    assert_swahili(sw, en)


def test_a_wrong_code_is_told_in_swahili(client, person):
    client.post("/account/login/code/", {"address": "0712345678"})

    sw = client.post("/account/login/code/confirm/", {"code": "1"}).text
    en = client.post("/en/account/login/code/confirm/", {"code": "1"}).text

    assert_swahili(sw, en)


def test_the_second_step_speaks_swahili(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    client.post("/account/login/", {"login": "0712345678", "password": PASSWORD})

    sw = client.post("/account/2fa/authenticate/", {"code": "1"}).text
    en = client.post("/en/account/2fa/authenticate/", {"code": "1"}).text

    assert_swahili(sw, en)


@pytest.mark.parametrize("language", ["sw", "en"])
def test_short_messages_fit_one_sms(sms, language):
    with translation.override(language):
        texts.send_code("+255712345678", "123456")
        texts.send_account_exists("+255712345678")
        texts.send_no_account("+255712345678")

    assert [gsm7.parts(text) for _, text in sms()] == [1, 1, 1]
    assert "123456" in sms()[0][1]


def test_the_language_of_the_page_becomes_the_persons(client, sms_code):
    form = {"full_name": "Asha", "phone": "0712345678", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/en/account/signup/", form)

    assert Person.objects.get().language == "en"

"""People, places and the messages that reach them."""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from accounts.models import Institution, Organisation, Person

PASSWORD = "Chai-na-maandazi-7"
_numbers = itertools.count(100)


@pytest.fixture
def make_person(db: None) -> Callable[..., Person]:
    """A person with a proved phone and a proved email, unless the test says otherwise."""

    def make(**fields: object) -> Person:
        number = next(_numbers)
        proved = {"phone_verified_at": timezone.now(), "email_verified_at": timezone.now()}
        person = Person.objects.create_user(
            **{
                "email": f"mtu{number}@example.com",
                "phone": f"+25571200{number:04}",
                "password": PASSWORD,
                "full_name": f"Mtu wa {number}",
                **proved,
                **fields,
            }
        )
        if person.email:
            verified = person.email_verified_at is not None
            EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
        return person

    return make


@pytest.fixture
def person(make_person: Callable[..., Person]) -> Person:
    return make_person(full_name="Asha Juma", email="asha@example.com", phone="+255712345678")


@pytest.fixture
def make_institution(db: None) -> Callable[..., Institution]:
    def make(code: str, **fields: object) -> Institution:
        return Institution.objects.create(
            **{"code": code, "name_sw": code, "name_en": code, "kind": "agency", "reference_prefix": code} | fields
        )

    return make


@pytest.fixture
def rita(make_institution: Callable[..., Institution]) -> Institution:
    return make_institution("RITA", name_sw="Wakala wa Usajili", name_en="Registration Agency")


@pytest.fixture
def company(db: None) -> Organisation:
    return Organisation.objects.create(kind="company", name="Mama Lishe Foods", tin="123456789")


@pytest.fixture
def sms(settings: object) -> Callable[[], list[tuple[str, str]]]:
    """(phone, text) of every SMS that left."""

    def read() -> list[tuple[str, str]]:
        outbox = Path(settings.SMS_OUTBOX)
        lines = outbox.read_text().splitlines() if outbox.exists() else []
        return [(entry["to"], entry["text"]) for entry in map(json.loads, lines)]

    return read


@pytest.fixture
def sms_code(sms: Callable[[], list[tuple[str, str]]]) -> Callable[[], str]:
    return lambda: re.search(r"\d{6}", sms()[-1][1])[0]


@pytest.fixture
def email_code() -> Callable[[], str]:
    return lambda: re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)[0]

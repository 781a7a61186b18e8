"""The people of the demonstration: twelve, ready to sign in, and only where DEMO_MODE says so."""

import pytest
from allauth.account.models import EmailAddress

from accounts.demo import DEMO_PEOPLE, load_demo_people
from accounts.models import Membership, Organisation, Person, RoleGrant
from accounts.policies import can_act_for, holds_role
from accounts.roles import STAGE_ROLES
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, rita, make_institution):
    settings.DEMO_MODE = True
    make_institution("RITA-DSM", parent=rita)
    make_institution("NIDA")


def counts() -> list[int]:
    return [model.objects.count() for model in (Person, EmailAddress, Organisation, Membership, RoleGrant, AuditEntry)]


def test_loading_twice_is_loading_once(demo):
    load_demo_people()
    first = counts()

    load_demo_people()

    assert counts() == first
    assert first[:4] == [12, 12, 2, 3]


def test_outside_a_demonstration_nothing_happens(db):
    with pytest.raises(RuntimeError):
        load_demo_people()

    assert not Person.objects.exists()


@pytest.mark.parametrize("login", ["mwananchi@demo.example", "0620 000 001", "msimamizi@demo.example"])
def test_they_sign_in_with_the_password_that_is_printed(client, demo, settings, login):
    load_demo_people()

    client.post("/account/login/", {"login": login, "password": settings.DEMO_PASSWORD})

    assert "_auth_user_id" in client.session


def test_every_stage_role_is_held_at_every_top_institution(demo, rita):
    load_demo_people()

    held = set(RoleGrant.objects.filter(institution=rita).values_list("role", flat=True))

    assert {role.code for role in STAGE_ROLES} <= held
    assert set(RoleGrant.objects.values_list("institution__code", flat=True)) == {"RITA", "NIDA"}


def test_intake_approval_and_money_are_three_people(demo, rita):
    load_demo_people()
    people = {entry.account: Person.objects.get(email=entry.email) for entry in DEMO_PEOPLE}

    assert holds_role(people["mapokezi"], "afisa_mapokezi", rita)
    assert not holds_role(people["mapokezi"], "muidhinishaji", rita)
    assert holds_role(people["muidhinishaji"], "muidhinishaji", rita)
    assert not holds_role(people["muidhinishaji"], "mhasibu", rita)


def test_the_clerk_acts_for_the_company_and_the_servant_for_the_institution(demo):
    load_demo_people()
    company = Organisation.objects.get(kind="company")
    institution = Organisation.objects.get(kind="institution")

    assert can_act_for(Person.objects.get(email="karani@demo.example"), company)
    assert company.memberships.get(role="owner").person.email == "biashara@demo.example"
    servant = Person.objects.get(email="mtumishi@demo.example")
    assert can_act_for(servant, institution)
    assert (servant.employer.code, servant.check_number) == ("RITA", "10203040")


def test_only_the_administrator_and_the_auditor_enter_the_administration(demo):
    load_demo_people()

    staff = Person.objects.filter(is_staff=True).order_by("email").values_list("email", "is_superuser")

    assert list(staff) == [("mkaguzi@demo.example", False), ("msimamizi@demo.example", True)]

"""Who receives or loses a mandate or a role is told, in their own language; nobody is told what they did themselves."""

import pytest

from accounts.actions import add_clerk, grant_role, register_organisation, revoke_mandate
from accounts.models import Membership
from portal.models import Notification
from tests.factories import InstitutionFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return PersonFactory()


@pytest.fixture
def company(owner):
    return register_organisation(actor=owner, name="Mwanzo Traders", tin="123456789")


def told() -> list[tuple[int, str]]:
    return list(Notification.objects.order_by("pk").values_list("recipient", "code"))


def test_a_clerk_is_told_once_and_the_owner_not(owner, company) -> None:
    clerk = PersonFactory(language="en")

    add_clerk(organisation=company, person=clerk, actor=owner)
    add_clerk(organisation=company, person=clerk, actor=owner)

    assert told() == [(clerk.pk, "mandate_granted")]
    notice = Notification.objects.get()
    assert notice.subject == "You may act for Mwanzo Traders"
    assert "Your role: Clerk." in notice.body
    assert notice.path == "/account/acting/"


def test_losing_a_mandate_is_told_and_laying_it_down_is_not(owner, company) -> None:
    clerk, leaver = PersonFactory(), PersonFactory()
    taken = add_clerk(organisation=company, person=clerk, actor=owner)
    laid_down = add_clerk(organisation=company, person=leaver, actor=owner)

    revoke_mandate(mandate=taken, actor=owner)
    revoke_mandate(mandate=laid_down, actor=leaver)
    revoke_mandate(mandate=taken, actor=owner)

    assert told()[2:] == [(clerk.pk, "mandate_revoked")]
    assert Membership.objects.live().count() == 1


def test_a_new_role_is_told_and_the_set_up_tells_nobody() -> None:
    institution = InstitutionFactory()
    officer, administrator = PersonFactory(language="en"), PersonFactory(superuser=True)

    grant_role(person=PersonFactory(), role="afisa_mtaalamu", institution=institution, actor=None)
    grant_role(person=officer, role="afisa_mtaalamu", institution=institution, actor=administrator)

    assert told() == [(officer.pk, "role_granted")]
    assert institution.name_en in Notification.objects.get().body

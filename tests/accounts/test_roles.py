"""Roles: what counts, how far it reaches, who gives them, and what is written down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import grant_role, revoke_role
from accounts.models import RoleGrant
from accounts.policies import can_read_everything, holds_role, institutions_where
from accounts.queries import live_grants, roles_and_institutions
from accounts.roles import ROLES, STAGE_ROLES, role_name
from portal.errors import DomainError, NotPermitted
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(make_person, rita):
    person = make_person()
    grant_role(person=person, role="msimamizi", institution=rita, actor=None)
    return person


def test_the_catalogue_has_the_stage_roles_and_the_platform_roles():
    assert len(STAGE_ROLES) == 17
    assert set(ROLES) - {role.code for role in STAGE_ROLES} == {"mbunifu", "mkaguzi_wa_ndani", "msimamizi"}
    assert all(str(role.sentence).endswith(".") for role in ROLES.values())
    assert role_name("gone") == "gone"


def test_a_role_counts_at_its_institution_and_in_its_parts(person, rita, make_institution):
    part = make_institution("RITA-DSM", parent=rita)
    other = make_institution("NIDA")

    grant_role(person=person, role="mhasibu", institution=rita, actor=None)

    assert holds_role(person, "mhasibu", rita)
    assert holds_role(person, "mhasibu", part)
    assert not holds_role(person, "mhasibu", other)
    assert not holds_role(person, "muidhinishaji", rita)
    assert set(institutions_where(person, "mhasibu")) == {rita, part}


def test_a_role_in_a_part_does_not_reach_the_whole(person, rita, make_institution):
    part = make_institution("RITA-DSM", parent=rita)

    grant_role(person=person, role="mhasibu", institution=part, actor=None)

    assert not holds_role(person, "mhasibu", rita)
    assert list(institutions_where(person, "mhasibu")) == [part]


def test_an_expired_role_does_not_count_and_can_be_given_again(person, rita):
    yesterday = timezone.now() - timedelta(days=1)
    old = grant_role(person=person, role="mhasibu", institution=rita, actor=None, expires_at=yesterday)
    assert not holds_role(person, "mhasibu", rita)
    assert list(live_grants(person)) == []

    new = grant_role(person=person, role="mhasibu", institution=rita, actor=None)

    old.refresh_from_db()
    assert (new.pk != old.pk, old.revoked_at) == (True, yesterday)
    assert holds_role(person, "mhasibu", rita)


def test_a_revoked_role_stops_at_once(person, rita, administrator):
    grant = grant_role(person=person, role="mhasibu", institution=rita, actor=administrator)

    revoke_role(grant=grant, actor=administrator)

    assert not holds_role(person, "mhasibu", rita)
    assert roles_and_institutions(person) == {}
    entry = AuditEntry.objects.get(verb="accounts.role.revoked")
    assert (entry.actor, entry.data) == (
        administrator, {"person": person.pk, "role": "mhasibu", "institution": "RITA"},
    )  # fmt: skip


def test_granting_twice_is_granting_once(person, rita, administrator):
    first = grant_role(person=person, role="mhasibu", institution=rita, actor=administrator)
    second = grant_role(person=person, role="mhasibu", institution=rita, actor=administrator)

    assert first == second
    assert AuditEntry.objects.filter(verb="accounts.role.granted", data__person=person.pk).count() == 1


def test_nobody_grants_or_revokes_a_role_of_their_own(administrator, rita):
    with pytest.raises(NotPermitted, match="own_role"):
        grant_role(person=administrator, role="mhasibu", institution=rita, actor=administrator)
    with pytest.raises(NotPermitted, match="own_role"):
        revoke_role(grant=administrator.role_grants.get(), actor=administrator)

    assert [grant.role for grant in live_grants(administrator)] == ["msimamizi"]


def test_only_administrators_grant(person, make_person, rita):
    with pytest.raises(NotPermitted, match="not_administrator"):
        grant_role(person=make_person(), role="mhasibu", institution=rita, actor=person)

    assert not RoleGrant.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_unknown_role_is_refused(person, rita):
    with pytest.raises(DomainError, match="unknown_role"):
        grant_role(person=person, role="mfalme", institution=rita, actor=None)

    assert not RoleGrant.objects.exists()


def test_one_query_answers_a_queue(person, rita, make_institution, django_assert_num_queries):
    part = make_institution("RITA-DSM", parent=rita)
    nida = make_institution("NIDA")
    grant_role(person=person, role="mhasibu", institution=rita, actor=None)
    grant_role(person=person, role="mhasibu", institution=nida, actor=None)
    grant_role(person=person, role="kamati", institution=nida, actor=None)

    with django_assert_num_queries(1):
        found = roles_and_institutions(person)

    assert found == {"mhasibu": frozenset({rita.pk, part.pk, nida.pk}), "kamati": frozenset({nida.pk})}


def test_the_database_keeps_one_live_grant(person, rita):
    RoleGrant.objects.create(person=person, role="mhasibu", institution=rita)

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=person, role="mhasibu", institution=rita)


def test_the_auditor_reads_everything_and_changes_nothing(make_person, rita):
    auditor = make_person(is_staff=True)
    grant_role(person=auditor, role="mkaguzi_wa_ndani", institution=rita, actor=None)

    assert can_read_everything(auditor)
    assert auditor.has_perm("accounts.view_person")
    assert not auditor.has_perm("accounts.change_person")
    assert not auditor.has_perm("accounts.delete_person")
    assert not make_person(is_staff=True).has_perm("accounts.view_person")

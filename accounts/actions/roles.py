"""Granting and revoking roles: always by another person, always with an audit entry."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Person, RoleGrant
from accounts.policies import can_grant_roles
from accounts.roles import ROLES
from accounts.verbs import ROLE_GRANTED, ROLE_REVOKED
from portal.audit import record
from portal.errors import DomainError, NotPermitted
from portal.notifications import notify


@transaction.atomic
def grant_role(
    *,
    person: Person,
    role: str,
    institution: Institution,
    actor: Person | None,
    expires_at: datetime | None = None,
) -> RoleGrant:
    """Give a role at an institution. `actor` None is the system. A live grant is returned as it is."""
    if role not in ROLES:
        raise DomainError(_("There is no such role."), "unknown_role")
    _check_giver(actor, person)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    _close_expired(person, role, institution)
    grant, created = RoleGrant.objects.get_or_create(
        person=person,
        role=role,
        institution=institution,
        revoked_at=None,
        defaults={"granted_by": actor, "expires_at": expires_at},
    )
    if created:
        record(
            ROLE_GRANTED,
            grant,
            actor=actor,
            person=person.pk,
            role=role,
            institution=institution.code,
            expires_at=expires_at.isoformat() if expires_at else None,
        )
        if actor is not None:
            _tell_holder(grant)
    return grant


def _tell_holder(grant: RoleGrant) -> None:
    context: dict[str, Any] = {"role": ROLES[grant.role].name, "institution": grant.institution}
    if grant.expires_at:
        context["expires_on"] = grant.expires_at
    notify(
        grant.person, "role_granted", key=f"role:{grant.pk}:granted", context=context, path=reverse("accounts:profile")
    )


@transaction.atomic
def revoke_role(*, grant: RoleGrant, actor: Person | None) -> None:
    """Take a role back, at once. Revoking what is revoked changes nothing."""
    locked = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    _check_giver(actor, locked.person)
    if locked.revoked_at is not None:
        return
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(
        ROLE_REVOKED,
        locked,
        actor=actor,
        person=locked.person_id,
        role=locked.role,
        institution=locked.institution.code,
    )


def _check_giver(actor: Person | None, receiver: Person) -> None:
    if actor is None:
        return
    if actor.pk == receiver.pk:
        raise NotPermitted(_("Nobody grants or revokes a role of their own."), "own_role")
    if not can_grant_roles(actor, receiver):
        raise NotPermitted(_("Only administrators grant and revoke roles."), "not_administrator")


def _close_expired(person: Person, role: str, institution: Institution) -> None:
    """An expired grant still holds the place of a live one; it is closed at the moment when it expired."""
    expired = RoleGrant.objects.filter(
        person=person, role=role, institution=institution, revoked_at=None, expires_at__lte=timezone.now()
    ).first()
    if expired is not None:
        expired.revoked_at = expired.expires_at
        expired.save(update_fields=["revoked_at"])

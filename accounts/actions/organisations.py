"""Organisations and the mandates under which people act for them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Membership, Organisation, Person
from accounts.policies import can_manage_mandates
from accounts.verbs import MANDATE_GRANTED, MANDATE_REVOKED, ORGANISATION_REGISTERED
from portal.audit import record
from portal.errors import Conflict, DomainError, NotPermitted
from portal.notifications import notify


@transaction.atomic
def register_organisation(*, actor: Person, name: str, tin: str, brela_number: str = "") -> Organisation:
    """Register a company; whoever registers it owns it. A TIN is registered once."""
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=Organisation.Kind.COMPANY, name=name, tin=tin, brela_number=brela_number
            )
    except IntegrityError as error:
        raise Conflict(
            _("An organisation with this TIN is already registered. Ask its owner to add you."), "tin_taken"
        ) from error
    record(ORGANISATION_REGISTERED, organisation, actor=actor, tin=tin, brela_number=brela_number)
    _give_mandate(organisation, actor, Membership.Role.OWNER, giver=actor)
    return organisation


@transaction.atomic
def register_institution(*, institution: Institution, actor: Person | None = None) -> Organisation:
    """The organisation by which a public institution's staff act for it. Safe to repeat."""
    organisation, created = Organisation.objects.get_or_create(
        institution=institution,
        defaults={"kind": Organisation.Kind.INSTITUTION, "name": institution.name_sw},
    )
    if created:
        record(ORGANISATION_REGISTERED, organisation, actor=actor, tin="", brela_number="")
    return organisation


@transaction.atomic
def add_clerk(
    *, organisation: Organisation, person: Person, actor: Person | None, expires_at: datetime | None = None
) -> Membership:
    """Give a person a mandate to act for the organisation. A live mandate is returned as it is."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check_manager(actor, locked)
    return _give_mandate(locked, person, Membership.Role.CLERK, giver=actor, expires_at=expires_at)


@transaction.atomic
def revoke_mandate(*, mandate: Membership, actor: Person | None) -> None:
    """Take a mandate back, at once. Its holder may lay it down too; the last owner stays."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=mandate.organisation_id)
    locked = Membership.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if actor is None or actor.pk != locked.person_id:
        _check_manager(actor, organisation)
    if locked.revoked_at is not None:
        return
    _check_owner_remains(organisation, locked)
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(MANDATE_REVOKED, locked, actor=actor, person=locked.person_id, organisation=organisation.pk)
    if actor is not None and actor.pk != locked.person_id:
        notify(
            locked.person,
            "mandate_revoked",
            key=f"mandate:{locked.pk}:revoked",
            context={"organisation": organisation},
            path=reverse("accounts:choose_acting"),
        )


def _give_mandate(
    organisation: Organisation,
    person: Person,
    role: str,
    *,
    giver: Person | None,
    expires_at: datetime | None = None,
) -> Membership:
    _close_expired(organisation, person)
    mandate, created = Membership.objects.get_or_create(
        organisation=organisation,
        person=person,
        revoked_at=None,
        defaults={"role": role, "granted_by": giver, "expires_at": expires_at},
    )
    if created:
        record(
            MANDATE_GRANTED,
            mandate,
            actor=giver,
            person=person.pk,
            organisation=organisation.pk,
            role=str(role),
            expires_at=expires_at.isoformat() if expires_at else None,
        )
        _tell_holder(mandate, giver)
    return mandate


def _tell_holder(mandate: Membership, giver: Person | None) -> None:
    """Whoever registered the organisation knows already, and the set-up of a portal tells nobody."""
    if giver is None or giver.pk == mandate.person_id:
        return
    context: dict[str, Any] = {"organisation": mandate.organisation, "role": Membership.Role(mandate.role).label}
    if mandate.expires_at:
        context["expires_on"] = mandate.expires_at
    notify(
        mandate.person,
        "mandate_granted",
        key=f"mandate:{mandate.pk}:granted",
        context=context,
        path=reverse("accounts:choose_acting"),
    )


def _close_expired(organisation: Organisation, person: Person) -> None:
    """An expired mandate still holds the place of a live one; it is closed at the moment when it expired."""
    expired = Membership.objects.filter(
        organisation=organisation, person=person, revoked_at=None, expires_at__lte=timezone.now()
    ).first()
    if expired is not None:
        expired.revoked_at = expired.expires_at
        expired.save(update_fields=["revoked_at"])


def _check_manager(actor: Person | None, organisation: Organisation) -> None:
    if actor is not None and not (actor.is_superuser or can_manage_mandates(actor, organisation)):
        raise NotPermitted(_("Only an owner gives and takes mandates of this organisation."), "not_owner")


def _check_owner_remains(organisation: Organisation, leaving: Membership) -> None:
    owners = Membership.objects.live().filter(organisation=organisation, role=Membership.Role.OWNER)
    if leaving.role == Membership.Role.OWNER and not owners.exclude(pk=leaving.pk).exists():
        raise DomainError(_("An organisation keeps at least one owner."), "last_owner")

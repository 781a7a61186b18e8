"""Whose is an address? It belongs to whoever proved it first; naming it in a sign-up proves nothing.

Without this, somebody could sign up with another person's address, wait until its owner comes in by code,
and share the account with him from then on.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person

CLAIM_LIFETIME = timedelta(minutes=15)


def owner_of_email(email: str) -> Person | None:
    """The active person who proved this address."""
    return Person.objects.filter(emailaddress__email__iexact=email, emailaddress__verified=True, is_active=True).first()


def owner_of_phone(phone: str) -> Person | None:
    """The active person who proved this number."""
    return Person.objects.filter(phone=phone, phone_verified_at__isnull=False, is_active=True).first()


def email_is_taken(email: str) -> bool:
    named = Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
    return Person.objects.filter(named).exclude(pk__in=_lapsed_email(email)).exists()


def phone_is_taken(phone: str) -> bool:
    return Person.objects.filter(phone=phone).exclude(pk__in=_lapsed_phone(phone)).exists()


@transaction.atomic
def release_lapsed_claims(email: str | None, phone: str | None) -> None:
    """Free addresses that were named in a sign-up and never proved, before somebody else signs up with them."""
    if email:
        for person in _lapsed_email(email):
            person.emailaddress_set.filter(verified=False).delete()
            _give_up(person, "email", keeps=person.phone_verified_at is not None)
    if phone:
        for person in _lapsed_phone(phone):
            _give_up(person, "phone", keeps=person.email_verified_at is not None)


def _give_up(person: Person, address: str, *, keeps: bool) -> None:
    if keeps:
        setattr(person, address, None)
        person.save(update_fields=[address])
    else:
        person.delete()


def _lapsed_email(email: str) -> QuerySet[Person]:
    return _lapsed().filter(email__iexact=email, email_verified_at__isnull=True).exclude(emailaddress__verified=True)


def _lapsed_phone(phone: str) -> QuerySet[Person]:
    return _lapsed().filter(phone=phone, phone_verified_at__isnull=True)


def _lapsed() -> QuerySet[Person]:
    """Accounts that an unproved claim may be taken from; one that holds a role or a mandate is not touched."""
    return Person.objects.filter(
        date_joined__lt=timezone.now() - CLAIM_LIFETIME, role_grants__isnull=True, memberships__isnull=True
    )

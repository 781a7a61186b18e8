"""Whose is an address? It belongs to whoever proved it first; naming it in a sign-up proves nothing.

Without this, somebody could sign up with another person's address, wait until its owner comes in by code,
and share the account from then on.
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


def email_is_taken(email: str, *, apart_from: Person | None = None) -> bool:
    """Proved by somebody, or named by a sign-up that is still under way."""
    others = Person.objects.exclude(pk=apart_from.pk) if apart_from else Person.objects.all()
    if others.filter(emailaddress__email__iexact=email, emailaddress__verified=True).exists():
        return True
    return others.filter(email__iexact=email).exclude(pk__in=_lapsed()).exists()


def phone_is_taken(phone: str) -> bool:
    return Person.objects.filter(phone=phone).exclude(pk__in=_lapsed()).exists()


@transaction.atomic
def release_lapsed_claims(email: str | None, phone: str | None, *, keep: Person | None = None) -> None:
    """Forget the sign-ups that named one of these addresses and never proved any."""
    named = Q(email__iexact=email) if email else Q(pk__in=[])
    if phone:
        named |= Q(phone=phone)
    _lapsed().filter(named).exclude(pk=keep.pk if keep else None).delete()


def _lapsed() -> QuerySet[Person]:
    """People who never came in and no longer can: nothing proved in time, nothing given to them by others."""
    return Person.objects.filter(
        date_joined__lt=timezone.now() - CLAIM_LIFETIME,
        email_verified_at__isnull=True,
        phone_verified_at__isnull=True,
        last_login__isnull=True,
        role_grants__isnull=True,
        memberships__isnull=True,
    )

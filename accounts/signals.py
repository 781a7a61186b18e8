"""allauth proves emails in a table of its own; the moment is kept on the person, beside the phone's."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, email_removed
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Person


@receiver(email_confirmed, dispatch_uid="accounts.note_confirmed_email")
def note_confirmed_email(email_address: EmailAddress, **kwargs: Any) -> None:
    _note(email_address.user)


@receiver(email_changed, dispatch_uid="accounts.note_changed_email")
def note_changed_email(user: Person, **kwargs: Any) -> None:
    _note(user)


@receiver(email_removed, dispatch_uid="accounts.note_removed_email")
def note_removed_email(user: Person, **kwargs: Any) -> None:
    _note(user)


def _note(person: Person) -> None:
    """Repeatable: what the person uses now is proved, or it is not."""
    person.refresh_from_db(fields=["email", "email_verified_at"])
    proved = (
        bool(person.email)
        and EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True).exists()
    )
    if proved != (person.email_verified_at is not None):
        person.email_verified_at = timezone.now() if proved else None
        person.save(update_fields=["email_verified_at"])

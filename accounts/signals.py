"""What allauth tells us: an email is proved, a person came in, a key to the account changed."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_changed,
    email_confirmed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from accounts.verbs import KEY_ADDED, KEY_REMOVED, PASSWORD_CHANGED, PASSWORD_RESET, SIGNED_IN
from portal.audit import record

# --- The moment when an email was proved, kept on the person beside the phone's ----------------------------


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


# --- What the audit trail says about the keys to an account ------------------------------------------------


@receiver(user_logged_in, dispatch_uid="accounts.record_sign_in")
@transaction.atomic
def record_sign_in(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    steps = [entry["method"] for entry in get_authentication_records(request, user)]
    record(SIGNED_IN, user, actor=user, steps=steps)


@receiver([password_changed, password_set], dispatch_uid="accounts.record_changed_password")
@transaction.atomic
def record_changed_password(user: Person, **kwargs: Any) -> None:
    record(PASSWORD_CHANGED, user, actor=user)


@receiver(password_reset, dispatch_uid="accounts.record_reset_password")
@transaction.atomic
def record_reset_password(user: Person, **kwargs: Any) -> None:
    """By a code: whoever did it had the email, not necessarily the account."""
    record(PASSWORD_RESET, user)


@receiver(authenticator_added, dispatch_uid="accounts.record_added_key")
@transaction.atomic
def record_added_key(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    record(KEY_ADDED, user, actor=user, kind=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="accounts.record_removed_key")
@transaction.atomic
def record_removed_key(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    record(KEY_REMOVED, user, actor=user, kind=authenticator.type)

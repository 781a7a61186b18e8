"""What people change about themselves."""

from typing import Any

from django.db import transaction

from accounts.models import Person
from accounts.verbs import PROFILE_UPDATED
from portal.audit import record

EDITABLE = ("full_name", "language", "nin", "check_number")


@transaction.atomic
def update_profile(*, actor: Person, **details: Any) -> None:
    """Save the details that differ. The audit entry names them and never carries their values."""
    if unknown := set(details) - set(EDITABLE):
        raise ValueError(f"not part of a profile: {sorted(unknown)}")
    person = Person.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    changed = [name for name in EDITABLE if name in details and getattr(person, name) != details[name]]
    if not changed:
        return
    for name in changed:
        setattr(person, name, details[name])
    person.save(update_fields=changed)
    record(PROFILE_UPDATED, person, actor=actor, changed=changed)

"""`record()` writes one audit entry; verbs say in advance what an entry may carry."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils.functional import Promise

from portal.models import AuditEntry
from portal.request_ids import current_request_id


@dataclass(frozen=True)
class Verb:
    """A kind of act: stable code, sentence for people, the only fields it may carry, how long it is kept."""

    code: str
    sentence: str | Promise
    retention: str
    fields: frozenset[str] = frozenset()


VERBS: dict[str, Verb] = {}
RETENTION_CLASSES = {"case", "finance", "security", "administration"}


def register(*verbs: Verb) -> None:
    for verb in verbs:
        if VERBS.setdefault(verb.code, verb) != verb:
            raise ValueError(f"the verb {verb.code} is declared twice")


def record(verb: Verb, subject: models.Model, /, *, actor: models.Model | None = None, **data: Any) -> AuditEntry:
    """Append one entry. `actor` None means the system.

    Raises RuntimeError outside a transaction, since an act and its entry stand or fall together, and
    ValueError for a field that the verb did not declare.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the act that it records")
    if undeclared := set(data) - verb.fields:
        raise ValueError(f"{verb.code} does not declare {sorted(undeclared)}")
    entry = AuditEntry(
        verb=verb.code,
        actor_id=actor.pk if actor is not None else None,
        subject_type=subject._meta.label_lower,
        subject_key=audit_key(subject),
        request_id=current_request_id.get(),
        data=data,
    )
    entry.digest = entry.content_digest()
    entry.save(force_insert=True)
    return entry


def audit_key(subject: models.Model) -> str:
    """The name by which people know the thing, else its primary key."""
    return str(getattr(subject, "reference", None) or getattr(subject, "number", None) or subject.pk)


def record_reading(verb: Verb, subject: models.Model, /, *, actor: models.Model, **data: Any) -> AuditEntry:
    """Note that staff looked at personal data: the one thing that a page may write while it is only read."""
    with transaction.atomic():
        return record(verb, subject, actor=actor, **data)

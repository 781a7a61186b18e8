"""The one door: every change of an application's state goes through `move()`."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from payments.actions import cancel_bills_for
from portal.audit import Verb, record
from portal.errors import TransitionNotAllowed
from portal.models import StoredFile
from portal.outbox import publish
from services import verbs
from services.models import Application, Event, Task
from services.workflow.states import State
from services.workflow.transitions import target_of

_SAVED = ["state", "submitted_at", "declared_at", "decided_at", "due_on", "public_reason", "institution", "changed_at"]
_DECISIONS = frozenset({State.APPROVED, State.REJECTED})


def lock(reference: str) -> Application:
    """The application under its row lock; the only `select_for_update` on applications."""
    return Application.objects.select_for_update(of=("self",)).get(reference=reference)


def move(
    application: Application,
    transition: str,
    verb: Verb,
    *,
    actor: Person | None,
    stage: str = "",
    reason: str = "",
    internal_note: str = "",
    **data: Any,
) -> Event:
    """The only writer of `Application.state`: legal-move check, save, timeline, audit, event.

    Raises TransitionNotAllowed and changes nothing when the move is not in the table.
    """
    before = application.status
    after = target_of(transition, before)
    if after is None:
        raise TransitionNotAllowed(transition, before)
    application.state = after.value
    application.public_reason = reason
    application.changed_at = timezone.now()
    if after in _DECISIONS:
        application.decided_at = timezone.now()
    application.save(update_fields=_SAVED)
    event = Event.objects.create(
        application=application, code=transition, actor=actor, stage=stage, state=after.value,
        public_note=reason, internal_note=internal_note,
    )  # fmt: skip
    record(
        verb,
        application,
        actor=actor,
        before=before.value,
        after=after.value,
        stage=stage,
        reason=reason,
        **data,
    )
    publish(verb.code, key=f"event:{event.pk}", reference=application.reference, event=event.pk)
    return event


@transaction.atomic
def withdraw_application(*, reference: str, actor: Person, reason: str = "") -> Application:
    """The applicant takes the application back; an unpaid bill is cancelled with it.

    A draft that was never sent loses its answers and files too: nobody else has seen them, nobody needs them.
    """
    application = lock(reference)
    move(application, "withdraw", verbs.WITHDRAWN, actor=actor, reason=reason)
    _close(application, actor)
    return application


@transaction.atomic
def lapse_application(*, reference: str, actor: Person | None = None) -> Application:
    """Close what waited for its applicant too long."""
    application = lock(reference)
    move(application, "lapse", verbs.LAPSED, actor=actor)
    _close(application, actor)
    return application


def _close(application: Application, actor: Person | None) -> None:
    application.tasks.filter(state=Task.State.OPEN).update(state=Task.State.CANCELLED, assignee=None)
    if application.submitted_at is None:
        _forget(application)
    cancel_bills_for(subject=application.bill_subject, actor=actor)


def _forget(application: Application) -> None:
    """Answers go at once; the files are let go, and the sweep of files that nothing uses removes them."""
    application.answers = {}
    application.save(update_fields=["answers"])
    files = list(application.documents.values_list("file", flat=True))
    application.documents.all().delete()
    StoredFile.objects.filter(pk__in=files).update(linked_at=None)

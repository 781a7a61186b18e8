"""An application on its way through the stages of its definition, one open task at a time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Person
from payments.queries import is_settled
from portal.audit import record
from portal.dates import add_working_days
from portal.errors import Conflict, DomainError, NotPermitted
from services import verbs
from services.actions.billing import bill_application, fee_due
from services.actions.certificates import open_certificate
from services.actions.moves import lock, move
from services.definitions.schema import Stage
from services.models import Application, Event, Task
from services.policies import breaks_four_eyes, can_work_on
from services.workflow.outcomes import ASSESSING, EFFECTS, NEEDS_REASON, Effect
from services.workflow.routing import is_decided_before, stage_after, stage_of
from services.workflow.states import State

CENTRAL_ROLES = frozenset({"or_muuub"})
"""Roles of services for public servants that sit in the owning institution, not with the employer."""


@transaction.atomic
def claim_task(*, reference: str, actor: Person) -> Task:
    """Take the open task. Claiming one's own task again changes nothing."""
    task = _open_task(lock(reference))
    if not can_work_on(actor, task):
        raise NotPermitted(_("This file is not in one of your queues."), "not_your_queue")
    _check_four_eyes(task, actor)
    if task.assignee_id == actor.pk:
        return task
    if task.assignee_id is not None:
        raise Conflict(_("%(name)s already holds this file.") % {"name": task.assignee}, "already_claimed")
    task.assignee = actor
    task.save(update_fields=["assignee"])
    record(verbs.TASK_CLAIMED, task.application, actor=actor, stage=task.stage)
    return task


@transaction.atomic
def release_task(*, reference: str, actor: Person) -> Task:
    task = _open_task(lock(reference))
    _check_holder(task, actor)
    task.assignee = None
    task.save(update_fields=["assignee"])
    record(verbs.TASK_RELEASED, task.application, actor=actor, stage=task.stage)
    return task


@transaction.atomic
def decide_stage(
    *, reference: str, actor: Person, task_pk: int, outcome: str, note: str = "", internal_note: str = ""
) -> Application:
    """Finish the open stage with one of its actions, and send the file where that leads.

    `task_pk` is the task that the officer saw: a page left open over a decision decides nothing later.
    Raises Conflict when somebody else holds or has finished it, NotPermitted when the law of four eyes or of
    one's own file forbids it, DomainError when the action is not one of the stage or its reason is missing.
    """
    application = lock(reference)
    task = _open_task(application)
    if task.pk != task_pk:
        raise Conflict(_("Somebody has already finished this stage."), "stage_finished")
    stage = stage_of(application.definition, task.stage)
    _check_decision(task, stage, actor, outcome, note)
    effect = EFFECTS[outcome]
    if effect == Effect.NOTE:
        _note(task, actor, outcome, note)
        return application
    _finish(task, actor, outcome, note)
    if effect == Effect.RETURN:
        move(
            application,
            "return",
            verbs.RETURNED,
            actor=actor,
            stage=task.stage,
            reason=note,
            internal_note=internal_note,
        )
    elif effect == Effect.REJECT:
        move(
            application,
            "reject",
            verbs.REJECTED,
            actor=actor,
            stage=task.stage,
            reason=note,
            internal_note=internal_note,
        )
    else:
        _timeline(application, "stage_done", actor, task.stage, internal_note=internal_note or note)
        _advance(application, actor, stage, outcome)
    return application


@transaction.atomic
def settle_application(*, reference: str, bill: str) -> Application:
    """The bill is paid: take the file on. A repeat, or a payment for a closed file, changes nothing here."""
    application = lock(reference)
    if application.status != State.AWAITING_PAYMENT or not is_settled(bill):
        return application
    move(application, "review", verbs.IN_REVIEW, actor=None)
    go_on(application, None, _stage_after_payment(application))
    return application


def _stage_after_payment(application: Application) -> Stage | None:
    """The stage after the last one; but whoever asked for a correction that cost more sees the file again."""
    finished = application.tasks.filter(state=Task.State.DONE).order_by("-pk").first()
    if finished is not None and EFFECTS[finished.outcome] == Effect.RETURN:
        return stage_of(application.definition, finished.stage)
    return stage_after(application.definition, finished.stage if finished else None)


def go_on(application: Application, actor: Person | None, stage: Stage | None) -> None:
    """Open the next stage's task; when only issuing is left the application is approved first."""
    if is_decided_before(application.definition, stage) and application.status == State.IN_REVIEW:
        move(application, "approve", verbs.APPROVED, actor=actor)
    if stage is None:
        open_certificate(application)
    else:
        open_stage(application, stage)


def open_stage(application: Application, stage: Stage) -> Task:
    """Put the file in the queue of the stage. The due date counts working days from tomorrow."""
    application.changed_at = timezone.now()
    application.save(update_fields=["changed_at"])
    return Task.objects.create(
        application=application,
        stage=stage.key,
        position=application.definition.stages.index(stage),
        role=stage.role,
        institution=institution_of(application, stage),
        due_on=add_working_days(timezone.localdate(), stage.working_days),
    )


def institution_of(application: Application, stage: Stage) -> Institution:
    """Whose queue: the institution named in an answer, the employer of a public servant, else the owner."""
    if stage.institution_field:
        chosen = application.answers.get(stage.institution_field) or {}
        return Institution.objects.filter(code=chosen.get("code")).first() or application.institution
    if stage.role in CENTRAL_ROLES:
        return application.service.institution
    return application.institution


def _advance(application: Application, actor: Person, stage: Stage, outcome: str) -> None:
    fee = fee_due(application, "after_assessment") if outcome == ASSESSING else None
    if fee is not None:
        bill_application(application, fee, actor=actor)
        return
    go_on(application, actor, stage_after(application.definition, stage.key))


def _open_task(application: Application) -> Task:
    task = application.tasks.filter(state=Task.State.OPEN).select_related("institution", "assignee").first()
    if task is None:
        raise Conflict(_("Somebody has already finished this stage."), "no_open_task")
    task.application = application
    return task


def _check_decision(task: Task, stage: Stage, actor: Person, outcome: str, note: str) -> None:
    _check_holder(task, actor)
    _check_four_eyes(task, actor)
    if outcome not in stage.actions:
        raise DomainError(_("This stage does not have that decision."), "unknown_outcome")
    if outcome in NEEDS_REASON and not note.strip():
        raise DomainError(_("Write the reason: the applicant has a right to read it."), "reason_missing")


def _check_four_eyes(task: Task, actor: Person) -> None:
    if breaks_four_eyes(actor, task):
        raise NotPermitted(_("You have already handled this file. Somebody else must approve it."), "four_eyes")


def _check_holder(task: Task, actor: Person) -> None:
    if not can_work_on(actor, task):
        raise NotPermitted(_("This file is not in one of your queues."), "not_your_queue")
    if task.assignee_id != actor.pk:
        raise Conflict(_("Take the file first; it may be with somebody else now."), "not_claimed")


def _finish(task: Task, actor: Person, outcome: str, note: str) -> None:
    task.state = Task.State.DONE
    task.outcome, task.note = outcome, note
    task.decided_by, task.decided_at = actor, timezone.now()
    task.save(update_fields=["state", "outcome", "note", "decided_by", "decided_at"])
    record(verbs.TASK_DECIDED, task.application, actor=actor, stage=task.stage, outcome=outcome)


def _note(task: Task, actor: Person, outcome: str, note: str) -> None:
    _timeline(task.application, outcome, actor, task.stage, public_note=note)
    record(verbs.TASK_NOTED, task.application, actor=actor, stage=task.stage, outcome=outcome)


def _timeline(
    application: Application,
    code: str,
    actor: Person,
    stage: str,
    *,
    public_note: str = "",
    internal_note: str = "",
) -> Event:
    return Event.objects.create(
        application=application, code=code, actor=actor, stage=stage, state=application.state,
        public_note=public_note, internal_note=internal_note,
    )  # fmt: skip

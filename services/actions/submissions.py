"""Sending an application in, the first time and after a request for correction."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Person
from portal.dates import add_working_days
from portal.errors import Conflict, DomainError
from services import verbs
from services.actions.billing import bill_application, fee_after_correction, fee_due
from services.actions.moves import lock, move
from services.actions.stages import go_on, open_stage
from services.definitions.answers import check_all, drop_hidden
from services.definitions.documents import required_documents
from services.models import Application, Service
from services.workflow.routing import stage_after, stage_of
from services.workflow.states import State


@transaction.atomic
def submit_application(*, reference: str, actor: Person, declared: bool) -> Application:
    """Check everything once more and send it in; a returned application goes back to the stage that asked.

    Raises DomainError `incomplete` with nothing changed when an answer or a document is missing, Conflict
    when it was sent before or its service has closed.
    """
    application = lock(reference)
    if application.status not in (State.DRAFT, State.RETURNED):
        raise Conflict(_("This application has already been sent."), "already_submitted")
    if not declared:
        raise DomainError(_("Confirm that what you wrote is true, then send the application."), "not_declared")
    if application.status == State.DRAFT:
        _check_service_open(application)
    check_complete(application)
    application.declared_at = timezone.now()
    if application.status == State.RETURNED:
        _resubmit(application, actor)
    else:
        _submit(application, actor)
    return application


def _submit(application: Application, actor: Person) -> None:
    application.submitted_at = timezone.now()
    application.institution = owning_institution(application)
    application.due_on = add_working_days(timezone.localdate(), application.definition.processing_time.working_days)
    move(application, "submit", verbs.SUBMITTED, actor=actor, answers_sha256=answers_digest(application))
    if fee := fee_due(application, "submission"):
        bill_application(application, fee, actor=actor)
        return
    move(application, "review", verbs.IN_REVIEW, actor=None)
    go_on(application, None, stage_after(application.definition, None))


def _resubmit(application: Application, actor: Person) -> None:
    """Back to the stage that asked, by way of the cashier when the corrected answers cost more."""
    _check_same_office(application)
    move(application, "resubmit", verbs.RESUBMITTED, actor=actor, answers_sha256=answers_digest(application))
    if fee := fee_after_correction(application):
        bill_application(application, fee, actor=actor)
        return
    asked = application.tasks.latest("pk")
    open_stage(application, stage_of(application.definition, asked.stage))


def _check_same_office(application: Application) -> None:
    """A correction never carries the file to another council: that one was neither asked nor paid."""
    by_answer = application.definition.stages[0].institution_field
    if by_answer and owning_institution(application) != application.institution:
        raise DomainError(
            _("%(name)s has this application. To apply elsewhere, withdraw it and start a new one.")
            % {"name": application.institution.name},
            "other_office",
        )


def check_complete(application: Application) -> None:
    """Every visible section right, every mandatory document there."""
    application.answers = drop_hidden(application.definition, application.answers)
    application.save(update_fields=["answers"])
    errors = check_all(application.definition, application.answers, today=timezone.localdate())
    if any(errors.values()):
        raise DomainError(_("Some answers are still missing or need correction."), "incomplete")
    if missing_documents(application):
        raise DomainError(_("Some documents are still missing."), "documents_missing")


def missing_documents(application: Application) -> list[str]:
    given = set(application.documents.filter(superseded_at=None).values_list("kind", flat=True))
    required = required_documents(application.definition, application.answers)
    return [document.code for document in required if document.mandatory and document.code not in given]


def owning_institution(application: Application) -> Institution:
    """The council that an answer names for a service of all councils, else the service's institution."""
    first = application.definition.stages[0]
    if first.institution_field:
        chosen = application.answers.get(first.institution_field) or {}
        return Institution.objects.filter(code=chosen.get("code")).first() or application.institution
    if application.service.audience == Service.Audience.G2E and application.applicant.employer:
        return application.applicant.employer
    return application.institution


def answers_digest(application: Application) -> str:
    """SHA-256 of the answers in one canonical form, so that what was declared can be proven later."""
    canonical = json.dumps(application.answers, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _check_service_open(application: Application) -> None:
    service = Service.objects.get(pk=application.service_id)
    if service.retired_at is not None:
        raise Conflict(
            _("This service no longer takes applications. Your draft is kept; ask the institution."),
            "service_closed",
        )

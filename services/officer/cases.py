"""One case on the desk: read it, take it, decide its stage."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from payments.queries import current_bill_for
from portal.audit import record_reading
from portal.errors import Conflict, DomainError, NotPermitted
from portal.files import open_download
from services import verbs
from services.actions import claim_task, decide_stage, release_task
from services.definitions.answers import flags
from services.definitions.loader import vocabulary
from services.models import Application, Certificate, Task
from services.officer.queues import days_left
from services.officer.rail import QUEUES, rail
from services.policies import breaks_four_eyes
from services.presenters import answer_sections, bill_panel, document_rows, heading, stage_line, timeline
from services.queries import application_for_officer, document_for_officer, open_task
from services.workflow.outcomes import NEEDS_REASON
from services.workflow.routing import stage_of


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_for_officer(request.user, reference)
    if request.method == "POST":
        return _act(request, application)
    record_reading(verbs.CASE_READ, application, actor=request.user)
    return render(request, "services/officer/case.html", case_page(request, application))


def _act(request: HttpRequest, application: Application) -> HttpResponse:
    """Claim, release or decide. A lost race is told in words and nothing is done (409)."""
    try:
        done = _perform(request, application.reference)
    except Conflict as conflict:
        return _refused(request, application, conflict, 409)
    except NotPermitted as refusal:
        return _refused(request, application, refusal, 403)
    except DomainError as error:
        return _refused(request, application, error, 422)
    messages.success(request, done)
    if request.POST.get("action") == "decide":
        return redirect("desk:queue", "mine")
    return redirect("desk:case", application.reference)


def _perform(request: HttpRequest, reference: str) -> str:
    match request.POST.get("action"):
        case "claim":
            claim_task(reference=reference, actor=request.user)
            return _("The file is yours now.")
        case "release":
            release_task(reference=reference, actor=request.user)
            return _("The file is back in the queue.")
        case "decide":
            decide_stage(
                reference=reference,
                actor=request.user,
                task_pk=_number(request.POST.get("version", "")),
                outcome=request.POST.get("decision", ""),
                note=request.POST.get("note", "").replace("\0", "")[:4000],
            )
            return _("Decision recorded.")
    raise DomainError(_("Choose what to do with the file."), "unknown_action")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _refused(request: HttpRequest, application: Application, error: DomainError, status: int) -> HttpResponse:
    application.refresh_from_db()
    record_reading(verbs.CASE_READ, application, actor=request.user)
    context = case_page(request, application) | {
        "errors": [{"text": error.message, "anchor": "note" if error.code == "reason_missing" else ""}],
        "note": request.POST.get("note", ""),
        "chosen": request.POST.get("decision", ""),
    }
    return render(request, "services/officer/case.html", context, status=status)


def case_page(request: HttpRequest, application: Application) -> dict[str, Any]:
    task = open_task(application)
    key = request.GET.get("queue", "all")
    key = key if key in QUEUES else "all"
    return {
        "nav": "desk",
        "rail": rail(request.user, key),
        "queue": {"title": QUEUES[key], "href": reverse("desk:queue", args=[key])},
        "application": heading(application),
        "stages": stage_line(application),
        "sections": answer_sections(application),
        "documents": document_rows(application, "desk:document"),
        "events": timeline(application.events.select_related("actor"), for_officer=True),
        "applicant_facts": applicant_facts(application),
        "bill": bill_panel(current_bill_for(application.bill_subject)),
        **_task_context(request.user, application, task),
    }


def applicant_facts(application: Application) -> list[dict[str, str]]:
    person = application.applicant
    facts = [
        {"label": _("Name"), "value": person.full_name},
        {"label": _("Phone"), "value": person.phone or ""},
    ]
    if application.acting_for is not None:
        facts.append({"label": _("On behalf of"), "value": application.acting_for.name})
    return [fact for fact in facts if fact["value"]] + look_into(application)


def look_into(application: Application) -> list[dict[str, str]]:
    """What the checks found that does not stop the applicant but that an officer should look at."""
    found = flags(application.definition, application.answers, today=timezone.localdate())
    return [{"label": _("To look into"), "value": str(flag.message)} for flag in found]


def _task_context(officer: Person, application: Application, task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"task": None}
    task.application = application
    holds, blocked = task.assignee_id == officer.pk, _blocked(officer, task)
    stage = stage_of(application.definition, task.stage)
    return {
        "task": {
            "stage": stage.label.in_language(get_language()),
            "assignee": str(task.assignee) if task.assignee else "",
            "days_left": days_left(task),
        },
        "version": task.pk,
        "blocked": blocked,
        "can_claim": task.assignee is None and not blocked,
        "can_release": holds,
        "decisions": [_decision(action) for action in stage.actions] if holds and not blocked else [],
    }


def _blocked(officer: Person, task: Task) -> str | Promise:
    if breaks_four_eyes(officer, task):
        return _("You have already handled this file. Somebody else must approve it.")
    if task.assignee is not None and task.assignee_id != officer.pk:
        return _("%(name)s holds this file now.") % {"name": task.assignee}
    return ""


def _decision(action: str) -> dict[str, Any]:
    return {
        "name": action,
        "title": vocabulary().actions[action].label.in_language(get_language()),
        "needs_reason": action in NEEDS_REASON,
        "hint": _("A reason is needed") if action in NEEDS_REASON else "",
    }


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    found = document_for_officer(request.user, reference, pk)
    record_reading(verbs.DOCUMENT_READ, found.application, actor=request.user, kind=found.kind)
    return open_download(found.file)


@require_safe
def certificate_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_for_officer(request.user, reference)
    certificate = get_object_or_404(Certificate.objects.select_related("file"), application=application)
    if certificate.file is None:
        raise Http404
    record_reading(verbs.DOCUMENT_READ, application, actor=request.user, kind="certificate")
    return open_download(certificate.file)

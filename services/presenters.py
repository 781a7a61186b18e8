"""Applications as pages show them: plain dictionaries for the components, the same for applicant and officer."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from payments.models import Bill
from payments.states import LIVE, PAID
from services.definitions.answers import visible_fields, visible_sections
from services.definitions.display import display_value
from services.definitions.documents import required_documents
from services.definitions.loader import vocabulary
from services.models import Application, Document, Event, Task
from services.queries import TASKS, current_documents
from services.workflow.outcomes import EFFECTS, Effect
from services.workflow.states import State

Row = dict[str, Any]

_WHAT_HAPPENED = {
    "submit": gettext_lazy("The application was received."),
    "resubmit": gettext_lazy("The corrected application was received."),
    "bill": gettext_lazy("The fee was asked for."),
    "review": gettext_lazy("The application was taken into process."),
    "return": gettext_lazy("The application was returned for correction."),
    "approve": gettext_lazy("The application was approved."),
    "issue": gettext_lazy("The document was issued."),
    "reject": gettext_lazy("The application was rejected."),
    "withdraw": gettext_lazy("The application was withdrawn."),
    "lapse": gettext_lazy("The application expired."),
}


def heading(application: Application) -> Row:
    """What every page of one application begins with."""
    return {
        "reference": application.reference,
        "title": application.definition.title.in_language(get_language()),
        "institution": application.institution.name,
        "state": application.state,
        "state_text": application.state_label,
        "colour": application.tone,
        "href": reverse("services:application", args=[application.reference]),
        "applicant": application.acting_for.name if application.acting_for else application.applicant.full_name,
        "submitted_at": application.submitted_at,
        "channel": application.get_channel_display(),
    }


def answer_sections(application: Application, *, change: bool = False) -> list[Row]:
    """Everything that was answered, by section; with links to change it when asked for."""
    definition, answers = application.definition, application.answers
    return [
        {
            "title": section.label.in_language(get_language()),
            "rows": [
                {
                    "label": field.label.in_language(get_language()),
                    "value": display_value(field, answers.get(field.name), get_language() or "sw"),
                    "change": _change_link(application, section.key, field.name) if change else "",
                }
                for field in visible_fields(definition, section.key, answers)
            ],
        }
        for section in visible_sections(definition, answers)
    ]


def _change_link(application: Application, section: str, field: str) -> str:
    return f"{reverse('services:section', args=[application.reference, section])}#{field}"


def document_rows(application: Application, link: str) -> list[Row]:
    """Documents that the application needs or has; `link` is the name of the address that serves one."""
    given = current_documents(application)
    wanted = required_documents(application.definition, application.answers)
    return [_document_row(application, document, given.get(document.code), link) for document in wanted]


def _document_row(application: Application, wanted: Any, given: Document | None, link: str) -> Row:
    row = {
        "kind": wanted.code,
        "title": wanted.label.in_language(get_language()),
        "mandatory": wanted.mandatory,
    }
    if given is None:
        return row if wanted.mandatory else row | {"state": _("Not given"), "colour": "grey"}
    return row | {
        "file_name": given.file.original_name,
        "size": given.file.size,
        "href": reverse(link, args=[application.reference, given.pk]),
        "state": _("Uploaded"),
        "colour": "green",
        "can_remove": True,
    }


def bill_panel(bill: Bill | None) -> Row | None:
    if bill is None:
        return None
    return {
        "number": bill.grouped_control_number,
        "amount": bill.money,
        "state_text": bill.get_state_display(),
        "colour": "green" if bill.state in PAID else "amber" if bill.state in LIVE else "grey",
        "href": reverse("payments:bill", args=[bill.number]),
        "payable": bill.state in LIVE,
    }


def stage_line(application: Application) -> list[Row]:
    """The way of the file: done with its date, current with its office, still to come."""
    prefetch_related_objects([application], TASKS)
    tasks = {task.stage: task for task in application.tasks.all()}
    return [
        {"name": stage.label.in_language(get_language()), **_stage_state(application, tasks.get(stage.key))}
        for stage in application.definition.stages
    ]


def _stage_state(application: Application, task: Task | None) -> Row:
    if task is None:
        return {"state": "next"}
    if task.state == Task.State.OPEN:
        return {"state": "current", "office": task.institution.name, "due": task.due_on}
    stopped = application.status in (State.RETURNED, State.REJECTED, State.WITHDRAWN, State.LAPSED)
    if stopped and EFFECTS.get(task.outcome) != Effect.ADVANCE:
        return {"state": "stopped", "date": task.decided_at}
    return {"state": "done", "date": task.decided_at}


def timeline(events: Iterable[Event] | QuerySet[Event], *, for_officer: bool = False) -> list[Row]:
    """Newest first. The applicant reads the public note; only officers read who and the internal note."""
    rows = [_event_row(event, for_officer) for event in events if for_officer or _is_public(event)]
    return rows[::-1]


def _is_public(event: Event) -> bool:
    return event.code in _WHAT_HAPPENED or bool(event.public_note)


def _event_row(event: Event, for_officer: bool) -> Row:
    row = {"at": event.at, "text": what_happened(event), "reason": event.public_note}
    if for_officer:
        note = " / ".join(filter(None, [event.public_note, event.internal_note]))
        row |= {"who": str(event.actor) if event.actor else _("The portal"), "reason": note}
    return row


def what_happened(event: Event) -> str:
    if event.code in _WHAT_HAPPENED:
        return str(_WHAT_HAPPENED[event.code])
    stage = next(
        (s.label.in_language(get_language()) for s in event.application.definition.stages if s.key == event.stage),
        "",
    )
    if event.code == "stage_done":
        return _("Stage finished: %(stage)s") % {"stage": stage}
    action = vocabulary().actions[event.code].label.in_language(get_language())
    return f"{stage}: {action}"

"""What the applicant's pages show, as the templates expect it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from payments.models import Bill
from payments.queries import current_bill_for, current_bills
from portal.money import format_money
from portal.qr import qr_svg
from services.actions.submissions import missing_documents
from services.definitions.answers import Errors, check_all, section_state, visible_sections
from services.definitions.documents import required_documents
from services.definitions.fees import FeeUndetermined, quote
from services.forms import SectionPage
from services.models import Application, Certificate
from services.outputs import twin_of
from services.policies import can_edit
from services.prefill import known_facts
from services.presenters import answer_sections, bill_panel, document_rows, heading, stage_line, timeline
from services.workflow.states import DRAFT_LIFE, FINAL, State
from services.workflow.transitions import target_of

Context = dict[str, Any]

_TASK_STATES = {"not_started": "todo", "in_progress": "started", "complete": "done"}
UPLOAD_MEGABYTES = 1024 * 1024


def cards(applications: Sequence[Application]) -> list[Context]:
    """My applications in the list, each with what its applicant must do next."""
    unpaid = [a.bill_subject for a in applications if a.status == State.AWAITING_PAYMENT]
    bills = current_bills(unpaid) if unpaid else {}
    return [card(application, bills.get(application.bill_subject)) for application in applications]


def card(application: Application, bill: Bill | None) -> Context:
    is_draft = application.status == State.DRAFT
    stages = [] if is_draft else stage_line(application)
    return heading(application) | {
        "stages": stages,
        "updated_at": application.submitted_at or application.saved_at,
        "office": next((stage["office"] for stage in stages if stage["state"] == "current"), ""),
        "next_action": next_action(application, bill),
    }


def next_action(application: Application, bill: Bill | None) -> Context | None:
    reference = application.reference
    match application.status:
        case State.DRAFT:
            return _action(_("Continue the draft"), _("Not sent yet."), "services:application", reference)
        case State.RETURNED:
            return _action(_("Correct and send again"), application.public_reason, "services:application", reference)
        case State.AWAITING_PAYMENT if bill is not None:
            return _action(_("Pay"), format_money(bill.money), "payments:bill", bill.number)
        case State.ISSUED:
            return _action(_("Open the document"), "", "services:certificate", reference)
        case _:
            return None


def _action(title: str, text: str, name: str, argument: str) -> Context:
    return {"title": title, "text": text, "href": reverse(name, args=[argument])}


def application_page(application: Application) -> Context:
    context = {
        "application": heading(application),
        "can_withdraw": target_of("withdraw", application.status) is not None,
        "due": application.due_on if application.status not in FINAL else None,
    }
    if application.status == State.DRAFT:
        return context | draft_context(application)
    return context | sent_context(application)


def draft_context(application: Application) -> Context:
    return {
        "tasks": task_list(application),
        "check_href": reverse("services:check", args=[application.reference]) if is_complete(application) else None,
        "expires_on": timezone.localdate(application.saved_at + DRAFT_LIFE),
    }


def sent_context(application: Application) -> Context:
    context: Context = {
        "stages": stage_line(application),
        "events": timeline(application.events.all()),
        "documents": document_rows(application, "services:document"),
        "sections": answer_sections(application),
        "bill": bill_panel(current_bill_for(application.bill_subject)),
    }
    if application.status == State.RETURNED:
        href = reverse("services:check", args=[application.reference])
        context["returned"] = {"reason": application.public_reason, "href": href}
    if application.status == State.REJECTED:
        appeal = application.definition.charter.appeal.in_language(get_language())
        context["refusal"] = {"reason": application.public_reason, "text": appeal}
    if application.status == State.ISSUED:
        context["certificate"] = {
            "number": application.certificate.number,
            "href": reverse("services:certificate", args=[application.reference]),
            "download": reverse("services:certificate_pdf", args=[application.reference]),
        }
    return context


def task_list(application: Application) -> list[Context]:
    """The sections in their order, then the documents, each with its state."""
    definition, answers = application.definition, application.answers
    tasks = [
        {
            "title": section.label.in_language(get_language()),
            "href": reverse("services:section", args=[application.reference, section.key]),
            "state": _TASK_STATES[section_state(definition, section, answers)],
        }
        for section in visible_sections(definition, answers)
    ]
    if definition.documents:
        tasks.append(_documents_task(application))
    return tasks


def _documents_task(application: Application) -> Context:
    missing = missing_documents(application)
    given = application.documents.filter(superseded_at=None).exists()
    return {
        "title": _("Documents"),
        "href": reverse("services:documents", args=[application.reference]),
        "state": "done" if not missing else "started" if given else "todo",
    }


def is_complete(application: Application) -> bool:
    errors = check_all(application.definition, application.answers, today=timezone.localdate())
    return not errors and not missing_documents(application)


def section_page(
    application: Application, key: str, raw: Mapping[str, Any] | None = None, errors: Errors | None = None
) -> Context:
    """One section: as it was saved, or as it was just written together with what is wrong with it."""
    known = known_facts(application.applicant, application.acting_for)
    page = SectionPage(
        application.definition, key, application.answers, raw=raw, field_errors=errors or {}, known=known
    )
    addresses = section_addresses(application)
    position = list(addresses).index(key) if key in addresses else 0
    home = reverse("services:application", args=[application.reference])
    return {
        "application": heading(application),
        "section": {"title": page.title},
        "page": page,
        "errors": page.errors,
        "step": position + 1,
        "total": total_steps(application),
        "back_href": list(addresses.values())[position - 1] if position else home,
        "saved_at": application.saved_at if application.answers else None,
    }


def section_addresses(application: Application) -> dict[str, str]:
    """Section key -> address, for the sections that the answers make visible, in their order."""
    return {
        section.key: reverse("services:section", args=[application.reference, section.key])
        for section in visible_sections(application.definition, application.answers)
    }


def address_after(application: Application, key: str) -> str:
    """Where saving a section leads: the next one, else the documents, else the check page."""
    keys = [section.key for section in application.definition.sections]
    shown = section_addresses(application)
    later = [shown[name] for name in keys[keys.index(key) + 1 :] if name in shown]
    return later[0] if later else _after_sections(application)


def _after_sections(application: Application) -> str:
    if required_documents(application.definition, application.answers):
        return reverse("services:documents", args=[application.reference])
    return reverse("services:check", args=[application.reference])


def total_steps(application: Application) -> int:
    """Sections, the documents when there are any, and the check page."""
    sections = visible_sections(application.definition, application.answers)
    return len(sections) + bool(application.definition.documents) + 1


def documents_page(application: Application, refusals: Mapping[str, str] | None = None) -> Context:
    refusals = refusals or {}
    rows = [row | {"error": refusals.get(row["kind"], "")} for row in document_rows(application, "services:document")]
    last = visible_sections(application.definition, application.answers)[-1]
    return {
        "application": heading(application),
        "documents": rows,
        "errors": [{"text": text, "anchor": f"document-{kind}"} for kind, text in refusals.items()],
        "limit_mb": settings.UPLOAD_MAX_BYTES // UPLOAD_MEGABYTES,
        "step": total_steps(application) - 1,
        "total": total_steps(application),
        "back_href": reverse("services:section", args=[application.reference, last.key]),
        "next_href": None
        if missing_documents(application)
        else reverse("services:check", args=[application.reference]),
    }


def check_page(application: Application) -> Context:
    return {
        "application": heading(application),
        "applicant": heading(application)["applicant"],
        "sections": answer_sections(application, change=can_edit(application)),
        "documents": document_rows(application, "services:document"),
        "documents_href": reverse("services:documents", args=[application.reference]),
        "declaration": _("I confirm that what I have written is true and complete. A false statement is an offence."),
        "incomplete": not is_complete(application),
        **fee_context(application),
    }


def fee_context(application: Application) -> Context:
    """The fee as it follows from the answers; nothing while they do not lead to one."""
    try:
        fee = quote(application.definition, application.answers, today=timezone.localdate())
    except FeeUndetermined:
        return {}
    if fee.is_free:
        return {"fee": _("Free of charge")}
    return {"fee": f"{fee.currency} {fee.total:,.0f}", "fee_is_estimate": fee.is_estimate}


def submitted_page(application: Application) -> Context:
    bill = current_bill_for(application.bill_subject)
    steps = [{"title": _("Pay the fee"), "text": _("We send the control number by SMS and email.")}] if bill else []
    steps += [
        {
            "title": stage.label.in_language(get_language()),
            "text": _within(max(stage.working_days, 1)),
        }
        for stage in application.definition.stages
    ]
    return {
        "application": heading(application),
        "next_steps": steps,
        "due": application.due_on,
        "bill": bill_panel(bill),
        "told_by": told_by(application),
    }


def _within(days: int) -> str:
    return ngettext("within %(days)s working day", "within %(days)s working days", days) % {"days": days}


def told_by(application: Application) -> str:
    person = application.applicant
    return _(" and ").join(filter(None, [person.phone, person.email]))


def certificate_page(certificate: Certificate) -> Context:
    return {
        "nav": "applications",
        "application": heading(certificate.application),
        "certificate": certificate,
        "twin": twin_of(certificate.content, get_language() or "sw"),
        "qr": mark_safe(qr_svg(certificate.qr_text, title=_("Scan to verify"))),  # noqa: S308 (drawn by us)
        "download": reverse("services:certificate_pdf", args=[certificate.application.reference]),
    }

"""Applications as the API tells them: plain data for the serializers, in the language of the request."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.reverse import reverse

from payments.models import Bill
from payments.queries import current_bill_for
from services.actions.submissions import missing_documents
from services.api.problems import error_entry, escaped, field_errors
from services.definitions.answers import (
    check_all,
    clean_section,
    prefill_values,
    section_state,
    visible_fields,
    visible_sections,
)
from services.definitions.documents import RequiredDocument, required_documents
from services.definitions.fees import FeeQuote, FeeUndetermined, quote
from services.definitions.schema import Section
from services.models import Application, Certificate, Document
from services.policies import can_edit
from services.prefill import known_facts
from services.queries import current_documents
from services.workflow.states import State
from services.workflow.transitions import target_of

Data = dict[str, Any]


def application_in_short(application: Application) -> Data:
    return {
        "reference": application.reference,
        "service": {
            "slug": application.service.slug,
            "title": application.definition.title.in_language(get_language()),
            "version": application.version.number,
        },
        "institution": application.institution,
        "acting_for": application.acting_for,
        "channel": application.channel,
        "state": application.state,
        "state_text": str(application.state_label),
        "reason": application.public_reason,
        "started_at": application.created_at,
        "saved_at": application.saved_at,
        "submitted_at": application.submitted_at,
        "decided_at": application.decided_at,
        "due_on": application.due_on,
    }


def application_in_full(application: Application, request: Request) -> Data:
    definition, answers = application.definition, application.answers
    bill = current_bill_for(application.bill_subject)
    errors = what_is_missing(application) if can_edit(application) else []
    sections = [_section_in_short(application, section) for section in visible_sections(definition, answers)]
    return application_in_short(application) | {
        "sections": sections,
        "documents": documents_of(application),
        "errors": errors,
        "fee": _fee(application),
        "bill": bill,
        "certificate": _certificate(application),
        "next_steps": list(_next_steps(application, request, sections, errors, bill)),
    }


def section_in_full(application: Application, section: Section) -> Data:
    """What is kept, what is wrong with it, and what the portal can offer."""
    definition, answers = application.definition, application.answers
    kept = {field.name: answers.get(field.name) for field in visible_fields(definition, section.key, answers)}
    checked = clean_section(
        definition, section.key, kept, answers, today=timezone.localdate(), known=_known(application)
    )
    return _section_in_short(application, section) | {
        "answers": kept,
        "errors": field_errors(checked.errors),
        "known": prefill_values(definition, section.key, _known(application)),
    }


def kept_answers(application: Application, section: Section) -> Data:
    answers = application.answers
    return {field.name: answers[field.name] for field in section.fields if field.name in answers}


def what_is_missing(application: Application) -> list[Data]:
    """Every wrong or missing answer and document, each with a pointer into the application."""
    found = check_all(application.definition, application.answers, today=timezone.localdate())
    entries = [entry for key, errors in found.items() for entry in field_errors(errors, f"/sections/{escaped(key)}")]
    labels = {wanted.code: wanted.label for wanted in required_documents(application.definition, application.answers)}
    return entries + [
        error_entry(f"/documents/{kind}", "required", _("Add the document: %(label)s") % {"label": labels[kind]})
        for kind in missing_documents(application)
    ]


def documents_of(application: Application) -> list[Data]:
    given = current_documents(application)
    wanted = required_documents(application.definition, application.answers)
    return [document_data(document, given.get(document.code)) for document in wanted]


def document_data(wanted: RequiredDocument, given: Document | None) -> Data:
    return {
        "kind": wanted.code,
        "label": wanted.label.in_language(get_language()),
        "mandatory": wanted.mandatory,
        "file": _file(given) if given else None,
    }


def _file(given: Document) -> Data:
    return {
        "name": given.file.original_name,
        "content_type": given.file.content_type,
        "size": given.file.size,
        "sha256": given.file.sha256,
        "added_at": given.added_at,
    }


def _known(application: Application) -> Data:
    return known_facts(application.applicant, application.acting_for)


def _section_in_short(application: Application, section: Section) -> Data:
    state = section_state(application.definition, section, application.answers, today=timezone.localdate())
    return {"key": section.key, "label": section.label.in_language(get_language()), "state": state}


def _fee(application: Application) -> FeeQuote | None:
    try:
        return quote(application.definition, application.answers, today=timezone.localdate())
    except FeeUndetermined:
        return None


def _certificate(application: Application) -> Certificate | None:
    return Certificate.objects.filter(application=application, file__isnull=False).first()


def _next_steps(
    application: Application, request: Request, sections: list[Data], errors: list[Data], bill: Bill | None
) -> Iterator[Data]:
    """In the order in which an applicant would take them."""

    def step(action: str, text: str, method: str, name: str, *names: str) -> Data:
        url = reverse(f"v1:{name}", args=names, request=request)
        return {"action": action, "text": text, "method": method, "url": url}

    reference = application.reference
    if can_edit(application):
        for section in sections:
            if section["state"] != "complete":
                yield step("complete_section", section["label"], "PATCH", "section", reference, section["key"])
        if missing_documents(application):
            yield step("add_document", _("Add the documents"), "POST", "documents", reference)
        if not errors:
            yield step("submit", _("Send the application"), "POST", "submit", reference)
    if application.status == State.AWAITING_PAYMENT and bill is not None:
        yield step("pay", _("Pay the fee"), "GET", "bill", bill.number)
    if application.status == State.ISSUED:
        yield step("download", _("Download the document"), "GET", "certificate", reference)
    if target_of("withdraw", application.status) is not None:
        yield step("withdraw", _("Withdraw the application"), "POST", "withdraw", reference)

"""What follows from events: a paid bill moves its application, a moved application tells its applicant."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from payments.models import Bill
from payments.queries import current_bill_for
from payments.states import BillState
from portal.money import format_money
from portal.notifications import notify
from portal.outbox import subscribe
from portal.pages import VERSION_TOPIC, renew_public_pages
from services import verbs
from services.actions.stages import settle_application
from services.models import Application, Event, ServiceVersion
from services.models.applications import BILL_SUBJECT
from services.queries import open_task
from services.workflow.routing import stage_of

_NOTICE_OF = {
    "submit": "application_submitted",
    "review": "application_payment_received",
    "resubmit": "application_in_review",
    "return": "application_returned",
    "approve": "application_approved",
    "reject": "application_rejected",
    "issue": "application_issued",
    "withdraw": "application_withdrawn",
    "lapse": "application_lapsed",
}
"""The message for each move; asking for the fee is told when the control number arrives."""

_TOLD = (
    verbs.SUBMITTED, verbs.IN_REVIEW, verbs.RESUBMITTED, verbs.RETURNED, verbs.APPROVED, verbs.REJECTED,
    verbs.ISSUED, verbs.WITHDRAWN, verbs.LAPSED,
)  # fmt: skip


@subscribe("payments.bill.settled")
def advance_paid_application(payload: dict[str, Any]) -> None:
    if payload["subject"].startswith(BILL_SUBJECT):
        settle_application(reference=payload["subject"].removeprefix(BILL_SUBJECT), bill=payload["bill"])


@subscribe("payments.bill.payable")
def tell_control_number(payload: dict[str, Any]) -> None:
    if not payload["subject"].startswith(BILL_SUBJECT):
        return
    bill = Bill.objects.get(number=payload["bill"])
    if bill.state != BillState.PAYABLE:  # paid or cancelled since: nobody is asked for money in vain
        return
    application = _application(payload["subject"].removeprefix(BILL_SUBJECT))
    _tell(application, "application_awaiting_payment", f"bill:{bill.number}", **_bill_context(bill))


def tell_applicant(payload: dict[str, Any]) -> None:
    """Tell the applicant what a move means. A draft thrown away and a free start of review are not news."""
    application = _application(payload["reference"])
    event = Event.objects.get(pk=payload["event"])
    bill = current_bill_for(application.bill_subject)
    if application.submitted_at is None or (event.code == "review" and bill is None):
        return
    code = _NOTICE_OF[event.code]
    _tell(application, code, f"event:{event.pk}", **_event_context(application, event, bill))


for _verb in _TOLD:
    subscribe(_verb.code)(tell_applicant)


@subscribe(VERSION_TOPIC)
def renew_catalogue_pages(payload: dict[str, Any]) -> None:
    latest = ServiceVersion.objects.order_by("-pk").values_list("pk", flat=True).first()
    renew_public_pages(f"{latest}:{payload['service']}")


def _application(reference: str) -> Application:
    return Application.objects.select_related("service", "institution", "applicant").get(reference=reference)


def _tell(application: Application, code: str, key: str, **context: Any) -> None:
    person = application.applicant
    with translation.override(person.language):
        common = {
            "reference": application.reference,
            "service": application.definition.title.in_language(person.language),
            "institution": application.institution.name,
            "institution_prefix": application.institution.reference_prefix,
        }
        path = reverse("services:application", args=[application.reference])
    notify(person, code, key=f"{code}:{key}", context=common | context, path=path)


def _event_context(application: Application, event: Event, bill: Bill | None) -> dict[str, Any]:
    match event.code:
        case "submit":
            return {"due_on": application.due_on}
        case "review":
            return {"due_on": application.due_on, "amount": format_money(bill.money)}
        case "resubmit":
            return {"due_on": application.due_on, "stage": _stage_label(application)}
        case "return" | "reject":
            return {"reason": event.public_note}
        case "issue":
            return {"certificate_number": application.certificate.number}
        case _:
            return {}


def _stage_label(application: Application) -> str:
    task = open_task(application)
    label = stage_of(application.definition, task.stage).label if task else application.definition.title
    return label.in_language(application.applicant.language)


def _bill_context(bill: Bill) -> dict[str, Any]:
    return {
        "amount": format_money(bill.money),
        "control_number": bill.grouped_control_number,
        "expires_on": bill.expires_at,
    }

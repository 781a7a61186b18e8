"""Applications in every state, brought there by the same actions that pages use."""

import io
import itertools
from datetime import timedelta
from typing import Any

import pypdfium2
from django.test import Client
from django.utils import timezone

from accounts.models import Institution, Organisation, Person
from payments.actions import record_control_number, record_payment
from payments.models import Bill
from payments.queries import current_bill_for
from portal.models import StoredFile
from services.actions import claim_task, decide_stage, settle_application, submit_application
from services.definitions.documents import required_documents
from services.models import Application, Document, Task
from services.queries import open_task
from services.workflow.outcomes import EFFECTS, Effect
from tests.factories import (
    InstitutionFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    definition_of,
    fill_in,
    start,
)
from tests.payments.conftest import payment_of

SHARING = "ega-kubadilishana-taarifa"
"""Between institutions, free, with a stage at the provider of the data."""
BUILDING = "halmashauri-kibali-cha-ujenzi"
"""At a council, with a fee after the assessment."""
TRANSFER = "utumishi-uhamisho"
"""For public servants, with a stage at the receiving institution and one at the centre."""
_numbers = itertools.count(1)


def browser(person: Person | None = None, acting_for: Organisation | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    if acting_for is not None:
        session = client.session
        session["acting_for"] = acting_for.pk
        session.save()
    return client


def at(application: Application, rest: str = "") -> str:
    return f"/en/applications/{application.reference}/{rest}"


def applicant_for(slug: str) -> tuple[Person, Organisation | None]:
    """Somebody who may apply for the service, and for whom."""
    match definition_of(slug).audience:
        case "G2B":
            mandate = MembershipFactory()
        case "G2G":
            institution = InstitutionFactory(code="RITA")
            mandate = MembershipFactory(organisation=OrganisationFactory(public=True, institution=institution))
        case "G2E":
            return PersonFactory(public_servant=True), None
        case _:
            return PersonFactory(), None
    return mandate.person, mandate.organisation


def council() -> Institution:
    """The council that the sample answers name."""
    return InstitutionFactory(code="arusha-cc", parent=InstitutionFactory(code="LGA"), reference_prefix="ARUSHA")


def ready(slug: str, person: Person | None = None, **answers: Any) -> Application:
    """A draft with everything in it, not sent."""
    acting_for = None
    if person is None:
        person, acting_for = applicant_for(slug)
    application = fill_in(start(slug, person, acting_for), **answers)
    give_documents(application)
    return application


def give_documents(application: Application) -> None:
    for wanted in required_documents(application.definition, application.answers):
        if wanted.mandatory:
            Document.objects.create(
                application=application, kind=wanted.code, file=stored_file(), added_by=application.applicant
            )


def stored_file() -> StoredFile:
    """A row without bytes: enough where nobody opens it."""
    return StoredFile.objects.create(
        name=f"00/{next(_numbers)}.pdf",
        original_name="hati.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        purpose="application-document",
        state=StoredFile.State.CLEAN,
        scanned_at=timezone.now(),
        linked_at=timezone.now(),
    )


def sent(slug: str, person: Person | None = None, **answers: Any) -> Application:
    draft = ready(slug, person, **answers)
    return submit_application(reference=draft.reference, actor=draft.applicant, declared=True)


def in_review(slug: str, person: Person | None = None, **answers: Any) -> Application:
    application = sent(slug, person, **answers)
    return pay(application) if application.state == "awaiting_payment" else application


def pay(application: Application, *, settle: bool = True) -> Application:
    """The whole bill is paid; `settle` does what the handler of the event does."""
    bill = bill_of(application)
    number = f"99{next(_numbers):010}"
    record_control_number(number=bill.number, control_number=number)
    bill.refresh_from_db()
    money = payment_of(bill, receipt_id=f"R{number}", transaction_id=f"T{number}")
    record_payment(payment=money)
    if settle:
        settle_application(reference=application.reference, bill=bill.number)
    application.refresh_from_db()
    return application


def bill_of(application: Application) -> Bill:
    bill = current_bill_for(application.bill_subject)
    assert bill is not None
    return bill


def task_of(application: Application) -> Task:
    task = open_task(application)
    assert task is not None, application.state
    return task


def officer_for(application: Application) -> Person:
    """A new officer in the queue where the file stands now."""
    task = task_of(application)
    return RoleGrantFactory(role=task.role, institution=task.institution).person


def held(application: Application, officer: Person | None = None) -> Person:
    """The officer who holds the file now."""
    officer = officer or officer_for(application)
    claim_task(reference=application.reference, actor=officer)
    return officer


def decide(application: Application, outcome: str, note: str = "", officer: Person | None = None) -> Person:
    """A new officer takes the file and decides. Returns the officer."""
    officer = held(application, officer)
    decide_stage(
        reference=application.reference,
        actor=officer,
        task_pk=task_of(application).pk,
        outcome=outcome,
        note=note or "Imeandikwa na jaribio.",
    )
    application.refresh_from_db()
    return officer


def forward_outcome(application: Application) -> str:
    stage = {stage.key: stage for stage in application.definition.stages}[task_of(application).stage]
    return next(action for action in stage.actions if EFFECTS[action] == Effect.ADVANCE)


def forward(application: Application, officer: Person | None = None) -> Person:
    return decide(application, forward_outcome(application), officer=officer)


def forward_to(application: Application, stage: str) -> Application:
    while task_of(application).stage != stage:
        forward(application)
        if application.state == "awaiting_payment":
            pay(application)
    return application


def approved(slug: str, person: Person | None = None) -> Application:
    """Every stage done: the certificate's row is there, its PDF not yet."""
    application = in_review(slug, person)
    while open_task(application) is not None:
        forward(application)
        if application.state == "awaiting_payment":
            pay(application)
    assert application.state == "approved"
    return application


def blank_pdf() -> bytes:
    document, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(200, 200)
    document.save(content)
    return content.getvalue()


def later(**time: float) -> Any:
    return timezone.now() + timedelta(**time)

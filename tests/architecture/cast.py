"""The fixed cast, and the cases, bills and certificates that it looks at."""

import io
from dataclasses import dataclass
from functools import cached_property

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.actions.acting import SESSION_KEY
from accounts.models import Organisation, Person
from payments.actions import record_control_number, record_payment
from payments.models import Bill
from payments.queries import current_bill_for
from portal.outbox import sweep
from services.actions import add_document, claim_task, complete_issue, decide_stage, submit_application
from services.definitions.documents import required_documents
from services.models import Application
from tests.factories import (
    BUSINESS_NAME,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    fill_in,
    publish,
    start,
)
from tests.payments.conftest import payment_of

NOBODY = "nobody"
CAST = (
    NOBODY,
    "applicant",
    "stranger",
    "clerk",
    "elsewhere",
    "officer",
    "officer_too",
    "auditor",
    "admin",
)
STAGE_ROLES = ("afisa_mapokezi", "muidhinishaji", "afisa_mtoaji")


@dataclass
class World:
    """One company, three cases of it: a draft, one on the desk, one with its certificate; and who comes to look."""

    people: dict[str, Person]
    company: Organisation
    draft: Application
    open: Application
    issued: Application

    def client(self, who: str) -> Client:
        """A browser of that person; the people of the company act for it."""
        client = Client(raise_request_exception=False)
        if who == NOBODY:
            return client
        client.force_login(self.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        if who in ("applicant", "clerk"):
            session = client.session
            session[SESSION_KEY] = self.company.pk
            session.save()
        return client

    @cached_property
    def bill(self) -> Bill:
        return current_bill_for(self.open.bill_subject)


def make_world() -> World:
    service = publish(BUSINESS_NAME)
    company = OrganisationFactory()
    people = {who: PersonFactory(full_name=f"Mtu {number}") for number, who in enumerate(CAST) if who != NOBODY}
    for person in people.values():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    MembershipFactory(organisation=company, person=people["applicant"])
    for clerk in ("clerk", "officer_too"):
        MembershipFactory(organisation=company, person=people[clerk], role="clerk")
    approver = PersonFactory()
    for role in STAGE_ROLES:
        for officer in (people["officer"], people["officer_too"], approver):
            RoleGrantFactory(person=officer, role=role, institution=service.institution)
        RoleGrantFactory(person=people["elsewhere"], role=role)
    RoleGrantFactory(person=people["auditor"], role="mkaguzi_wa_ndani", institution=service.institution)
    RoleGrantFactory(person=people["admin"], role="msimamizi", institution=service.institution)
    Person.objects.filter(pk__in=[people["auditor"].pk, people["admin"].pk]).update(is_staff=True)
    applicant = people["applicant"]
    return World(
        people=people,
        company=company,
        draft=start(BUSINESS_NAME, applicant, company),
        open=_paid(start(BUSINESS_NAME, applicant, company)),
        issued=_issued(_paid(start(BUSINESS_NAME, applicant, company)), people["officer"], approver),
    )


def _paid(application: Application) -> Application:
    fill_in(application)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(picture, "PNG")
    for wanted in required_documents(application.definition, application.answers):
        upload = SimpleUploadedFile("picha.png", picture.getvalue())
        add_document(reference=application.reference, actor=application.applicant, kind=wanted.code, upload=upload)
    submit_application(reference=application.reference, actor=application.applicant, declared=True)
    bill = current_bill_for(application.bill_subject)
    record_control_number(number=bill.number, control_number=f"99{bill.pk:010}")
    bill.refresh_from_db()
    record_payment(payment=payment_of(bill, transaction_id=f"T{bill.pk}", receipt_id=f"R{bill.pk}"))
    while sweep():
        pass
    application.refresh_from_db()
    return application


def _issued(application: Application, officer: Person, approver: Person) -> Application:
    for actor, outcome in ((officer, "kubali"), (approver, "idhinisha"), (officer, "toa")):
        task = claim_task(reference=application.reference, actor=actor)
        decide_stage(reference=application.reference, actor=actor, task_pk=task.pk, outcome=outcome)
    application.refresh_from_db()
    complete_issue(number=application.certificate.number, pdf=b"%PDF-1.7\n", qr_text="HUDUMA1#")
    application.refresh_from_db()
    return application

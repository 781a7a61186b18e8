"""No English on the Swahili pages and no Swahili on the English ones, the administration included.

A text that stands in both languages of a page was not translated, whoever wrote it: we, Django or a library.
"""

import io
import re

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Person
from payments.actions import record_control_number
from payments.models import Bill, BillLine
from portal.places import countries
from services.actions import add_document, claim_task, submit_application
from services.definitions.documents import required_documents
from services.definitions.loader import load_all
from services.definitions.schema import Definition
from services.models import Application, Category, Certificate
from services.officer.rail import QUEUES
from tests.factories import (
    BIRTH,
    BUSINESS_NAME,
    LEAVE,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
    fill_in,
    publish,
    start,
)
from tests.languages import shared_by, tidy

pytestmark = pytest.mark.django_db
NAMES = {"Asha Juma", "Mama Lishe Foods", "Jaribio Mfano", "Airtel Money", "HaloPesa", "Mixx by Yas"}
EMPLOYER = "Taasisi UTUMISHI-MKOA"
"""Filled in for the citizen as an answer, which stays as it was written."""
CODE = re.compile(r"(\d+ )?[a-z0-9]+([._:-][\w:.+-]+)*( [\w:.+-]+)?|[A-Z][a-z]+\.[a-z_]+\..*")
"""Of roles, kinds and events: small letters with dots, dashes or an occurrence behind them."""
HELP = ("help", "contacts", "privacy", "accessibility", "performance")


@pytest.fixture
def citizen() -> Person:
    return PersonFactory(full_name="Asha Juma", public_servant=True)


@pytest.fixture
def draft(citizen: Person) -> Application:
    return fill_in(start(BIRTH, citizen))


@pytest.fixture
def application(citizen: Person) -> Application:
    """In review: its task waits at the employer of the citizen."""
    draft = fill_in(start(LEAVE, citizen))
    return submit_application(reference=draft.reference, actor=citizen, declared=True)


@pytest.fixture
def certificate(application: Application) -> Certificate:
    return Certificate.objects.create(number="RITA-26-7K3M9Q2-X", application=application, holder="Asha Juma")


@pytest.fixture
def bill(draft: Application, citizen: Person) -> Bill:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(picture, "PNG")
    for wanted in required_documents(draft.definition, draft.answers):
        upload = SimpleUploadedFile("picha.png", picture.getvalue())
        add_document(reference=draft.reference, actor=citizen, kind=wanted.code, upload=upload)
    submit_application(reference=draft.reference, actor=citizen, declared=True)
    found = Bill.objects.get()
    record_control_number(number=found.number, control_number="990012345678")
    return found


def test_public_pages(client):
    for slug in (BIRTH, LEAVE, BUSINESS_NAME):
        publish(slug)
    paths = ["/", "/services/", "/services/?q=cheti", "/services/?q=qqqq", "/track/", "/verify/"]
    paths += [f"/services/{slug}/" for slug in (BIRTH, LEAVE, BUSINESS_NAME)] + [f"/pages/{slug}/" for slug in HELP]

    assert leaks(client, paths) == {}
    assert shared_by(client, "/hakuna/", status=404) == set()
    assert shared_by(client, "/verify/RITA-26-0000000-0/", status=404) == set()
    assert shared_by(client, "/verify/?number=zzz", status=422) == set()


def test_pages_of_a_citizen(client, citizen, draft, application, certificate):
    client.force_login(citizen)
    address = f"/applications/{draft.reference}/"
    paths = ["/", "/applications/", "/inbox/", "/bills/", "/track/", f"/applications/{application.reference}/"]
    paths += [address, f"{address}documents/"]
    paths += [f"{address}{section.key}/" for section in draft.definition.sections]
    paths += [f"/applications/{application.reference}/submitted/"]

    assert leaks(client, paths) == {}


def test_pages_of_a_bill(client, citizen, bill):
    client.force_login(citizen)

    assert leaks(client, ["/bills/", f"/bills/{bill.number}/", "/applications/"]) == {}


def test_every_kind_of_field(client, citizen):
    client.force_login(citizen)
    company = MembershipFactory(person=citizen, organisation__name="Mama Lishe Foods").organisation
    alike = {tidy(country.name_sw) for country in countries() if country.name_sw == country.name_en}

    for definition, sections in pages_with_every_field():
        acting_for = company if definition.audience == "G2B" else None
        client.post(f"/account/acting/{company.pk}/" if acting_for else "/account/acting/self/")
        draft = start(definition.slug, citizen, acting_for)
        for section in sections:
            assert (
                shared_by(client, f"/applications/{draft.reference}/{section}/") - NAMES - alike - {EMPLOYER} == set()
            )


def pages_with_every_field() -> list[tuple[Definition, list[str]]]:
    """As few services as show each kind of field once."""
    seen: set[str] = set()
    chosen = []
    for definition in load_all():
        kinds = {section.key: {field.type for field in section.fields} for section in definition.sections}
        new = [key for key, types in kinds.items() if types - seen] if definition.audience != "G2G" else []
        if new:
            chosen.append((definition, new))
            seen |= set().union(*(kinds[key] for key in new))
    return chosen


def test_pages_of_an_officer(client, application):
    task = application.tasks.get()
    officer = PersonFactory(full_name="Asha Juma")
    RoleGrantFactory(person=officer, role=task.role, institution=task.institution)
    client.force_login(officer)
    case = f"/desk/cases/{application.reference}/"
    queues = [f"/desk/queues/{key}/" for key in QUEUES]

    assert leaks(client, [*queues, f"{queues[0]}?q=zzz", case]) == {}
    claim_task(reference=application.reference, actor=officer)
    assert leaks(client, [*queues, case]) == {}


def test_the_administration(client, application, certificate, bill):
    """Codes are the same in both languages, and so are columns for the name in each language."""
    client.force_login(PersonFactory(full_name="Asha Juma", superuser=True))
    paths = ["/admin/", "/admin/accounts/institution/add/", "/admin/accounts/institution/import/"]
    for model in site._registry:
        name = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        paths += [name, f"{name}?q=zzz"]
        if row := model._default_manager.first():
            paths += [f"{name}{row.pk}/change/", f"{name}{row.pk}/history/"]
    in_both = {bill.description} | {
        text for names in Category.objects.values_list("name_sw", "name_en") for text in names
    }
    in_both |= {text for names in BillLine.objects.values_list("label_sw", "label_en") for text in names}

    found = {
        path: {text for text in texts - in_both if not CODE.fullmatch(text)}
        for path, texts in leaks(client, paths).items()
    }

    assert {path: texts for path, texts in found.items() if texts} == {}


def leaks(client: Client, paths: list[str]) -> dict[str, set[str]]:
    found = {path: shared_by(client, path) - NAMES for path in paths}
    return {path: texts for path, texts in found.items() if texts}

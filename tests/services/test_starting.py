"""Starting an application: for whom a service is, and who is sent away with which sentence."""

import pytest

from accounts.models import Organisation
from portal.models import AuditEntry
from services.actions import drafts, retire_service
from services.models import Application
from tests.factories import (
    BIRTH,
    BUSINESS_NAME,
    LEAVE,
    InstitutionFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    publish,
    start,
)
from tests.services.cases import SHARING, at, browser

pytestmark = pytest.mark.django_db

SENTENCES = {
    "G2C": "This service is for citizens.",
    "G2B": "This service is for businesses.",
    "G2E": "This service is for public servants.",
    "G2G": "This service is for institutions.",
}
SERVICES = {"G2C": BIRTH, "G2B": BUSINESS_NAME, "G2E": LEAVE, "G2G": SHARING}


def cast(kind: str) -> tuple[object, Organisation | None]:
    match kind:
        case "company":
            mandate = MembershipFactory()
        case "institution":
            mandate = MembershipFactory(organisation=OrganisationFactory(public=True))
        case "servant":
            return PersonFactory(public_servant=True), None
        case _:
            return PersonFactory(), None
    return mandate.person, mandate.organisation


@pytest.mark.parametrize("audience", SERVICES)
@pytest.mark.parametrize("kind", ["citizen", "servant", "company", "institution"])
def test_each_service_is_started_by_its_audience_only(kind: str, audience: str) -> None:
    allowed = {"G2C": {"citizen", "servant"}, "G2B": {"company"}, "G2E": {"servant"}, "G2G": {"institution"}}
    person, acting_for = cast(kind)
    slug = SERVICES[audience]
    publish(slug)

    response = browser(person, acting_for).post(f"/en/services/{slug}/apply/", follow=True)

    if kind in allowed[audience]:
        application = Application.objects.get()
        assert response.request["PATH_INFO"] == at(application)
        assert (application.applicant, application.acting_for, application.state) == (person, acting_for, "draft")
        assert AuditEntry.objects.filter(verb="services.application.started", actor=person).count() == 1
    else:
        assert response.request["PATH_INFO"] == f"/en/services/{slug}/"
        assert SENTENCES[audience] in response.text
        assert not Application.objects.exists()
        assert not AuditEntry.objects.filter(verb="services.application.started").exists()


def test_a_mandate_that_has_ended_starts_nothing() -> None:
    mandate = MembershipFactory()
    client = browser(mandate.person, mandate.organisation)
    publish(BUSINESS_NAME)
    mandate.revoked_at = mandate.granted_at
    mandate.save()

    response = client.post(f"/en/services/{BUSINESS_NAME}/apply/", follow=True)

    assert SENTENCES["G2B"] in response.text
    assert not Application.objects.exists()


def test_a_person_holds_only_so_many_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_OPEN_DRAFTS", 2)
    person = PersonFactory()
    for _number in range(2):
        start(BIRTH, person)

    response = browser(person).post(f"/en/services/{BIRTH}/apply/", follow=True)

    assert "You have too many drafts." in response.text
    assert Application.objects.count() == 2


def test_a_closed_service_starts_nothing_and_says_so() -> None:
    publish(BIRTH)
    retire_service(slug=BIRTH, actor=PersonFactory(), reason="Imeunganishwa")
    client = browser(PersonFactory())

    response = client.post(f"/en/services/{BIRTH}/apply/", follow=True)
    page = client.get(f"/en/services/{BIRTH}/")

    assert "This service no longer takes new applications." in response.text
    assert "/apply/" not in page.text
    assert not Application.objects.exists()


def test_a_service_that_does_not_exist_is_not_found() -> None:
    assert browser(PersonFactory()).post("/en/services/hakuna/apply/").status_code == 404


def test_nobody_signs_in_first_and_comes_back_to_the_service(client) -> None:
    publish(BIRTH)

    response = client.post(f"/en/services/{BIRTH}/apply/")
    again = browser(PersonFactory()).get(f"/en/services/{BIRTH}/apply/")

    assert response.status_code == 302
    assert response["Location"].startswith("/en/account/login/?next=")
    assert (again.status_code, again["Location"]) == (302, f"/en/services/{BIRTH}/")
    assert not Application.objects.exists()


def test_a_link_never_starts_an_application() -> None:
    publish(BIRTH)

    browser(PersonFactory()).get(f"/en/services/{BIRTH}/apply/")

    assert not Application.objects.exists()


def test_the_reference_begins_with_the_institution() -> None:
    InstitutionFactory(code="RITA", reference_prefix="RITA")

    assert start(BIRTH, PersonFactory()).reference.startswith("RITA-")

"""The administration of the catalogue and of applications: looked at, acted on, never edited."""

import pytest
from django.utils import timezone

from portal.models import AuditEntry
from services.actions import retire_service, submit_application
from services.models import Application, Certificate, Service
from tests.factories import LEAVE, PersonFactory, RoleGrantFactory, fill_in, publish, start

pytestmark = pytest.mark.django_db
MODELS = ["category", "service", "serviceversion", "application", "task", "certificate"]


@pytest.fixture
def superuser():
    return PersonFactory(superuser=True)


@pytest.fixture
def auditor():
    return RoleGrantFactory(person=PersonFactory(staff=True), role="mkaguzi_wa_ndani").person


@pytest.fixture
def application() -> Application:
    draft = fill_in(start(LEAVE, PersonFactory(public_servant=True)), leave_address="Nyumba namba 7, Kigoma")
    return submit_application(reference=draft.reference, actor=draft.applicant, declared=True)


@pytest.fixture
def certificate(application) -> Certificate:
    return Certificate.objects.create(number="RITA-26-7K3M9Q2-X", application=application, holder="Asha Juma")


def row(model: str, application: Application, certificate: Certificate) -> int:
    return {
        "category": application.service.category_id,
        "service": application.service_id,
        "serviceversion": application.version_id,
        "application": application.pk,
        "task": application.tasks.get().pk,
        "certificate": certificate.pk,
    }[model]


@pytest.mark.parametrize("reader", ["superuser", "auditor"])
@pytest.mark.parametrize("model", MODELS)
def test_lists_and_rows_are_shown_and_cannot_be_edited(client, request, application, certificate, model, reader):
    client.force_login(request.getfixturevalue(reader))
    address = f"/en/admin/services/{model}/"

    assert client.get(address).status_code == 200
    assert client.get(f"{address}?q=x").status_code == 200
    page = client.get(f"{address}{row(model, application, certificate)}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert client.get(f"{address}add/").status_code == 403
    assert client.post(f"{address}{row(model, application, certificate)}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_staff_without_a_role_see_nothing(client, application, certificate, model):
    client.force_login(PersonFactory(staff=True))

    assert client.get(f"/en/admin/services/{model}/").status_code == 403
    assert client.get(f"/en/admin/services/{model}/{row(model, application, certificate)}/change/").status_code == 403


def test_a_version_is_shown_as_yaml(client, superuser, application):
    client.force_login(superuser)

    page = client.get(f"/en/admin/services/serviceversion/{application.version_id}/change/")

    assert "<pre>" in page.text
    assert "slug: utumishi-likizo-ya-mwaka" in page.text


def test_answers_are_not_in_the_list_and_reading_them_is_noted(client, auditor, application):
    client.force_login(auditor)

    listing = client.get("/en/admin/services/application/")
    assert application.reference in listing.text
    assert "Nyumba namba 7" not in listing.text
    assert AuditEntry.objects.filter(verb="services.application.read").count() == 0

    detail = client.get(f"/en/admin/services/application/{application.pk}/change/")
    assert "Nyumba namba 7, Kigoma" in detail.text
    entry = AuditEntry.objects.get(verb="services.application.read")
    assert (entry.actor, entry.subject_key) == (auditor, application.reference)


def test_who_may_only_look_does_not_read_answers(client, application):
    from django.contrib.auth.models import Permission

    clerk = PersonFactory(staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_application"))
    client.force_login(clerk)

    detail = client.get(f"/en/admin/services/application/{application.pk}/change/")

    assert detail.status_code == 200
    assert "Nyumba namba 7" not in detail.text
    assert AuditEntry.objects.get(verb="services.application.read").actor == clerk


def test_an_application_is_found_by_its_reference(client, superuser, application):
    client.force_login(superuser)

    assert application.reference in client.get(f"/en/admin/services/application/?q={application.reference}").text
    assert application.reference not in client.get("/en/admin/services/application/?q=RITA-26-0000000-0").text


def test_retiring_asks_for_the_reason_first(client, superuser):
    service = publish(LEAVE)
    client.force_login(superuser)
    asked = {"action": "retire", "_selected_action": service.pk}

    page = client.post("/en/admin/services/service/", asked)
    assert 'name="reason"' in page.text
    empty = client.post("/en/admin/services/service/", asked | {"reason": " "})
    assert "Write the reason" in empty.text
    assert Service.objects.get().retired_at is None

    client.post("/en/admin/services/service/", asked | {"reason": "Imeunganishwa"})
    assert Service.objects.get().retired_at is not None
    entry = AuditEntry.objects.get(verb="services.service.retired")
    assert (entry.actor, entry.data["reason"]) == (superuser, "Imeunganishwa")


def test_retiring_twice_says_so(client, superuser):
    service = publish(LEAVE)
    retired = retire_service(slug=LEAVE, actor=superuser, reason="Mara ya kwanza").retired_at
    client.force_login(superuser)
    asked = {"action": "retire", "_selected_action": service.pk, "reason": "Mara ya pili"}

    page = client.post("/en/admin/services/service/", asked, follow=True)

    assert "This service is retired already." in page.text
    assert Service.objects.get().retired_at == retired


def test_a_retired_service_opens_again(client, superuser):
    service = publish(LEAVE)
    retire_service(slug=LEAVE, actor=superuser, reason="Kwa makosa")
    client.force_login(superuser)
    asked = {"action": "reopen", "_selected_action": service.pk}

    page = client.post("/en/admin/services/service/", asked, follow=True)
    again = client.post("/en/admin/services/service/", asked, follow=True)

    assert "is open again." in page.text
    assert "This service is open already." in again.text
    assert Service.objects.get().is_open
    assert AuditEntry.objects.filter(verb="services.service.reopened", actor=superuser).count() == 1


def test_an_auditor_acts_on_nothing(client, auditor, certificate):
    client.force_login(auditor)

    for model, action, pk in [("service", "retire", publish(LEAVE).pk), ("certificate", "revoke", certificate.pk)]:
        asked = {"action": action, "_selected_action": pk, "reason": "Sababu"}
        client.post(f"/en/admin/services/{model}/", asked)

    certificate.refresh_from_db()
    assert Service.objects.get().retired_at is None
    assert certificate.status == Certificate.Status.ACTIVE


def test_revoking_a_certificate(client, superuser, certificate):
    client.force_login(superuser)
    asked = {"action": "revoke", "_selected_action": certificate.pk, "reason": "Taarifa za uongo"}

    page = client.post("/en/admin/services/certificate/", asked, follow=True)

    certificate.refresh_from_db()
    assert "RITA-26-7K3M9Q2-X is revoked." in page.text
    assert (certificate.status, certificate.revocation_reason) == ("revoked", "Taarifa za uongo")
    assert certificate.revoked_at <= timezone.now()
    again = client.post("/en/admin/services/certificate/", asked, follow=True)
    assert "no longer valid already" in again.text

"""The administration of people: who comes in, what is shown, and that changes go through the actions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import add_clerk, grant_role, register_organisation
from accounts.models import Institution, RoleGrant
from accounts.policies import can_act_for, holds_role
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db
MODELS = ["person", "rolegrant", "institution", "organisation", "membership"]


@pytest.fixture
def administrator(make_person, rita):
    person = make_person(full_name="Upendo Mwakalinga", is_staff=True)
    grant_role(person=person, role="msimamizi", institution=rita, actor=None)
    return person


@pytest.fixture
def auditor(make_person, rita):
    person = make_person(full_name="Hassan Mbwana", is_staff=True)
    grant_role(person=person, role="mkaguzi_wa_ndani", institution=rita, actor=None)
    return person


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("model", MODELS)
def test_lists_and_rows_are_drawn(client, administrator, person, rita, prefix, model):
    organisation = register_organisation(actor=person, name="Duka", tin="123456789")
    rows = {
        "person": person, "rolegrant": administrator.role_grants.get(), "institution": rita,
        "organisation": organisation, "membership": organisation.memberships.get(),
    }  # fmt: skip
    client.force_login(administrator)

    assert client.get(f"{prefix}/admin/accounts/{model}/").status_code == 200
    assert client.get(f"{prefix}/admin/accounts/{model}/?q=a").status_code == 200
    assert client.get(f"{prefix}/admin/accounts/{model}/{rows[model].pk}/change/").status_code == 200


def test_only_staff_come_in_and_through_the_portals_own_door(client, person):
    door, _ = client.get("/admin/", follow=True).redirect_chain[-1]
    assert door == "/account/login/?next=%2Fadmin%2F"

    client.force_login(person)

    assert client.get("/admin/", follow=True).status_code == 403


def test_a_person_shows_neither_password_nor_whole_national_number(client, administrator, make_person):
    person = make_person(nin="19900715151010000123")
    client.force_login(administrator)

    text = client.get(f"/admin/accounts/person/{person.pk}/change/").text

    assert person.password not in text
    assert person.nin not in text
    assert "1990••••••••••••0123" in text
    assert 'name="password"' not in text


@pytest.mark.parametrize("model", ["emailaddress", "authenticator", "usersession", "group"])
def test_what_belongs_to_its_owner_is_not_there(client, administrator, model):
    administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)

    for app in ("account", "mfa", "usersessions", "auth"):
        assert client.get(f"/admin/{app}/{model}/").status_code == 404


def test_people_are_neither_added_nor_deleted(client, administrator, person):
    client.force_login(administrator)

    assert client.get("/admin/accounts/person/add/").status_code == 403
    assert client.post(f"/admin/accounts/person/{person.pk}/delete/", {"post": "yes"}).status_code == 403


def test_closing_an_account_is_written_down_and_ends_its_sessions(client, administrator, person):
    client.force_login(administrator)
    inline = {
        f"{name}-{field}": "0" for name in ("role_grants", "memberships") for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    client.post(
        f"/admin/accounts/person/{person.pk}/change/",
        {"full_name": person.full_name, "language": "sw", "check_number": "", "employer": ""} | inline,
    )

    person.refresh_from_db()
    assert not person.is_active
    entry = AuditEntry.objects.get(verb="accounts.person.changed")
    assert (entry.actor, entry.subject_key, entry.data) == (
        administrator, str(person.pk), {"changed": ["is_active"]},
    )  # fmt: skip
    client.force_login(person)
    assert client.get("/account/").status_code == 302


def test_nobody_changes_their_own_access(client, administrator):
    client.force_login(administrator)

    response = client.post(f"/admin/accounts/person/{administrator.pk}/change/", {"is_superuser": "on"})

    assert response.status_code == 403


def test_a_role_is_granted_through_the_action(client, administrator, person, rita):
    client.force_login(administrator)

    client.post(
        "/admin/accounts/rolegrant/add/",
        {"person": person.pk, "role": "mhasibu", "institution": rita.pk, "expires_at_0": "", "expires_at_1": ""},
    )

    assert holds_role(person, "mhasibu", rita)
    entry = AuditEntry.objects.get(verb="accounts.role.granted", data__person=person.pk)
    assert entry.actor == administrator
    assert person.role_grants.get().granted_by == administrator


def test_nobody_grants_themselves_a_role_here(client, administrator, rita):
    client.force_login(administrator)

    response = client.post(
        "/en/admin/accounts/rolegrant/add/",
        {"person": administrator.pk, "role": "mhasibu", "institution": rita.pk},
    )

    assert "Nobody grants or revokes a role of their own." in response.text
    assert RoleGrant.objects.filter(person=administrator).count() == 1


def test_roles_and_mandates_are_taken_back_in_the_list(client, administrator, person, make_person, rita):
    grant = grant_role(person=person, role="mhasibu", institution=rita, actor=None)
    business = register_organisation(actor=person, name="Duka", tin="123456789")
    administrator.is_superuser = True
    administrator.save()
    clerk = make_person()
    mandate = add_clerk(organisation=business, person=clerk, actor=person)
    client.force_login(administrator)

    client.post("/admin/accounts/rolegrant/", {"action": "revoke", "_selected_action": grant.pk})
    client.post("/admin/accounts/membership/", {"action": "revoke", "_selected_action": mandate.pk})

    assert not holds_role(person, "mhasibu", rita)
    assert not can_act_for(clerk, business)
    assert AuditEntry.objects.filter(actor=administrator, verb__endswith=".revoked").count() == 2


@pytest.mark.parametrize("model", MODELS)
def test_an_auditor_reads_everything_and_changes_nothing(client, auditor, person, rita, model):
    organisation = register_organisation(actor=person, name="Duka", tin="123456789")
    rows = {
        "person": person, "rolegrant": auditor.role_grants.get(), "institution": rita,
        "organisation": organisation, "membership": organisation.memberships.get(),
    }  # fmt: skip
    client.force_login(auditor)
    page = f"/admin/accounts/{model}/{rows[model].pk}/change/"

    assert client.get(f"/admin/accounts/{model}/").status_code == 200
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 403
    assert client.get(f"/admin/accounts/{model}/add/").status_code == 403


def test_an_auditor_imports_nothing(client, auditor):
    client.force_login(auditor)

    assert client.post("/admin/accounts/institution/import/", {}).status_code == 403


def test_institutions_come_from_a_file(client, administrator, rita):
    client.force_login(administrator)
    rows = "code,name_sw,name_en,kind,parent,reference_prefix,gepg_sp_code,is_active\n"
    rows += "RITA-DSM,RITA Dar es Salaam,RITA Dar es Salaam,office,RITA,RITAD,,1\n"
    upload = SimpleUploadedFile("institutions.csv", rows.encode(), content_type="text/csv")
    shown = client.post("/admin/accounts/institution/import/", {"import_file": upload, "format": "0"})
    confirm = shown.context["confirm_form"].initial

    client.post("/admin/accounts/institution/process_import/", confirm)

    assert Institution.objects.get(code="RITA-DSM").parent == rita
    assert AuditEntry.objects.get(verb="accounts.institution.synced").actor == administrator

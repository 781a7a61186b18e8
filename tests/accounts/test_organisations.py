"""Organisations and mandates: who acts for whom, given and taken back, checked on each request."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import add_clerk, register_institution, register_organisation, revoke_mandate
from accounts.models import Membership, Organisation
from accounts.policies import can_act_for
from accounts.queries import organisations_of
from portal.errors import Conflict, DomainError, NotPermitted
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(make_person):
    return make_person(full_name="Neema Kimaro")


@pytest.fixture
def clerk(make_person):
    return make_person(full_name="Zuhura Ally", email="zuhura@example.com", phone="+255713444555")


@pytest.fixture
def business(owner):
    return register_organisation(actor=owner, name="Mama Lishe Foods", tin="123456789", brela_number="54321")


def test_registering_makes_an_owner(client, owner):
    client.force_login(owner)

    response = client.post(
        "/account/organisations/new/", {"name": "Mama Lishe Foods", "tin": "123-456-789", "brela_number": ""}
    )

    organisation = Organisation.objects.get()
    assert response["Location"] == f"/account/organisations/{organisation.pk}/"
    assert (organisation.kind, organisation.tin) == ("company", "123456789")
    assert organisation.memberships.get().role == "owner"
    assert can_act_for(owner, organisation)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.organisation.registered", "accounts.mandate.granted"]


def test_a_tin_is_registered_once(client, business, clerk):
    client.force_login(clerk)

    response = client.post("/en/account/organisations/new/", {"name": "Nyingine", "tin": "123456789"})

    assert response.status_code == 422
    assert "already registered" in response.text
    assert Organisation.objects.count() == 1
    with pytest.raises(Conflict):
        register_organisation(actor=clerk, name="Nyingine", tin="123456789")


@pytest.mark.parametrize("tin", ["", "12345678", "1234567890", "abcdefghi"])
def test_a_tin_has_nine_digits(client, owner, tin):
    client.force_login(owner)

    response = client.post("/en/account/organisations/new/", {"name": "Duka", "tin": tin})

    assert response.status_code == 422
    assert "Write" in response.text
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("address", ["zuhura@example.com", "0713 444 555"])
def test_an_owner_adds_a_clerk_by_a_proved_address(client, business, owner, clerk, address):
    client.force_login(owner)

    client.post(f"/account/organisations/{business.pk}/", {"address": address})

    assert can_act_for(clerk, business)
    assert business.memberships.get(person=clerk).role == "clerk"


def test_an_unproved_address_names_nobody(client, business, owner, make_person):
    make_person(phone="+255713999000", phone_verified_at=None)
    client.force_login(owner)

    response = client.post(f"/en/account/organisations/{business.pk}/", {"address": "0713999000"})

    assert "No account uses this address." in response.text
    assert business.memberships.count() == 1


def test_a_clerk_does_not_add_clerks(client, business, owner, clerk, make_person):
    add_clerk(organisation=business, person=clerk, actor=owner)
    client.force_login(clerk)

    client.post(f"/account/organisations/{business.pk}/", {"address": make_person().email})

    assert business.memberships.count() == 2


def test_acting_for_an_organisation_lasts_until_one_goes_back(client, business, owner):
    client.force_login(owner)

    client.post(f"/account/acting/{business.pk}/", {"next": "/account/"})
    assert client.get("/account/").wsgi_request.acting_for == business
    assert "Mama Lishe Foods" in client.get("/account/").text

    client.post("/account/acting/self/")
    assert client.get("/account/").wsgi_request.acting_for is None


def test_a_revoked_mandate_stops_at_the_next_request(client, business, owner, clerk):
    mandate = add_clerk(organisation=business, person=clerk, actor=owner)
    client.force_login(clerk)
    client.post(f"/account/acting/{business.pk}/")
    assert client.get("/account/").wsgi_request.acting_for == business

    revoke_mandate(mandate=mandate, actor=owner)

    assert client.get("/account/").wsgi_request.acting_for is None
    assert not can_act_for(clerk, business)
    assert list(organisations_of(clerk)) == []
    assert client.post(f"/account/acting/{business.pk}/").status_code == 404


def test_an_expired_mandate_does_not_count(business, owner, clerk):
    add_clerk(organisation=business, person=clerk, actor=owner, expires_at=timezone.now() - timedelta(minutes=1))

    assert not can_act_for(clerk, business)


def test_a_mandate_can_be_given_again(business, owner, clerk):
    first = add_clerk(organisation=business, person=clerk, actor=owner)
    revoke_mandate(mandate=first, actor=owner)

    second = add_clerk(organisation=business, person=clerk, actor=owner)

    assert second.pk != first.pk
    assert can_act_for(clerk, business)


def test_an_owner_takes_a_mandate_back_on_the_page(client, business, owner, clerk):
    mandate = add_clerk(organisation=business, person=clerk, actor=owner)
    client.force_login(owner)

    client.post(f"/account/organisations/{business.pk}/mandates/{mandate.pk}/revoke/")

    assert not can_act_for(clerk, business)
    assert AuditEntry.objects.filter(verb="accounts.mandate.revoked", actor=owner).count() == 1


def test_a_clerk_lays_the_mandate_down(business, owner, clerk):
    mandate = add_clerk(organisation=business, person=clerk, actor=owner)

    revoke_mandate(mandate=mandate, actor=clerk)

    assert not can_act_for(clerk, business)


def test_a_clerk_does_not_take_the_owners_mandate(business, owner, clerk):
    add_clerk(organisation=business, person=clerk, actor=owner)

    with pytest.raises(NotPermitted, match="not_owner"):
        revoke_mandate(mandate=business.memberships.get(person=owner), actor=clerk)

    assert can_act_for(owner, business)


def test_the_last_owner_stays(business, owner):
    with pytest.raises(DomainError, match="last_owner"):
        revoke_mandate(mandate=business.memberships.get(), actor=owner)

    assert can_act_for(owner, business)


def test_strangers_find_no_organisation(client, business, clerk):
    client.force_login(clerk)
    mandate = business.memberships.get()

    assert client.get(f"/account/organisations/{business.pk}/").status_code == 404
    assert client.post(f"/account/organisations/{business.pk}/", {"address": clerk.email}).status_code == 404
    assert client.post(f"/account/acting/{business.pk}/").status_code == 404
    revoke = f"/account/organisations/{business.pk}/mandates/{mandate.pk}/revoke/"
    assert client.post(revoke).status_code == 404
    assert business.memberships.live().count() == 1


def test_a_mandate_of_another_organisation_is_not_found_here(client, business, owner, make_person):
    other = register_organisation(actor=make_person(), name="Duka", tin="987654321")
    client.force_login(owner)

    response = client.post(f"/account/organisations/{business.pk}/mandates/{other.memberships.get().pk}/revoke/")

    assert response.status_code == 404
    assert other.memberships.live().count() == 1


def test_an_institution_acts_through_its_own_organisation(rita, person):
    organisation = register_institution(institution=rita)

    add_clerk(organisation=organisation, person=person, actor=None)

    assert register_institution(institution=rita) == organisation
    assert (organisation.kind, organisation.name) == ("institution", "Wakala wa Usajili")
    assert can_act_for(person, organisation)


def test_the_database_refuses_an_institution_without_its_entry(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind="institution", name="RITA")


def test_the_database_keeps_one_live_mandate(business, owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=business, person=owner, role="clerk")

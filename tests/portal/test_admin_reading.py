"""Who opens a record about people in the administration leaves an entry (decision 0010)."""

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from accounts.models import Person
from portal.admin import Confidential
from portal.models import AuditEntry
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

ABOUT_PEOPLE = {"full_name", "payer_name", "address", "phone", "email", "nin", "holder", "raw"}
# Who acted stands in these rows, as in every record of work; nothing about the person does.
ABOUT_WORK = {"portal.auditentry", "services.serviceversion", "services.task", "admin.logentry"}


def speaks_of_people(model: type[models.Model]) -> bool:
    fields = model._meta.get_fields()
    named = ABOUT_PEOPLE & {field.name for field in fields}
    pointing = any(isinstance(field, models.ForeignKey) and field.related_model is Person for field in fields)
    return bool(named or pointing)


def test_every_page_about_people_is_confidential():
    open_to_all = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if speaks_of_people(model) and not isinstance(page, Confidential)
    }

    assert open_to_all == ABOUT_WORK & {model._meta.label_lower for model in admin.site._registry}


def test_opening_a_person_is_noted_once_and_the_list_is_not(client):
    reader, person = PersonFactory(superuser=True), PersonFactory()
    client.force_login(reader)

    client.get(reverse("admin:accounts_person_changelist"))
    assert list(readings()) == []
    client.get(reverse("admin:accounts_person_change", args=[person.pk]))
    assert list(readings()) == [(reader.pk, "accounts.person", str(person.pk))]


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("staff", 403)])
def test_who_is_refused_has_read_nothing(client, who, status):
    person = PersonFactory()
    if who == "staff":
        client.force_login(PersonFactory(staff=True))

    assert client.get(reverse("admin:accounts_person_change", args=[person.pk])).status_code == status
    assert list(readings()) == []


def test_a_record_that_does_not_exist_is_not_noted(client):
    client.force_login(PersonFactory(superuser=True))

    assert client.get(reverse("admin:accounts_person_change", args=[0])).status_code == 302
    assert list(readings()) == []


def readings():
    return AuditEntry.objects.filter(verb="portal.record.read").values_list("actor", "subject_type", "subject_key")

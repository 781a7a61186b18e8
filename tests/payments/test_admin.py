import pytest
from django.urls import reverse

from portal.models import AuditEntry
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_who_opens_a_bill_leaves_an_entry_with_its_number(client, bill):
    reader = PersonFactory(superuser=True)
    client.force_login(reader)

    assert client.get(reverse("admin:payments_bill_change", args=[bill.pk])).status_code == 200

    entry = AuditEntry.objects.get(verb="portal.record.read")
    assert (entry.actor, entry.subject_type, entry.subject_key) == (reader, "payments.bill", bill.number)

"""Loading the catalogue: institutions and councils are written in one audited way, and once."""

import pytest
from django.core.management import call_command

from accounts.models import Institution
from accounts.verbs import INSTITUTION_SYNCED
from portal.models import AuditEntry
from portal.places import councils
from services.definitions.loader import vocabulary
from services.models import Service, ServiceVersion

pytestmark = pytest.mark.django_db


def test_loading_twice_writes_and_records_once(capsys) -> None:
    call_command("load_catalogue")
    call_command("load_catalogue")

    institutions = len(vocabulary().institutions) + len(councils())
    assert capsys.readouterr().out == f"40 services, {institutions} institutions\n" * 2
    assert AuditEntry.objects.filter(verb=INSTITUTION_SYNCED.code).count() == institutions
    assert (Service.objects.count(), ServiceVersion.objects.count()) == (40, 40)


def test_a_council_stands_under_local_government(capsys) -> None:
    call_command("load_catalogue")

    council = Institution.objects.get(code="arusha-cc")
    assert (council.parent.code, council.kind, council.reference_prefix) == ("LGA", "LGA", "ARUSHA")

"""Institutions follow the catalogue: once, again, and after a change."""

import pytest

from accounts.actions import InstitutionEntry, sync_institutions
from accounts.models import Institution
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db
MINISTRY = InstitutionEntry("OR-MUUUB", "Ofisi ya Rais", "President's Office", "MDA", "MUUUB")
AGENCY = InstitutionEntry("EGA", "Mamlaka", "Authority", "authority", "EGA", parent="OR-MUUUB")


def test_rows_are_made_with_their_parents_and_written_down():
    sync_institutions([MINISTRY, AGENCY])

    agency = Institution.objects.get(code="EGA")
    assert (agency.parent.code, agency.name_sw, agency.reference_prefix) == ("OR-MUUUB", "Mamlaka", "EGA")
    assert AuditEntry.objects.count() == 2


def test_the_same_again_changes_nothing():
    sync_institutions([MINISTRY, AGENCY])

    sync_institutions([MINISTRY, AGENCY])

    assert Institution.objects.count() == 2
    assert AuditEntry.objects.count() == 2


def test_a_change_is_followed_and_named():
    sync_institutions([MINISTRY, AGENCY])
    renamed = InstitutionEntry("EGA", "Mamlaka ya Serikali Mtandao", "Authority", "authority", "EGA", "OR-MUUUB")

    sync_institutions([renamed])

    assert Institution.objects.get(code="EGA").name_sw == "Mamlaka ya Serikali Mtandao"
    assert AuditEntry.objects.order_by("-pk").first().data == {"changed": ["name_sw"]}


def test_what_an_administrator_added_stays():
    sync_institutions([MINISTRY])
    Institution.objects.filter(code="OR-MUUUB").update(gepg_sp_code="SP123")

    sync_institutions([MINISTRY])

    assert Institution.objects.get().gepg_sp_code == "SP123"

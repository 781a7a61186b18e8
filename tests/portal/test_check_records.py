"""`manage.py check_records` finds what is missing or altered."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.files import path_of, store_generated
from portal.models import StoredFile


@pytest.fixture
def stored(db: None) -> StoredFile:
    kept = store_generated(b"%PDF-1.7\n", purpose="test", file_name="a.pdf")
    StoredFile.objects.filter(pk=kept.pk).update(linked_at=timezone.now())
    return kept


def check() -> tuple[str, str]:
    """What it says, and what it complains of."""
    said, complained = StringIO(), StringIO()
    try:
        call_command("check_records", stdout=said, stderr=complained)
    except CommandError as error:
        return str(error), complained.getvalue()
    return said.getvalue(), complained.getvalue()


def test_what_is_whole_passes(stored: StoredFile) -> None:
    assert check() == ("1 files and 0 audit entries are as they were.\n", "")


def test_an_altered_file_is_named(stored: StoredFile) -> None:
    path_of(stored).chmod(0o600)
    path_of(stored).write_bytes(b"%PDF-1.7 \n")

    assert check() == ("1 faults", f"file {stored.pk} ({stored.name}) was altered\n")


def test_a_missing_file_is_named(stored: StoredFile) -> None:
    path_of(stored).unlink()

    assert check() == ("1 faults", f"file {stored.pk} ({stored.name}) is missing\n")


def test_a_file_that_nobody_uses_may_be_gone(stored: StoredFile) -> None:
    StoredFile.objects.update(linked_at=None)
    path_of(stored).unlink()

    assert check() == ("0 files and 0 audit entries are as they were.\n", "")

"""Is everything still there and unaltered: after a restore, and once in a while."""

import hashlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit_chain import first_altered_entry
from portal.files import path_of
from portal.models import AuditEntry, StoredFile


class Command(BaseCommand):
    help = "Compare every file in use with its digest, and the chain of the audit trail with its entries."

    def handle(self, *args: Any, **options: Any) -> None:
        files = StoredFile.objects.filter(linked_at__isnull=False)
        faults = [fault for stored in files.iterator() if (fault := fault_of(stored))]
        if altered := first_altered_entry():
            faults.append(f"audit entry {altered.pk} or one before it was altered")
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write(f"{files.count()} files and {AuditEntry.objects.count()} audit entries are as they were.")


def fault_of(stored: StoredFile) -> str:
    """Empty when the bytes are those that were stored."""
    try:
        with path_of(stored).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return f"file {stored.pk} ({stored.name}) is missing"
    return "" if digest == stored.sha256 else f"file {stored.pk} ({stored.name}) was altered"

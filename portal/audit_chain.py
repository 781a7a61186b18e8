"""The hash chain over the audit trail: extending it, and finding the first row that was altered."""

import hashlib

from django.db import connection, transaction

from portal.models import AuditEntry, AuditLink

GENESIS = "0" * 64
_LOCK = 0x41554449  # "AUDI": one writer of the chain at a time


@transaction.atomic
def link_new_entries(limit: int = 5000) -> int:
    """Append every entry that has no link yet. Returns how many were linked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = AuditLink.objects.order_by("-pk").first()
    previous = last.hash if last else GENESIS
    links = []
    for entry in AuditEntry.objects.filter(link=None).order_by("pk")[:limit]:
        previous = chain_hash(previous, entry.digest)
        links.append(AuditLink(entry=entry, hash=previous))
    AuditLink.objects.bulk_create(links)
    return len(links)


def chain_hash(previous: str, digest: str) -> str:
    return hashlib.sha256(f"{previous}{digest}".encode()).hexdigest()


def first_altered_entry() -> AuditEntry | None:
    """The first entry, in chain order, whose content or link no longer agrees with the chain."""
    previous = GENESIS
    for link in AuditLink.objects.order_by("pk").select_related("entry").iterator():
        previous = chain_hash(previous, link.entry.content_digest())
        if previous != link.hash:
            return link.entry
    return None

"""The institutions of the catalogue as rows. The catalogue's files are the source, rows follow them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Institution, Person
from accounts.verbs import INSTITUTION_SYNCED
from portal.audit import record

FOLLOWED = ("name_sw", "name_en", "kind", "parent_id", "reference_prefix")


@dataclass(frozen=True)
class InstitutionEntry:
    """One institution as the catalogue describes it; `parent` is a code of the same catalogue."""

    code: str
    name_sw: str
    name_en: str
    kind: str
    reference_prefix: str
    parent: str | None = None


@transaction.atomic
def sync_institutions(entries: Iterable[InstitutionEntry], *, actor: Person | None = None) -> list[Institution]:
    """Create and update rows by code; what the catalogue no longer names is left alone. Safe to repeat.

    Parents come first in the given order, or are there already.
    """
    return [_sync(entry, actor) for entry in entries]


def _sync(entry: InstitutionEntry, actor: Person | None) -> Institution:
    parent = Institution.objects.get(code=entry.parent) if entry.parent else None
    wanted = {
        "name_sw": entry.name_sw,
        "name_en": entry.name_en,
        "kind": entry.kind,
        "parent_id": parent.pk if parent else None,
        "reference_prefix": entry.reference_prefix,
    }
    institution, created = Institution.objects.get_or_create(code=entry.code, defaults=wanted)
    changed = [name for name in FOLLOWED if getattr(institution, name) != wanted[name]]
    for name in changed:
        setattr(institution, name, wanted[name])
    if changed:
        institution.save(update_fields=changed)
    if created or changed:
        record(INSTITUTION_SYNCED, institution, actor=actor, changed=changed)
    return institution

"""Loads institutions, events and the definitions of this package into the database. Safe to repeat."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import InstitutionEntry, sync_institutions
from accounts.models import Institution
from portal.places import councils
from services.actions import publish_version
from services.definitions.loader import load_all, vocabulary
from services.models import Category

PREFIX_LENGTH = 6


class Command(BaseCommand):
    help = "Load institutions, life events and the published service definitions (safe to repeat)."

    def handle(self, *args: Any, **options: Any) -> None:
        sync_institutions(institutions())
        load_categories()
        versions = [publish_version(definition=definition, actor=None) for definition in load_all()]
        self.stdout.write(f"{len(versions)} services, {Institution.objects.count()} institutions")


def institutions() -> Iterator[InstitutionEntry]:
    """Those of the vocabulary, then the councils under the one that stands for them all."""
    for entry in vocabulary().institutions.values():
        yield InstitutionEntry(entry.code, entry.name.sw, entry.name.en, entry.type, prefix_of(entry.code))
    for council in councils():
        prefix = prefix_of(council.slug)
        yield InstitutionEntry(council.slug, council.name_sw, council.name_en, "LGA", prefix, parent="LGA")


def load_categories() -> None:
    for position, term in enumerate(vocabulary().categories.values()):
        Category.objects.update_or_create(
            code=term.code,
            defaults={"name_sw": term.label.sw, "name_en": term.label.en, "position": position},
        )


def prefix_of(code: str) -> str:
    """The letters by which an institution's references begin: `OR-MUUUB` gives `ORMUUU`."""
    return "".join(symbol for symbol in code.upper() if symbol.isalpha())[:PREFIX_LENGTH]

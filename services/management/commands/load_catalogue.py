"""Loads institutions, events and the definitions of this package into the database. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Institution
from portal.places import councils
from services.actions import publish_version
from services.definitions.loader import load_all, vocabulary
from services.models import Category

PREFIX_LENGTH = 6


class Command(BaseCommand):
    help = "Load institutions, life events and the published service definitions (safe to repeat)."

    def handle(self, *args: Any, **options: Any) -> None:
        load_institutions()
        load_categories()
        versions = [publish_version(definition=definition, actor=None) for definition in load_all()]
        self.stdout.write(f"{len(versions)} services, {Institution.objects.count()} institutions")


def load_institutions() -> None:
    for entry in vocabulary().institutions.values():
        Institution.objects.update_or_create(
            code=entry.code,
            defaults={
                "name_sw": entry.name.sw,
                "name_en": entry.name.en,
                "kind": entry.type,
                "reference_prefix": prefix_of(entry.code),
            },
        )
    load_councils(Institution.objects.get(code="LGA"))


def load_councils(parent: Institution) -> None:
    Institution.objects.bulk_create(
        [
            Institution(
                code=council.slug,
                name_sw=council.name_sw,
                name_en=council.name_en,
                kind="LGA",
                parent=parent,
                reference_prefix=prefix_of(council.slug),
            )
            for council in councils()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_sw", "name_en", "kind", "parent", "reference_prefix"],
    )


def load_categories() -> None:
    for position, term in enumerate(vocabulary().categories.values()):
        Category.objects.update_or_create(
            code=term.code,
            defaults={"name_sw": term.label.sw, "name_en": term.label.en, "position": position},
        )


def prefix_of(code: str) -> str:
    """The letters by which an institution's references begin: `OR-MUUUB` gives `ORMUUU`."""
    return "".join(symbol for symbol in code.upper() if symbol.isalpha())[:PREFIX_LENGTH]

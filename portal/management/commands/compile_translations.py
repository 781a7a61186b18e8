"""Compiles locale/*.po with Babel: GNU gettext, which Django's own command needs, may not be installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the translations, without GNU gettext."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compile_translation(source)


def compile_translation(source: Path) -> None:
    """Fuzzy entries are guesses of a tool and stay out, as with GNU gettext."""
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parts[-3])
    unfinished = compiled.with_suffix(".mo.unfinished")
    with unfinished.open("wb") as output:
        write_mo(output, catalogue, use_fuzzy=False)
    unfinished.replace(compiled)

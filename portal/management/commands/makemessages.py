"""Django's makemessages without the date of the run, so that a catalogue changes only when a text does."""

import re
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

_CHANGING_LINES = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.MULTILINE)


class Command(makemessages.Command):
    help = "Collect the texts of code and templates into locale/."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"no_obsolete": True})

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        for path in Path(potfile).parent.glob(f"{locale}/LC_MESSAGES/{self.domain}.po"):
            text = path.read_text(encoding="utf-8")
            path.write_text(_CHANGING_LINES.sub("", text), encoding="utf-8")

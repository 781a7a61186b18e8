"""Brings the database and files of this portal up to date. Safe to run again at any time."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Keys, translations, database, static files, catalogue and (in demo mode) demo people."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for name, step in steps():
            begun = time.monotonic()
            step()
            self.stdout.write(f"{name:<14}{time.monotonic() - begun:6.1f} s")
            self.stdout.flush()


def steps() -> list[tuple[str, Callable[[], object]]]:
    demo = [("demo people", lambda: call_command("load_demo", verbosity=0))] if settings.DEMO_MODE else []
    return [
        ("keys", lambda: call_command("make_keys", verbosity=0)),
        ("translations", lambda: call_command("compile_translations")),
        ("database", lambda: call_command("migrate", interactive=False, verbosity=0)),
        ("static files", collect_changed_static_files),
        ("catalogue", lambda: call_command("load_catalogue", verbosity=0)),
        *demo,
    ]


def collect_changed_static_files() -> None:
    """Compressing takes seconds, so it is done again only when a source has changed."""
    stamp, wanted = Path(settings.STATIC_ROOT) / ".sources", _static_sources()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)


def _static_sources() -> str:
    digest = hashlib.sha256(settings.STATIC_URL.encode())
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()

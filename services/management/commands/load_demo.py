"""Demo people for trying the portal out; refuses to run anywhere but in a demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import load_demo_people


class Command(BaseCommand):
    help = "Load the demo people (only with DEMO_MODE)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demo people belong in a demonstration: set DEMO_MODE=1.")
        load_demo_people()
        self.stdout.write("Demo people are ready.")

"""What every page's frame shows about the person's capacity."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.policies import works_on_files


def acting_for(request: HttpRequest) -> dict[str, Any]:
    """`is_officer` asks the database only when a page shows it."""
    return {
        "acting_for": getattr(request, "acting_for", None),
        "is_officer": SimpleLazyObject(lambda: _is_officer(request)),
    }


def _is_officer(request: HttpRequest) -> bool:
    person = getattr(request, "user", None)
    return person is not None and person.is_authenticated and works_on_files(person)

"""What every page's frame shows about the person's capacity."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Organisation


def acting_for(request: HttpRequest) -> dict[str, Any]:
    organisation: Organisation | None = getattr(request, "acting_for", None)
    return {"acting_for": organisation}

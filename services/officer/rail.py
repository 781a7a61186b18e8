"""The rail of queues at the left of each page of the desk."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from services.queries import queue_counts

QUEUES: dict[str, str | Promise] = {
    "mine": _("My tasks"),
    "unclaimed": _("Not yet taken"),
    "today": _("Due today"),
    "overdue": _("Overdue"),
    "all": _("All"),
}


def rail(officer: Person, current: str = "") -> list[dict[str, Any]]:
    counts = queue_counts(officer)
    queues = [
        {
            "title": title,
            "href": reverse("desk:queue", args=[key]),
            "count": counts[key],
            "late": key == "overdue" and counts[key] > 0,
            "current": key == current,
        }
        for key, title in QUEUES.items()
    ]
    return [{"title": _("Queues"), "queues": queues}]

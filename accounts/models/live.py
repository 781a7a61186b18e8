"""What is granted for a time: live until it is revoked or expires."""

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

Granted = TypeVar("Granted", bound=models.Model)


class LiveQuerySet(models.QuerySet[Granted]):
    def live(self) -> "LiveQuerySet[Granted]":
        return self.filter(live_condition())


def live_condition(prefix: str = "") -> Q:
    """The same truth as a condition across a relation: `live_condition("role_grants__")`."""
    not_revoked = Q(**{f"{prefix}revoked_at__isnull": True})
    not_expired = Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": timezone.now()})
    return not_revoked & not_expired

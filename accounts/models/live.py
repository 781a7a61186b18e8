"""What is granted for a time: live until it is revoked or expires."""

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class LiveQuerySet(models.QuerySet[Row]):
    def live(self) -> "LiveQuerySet[Row]":
        return self.filter(live_condition())


class Granted(models.Model):
    """Who gave it, when, and how it ends."""

    granted_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        abstract = True


def live_condition(prefix: str = "") -> Q:
    """The same truth as a condition across a relation: `live_condition("role_grants__")`."""
    not_revoked = Q(**{f"{prefix}revoked_at__isnull": True})
    not_expired = Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": timezone.now()})
    return not_revoked & not_expired

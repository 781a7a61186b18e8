from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.live import Granted


class RoleGrant(Granted):
    """A role in one institution (and in the institutions that are part of it), with an end and a giver.

    `role` is a code of the role catalogue (`accounts.roles`): the stages of services name the same codes.
    """

    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=40)
    institution = models.ForeignKey(
        "accounts.Institution",
        on_delete=models.PROTECT,
        related_name="role_grants",
        verbose_name=_("institution"),
    )

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["person_id", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "institution"],
                condition=Q(revoked_at__isnull=True),
                name="role_grant_once_while_live",
            ),
        ]
        indexes = [models.Index(fields=["role", "institution"], name="role_grant_by_role")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

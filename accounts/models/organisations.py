"""Companies and other bodies for which people act, and the mandates under which they do."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.live import Granted


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COMPANY = "company", _("Company or business")
        INSTITUTION = "institution", _("Public institution")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    tin = models.CharField(_("TIN"), max_length=9, blank=True)
    brela_number = models.CharField(_("BRELA number"), max_length=9, blank=True)
    institution = models.OneToOneField(
        "accounts.Institution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisation",
        verbose_name=_("institution"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tin"], condition=~Q(tin=""), name="organisation_tin_once"),
            models.CheckConstraint(
                name="organisation_institution_when_public",
                condition=Q(kind="company", institution__isnull=True)
                | Q(kind="institution", institution__isnull=False),
                violation_error_message=_("A public institution names its entry; a company has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Granted):
    """A mandate: this person may act for this organisation, until it expires or is revoked."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        CLERK = "clerk", _("Clerk")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(revoked_at__isnull=True),
                name="membership_one_live_mandate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} - {self.organisation}"

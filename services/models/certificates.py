from enum import StrEnum

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verdict(StrEnum):
    """What anybody who asks is told about a document."""

    VALID = "valid"
    EXPIRED = "expired"
    BEING_ISSUED = "being_issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Certificate(models.Model):
    """An issued output: its number, the signed PDF, and the content that both pages and PDF show."""

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("certificate", "Valid")
        REVOKED = "revoked", _("Revoked")
        SUPERSEDED = "superseded", _("Replaced")

    number = models.CharField(_("number"), max_length=30, unique=True)
    application = models.OneToOneField(
        "services.Application", on_delete=models.PROTECT, related_name="certificate", verbose_name=_("application")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    holder = models.CharField(_("holder"), max_length=200)
    content = models.JSONField(_("content"), default=dict)
    qr_text = models.TextField(_("QR code"))
    file = models.ForeignKey(
        "portal.StoredFile",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("signed PDF"),
    )
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revocation_reason = models.TextField(_("reason of revocation"), blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_revocation_has_reason",
                condition=~models.Q(status="revoked")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revocation_reason="")),
                violation_error_message=_("A revoked certificate needs the time and the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verdict(self) -> Verdict:
        """The same answer on the public page and for programmes."""
        if self.status == self.Status.REVOKED:
            return Verdict.REVOKED
        if self.status == self.Status.SUPERSEDED:
            return Verdict.REPLACED
        if self.file_id is None:
            return Verdict.BEING_ISSUED
        if self.expires_on is not None and self.expires_on < timezone.localdate():
            return Verdict.EXPIRED
        return Verdict.VALID

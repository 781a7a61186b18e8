"""The audit trail: who did what to which thing, for whom, and with what result.

Rows are append-only: a database trigger refuses UPDATE and DELETE (e-Government Act s.30). Each entry
carries a digest of its own content; a task links the digests into one hash chain (`AuditLink`), outside
the transactions of the people at work, so that the chain never makes them wait for each other.
"""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    verb = models.CharField(_("action"), max_length=100)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    subject_type = models.CharField(_("kind of thing"), max_length=100)
    subject_key = models.CharField(_("thing"), max_length=100)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    data = models.JSONField(_("details"), default=dict)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_key", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_key}"

    def content_digest(self) -> str:
        """SHA-256 over everything that the entry says, in one canonical JSON form."""
        content = [
            self.at.isoformat(), self.verb, self.actor_id, self.subject_type, self.subject_key,
            self.request_id, self.data,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class AuditLink(models.Model):
    """One link of the chain: `hash` = SHA-256 of the previous link's hash and this entry's digest."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit link")
        verbose_name_plural = _("audit links")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.hash[:12]

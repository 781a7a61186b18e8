"""Files of people and of the portal: private, named at random, typed by their content."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.uploads.refusals import gone


class StoredFile(models.Model):
    """One file that never changes. `linked_at` is set by the action that makes it part of a record;
    a file that nothing links within a week is removed."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        CLEAN = "clean", _("Checked")
        REFUSED = "refused", _("Refused")

    name = models.CharField(_("storage name"), max_length=100, unique=True, editable=False)
    original_name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=50)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("digest"), max_length=64)
    purpose = models.CharField(_("purpose"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Empty when the portal itself made the file."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    scanned_at = models.DateTimeField(_("checked"), null=True, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    linked_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="stored_file_checked_has_time",
                condition=models.Q(state="pending") | models.Q(scanned_at__isnull=False),
                violation_error_message=_("A checked file needs the time when it was checked."),
            ),
            models.CheckConstraint(
                name="stored_file_linked_is_not_refused",
                condition=models.Q(linked_at__isnull=True) | ~models.Q(state="refused"),
                violation_error_message=_("A refused file cannot be used."),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(linked_at__isnull=True), name="stored_file_orphans"),
            models.Index(fields=["created_at"], condition=models.Q(state="pending"), name="stored_file_pending"),
        ]

    def __str__(self) -> str:
        return self.original_name

    def mark_linked(self) -> None:
        """Say that a record now uses the file, so that the sweep leaves it alone. Repeating it is harmless.

        One statement, so that a sweep or a scanner's verdict between reading and linking is noticed.
        """
        usable = StoredFile.objects.filter(pk=self.pk).exclude(state=self.State.REFUSED)
        if not usable.update(linked_at=Coalesce("linked_at", Now())):
            raise gone()
        self.refresh_from_db(fields=["linked_at"])

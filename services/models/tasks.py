"""A task: one stage of one application, waiting in the queue of one role in one institution."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Task(models.Model):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    application = models.ForeignKey(
        "services.Application", on_delete=models.PROTECT, related_name="tasks", verbose_name=_("application")
    )
    stage = models.CharField(_("stage"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=40)
    institution = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="tasks", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
        verbose_name=_("holder"),
    )
    created_at = models.DateTimeField(_("arrived"), default=timezone.now)
    due_on = models.DateField(_("due"))
    decided_by = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="open"), name="task_one_open_per_application"
            ),
            models.CheckConstraint(
                name="task_done_has_outcome",
                condition=~Q(state="done") | (~Q(outcome="") & Q(decided_at__isnull=False)),
                violation_error_message=_("A finished task needs its outcome and time."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "role", "due_on", "id"], condition=Q(state="open"), name="task_queue"),
            models.Index(fields=["assignee"], condition=Q(state="open"), name="task_held"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage}"

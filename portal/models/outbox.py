"""What must happen later is a row first: events written in the transaction that causes them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One occurrence of an event. `key` names the occurrence, so publishing it twice is a no-op."""

    topic = models.CharField(_("kind"), max_length=100)
    key = models.CharField(_("occurrence"), max_length=200)
    payload = models.JSONField(_("details"), default=dict)
    published_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="outbox_once_per_occurrence")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class OutboxDelivery(models.Model):
    """One handler's share of a message, so that one failing handler does not repeat the others."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    message = models.ForeignKey(
        OutboxMessage, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("event")
    )
    handler = models.CharField(_("handler"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("event delivery")
        verbose_name_plural = _("event deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "handler"], name="outbox_once_per_handler"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="pending"),
                name="outbox_pending_deliveries",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.state}"

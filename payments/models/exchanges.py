"""What is said between the portal and the gateway, and what is still to be said."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.gateway.signature import Verdict


class GatewayMessage(models.Model):
    """One message as it travelled, stored before anything is read from it. A trigger keeps it as it is."""

    class Direction(models.TextChoices):
        INCOMING = "in", _("From the gateway")
        OUTGOING = "out", _("To the gateway")

    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    kind = models.CharField(_("kind"), max_length=64, blank=True)
    raw = models.BinaryField(_("message"))
    verdict = models.CharField(
        _("signature"),
        max_length=10,
        choices=[
            (Verdict.VALID.value, _("Valid")),
            (Verdict.INVALID.value, _("Not valid")),
            (Verdict.MISSING.value, _("Missing")),
            (Verdict.UNREADABLE.value, _("Unreadable")),
        ],
    )
    bill = models.ForeignKey(
        "payments.Bill", null=True, on_delete=models.PROTECT, related_name="messages", verbose_name=_("bill")
    )
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    status_code = models.CharField(_("status code"), max_length=100, blank=True)
    received_at = models.DateTimeField(_("time"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled"), null=True)

    class Meta:
        verbose_name = _("gateway message")
        verbose_name_plural = _("gateway messages")
        ordering = ["-pk"]
        indexes = [
            models.Index(name="gateway_message_by_time", fields=["direction", "-received_at"]),
            models.Index(
                name="gateway_message_unhandled",
                fields=["received_at"],
                condition=Q(direction="in", verdict=Verdict.VALID.value, handled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or '?'} {self.received_at:%Y-%m-%d %H:%M:%S}"


class GatewayRequest(models.Model):
    """A message that the gateway must receive, worked on until it is answered or given up."""

    class Kind(models.TextChoices):
        SUBMISSION = "submission", _("Submission")
        CANCELLATION = "cancellation", _("Cancellation")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        ACKNOWLEDGED = "acknowledged", _("Received by the gateway")
        DONE = "done", _("Completed")
        REFUSED = "refused", _("Refused by the gateway")
        ABANDONED = "abandoned", _("Given up")

    bill = models.ForeignKey("payments.Bill", on_delete=models.PROTECT, related_name="requests", verbose_name=_("bill"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    problem = models.CharField(_("last problem"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("gateway request")
        verbose_name_plural = _("gateway requests")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="gateway_request_once", fields=["bill", "kind"])]
        indexes = [
            models.Index(
                name="gateway_request_due",
                fields=["due_at"],
                condition=Q(state__in=["waiting", "acknowledged"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_kind_display()}"

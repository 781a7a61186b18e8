"""Money that arrived: on a bill, or waiting for a person to say where it belongs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from moneyed import Money


class PaymentFacts(models.Model):
    """What the gateway said of one payment."""

    gateway_receipt = models.CharField(_("receipt of the gateway"), max_length=100)
    psp_code = models.CharField(_("code of the bank or network"), max_length=50)
    psp_name = models.CharField(_("bank or network"), max_length=100, blank=True)
    trx_id = models.CharField(_("transaction"), max_length=100)
    channel = models.CharField(_("channel"), max_length=50, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=17, decimal_places=2)
    paid_at = models.DateTimeField(_("paid"))
    received_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        abstract = True

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Receipt(PaymentFacts):
    """Proof of one payment on one bill. Append-only: a trigger refuses every change."""

    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    bill = models.ForeignKey("payments.Bill", on_delete=models.PROTECT, related_name="receipts", verbose_name=_("bill"))
    message = models.ForeignKey(
        "payments.GatewayMessage",
        null=True,
        on_delete=models.PROTECT,
        related_name="receipts",
        verbose_name=_("gateway message"),
    )

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="receipt_gateway_receipt_once", fields=["gateway_receipt"]),
            models.UniqueConstraint(name="receipt_transaction_once", fields=["psp_code", "trx_id"]),
            models.CheckConstraint(
                name="receipt_above_zero",
                condition=Q(amount__gt=0),
                violation_error_message=_("A receipt is for an amount above zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SuspenseEntry(PaymentFacts):
    """Money that the gateway took and that fits no bill as it stands. It waits for a person."""

    class Reason(models.TextChoices):
        UNKNOWN_BILL = "unknown_bill", _("No such bill")
        CANCELLED_BILL = "cancelled_bill", _("The bill was cancelled")
        CURRENCY = "currency", _("Another currency than the bill")
        CONTROL_NUMBER = "control_number", _("Another control number than the bill")
        CONFLICT = "conflict", _("The same payment was told before with other facts")
        NO_AMOUNT = "no_amount", _("No amount was paid")

    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    bill = models.ForeignKey(
        "payments.Bill", null=True, on_delete=models.PROTECT, related_name="suspense", verbose_name=_("bill")
    )
    claimed_bill = models.CharField(_("bill number given"), max_length=100, blank=True)
    claimed_control_number = models.CharField(_("control number given"), max_length=13, blank=True)
    payer_name = models.CharField(_("name of the payer"), max_length=200, blank=True)
    payer_phone = models.CharField(_("phone of the payer"), max_length=20, blank=True)
    message = models.ForeignKey(
        "payments.GatewayMessage",
        null=True,
        on_delete=models.PROTECT,
        related_name="suspense",
        verbose_name=_("gateway message"),
    )

    class Meta:
        verbose_name = _("suspense entry")
        verbose_name_plural = _("suspense entries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="suspense_told_once",
                fields=["gateway_receipt", "psp_code", "trx_id", "currency", "amount", "claimed_bill"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway_receipt}: {self.get_reason_display()}"

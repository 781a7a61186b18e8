"""Bills. A trigger refuses to delete them or to alter what was asked for (migration 0002)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from payments.gateway import statuses
from payments.gateway.control_numbers import group_in_fours
from payments.gateway.messages import PaymentOption
from payments.states import (
    AWAITING,
    CANCELLED,
    EXPIRED,
    LIVE,
    OVERPAID,
    PAID,
    PARTLY_PAID,
    PAYABLE,
    REFUSED,
    SETTLED,
    BillState,
)

STATE_LABELS = {
    AWAITING: _("Waiting for a control number"),
    PAYABLE: _("To be paid"),
    PARTLY_PAID: _("Partly paid"),
    SETTLED: _("Paid"),
    OVERPAID: _("Paid, with too much"),
    EXPIRED: _("Bill expired"),
    CANCELLED: _("Bill cancelled"),
    REFUSED: _("Refused by the gateway"),
}
PAYMENT_OPTION_LABELS = {
    PaymentOption.FULL: _("At once, in full"),
    PaymentOption.PARTIAL: _("In parts"),
    PaymentOption.EXACT: _("At once, the exact amount"),
}


def _in(*states: BillState) -> Q:
    """With plain strings, so that a migration does not import this app."""
    return Q(state__in=sorted(state.value for state in states))


class Bill(models.Model):
    """What is asked of a payer. `number` is also the BillId at the gateway.

    `subject` says what is paid for in the words of the app that asked; payments never looks into it.
    """

    number = models.CharField(_("bill number"), max_length=40, unique=True)
    subject = models.CharField(_("what is paid for"), max_length=200)
    institution = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="bills", verbose_name=_("institution")
    )
    payer = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="bills", verbose_name=_("payer")
    )
    payer_organisation = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="bills",
        verbose_name=_("paying organisation"),
    )
    payer_name = models.CharField(_("name of the payer"), max_length=200)
    payer_phone = models.CharField(_("phone of the payer"), max_length=20, blank=True)
    payer_email = models.EmailField(_("email of the payer"), max_length=150, blank=True)
    description = models.CharField(_("description"), max_length=500)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=17, decimal_places=2)
    paid_amount = models.DecimalField(_("amount paid"), max_digits=17, decimal_places=2, default=Decimal(0))
    payment_option = models.CharField(
        _("payment option"),
        max_length=1,
        choices=[(option.value, label) for option, label in PAYMENT_OPTION_LABELS.items()],
        default=PaymentOption.EXACT.value,
    )
    state = models.CharField(
        _("state"),
        max_length=30,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=AWAITING.value,
    )
    control_number = models.CharField(_("control number"), max_length=13, unique=True, null=True)
    refusal_code = models.CharField(_("refusal code"), max_length=10, blank=True)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    settled_at = models.DateTimeField(_("paid in full"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="bill_state_known",
                condition=_in(*BillState),
                violation_error_message=_("This is not a state of a bill."),
            ),
            models.CheckConstraint(
                name="bill_asks_for_money",
                condition=Q(amount__gt=0),
                violation_error_message=_("A bill asks for an amount above zero."),
            ),
            models.CheckConstraint(
                name="bill_payable_has_control_number",
                condition=~_in(PAYABLE) | Q(control_number__isnull=False),
                violation_error_message=_("A bill can be paid once it has a control number."),
            ),
            models.CheckConstraint(
                name="bill_paid_amount_fits_state",
                condition=(
                    _in(PARTLY_PAID) & Q(paid_amount__gt=0, paid_amount__lt=F("amount"))
                    | _in(SETTLED) & Q(paid_amount=F("amount"))
                    | _in(OVERPAID) & Q(paid_amount__gt=F("amount"))
                    | _in(AWAITING, PAYABLE, EXPIRED, CANCELLED, REFUSED) & Q(paid_amount=0)
                ),
                violation_error_message=_("The state of the bill does not fit what was paid."),
            ),
            models.CheckConstraint(
                name="bill_settled_since",
                condition=_in(*PAID) & Q(settled_at__isnull=False) | ~_in(*PAID) & Q(settled_at__isnull=True),
                violation_error_message=_("A paid bill says since when, and only a paid bill does."),
            ),
            models.CheckConstraint(
                name="bill_cancelled_since",
                condition=_in(CANCELLED) & Q(cancelled_at__isnull=False)
                | ~_in(CANCELLED) & Q(cancelled_at__isnull=True),
                violation_error_message=_("A cancelled bill says since when, and only a cancelled bill does."),
            ),
            models.CheckConstraint(
                name="bill_refused_with_code",
                condition=~_in(REFUSED) | ~Q(refusal_code=""),
                violation_error_message=_("A refused bill says why."),
            ),
            models.UniqueConstraint(name="bill_one_live_for_subject", fields=["subject"], condition=_in(*LIVE)),
        ]
        indexes = [
            models.Index(name="bill_by_subject", fields=["subject"]),
            models.Index(name="bill_to_expire", fields=["expires_at"], condition=_in(AWAITING, PAYABLE)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def paid_money(self) -> Money:
        return Money(self.paid_amount, self.currency)

    @property
    def outstanding(self) -> Money:
        return Money(max(self.amount - self.paid_amount, Decimal(0)), self.currency)

    @property
    def excess(self) -> Money:
        return Money(max(self.paid_amount - self.amount, Decimal(0)), self.currency)

    @property
    def grouped_control_number(self) -> str:
        return group_in_fours(self.control_number or "")

    @property
    def title(self) -> str:
        """What it is for, in the reader's language."""
        return next((line.label for line in self.lines.all()), self.description)

    @property
    def refusal_sentence(self) -> str:
        return gettext(statuses.sentence_for(self.refusal_code))

    @property
    def is_settled(self) -> bool:
        return self.state in PAID

    @property
    def can_be_paid_now(self) -> bool:
        return bool(self.control_number) and self.state in LIVE and self.expires_at > timezone.now()


class BillLine(models.Model):
    """A copy of a fee line as it was when the bill was issued."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines", verbose_name=_("bill"))
    label_sw = models.CharField(_("label in Swahili"), max_length=200)
    label_en = models.CharField(_("label in English"), max_length=200)
    gfs_code = models.CharField(_("revenue code (GFS)"), max_length=12)
    amount = models.DecimalField(_("amount"), max_digits=17, decimal_places=2)
    certainty = models.CharField(_("certainty of the amount"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="bill_line_above_zero",
                condition=Q(amount__gt=0),
                violation_error_message=_("A bill line asks for an amount above zero."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if (translation.get_language() or "sw").startswith("en") else self.label_sw

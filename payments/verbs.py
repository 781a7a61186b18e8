"""What the audit trail can say about bills and payments."""

from django.utils.translation import gettext_lazy as _

from portal.audit import Verb, register


def _verb(name: str, sentence: str, *fields: str) -> Verb:
    return Verb(f"payments.{name}", sentence, retention="finance", fields=frozenset(fields))


ISSUED = _verb("bill.issued", _("Issued a bill"), "amount", "currency", "purpose")
PAYABLE = _verb("bill.payable", _("Received the control number of a bill"), "control_number")
REFUSED = _verb("bill.refused", _("The gateway refused a bill"), "code")
PAID_IN_PART = _verb("bill.paid_in_part", _("Part of a bill was paid"), "receipt", "amount", "paid")
SETTLED = _verb("bill.settled", _("A bill was paid"), "receipt", "amount", "paid")
OVERPAID = _verb("bill.overpaid", _("More than the amount of a bill was paid"), "receipt", "amount", "paid")
EXPIRED = _verb("bill.expired", _("A bill expired"))
CANCELLED = _verb("bill.cancelled", _("Cancelled a bill"), "reason")
SUSPENDED = _verb("payment.suspended", _("Set a payment aside for a person to decide"), "reason", "amount", "currency")
ABANDONED = _verb("request.abandoned", _("Gave up sending a message to the gateway"), "kind", "problem")

register(ISSUED, PAYABLE, REFUSED, PAID_IN_PART, SETTLED, OVERPAID, EXPIRED, CANCELLED, SUSPENDED, ABANDONED)

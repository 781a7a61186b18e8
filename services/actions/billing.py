"""What an application costs, and asking for it."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Person
from payments.actions import issue_bill
from payments.models import Bill
from payments.queries import paid_for, was_billed
from services import verbs
from services.actions.moves import move
from services.definitions.fees import FeeQuote, beyond, quote
from services.models import Application

PAYMENT_PERIOD = timedelta(days=30)


def fee_due(application: Application, moment: str) -> FeeQuote | None:
    """The fee that falls due at `moment` (submission | after_assessment), None when none does.

    Raises FeeUndetermined when the answers lead to no amount.
    """
    fee = quote(application.definition, application.answers, today=timezone.localdate())
    return fee if fee.payable_at == moment and not fee.is_free else None


def fee_after_correction(application: Application) -> FeeQuote | None:
    """What corrected answers cost more than has been paid; None when nothing, or before the assessment.

    Without this the answers that make a service cheap would be paid for, and the others sent afterwards.
    """
    fee = quote(application.definition, application.answers, today=timezone.localdate())
    if fee.payable_at != "submission" and not was_billed(application.bill_subject):
        return None
    return beyond(fee, paid_for(application.bill_subject))


def bill_application(application: Application, fee: FeeQuote, *, actor: Person | None) -> Bill:
    """Issue the bill and let the application wait for its payment."""
    applicant = application.applicant
    bill = issue_bill(
        subject=application.bill_subject,
        institution=application.institution,
        payer=applicant,
        payer_organisation=application.acting_for,
        payer_name=application.acting_for.name if application.acting_for else applicant.full_name,
        payer_phone=applicant.phone or "",
        payer_email=applicant.email or "",
        currency=fee.currency,
        lines=fee.lines,
        description=application.definition.title.sw,
        expires_at=timezone.now() + PAYMENT_PERIOD,
        actor=actor,
    )
    move(application, "bill", verbs.BILLED, actor=actor, bill=bill.number)
    return bill

"""Celery tasks of the services: producing documents and closing what waited too long."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from portal.errors import TransitionNotAllowed
from services.actions import lapse_application
from services.models import Application, Certificate
from services.production import produce
from services.queries import unpaid_applications
from services.workflow.states import DRAFT_LIFE, State

LATE_MONEY = timedelta(days=3)
"""So long after a bill expired may a payment that was made in time still come in."""


@shared_task(
    name="services.produce_certificate",
    autoretry_for=(Exception,),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=8,
)
def produce_certificate(certificate_pk: int) -> bool:
    """Render, sign and store the PDF of a certificate. Safe to run twice: a finished one is skipped."""
    return produce(certificate_pk)


@shared_task(name="services.sweep_certificates")
def sweep_certificates() -> int:
    """Ask again for the PDFs that were not made, for example because the broker was down."""
    waiting = Certificate.objects.filter(file=None, issued_at__lt=timezone.now() - timedelta(seconds=30))
    keys = list(waiting.values_list("pk", flat=True)[:100])
    for pk in keys:
        produce_certificate.delay(pk)
    return len(keys)


@shared_task(name="services.lapse_drafts")
def lapse_drafts() -> int:
    """Close drafts that nobody has touched for too long, and what nobody has paid for in time."""
    old = Application.objects.filter(state=State.DRAFT, saved_at__lt=timezone.now() - DRAFT_LIFE)
    unpaid = unpaid_applications(timezone.now() - LATE_MONEY)
    references = [*old.values_list("reference", flat=True)[:500], *unpaid.values_list("reference", flat=True)[:500]]
    return sum(_lapse(reference) for reference in references)


def _lapse(reference: str) -> bool:
    try:
        lapse_application(reference=reference)
    except TransitionNotAllowed:
        return False
    return True

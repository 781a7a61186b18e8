"""Carrying a message: claim the row, talk to the provider with no transaction open, record the result."""

import logging
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING

from celery import signature
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.errors import Conflict
from portal.models import Delivery
from portal.notifications import sms
from portal.notifications.kinds import CODES
from portal.verbs import DELIVERY_RESENT

if TYPE_CHECKING:
    from accounts.models import Person

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 16
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
LEASE = timedelta(minutes=5)
"""Longer than any provider may take to answer; a sender that dies is followed by another after this."""
FORESEEN = (sms.RetryableError, sms.TerminalError, SMTPException, OSError)
LATE = timedelta(minutes=30)
"""An SMS older than this is news no more when a newer one about the same page waits with it."""
URGENT = {kind.code for kind in CODES.values() if kind.urgent}
QUIET_FROM, QUIET_UNTIL = time(21), time(7)


def send(delivery_pk: int) -> bool:
    """Carry one delivery if it is due; True when it was sent now. Called again, it sends nothing."""
    delivery = _claim(delivery_pk)
    if delivery is None:
        return False
    logger.info("delivery_started", extra=_facts(delivery))
    try:
        provider_reference = _hand_over(delivery)
    except Exception as error:  # whatever fails ends on the row; one message never stops the others
        _record_failure(delivery, error)
        return False
    _record_sent(delivery, provider_reference)
    return True


def sweep(limit: int = 100) -> int:
    """Carry what is due and was not kicked, has failed before, or was left by a sender that died."""
    due = Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=timezone.now())
    keys = list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])
    for pk in keys:
        send(pk)
    return len(keys)


def kick_on_commit(delivery_pk: int) -> None:
    """Tell Celery when the row is there to be read. With the broker down the sweep finds it."""

    def kick() -> None:  # a function and not a partial: Django reports a robust callback by its __qualname__
        signature("portal.send_notification", args=[delivery_pk]).delay()

    transaction.on_commit(kick, robust=True)


@transaction.atomic
def resend(delivery: Delivery, actor: "Person") -> None:
    """Send a finished delivery once more; one that still waits is left alone."""
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state == Delivery.State.PENDING:
        raise Conflict(_("This message is already waiting to be sent."), "delivery_pending")
    before = row.state
    row.state, row.attempts, row.error, row.next_attempt_at = Delivery.State.PENDING, 0, "", timezone.now()
    row.resends += 1
    row.save(update_fields=["state", "attempts", "error", "next_attempt_at", "resends"])
    audit.record(DELIVERY_RESENT, row, actor=actor, before=before, channel=row.channel)
    kick_on_commit(row.pk)


def retry_delay(attempts: int) -> timedelta:
    return min(FIRST_RETRY * (1 << (attempts - 1)), LONGEST_RETRY)


def end_of_quiet_hours(now: datetime) -> datetime | None:
    """Seven in the morning in Dar es Salaam while it is night there, else None."""
    local = timezone.localtime(now)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=local.tzinfo)


@transaction.atomic
def _claim(delivery_pk: int) -> Delivery | None:
    """Take a due delivery for the length of the lease; None when it is done, put off, or another's."""
    now = timezone.now()
    delivery = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("notification")
        .filter(pk=delivery_pk, state=Delivery.State.PENDING, next_attempt_at__lte=now)
        .first()
    )
    if delivery is None or _is_held_back(delivery, now):
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = now + LEASE
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _is_held_back(delivery: Delivery, now: datetime) -> bool:
    if delivery.channel != Delivery.Channel.SMS:
        return False
    if _is_overtaken(delivery, now):
        delivery.state = Delivery.State.REPLACED
        delivery.save(update_fields=["state"])
        return True
    morning = end_of_quiet_hours(now)
    if morning is None or delivery.notification.code in URGENT or not sms.provider().rings_phones:
        return False
    delivery.next_attempt_at = morning
    delivery.save(update_fields=["next_attempt_at"])
    return True


def _is_overtaken(delivery: Delivery, now: datetime) -> bool:
    """After an outage or a night one message says where the case is, not nine. No resend is overtaken."""
    notification = delivery.notification
    if delivery.resends or notification.created_at > now - LATE:
        return False
    return Delivery.objects.filter(
        channel=Delivery.Channel.SMS,
        state=Delivery.State.PENDING,
        notification__recipient_id=notification.recipient_id,
        notification__path=notification.path,
        notification_id__gt=notification.pk,
    ).exists()


def _hand_over(delivery: Delivery) -> str:
    if delivery.channel == Delivery.Channel.SMS:
        return sms.provider().send(delivery.address, delivery.text, delivery.sender_reference)
    return _send_email(delivery)


def _send_email(delivery: Delivery) -> str:
    """The Message-ID is the delivery's own, so that a mail server may drop what it has had before."""
    message_id = f"<delivery-{delivery.sender_reference}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}>"
    EmailMessage(
        subject=delivery.notification.subject,
        body=delivery.text,
        to=[delivery.address],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    ).send()
    return message_id


@transaction.atomic
def _record_sent(delivery: Delivery, provider_reference: str) -> None:
    Delivery.objects.filter(pk=delivery.pk, resends=delivery.resends).exclude(state=Delivery.State.SENT).update(
        state=Delivery.State.SENT,
        sent_at=timezone.now(),
        provider_reference=provider_reference[:100],
        error="",
    )
    logger.info("delivery_done", extra=_facts(delivery))


@transaction.atomic
def _record_failure(delivery: Delivery, error: Exception) -> None:
    """Only the holder of the latest claim puts off or gives up: a slow sender's failure is old news."""
    is_final = _is_terminal(error) or delivery.attempts >= MAX_ATTEMPTS
    Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.PENDING, resends=delivery.resends, attempts=delivery.attempts
    ).update(
        state=Delivery.State.FAILED if is_final else Delivery.State.PENDING,
        next_attempt_at=timezone.now() + retry_delay(delivery.attempts),
        error=f"{type(error).__name__}: {error}"[:300],
    )
    # The words of an error may hold an address: they stay on the row, the log has its kind only.
    unforeseen = error if not isinstance(error, FORESEEN) else None
    extra = _facts(delivery) | {"error": type(error).__name__}
    logger.warning("delivery_failed" if is_final else "delivery_put_off", extra=extra, exc_info=unforeseen)


def _is_terminal(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, sms.TerminalError)


def _facts(delivery: Delivery) -> dict[str, object]:
    return {"delivery": delivery.pk, "channel": delivery.channel, "attempt": delivery.attempts}

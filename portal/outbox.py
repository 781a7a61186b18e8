"""Events between apps, carried by rows: `publish()` below, handlers above, Celery in between.

A message and its deliveries are written in the transaction that causes them. On commit Celery is told; when
the broker is down the request succeeds all the same and `sweep()` finds the rows later.
"""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import signature
from django.db import connection, transaction
from django.utils import timezone

from portal.models import OutboxDelivery, OutboxMessage

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
MAX_ATTEMPTS = 10
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)

_handlers: dict[str, dict[str, Handler]] = {}


def subscribe(topic: str) -> Callable[[Handler], Handler]:
    """Declare a handler. Handlers live in an app's `handlers.py` and only touch the database."""

    def decorate(handler: Handler) -> Handler:
        _handlers.setdefault(topic, {})[f"{handler.__module__}.{handler.__name__}"] = handler
        return handler

    return decorate


def topics() -> dict[str, list[str]]:
    return {topic: sorted(handlers) for topic, handlers in _handlers.items()}


def publish(topic: str, *, key: str, **payload: Any) -> None:
    """Write an event once for each occurrence: the same topic and key again change nothing."""
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside the transaction that causes the event")
    message_pk = _insert_once(topic, key, payload)
    if message_pk is None:
        return
    deliveries = OutboxDelivery.objects.bulk_create(
        OutboxDelivery(message_id=message_pk, handler=name) for name in _handlers.get(topic, {})
    )
    for delivery in deliveries:
        _kick_on_commit(delivery.pk)


def _insert_once(topic: str, key: str, payload: dict[str, Any]) -> int | None:
    """One statement in place of the four of get_or_create, on the path of every submission."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {OutboxMessage._meta.db_table} (topic, key, payload, published_at)"  # noqa: S608
            " VALUES (%s, %s, %s, %s) ON CONFLICT (topic, key) DO NOTHING RETURNING id",
            [topic, key, json.dumps(payload), timezone.now()],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _kick_on_commit(delivery_pk: int) -> None:
    """By name, since tasks stand above. With the broker down the sweep finds the row."""

    def kick() -> None:  # a function and not a partial: Django reports a robust callback by its __qualname__
        signature("portal.deliver_outbox", args=[delivery_pk]).delay()

    transaction.on_commit(kick, robust=True)


def deliver(delivery_pk: int) -> bool:
    """Run one handler under the delivery's lock. True when it ran now; a finished one is skipped."""
    with transaction.atomic():
        delivery = (
            OutboxDelivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("message")
            .filter(pk=delivery_pk, state=OutboxDelivery.State.PENDING)
            .first()
        )
        if delivery is None:
            return False
        _attempt(delivery)
        return delivery.state == OutboxDelivery.State.DONE


def _attempt(delivery: OutboxDelivery) -> None:
    delivery.attempts += 1
    try:
        with transaction.atomic():
            _handlers[delivery.message.topic][delivery.handler](delivery.message.payload)
    except Exception as error:
        _put_off(delivery, error)
    else:
        delivery.state, delivery.error = OutboxDelivery.State.DONE, ""
    delivery.save(update_fields=["state", "attempts", "next_attempt_at", "error"])


def _put_off(delivery: OutboxDelivery, error: Exception) -> None:
    logger.exception("outbox_handler_failed", extra={"handler": delivery.handler, "delivery": delivery.pk})
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    delivery.next_attempt_at = timezone.now() + retry_delay(delivery.attempts)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = OutboxDelivery.State.FAILED


def retry_delay(attempts: int) -> timedelta:
    return min(FIRST_RETRY * (1 << (attempts - 1)), LONGEST_RETRY)


def sweep(limit: int = 500) -> int:
    """Deliver what is due and was not kicked, or has failed before. Returns how many were tried."""
    due = OutboxDelivery.objects.filter(state=OutboxDelivery.State.PENDING, next_attempt_at__lte=timezone.now())
    keys = list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])
    for pk in keys:
        deliver(pk)
    return len(keys)

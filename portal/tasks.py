"""Celery tasks of the floor: thin shells around functions that can be called twice without harm."""

from celery import shared_task

from portal import audit_chain, outbox
from portal.notifications import delivery


@shared_task(name="portal.deliver_outbox")
def deliver_outbox(delivery_pk: int) -> bool:
    return outbox.deliver(delivery_pk)


@shared_task(name="portal.sweep_outbox")
def sweep_outbox() -> int:
    return outbox.sweep()


@shared_task(name="portal.send_notification")
def send_notification(delivery_pk: int) -> bool:
    return delivery.send(delivery_pk)


@shared_task(name="portal.sweep_notifications")
def sweep_notifications() -> int:
    return delivery.sweep()


@shared_task(name="portal.link_audit_entries")
def link_audit_entries() -> int:
    return audit_chain.link_new_entries()

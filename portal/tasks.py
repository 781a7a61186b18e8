"""Celery tasks of the floor: thin shells around functions that can be called twice without harm."""

from celery import shared_task
from django.utils import timezone

from portal import audit_chain, files, outbox
from portal.notifications import delivery
from portal.uploads.scanner import ScannerUnavailable


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


@shared_task(name="portal.scan_file", autoretry_for=(ScannerUnavailable,), retry_backoff=10, max_retries=3)
def scan_file(stored_file_pk: int) -> bool:
    return files.scan_file(stored_file_pk)


@shared_task(name="portal.sweep_pending_files")
def sweep_pending_files() -> int:
    return files.sweep_pending_files()


@shared_task(name="portal.sweep_orphan_files")
def sweep_orphan_files() -> int:
    return files.sweep_orphan_files() + files.sweep_unrecorded_bytes(files.folder_of_the_hour(timezone.now()))

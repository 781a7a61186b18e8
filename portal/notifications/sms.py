"""SMS by a provider that the settings name. A provider is one method and two ways to fail."""

import json
import logging
import os
import uuid
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.notifications import gsm7

logger = logging.getLogger(__name__)


class RetryableError(Exception):
    """The provider cannot take the message now: it is tried again later."""


class TerminalError(Exception):
    """The provider will never take this message, for example for a number that does not exist."""


class Provider(Protocol):
    rings_phones: bool
    """False when nobody can be woken: then quiet hours do not apply."""

    def send(self, to: str, text: str, reference: str) -> str:
        """Hand over one message and return the provider's own reference for it.

        `reference` is the portal's name for the message: the same one again is the same message, not another.
        Raises RetryableError or TerminalError. Answers within seconds: the caller holds a lease, not a lock.
        """


class ConsoleProvider:
    """Development: one JSON line for each message in SMS_OUTBOX, readable by its owner only."""

    rings_phones = False

    def send(self, to: str, text: str, reference: str) -> str:
        parts = gsm7.parts(text)
        line = {
            "at": timezone.now().isoformat(),
            "to": to,
            "text": text,
            "reference": reference,
            "parts": parts,
        }
        _append(Path(settings.SMS_OUTBOX), json.dumps(line, ensure_ascii=False) + "\n")
        logger.info("sms_written", extra={"reference": reference, "parts": parts})
        return f"console-{reference}"


def provider() -> Provider:
    chosen: Provider = import_string(settings.SMS_PROVIDER)()
    return chosen


def send_now(phone: str, text: str) -> str:
    """Send at once and store nothing: sign-in codes, whatever the hour. Errors are the caller's to tell."""
    return provider().send(phone, gsm7.to_gsm7(text), f"now-{uuid.uuid4()}")


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())  # one write to an appended file: lines of two processes never mix
    finally:
        os.close(file)

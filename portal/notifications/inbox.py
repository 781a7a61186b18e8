"""A person's messages: written once, kept, read."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import Delivery, Notification
from portal.notifications import gsm7
from portal.notifications.delivery import kick_on_commit
from portal.notifications.kinds import CODES
from portal.notifications.rendering import Texts, render, render_email

if TYPE_CHECKING:
    from accounts.models import Person

logger = logging.getLogger(__name__)


def notify(person: "Person", code: str, *, key: str, context: Mapping[str, Any], path: str) -> Notification:
    """Tell a person once for each `key`, in the caller's transaction; the same key again changes nothing.

    Values of `context` become text under the person's language: give the thing itself (an institution, a lazy
    text, a date), not its name in the language of whoever is at work. `path` is the page in any language.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("notify() belongs inside the transaction that causes the message")
    path = neutral(path)
    texts = render(CODES[code], context, person.language)
    notification, created = Notification.objects.get_or_create(
        key=key,
        defaults={
            "recipient": person,
            "code": code,
            "language": person.language,
            "subject": texts.subject,
            "body": texts.body,
            "path": path,
        },
    )
    if created:
        _carry(notification, person, texts)
    return notification


def neutral(path: str) -> str:
    """The path without the language in which whoever is at work sees it: `/en/inbox/` is `/inbox/`.

    ValueError for anything that does not lead into the portal.
    """
    first, _slash, rest = path[1:].partition("/")
    inner = f"/{rest}" if first in dict(settings.LANGUAGES) else path
    if not inner.startswith("/") or inner.startswith(("//", "/\\")):
        raise ValueError(f"not a path of this portal: {path!r}")
    return inner


def localised(path: str, language: str) -> str:
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def inbox_of(person: "Person") -> QuerySet[Notification]:
    return Notification.objects.filter(recipient=person)


def unread_count(person: "Person") -> int:
    """One look at a partial index: cheap enough for the frame of every page."""
    return inbox_of(person).filter(read_at__isnull=True).count()


@transaction.atomic
def mark_read(notification: Notification) -> None:
    """Reading again keeps the first time."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def mark_all_read(person: "Person") -> int:
    return inbox_of(person).filter(read_at__isnull=True).update(read_at=timezone.now())


def _carry(notification: Notification, person: "Person", texts: Texts) -> None:
    if person.phone and gsm7.parts(texts.sms) > 1:
        # Paid twice, but whole: a cut message could lose the control number.
        logger.warning("sms_longer_than_one_part", extra={"code": notification.code})
    contents = {
        Delivery.Channel.EMAIL: (person.email, _email_text(notification, person)),
        Delivery.Channel.SMS: (person.phone, texts.sms),
    }
    deliveries = Delivery.objects.bulk_create(
        Delivery(notification=notification, channel=channel, address=address, text=text)
        for channel, (address, text) in contents.items()
        if address
    )
    for delivery in deliveries:
        kick_on_commit(delivery.pk)


def _email_text(notification: Notification, person: "Person") -> str:
    link = settings.SITE_URL + localised(notification.path, person.language)
    return render_email(name=person.full_name, body=notification.body, link=link, language=person.language)

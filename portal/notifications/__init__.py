"""Telling people: `notify()` writes the message, tasks carry it by email and SMS, the inbox keeps it."""

from portal.notifications.inbox import inbox_of, localised, mark_all_read, mark_read, notify, unread_count
from portal.notifications.kinds import CODES, NotificationKind

__all__ = [
    "CODES",
    "NotificationKind",
    "inbox_of",
    "localised",
    "mark_all_read",
    "mark_read",
    "notify",
    "unread_count",
]

"""Acts of the administration on the floor itself. Registered when the application starts."""

from django.utils.translation import gettext_lazy as _

from portal.audit import Verb, register

DELIVERY_RESENT = Verb(
    "portal.delivery.resent",
    _("Sent a message again"),
    retention="administration",
    fields=frozenset({"before", "channel"}),
)
EVENT_RETRIED = Verb(
    "portal.event.retried",
    _("Handled an event again"),
    retention="administration",
    fields=frozenset({"handler"}),
)
RECORD_READ = Verb("portal.record.read", _("Opened a record in the administration"), retention="security")

register(DELIVERY_RESENT, EVENT_RETRIED, RECORD_READ)

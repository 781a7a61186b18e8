"""Every kind of message: what causes it, in words, and exactly what its texts may speak of.

A kind's texts are `templates/notifications/<code>/{subject.txt,body.txt,sms.txt}`. An SMS never carries the
service, a reason or anything of the case: the phone may be shared, and its screen shows messages when locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class NotificationKind:
    """`sample_context` names what the texts need, with the longest values; `optional` ones may be absent.

    An `urgent` SMS also goes out at night, because the person is waiting for it.
    """

    code: str
    sentence: str | Promise
    sample_context: Mapping[str, Any]
    optional: frozenset[str] = field(default_factory=frozenset)
    urgent: bool = False


_APPLICATION = {
    "reference": "UTUMISHIUM-26-7K3M9Q2-X",
    "service": "Kuunganishwa kwenye Mtandao wa Mawasiliano Serikalini (GovNet) kwa taasisi mpya",
    "institution": "Ofisi ya Rais, Menejimenti ya Utumishi wa Umma na Utawala Bora",
    "institution_prefix": "UTUMISHIUM",
}
_AMOUNT = "TZS 999,999,999,999"
_DAY = date(2026, 11, 30)
_DUE = frozenset({"due_on"})
_EXPIRES = frozenset({"expires_on"})

_KINDS = (
    NotificationKind(
        "application_submitted",
        _("An application was submitted"),
        _APPLICATION | {"due_on": _DAY},
        optional=_DUE,
    ),
    NotificationKind(
        "application_awaiting_payment",
        _("An application awaits payment"),
        _APPLICATION | {"amount": _AMOUNT, "control_number": "9912 3456 7890", "expires_on": _DAY},
        urgent=True,
    ),
    NotificationKind(
        "application_payment_received",
        _("A payment for an application was received"),
        _APPLICATION | {"amount": _AMOUNT, "due_on": _DAY},
        optional=_DUE,
    ),
    NotificationKind(
        "application_in_review",
        _("An application moved to the next stage"),
        _APPLICATION | {"stage": "Uchambuzi wa kitaalamu na ukaguzi wa eneo la mradi", "due_on": _DAY},
        optional=_DUE,
    ),
    NotificationKind(
        "application_returned",
        _("An application was returned for correction"),
        _APPLICATION | {"reason": "Picha ya tangazo la kizazi haisomeki. Pakia nakala iliyo wazi.", "due_on": _DAY},
        optional=_DUE,
    ),
    NotificationKind(
        "application_approved",
        _("An application was approved"),
        _APPLICATION,
    ),
    NotificationKind(
        "application_rejected",
        _("An application was rejected"),
        _APPLICATION | {"reason": "Taarifa za mwombaji hazilingani na kumbukumbu za Serikali."},
    ),
    NotificationKind(
        "application_issued",
        _("A document was issued"),
        _APPLICATION | {"certificate_number": "UTUMISHIUM-26-C7K3M9Q2-X"},
    ),
    NotificationKind(
        "application_withdrawn",
        _("An application was withdrawn"),
        _APPLICATION,
    ),
    NotificationKind(
        "application_lapsed",
        _("An application lapsed"),
        _APPLICATION,
    ),
    NotificationKind(
        "mandate_granted",
        _("A person may act for an organisation"),
        {
            "organisation": "Kilimanjaro Mwinyimvua Investments Company Limited",
            "role": "Karani",
            "expires_on": _DAY,
        },
        optional=_EXPIRES,
    ),
    NotificationKind(
        "mandate_revoked",
        _("A person may no longer act for an organisation"),
        {"organisation": "Kilimanjaro Mwinyimvua Investments Company Limited"},
    ),
    NotificationKind(
        "role_granted",
        _("A person received a role"),
        {
            "role": "Afisa mtaalamu wa uhakiki na ukaguzi wa nyaraka",
            "institution": "Ofisi ya Rais, Menejimenti ya Utumishi wa Umma na Utawala Bora",
            "expires_on": _DAY,
        },
        optional=_EXPIRES,
    ),
)

CODES: dict[str, NotificationKind] = {kind.code: kind for kind in _KINDS}

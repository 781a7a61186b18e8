"""The closed set of states of an application; law and reports count in these words."""

from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    AWAITING_PAYMENT = "awaiting_payment"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    ISSUED = "issued"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


FINAL = frozenset({State.ISSUED, State.REJECTED, State.WITHDRAWN, State.LAPSED})
"""Nothing follows these."""

DRAFT_LIFE = timedelta(days=60)
"""A draft that nobody has touched for so long is closed."""

WITH_THE_APPLICANT = frozenset({State.DRAFT, State.AWAITING_PAYMENT, State.RETURNED})
"""The next step is the applicant's: the office's clock stands still."""

LABELS: dict[State, Promise] = {
    State.DRAFT: _("Draft, not sent"),
    State.SUBMITTED: _("Received"),
    State.AWAITING_PAYMENT: _("Awaiting payment"),
    State.IN_REVIEW: _("In process"),
    State.RETURNED: _("Returned to you"),
    State.APPROVED: _("Approved"),
    State.ISSUED: pgettext_lazy("application", "Completed"),
    State.REJECTED: _("Rejected"),
    State.WITHDRAWN: _("Withdrawn"),
    State.LAPSED: _("Expired"),
}

TONES: dict[State, str] = {
    State.DRAFT: "grey",
    State.SUBMITTED: "blue",
    State.AWAITING_PAYMENT: "amber",
    State.IN_REVIEW: "blue",
    State.RETURNED: "amber",
    State.APPROVED: "green",
    State.ISSUED: "green",
    State.REJECTED: "red",
    State.WITHDRAWN: "grey",
    State.LAPSED: "grey",
}
"""The colour of a state's tag; the word always stands in it."""

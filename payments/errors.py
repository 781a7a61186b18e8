from django.utils.translation import gettext_lazy as _

from portal.errors import Conflict, DomainError


class BillNotValid(DomainError):
    """What was asked for cannot be a bill."""


class BillAlreadyIssued(Conflict):
    """The subject has a live bill for another amount: two would invite a double payment."""

    def __init__(self) -> None:
        super().__init__(_("There is already an unpaid bill for this, with another amount."), "bill_already_issued")

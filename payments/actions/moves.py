"""The one door: every change of a bill's state goes through `move()`."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from payments.models import Bill
from payments.states import CANCELLED, PAID, PAYABLE, target_of
from portal.audit import Verb, record
from portal.errors import TransitionNotAllowed
from portal.outbox import publish

_SAVED = ["state", "paid_amount", "control_number", "refusal_code", "settled_at", "cancelled_at"]


def lock(number: str) -> Bill:
    """The bill under its row lock. Rows that only point to it may be written meanwhile (no_key)."""
    return _locked().get(number=number)


def lock_by_control_number(control_number: str) -> Bill:
    return _locked().get(control_number=control_number)


def _locked() -> QuerySet[Bill]:
    """The only locks on bills."""
    return Bill.objects.select_for_update(of=("self",), no_key=True).select_related("institution")


def move(bill: Bill, transition: str, verb: Verb, *, actor: Person | None = None, **data: Any) -> None:
    """The only writer of `Bill.state`: legal-move check, save, audit, event.

    Each event tells of a lasting fact and happens once in the life of a bill, so its key is the number.
    """
    try:
        state = target_of(transition, bill.state)
    except KeyError:
        raise TransitionNotAllowed(transition, bill.state) from None
    now = timezone.now()
    bill.state = state.value
    bill.settled_at = (bill.settled_at or now) if state in PAID else None
    bill.cancelled_at = now if state is CANCELLED else None
    bill.save(update_fields=_SAVED)
    record(verb, bill, actor=actor, **data)
    if state in PAID:
        publish("payments.bill.settled", key=bill.number, **facts(bill))
    elif state is PAYABLE:
        publish("payments.bill.payable", key=bill.number, control_number=bill.control_number, **facts(bill))
    else:
        publish(f"payments.bill.{state.value}", key=bill.number, **facts(bill))


def facts(bill: Bill) -> dict[str, str]:
    """What every event says of its bill."""
    return {"bill": bill.number, "subject": bill.subject}

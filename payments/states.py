"""The states of a bill and every move between them."""

from enum import StrEnum


class BillState(StrEnum):
    AWAITING_CONTROL_NUMBER = "awaiting_control_number"
    PAYABLE = "payable"
    PARTLY_PAID = "partly_paid"
    SETTLED = "settled"
    OVERPAID = "overpaid"  # settled, and part of the money belongs to the payer
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUSED = "refused"


AWAITING, PAYABLE, PARTLY_PAID = (BillState.AWAITING_CONTROL_NUMBER, BillState.PAYABLE, BillState.PARTLY_PAID)
SETTLED, OVERPAID = BillState.SETTLED, BillState.OVERPAID
EXPIRED, CANCELLED, REFUSED = BillState.EXPIRED, BillState.CANCELLED, BillState.REFUSED

PAID = frozenset({SETTLED, OVERPAID})
LIVE = frozenset({AWAITING, PAYABLE, PARTLY_PAID})

TRANSITIONS: dict[str, dict[BillState, BillState]] = {
    # The number may come after the money, after the expiry, and after a refusal that was put right.
    "receive_control_number": {AWAITING: PAYABLE, REFUSED: PAYABLE},
    "refuse": {AWAITING: REFUSED},
    # Money that the gateway has taken is never turned away, so a bill that expired meanwhile still moves.
    "pay_in_part": {
        AWAITING: PARTLY_PAID,
        PAYABLE: PARTLY_PAID,
        PARTLY_PAID: PARTLY_PAID,
        EXPIRED: PARTLY_PAID,
        REFUSED: PARTLY_PAID,
    },
    "settle": {AWAITING: SETTLED, PAYABLE: SETTLED, PARTLY_PAID: SETTLED, EXPIRED: SETTLED, REFUSED: SETTLED},
    "overpay": {
        AWAITING: OVERPAID,
        PAYABLE: OVERPAID,
        PARTLY_PAID: OVERPAID,
        EXPIRED: OVERPAID,
        REFUSED: OVERPAID,
        SETTLED: OVERPAID,
        OVERPAID: OVERPAID,
    },
    "expire": {AWAITING: EXPIRED, PAYABLE: EXPIRED},
    "cancel": {AWAITING: CANCELLED, PAYABLE: CANCELLED, EXPIRED: CANCELLED, REFUSED: CANCELLED},
}


def may(move: str, state: str) -> bool:
    return state in TRANSITIONS[move]


def target_of(move: str, state: str) -> BillState:
    """KeyError when the move is not allowed from this state."""
    return TRANSITIONS[move][BillState(state)]

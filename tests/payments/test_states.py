"""The table of moves, walked whole."""

import pytest

from payments.states import LIVE, PAID, TRANSITIONS, BillState, may, target_of


def test_every_state_can_be_reached() -> None:
    reached = {target for moves in TRANSITIONS.values() for target in moves.values()}

    assert reached | {BillState.AWAITING_CONTROL_NUMBER} == set(BillState)


def test_only_a_cancelled_bill_never_moves_again() -> None:
    """An overpaid bill can still receive more money; a cancelled one sends it to suspense."""
    left = {source for moves in TRANSITIONS.values() for source in moves}

    assert set(BillState) - left == {BillState.CANCELLED}


def test_money_never_leaves_a_bill() -> None:
    for moves in TRANSITIONS.values():
        for source, target in moves.items():
            if source in PAID:
                assert target in PAID


def test_what_was_paid_is_neither_cancelled_nor_expired_nor_refused() -> None:
    for move in ("cancel", "expire", "refuse"):
        assert not any(may(move, state) for state in (BillState.PARTLY_PAID, *PAID))


def test_a_move_outside_the_table_has_no_target() -> None:
    assert target_of("settle", "payable") is BillState.SETTLED
    with pytest.raises(KeyError):
        target_of("settle", "cancelled")
    assert not LIVE & PAID

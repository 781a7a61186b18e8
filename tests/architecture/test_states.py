"""State changes through one door."""

import ast
from collections.abc import Mapping

import pytest

from payments import states as bills
from services.workflow import states as applications
from services.workflow import transitions
from tests.architecture.tree import assignments, calls, name_of, parsed

Moves = set[tuple[str, str]]
APPLICATION_MOVES: Moves = {
    (before, after) for sources, after in transitions.TRANSITIONS.values() for before in sources
}
BILL_MOVES: Moves = {move for table in bills.TRANSITIONS.values() for move in table.items()}
WRITERS = {
    ("payments/actions/moves.py", "move", "bill.state"),
    ("services/actions/moves.py", "move", "application.state"),
    # What is neither a case nor a bill: tasks, deliveries, files, requests; each in the module that works them off.
    ("payments/actions/requests.py", "_settle", "request.state"),
    ("portal/files.py", "_record_verdict", "stored.state"),
    ("portal/notifications/delivery.py", "_is_held_back", "delivery.state"),
    ("portal/notifications/delivery.py", "resend", "row.state"),
    ("portal/outbox.py", "_attempt", "delivery.state"),
    ("portal/outbox.py", "_put_off", "delivery.state"),
    ("portal/outbox_retry.py", "retry", "row.state"),
    ("services/actions/stages.py", "_finish", "task.state"),
}
UPDATERS = {
    ("payments/actions/results.py", "_close_submission"),
    ("portal/notifications/delivery.py", "_record_failure"),
    ("portal/notifications/delivery.py", "_record_sent"),
    ("services/actions/moves.py", "_close"),
}


@pytest.mark.parametrize(
    ("states", "first", "moves"),
    [
        (applications.State, applications.State.DRAFT, APPLICATION_MOVES),
        (bills.BillState, bills.AWAITING, BILL_MOVES),
    ],
    ids=["application", "bill"],
)
def test_every_state_can_be_reached(states: Mapping[str, str], first: str, moves: Moves) -> None:
    reached = {first}
    while more := {after for before, after in moves if before in reached} - reached:
        reached |= more

    assert reached == set(states)


@pytest.mark.parametrize(
    ("states", "final", "moves"),
    [
        (applications.State, applications.FINAL, APPLICATION_MOVES),
        (bills.BillState, {bills.CANCELLED}, BILL_MOVES),
    ],
    ids=["application", "bill"],
)
def test_only_final_states_are_dead_ends(states: Mapping[str, str], final: set[str], moves: Moves) -> None:
    """More money may reach a bill that is paid, so of the bills only a cancelled one rests."""
    assert set(states) - {before for before, _after in moves} == set(final)


def test_one_door_writes_the_state_of_each_thing() -> None:
    written = {
        (name_of(path), _function_around(node, parsed(path)), ast.unparse(node)) for path, node in assignments("state")
    }

    assert {writer for writer in written if writer[2] != "self.state"} == WRITERS


def _function_around(node: ast.AST, module: ast.Module) -> str:
    functions = [part for part in ast.walk(module) if isinstance(part, ast.FunctionDef)]
    return next(function.name for function in functions if node in ast.walk(function))


def test_no_state_is_changed_behind_the_door() -> None:
    """By `update(state=...)` a row changes without being loaded, so nothing checks the move."""
    updates = {
        (name_of(path), _function_around(call, parsed(path)))
        for path, call in calls("update")
        if any(keyword.arg == "state" for keyword in call.keywords)
    }

    assert updates == UPDATERS

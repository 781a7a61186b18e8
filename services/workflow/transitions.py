"""The only table of legal moves. `services.actions.moves` is the only code that follows it."""

from services.workflow.states import State

TRANSITIONS: dict[str, tuple[frozenset[State], State]] = {
    "submit": (frozenset({State.DRAFT}), State.SUBMITTED),
    "resubmit": (frozenset({State.RETURNED}), State.IN_REVIEW),
    "bill": (frozenset({State.SUBMITTED, State.IN_REVIEW}), State.AWAITING_PAYMENT),
    "review": (frozenset({State.SUBMITTED, State.AWAITING_PAYMENT}), State.IN_REVIEW),
    "return": (frozenset({State.IN_REVIEW}), State.RETURNED),
    "approve": (frozenset({State.IN_REVIEW}), State.APPROVED),
    "issue": (frozenset({State.APPROVED}), State.ISSUED),
    "reject": (frozenset({State.IN_REVIEW}), State.REJECTED),
    "withdraw": (
        frozenset({State.DRAFT, State.SUBMITTED, State.AWAITING_PAYMENT, State.IN_REVIEW, State.RETURNED}),
        State.WITHDRAWN,
    ),
    "lapse": (frozenset({State.DRAFT, State.AWAITING_PAYMENT, State.RETURNED}), State.LAPSED),
}


def target_of(transition: str, state: State) -> State | None:
    """The state that follows, or None when the move is not legal from `state`."""
    sources, target = TRANSITIONS[transition]
    return target if state in sources else None

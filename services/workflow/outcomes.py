"""What each action of a stage means for the application.

The vocabulary of actions is that of the definitions; here each is one of five effects. An action that only
schedules (an inspection, an appointment, a sitting) leaves the task open.
"""

from enum import StrEnum


class Effect(StrEnum):
    ADVANCE = "advance"
    RETURN = "return"
    REJECT = "reject"
    NOTE = "note"


EFFECTS: dict[str, Effect] = {
    "kubali": Effect.ADVANCE,
    "hakiki": Effect.ADVANCE,
    "pendekeza": Effect.ADVANCE,
    "usipendekeze": Effect.ADVANCE,
    "kadiria_ada": Effect.ADVANCE,
    "weka_matokeo": Effect.ADVANCE,
    "weka_maamuzi": Effect.ADVANCE,
    "idhinisha": Effect.ADVANCE,
    "ridhia": Effect.ADVANCE,
    "pitisha": Effect.ADVANCE,
    "kamilisha": Effect.ADVANCE,
    "toa": Effect.ADVANCE,
    "rudisha": Effect.RETURN,
    "kataa": Effect.REJECT,
    "panga_ukaguzi": Effect.NOTE,
    "panga_miadi": Effect.NOTE,
    "panga_kikao": Effect.NOTE,
    "chapisha": Effect.NOTE,
}

NEEDS_REASON = frozenset(
    {
        "rudisha",
        "kataa",
        "usipendekeze",
        "weka_matokeo",
        "weka_maamuzi",
        "panga_ukaguzi",
        "panga_miadi",
        "panga_kikao",
    }
)
"""A reason, result or appointment in words must come with these; the applicant reads those of the first two."""

ASSESSING = "kadiria_ada"
"""The action after which a fee that waits for an assessment is asked for."""

APPROVING = frozenset({"idhinisha", "weka_maamuzi"})
"""A stage with one of these decides the application."""

ISSUING = frozenset({"toa", "kamilisha"})
"""A stage with one of these comes after the decision and produces the output."""


def is_approval_stage(actions: tuple[str, ...]) -> bool:
    return any(action in APPROVING for action in actions)


def is_issue_stage(actions: tuple[str, ...]) -> bool:
    return any(action in ISSUING for action in actions)

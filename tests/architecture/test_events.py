"""docs/events.md says what every event carries and who listens; this keeps it true."""

import ast
import re
from collections import defaultdict

from payments.states import PAID, PAYABLE, BillState
from portal import outbox
from portal.pages import VERSION_TOPIC
from services import verbs
from tests.architecture.tree import ROOT, calls

COMPUTED = {
    "VERSION_TOPIC": {VERSION_TOPIC},
    "f'payments.bill.{state.value}'": {f"payments.bill.{state.value}" for state in set(BillState) - PAID - {PAYABLE}}
    - {f"payments.bill.{BillState.AWAITING_CONTROL_NUMBER.value}"},
    "verb.code": {
        getattr(verbs, call.args[2].attr).code
        for path, call in calls("move")
        if path.is_relative_to(ROOT / "services") and isinstance(call.args[2], ast.Attribute)
    },
}
"""What the topics that are not written out in a call of publish() can be."""
COMMON = {"**facts(bill)": {"bill", "subject"}}


def published() -> dict[str, set[str]]:
    """Topic -> the names in its payload, from the calls of publish()."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, call in calls("publish"):
        if path != ROOT / "portal" / "outbox.py":
            for topic in _topics(call.args[0]):
                found[topic] |= _payload(call)
    return dict(found)


def _topics(argument: ast.expr) -> set[str]:
    return {argument.value} if isinstance(argument, ast.Constant) else COMPUTED[ast.unparse(argument)]


def _payload(call: ast.Call) -> set[str]:
    named = {keyword.arg for keyword in call.keywords if keyword.arg not in (None, "key")}
    spread = [COMMON[f"**{ast.unparse(keyword.value)}"] for keyword in call.keywords if keyword.arg is None]
    return named.union(*spread)


def documented() -> list[tuple[str, set[str], set[str]]]:
    """(topic, payload, handlers) of each row of the table."""
    rows = re.findall(r"^\| `([a-z_.]+)` \|([^|]*)\|([^|]*)\|", (ROOT / "docs" / "events.md").read_text(), re.M)
    return [
        (topic, set(re.findall(r"`(\w+)`", facts)), set(re.findall(r"`([\w.]+)`", who))) for topic, facts, who in rows
    ]


def test_every_topic_is_documented_once_with_its_payload() -> None:
    rows = documented()

    assert {topic: facts for topic, facts, _who in rows} == published()
    assert len(rows) == len(published())


def test_handlers_are_documented() -> None:
    listening = {topic: set(names) for topic, names in outbox.topics().items() if not topic.startswith("tests.")}

    assert {topic: who for topic, _facts, who in documented() if who} == listening


def test_nobody_waits_for_an_event_that_never_comes() -> None:
    assert {topic for topic in outbox.topics() if not topic.startswith("tests.")} <= published().keys()

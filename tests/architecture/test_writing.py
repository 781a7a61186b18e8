"""Writes live in actions, and each action is one transaction."""

import ast
import importlib
import inspect
from collections.abc import Callable

import pytest

from tests.architecture.tree import ROOT, code, name_of, parsed

WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete",
    "select_for_update",
}  # fmt: skip
READERS = ("citizen", "officer", "api", "verify", "views", "queries", "policies", "presenters", "context_processors")
OWN_TRANSACTIONS = {
    "services.actions.documents.add_document": "first the bytes, then one transaction hangs them on the case",
    "accounts.actions.acting.act_for": "only the session of the person changes",
    "accounts.actions.acting.act_for_self": "only the session of the person changes",
}
ACTIONS = [
    function
    for app in ("accounts", "payments", "services")
    for name in importlib.import_module(f"{app}.actions").__all__
    if inspect.isfunction(function := getattr(importlib.import_module(f"{app}.actions"), name))
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.__module__}.{action.__name__}")
def test_an_action_is_one_transaction_and_takes_names(action: Callable[..., object]) -> None:
    """What it changes, and the entry and the event that tell of it, stand or fall together."""
    source = inspect.getsource(inspect.unwrap(action))
    own = f"{action.__module__}.{action.__name__}" in OWN_TRANSACTIONS
    assert source.startswith("@transaction.atomic") is not own
    assert positional(action) <= {"entries"}


def positional(action: Callable[..., object]) -> set[str]:
    """Parameters that a caller may leave unnamed; a whole list of entries needs no name."""
    named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    return {name for name, parameter in inspect.signature(action).parameters.items() if parameter.kind not in named}


def test_pages_and_queries_write_nothing() -> None:
    found = {
        f"{name_of(path)}: {ast.unparse(node.func)}"
        for path in code()
        if set(path.relative_to(ROOT).with_suffix("").parts) & set(READERS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    }

    assert found == set()

"""The audit trail can say what was done, in words, and knows how long it keeps that."""

import ast
import importlib
import re

from django.utils.functional import Promise

from portal.audit import RETENTION_CLASSES, VERBS
from tests.architecture.tree import APPS, ROOT, code, name_of, parsed

MODULES = [importlib.import_module(f"{app}.verbs") for app in APPS]


def declared() -> dict[str, str]:
    """Code -> where the verb is declared."""
    return {
        value.code: f"{module.__name__}.{name}"
        for module in MODULES
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_")
    }


def test_every_verb_that_is_declared_is_registered() -> None:
    assert {code for code in VERBS if not code.startswith("tests.")} == declared().keys()


def test_every_verb_has_a_code_of_its_app_and_a_translated_sentence() -> None:
    shape = re.compile(r"[a-z]+(\.[a-z_]+){2}")

    for code_, where in declared().items():
        assert shape.fullmatch(code_), where
        assert code_.split(".")[0] == where.split(".")[0], where
        assert isinstance(VERBS[code_].sentence, Promise), where


def test_every_verb_has_a_known_class_of_retention() -> None:
    assert {name: VERBS[name].retention for name in declared() if VERBS[name].retention not in RETENTION_CLASSES} == {}


def test_every_verb_is_used() -> None:
    """A verb that nobody records is a promise that nobody keeps."""
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path in code()
        if path.name != "verbs.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute | ast.Name)
    }

    assert [where for where in declared().values() if where.rpartition(".")[2] not in used] == []


def test_records_are_written_by_actions_and_the_few_places_that_take_their_part() -> None:
    """A page or a query that records an act would do so each time somebody looks."""
    writers = {
        name_of(path)
        for path in code()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("record", "audit.record")
    }

    assert {name for name in writers if (ROOT / name).parent.name != "actions"} == {
        "accounts/admin.py",
        "accounts/signals.py",
        "portal/audit.py",
        "portal/notifications/delivery.py",
        "portal/outbox_retry.py",
    }

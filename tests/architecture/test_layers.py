"""Who may import whom. The contracts themselves stand in pyproject.toml, beside those of the other tools."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import APPS, ROOT, code, migrations, name_of, parsed, tracked

LONGEST = 400
LONGER_WITH_REASON = {
    "accounts/forms.py": "one form for each of the pages of django-allauth, short and all alike",
}


def test_imports_keep_to_the_layers() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_app_has_a_contract_that_leaves_no_module_out() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    complete = {app for contract in contracts if contract.get("exhaustive") for app in contract["containers"]}

    assert complete == set(APPS)


def test_no_module_is_called_services() -> None:
    """`services` is an app; writes live in `actions/`, reads in `queries.py`."""
    assert [name_of(path) for path in tracked() if path.name == "services.py"] == []


def test_a_long_module_has_a_reason() -> None:
    long = {name_of(path) for path in code() if len(path.read_text().splitlines()) > LONGEST}

    assert long == set(LONGER_WITH_REASON)


@pytest.mark.parametrize("path", sorted(migrations()), ids=name_of)
def test_a_migration_imports_no_code_of_ours(path: Path) -> None:
    """It has to run on the code of any later day."""
    import ast

    imports = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = [
        node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
        for node in imports
        for alias in node.names
    ]

    assert [module for module in modules if module.split(".")[0] in APPS] == []

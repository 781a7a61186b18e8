"""The source tree as tests of its structure read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "accounts", "payments", "services")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that is still there."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file())


def text_of(path: Path) -> str:
    """Empty for a file that went away while it was looked at."""
    return path.read_text(errors="replace") if path.exists() else ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code() -> Iterator[Path]:
    """The modules of the portal itself, without its migrations."""
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] in APPS and "migrations" not in parts:
            yield path


def migrations() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".py" and path.parent.name == "migrations")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a function or method of that name."""
    for path in code():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _called(node.func) == name:
                yield path, node


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def assignments(attribute: str) -> Iterator[tuple[Path, ast.Attribute]]:
    """Every `something.attribute = ...`, also inside a tuple."""
    for path in code():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == attribute:
                yield path, node

"""Reads a definition as a careful colleague would, and says where, why and what to do, in both languages.

Errors stop publication; warnings are for the two people who publish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from services.definitions.lint_rules import RULES, Level, Problem, Trail, both
from services.definitions.loader import catalogue_files
from services.definitions.schema import Definition
from services.definitions.texts import Text
from services.definitions.yaml_format import dump


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    level: Level
    code: str
    reason: Text
    remedy: Text


def lint_all() -> list[Finding]:
    return [finding for path in catalogue_files() for finding in lint_file(path)]


def lint_file(path: Path) -> list[Finding]:
    return lint_text(path.read_text(encoding="utf-8"), path.name)


def lint_text(source: str, file: str) -> list[Finding]:
    try:
        document = YAML().load(source)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [
            Finding(
                file,
                line,
                "error",
                "yaml",
                both("Faili si YAML sahihi", "The file is not valid YAML"),
                both("Rekebisha mpangilio wa mstari huu.", "Correct the layout of this line."),
            )
        ]
    try:
        definition = Definition.model_validate(_plain(document))
    except ValidationError as error:
        problems: Sequence[Problem] = [_shape_problem(detail) for detail in error.errors()]
    else:
        problems = [*_file_problems(definition, source, file), *lint_definition(definition)]
    return [Finding(file, line_of(document, p.path), p.level, p.code, p.reason, p.remedy) for p in problems]


def lint_definition(definition: Definition) -> list[Problem]:
    return [problem for rule in RULES for problem in rule(definition)]


def line_of(document: Any, path: Trail) -> int:
    """Line of the deepest part of the path that the file has."""
    line = 0
    for step in path:
        if isinstance(document, CommentedMap) and step in document:
            line = document.lc.key(step)[0]
        elif isinstance(document, CommentedSeq) and isinstance(step, int) and step < len(document):
            line = document.lc.item(step)[0]
        else:
            continue
        document = document[step]
    return line + 1


def _shape_problem(detail: Any) -> Problem:
    path = tuple(detail["loc"])
    missing = detail["type"] == "missing"
    if missing and path[-1] in ("sw", "en"):
        return Problem(
            path,
            "missing_translation",
            both(f"Tafsiri ya lugha '{path[-1]}' haipo", f"There is no translation in '{path[-1]}'"),
            both("Andika maneno katika lugha zote mbili.", "Write the words in both languages."),
        )
    if missing and path[-1] in ("purpose", "retention"):
        return Problem(
            path,
            f"field_without_{path[-1]}",
            both(f"Sehemu haina '{path[-1]}'", f"The field has no '{path[-1]}'"),
            both("Eleza sababu ya kuuliza na muda wa kutunza.", "Say why it is asked and how long it is kept."),
        )
    where = ".".join(str(step) for step in path)
    return Problem(
        path,
        "shape",
        both(f"{where}: haikubaliki ({detail['type']})", f"{where}: {detail['msg']}"),
        both("Linganisha na docs/definitions.md.", "Compare with docs/definitions.md."),
    )


def _file_problems(definition: Definition, source: str, file: str) -> Iterator[Problem]:
    if file != f"{definition.slug}.yaml":
        yield Problem(
            ("slug",),
            "file_name",
            both("Jina la faili si slug", "The file is not named after the slug"),
            both(f"Liite faili {definition.slug}.yaml.", f"Name the file {definition.slug}.yaml."),
        )
    if dump(definition) != source:
        yield Problem(
            (),
            "layout",
            both("Faili haijapangwa kwa mpangilio rasmi", "The file is not in the canonical layout"),
            both("Endesha: manage.py check_definitions --write", "Run: manage.py check_definitions --write"),
        )


def _plain(document: Any) -> Any:
    """Round-trip containers as plain ones, which is what the schema is told about."""
    if isinstance(document, CommentedMap):
        return {key: _plain(value) for key, value in document.items()}
    if isinstance(document, CommentedSeq):
        return [_plain(value) for value in document]
    return document

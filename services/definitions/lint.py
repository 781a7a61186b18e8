"""Reads a definition as a careful colleague would, and says where, why and what to do, in both languages.

Errors stop publication; warnings are for the two people who publish.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from services.definitions import expressions
from services.definitions.condition_schema import AllOf, AnyOf, Compare, Condition, Negation
from services.definitions.fee_schema import FixedFee, FormulaFee, Payable, PercentFee, PerUnitFee, TieredFee
from services.definitions.loader import catalogue_files, vocabulary
from services.definitions.schema import NUMBER_TYPES, Definition, Field
from services.definitions.texts import Text
from services.definitions.yaml_format import dump

Level = Literal["error", "warning"]
Path_ = tuple[str | int, ...]

ASSESS_FEE = "kadiria_ada"
KNOWN_PREFILLS = frozenset(
    {
        "profile.nin", "profile.phone", "profile.tin", "employee.check_number", "employee.leave_balance",
        "employee.institution", "employee.cadre", "employee.grade", "employee.date_of_birth",
        "officer.institution", "officer.name",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """A finding before it is known on which line it stands."""

    path: Path_
    code: str
    reason: Text
    remedy: Text
    level: Level = "error"


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
        return [Finding(file, line, "error", "yaml", _text("Faili si YAML sahihi", "The file is not valid YAML"),
                        _text("Rekebisha mpangilio wa mstari huu.", "Correct the layout of this line."))]  # fmt: skip
    try:
        definition = Definition.model_validate(_plain(document))
    except ValidationError as error:
        problems: Sequence[Problem] = [_shape_problem(detail) for detail in error.errors()]
    else:
        problems = [*_file_problems(definition, source, file), *lint_definition(definition)]
    return [
        Finding(file, line_of(document, p.path), p.level, p.code, p.reason, p.remedy) for p in problems
    ]  # fmt: skip


def lint_definition(definition: Definition) -> list[Problem]:
    return [problem for rule in RULES for problem in rule(definition)]


def line_of(document: Any, path: Path_) -> int:
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
        return Problem(path, "missing_translation",
                       _text(f"Tafsiri ya lugha '{path[-1]}' haipo", f"There is no translation in '{path[-1]}'"),
                       _text("Andika maneno katika lugha zote mbili.", "Write the words in both languages."))  # fmt: skip
    if missing and path[-1] in ("purpose", "retention"):
        return Problem(path, f"field_without_{path[-1]}",
                       _text(f"Sehemu haina '{path[-1]}'", f"The field has no '{path[-1]}'"),
                       _text("Eleza sababu ya kuuliza na muda wa kutunza.",
                             "Say why it is asked and how long it is kept."))  # fmt: skip
    where = ".".join(str(step) for step in path)
    return Problem(path, "shape", _text(f"{where}: haikubaliki ({detail['type']})", f"{where}: {detail['msg']}"),
                   _text("Linganisha na docs/definitions.md.", "Compare with docs/definitions.md."))  # fmt: skip


def _file_problems(definition: Definition, source: str, file: str) -> Iterator[Problem]:
    if file != f"{definition.slug}.yaml":
        yield Problem(("slug",), "file_name",
                      _text("Jina la faili si slug", "The file is not named after the slug"),
                      _text(f"Liite faili {definition.slug}.yaml.", f"Name the file {definition.slug}.yaml."))  # fmt: skip
    if dump(definition) != source:
        yield Problem((), "layout",
                      _text("Faili haijapangwa kwa mpangilio rasmi", "The file is not in the canonical layout"),
                      _text("Endesha: manage.py check_definitions --write",
                            "Run: manage.py check_definitions --write"))  # fmt: skip


def _unique_names(definition: Definition) -> Iterator[Problem]:
    for path, names in (
        (("sections",), [section.key for section in definition.sections]),
        (("stages",), [stage.key for stage in definition.stages]),
    ):
        yield from _duplicates(names, [(*path, index) for index in range(len(names))])
    located = list(_fields(definition))
    yield from _duplicates([field.name for _path, field in located], [path for path, _field in located])
    for path, field in located:
        names = [column.name for column in field.columns]
        yield from _duplicates(names, [(*path, "columns", index) for index in range(len(names))])


def _duplicates(names: Sequence[str], paths: Sequence[Path_]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, path in zip(names, paths, strict=True):
        if name in seen:
            yield Problem(path, "duplicate_name",
                          _text(f"Jina '{name}' limetumika zaidi ya mara moja", f"The name '{name}' is used twice"),
                          _text("Chagua jina lingine.", "Choose another name."))  # fmt: skip
        seen.add(name)


def _conditions_look_back(definition: Definition) -> Iterator[Problem]:
    earlier: dict[str, Field] = {}
    for path, field in _fields(definition):
        for key in ("show_if", "required_if"):
            yield from _condition_problems(getattr(field, key), earlier, (*path, key))
        earlier[field.name] = field
    for index, document in enumerate(definition.documents):
        yield from _condition_problems(document.when, earlier, ("documents", index, "when"))
    for index, rule in enumerate(definition.rules):
        yield from _condition_problems(rule.when, earlier, ("rules", index, "when"))
    if isinstance(definition.fee, TieredFee):
        for index, tier in enumerate(definition.fee.tiers):
            yield from _condition_problems(tier.when, earlier, ("fee", "tiers", index, "when"))


def _condition_problems(condition: Condition | None, known: dict[str, Field], path: Path_) -> Iterator[Problem]:
    for comparison in _comparisons(condition):
        field = known.get(comparison.field)
        if field is None:
            yield Problem(path, "condition_on_unknown_field",
                          _text(f"Sharti linataja '{comparison.field}', ambayo haijaulizwa kabla",
                                f"The condition names '{comparison.field}', which has not been asked before"),
                          _text("Taja sehemu iliyotangulia.", "Name an earlier field."))  # fmt: skip
        elif field.options:
            values = {option.value for option in field.options}
            for value in comparison.in_ or (comparison.value,):
                if value not in values:
                    yield Problem(path, "condition_on_unknown_option",
                                  _text(f"'{comparison.field}' haina jibu '{value}'",
                                        f"'{comparison.field}' has no option '{value}'"),
                                  _text("Tumia jibu lililopo.", "Use an option that it has."))  # fmt: skip


def _comparisons(condition: Condition | None) -> Iterator[Compare]:
    match condition:
        case Compare():
            yield condition
        case Negation():
            yield from _comparisons(condition.not_)
        case AllOf():
            for part in condition.all:
                yield from _comparisons(part)
        case AnyOf():
            for part in condition.any:
                yield from _comparisons(part)


def _expressions_compile(definition: Definition) -> Iterator[Problem]:
    for path, expression in _expressions(definition):
        try:
            names = expressions.variables(expression)
            functions = expressions.functions(expression)
        except ValueError as error:
            yield Problem(path, "expression",
                          _text("Fomula si CEL sahihi", f"The expression is not valid CEL: {str(error)[:100]}"),
                          _text("Rekebisha fomula.", "Correct the expression."))  # fmt: skip
            continue
        for name in [name for name in names if definition.field(name) is None]:
            yield Problem(path, "expression_on_unknown_field",
                          _text(f"Fomula inataja '{name}', ambayo haipo", f"The expression names '{name}', which is no field"),
                          _text("Taja sehemu ya fomu hii.", "Name a field of this form."))  # fmt: skip
        for name in [name for name in functions if name not in expressions.FUNCTIONS and name not in CEL_FUNCTIONS]:
            yield Problem(path, "expression_unknown_function",
                          _text(f"Fomula inatumia '{name}', ambayo haipo", f"The expression uses '{name}', which does not exist"),
                          _text("Tumia fomula zilizo kwenye docs/definitions.md.",
                                "Use the functions in docs/definitions.md."))  # fmt: skip


CEL_FUNCTIONS = frozenset({"int", "uint", "double", "string", "size", "has"})


def _expressions(definition: Definition) -> Iterator[tuple[Path_, str]]:
    for path, field in _fields(definition):
        if field.computed:
            yield (*path, "computed", "formula"), field.computed.formula
    for index, rule in enumerate(definition.rules):
        yield ("rules", index, "require"), rule.require
    if isinstance(definition.fee, FormulaFee):
        yield ("fee", "formula"), definition.fee.formula


def _known_codes(definition: Definition) -> Iterator[Problem]:
    words = vocabulary()
    yield from _unknown(definition.category, words.categories, ("category",))
    yield from _unknown(definition.institution, words.institutions, ("institution",))
    for index, document in enumerate(definition.documents):
        yield from _unknown(document.document, words.documents, ("documents", index))
    for index, stage in enumerate(definition.stages):
        yield from _unknown(stage.role, words.roles, ("stages", index, "role"))
        for action in stage.actions:
            yield from _unknown(action, words.actions, ("stages", index, "actions"))
    for path, field in _fields(definition):
        yield from _unknown(field.purpose, words.purposes, (*path, "purpose"))
        yield from _unknown(field.retention, words.retention, (*path, "retention"))
        if field.prefill:
            yield from _unknown(field.prefill, KNOWN_PREFILLS, (*path, "prefill"))


def _unknown(code: str, known: Any, path: Path_) -> Iterator[Problem]:
    if code not in known:
        yield Problem(path, "unknown_code",
                      _text(f"'{code}' haipo kwenye msamiati", f"'{code}' is not in the vocabulary"),
                      _text("Tumia neno lililopo au liongeze kwenye vocabulary/.",
                            "Use a known word or add it to vocabulary/."))  # fmt: skip


def _numbers_for_fees(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    names: list[tuple[Path_, str | None]] = []
    if isinstance(fee, PercentFee):
        names = [(("fee", "of"), fee.of)]
    elif isinstance(fee, PerUnitFee):
        names = [(("fee", "unit_field"), fee.unit_field)]
    elif isinstance(fee, FixedFee):
        names = [(("fee", "items", index, "times"), item.times) for index, item in enumerate(fee.items)]
    for path, name in names:
        field = definition.field(name) if name else None
        if name and (field is None or field.type not in NUMBER_TYPES):
            yield Problem(path, "fee_on_unknown_number",
                          _text(f"Ada inategemea '{name}', ambayo si namba ya fomu hii",
                                f"The fee depends on '{name}', which is no number of this form"),
                          _text("Taja sehemu ya namba.", "Name a number field."))  # fmt: skip


def _items_add_up(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    if isinstance(fee, FixedFee) and fee.items and sum(item.amount for item in fee.items) != fee.amount:
        yield Problem(("fee", "items"), "items_do_not_add_up",
                      _text("Jumla ya vipengele si sawa na ada", "The items do not add up to the fee"),
                      _text("Rekebisha kiasi.", "Correct an amount."))  # fmt: skip


def _assessed_somewhere(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    assessed = any(ASSESS_FEE in stage.actions for stage in definition.stages)
    if isinstance(fee, Payable) and fee.payable_at == "after_assessment" and not assessed:
        yield Problem(("fee", "payable_at"), "never_assessed",
                      _text("Ada hulipwa baada ya makadirio, lakini hakuna hatua ya kukadiria",
                            "The fee is paid after assessment, but no stage assesses it"),
                      _text(f"Ongeza hatua yenye '{ASSESS_FEE}'.", f"Add a stage with '{ASSESS_FEE}'."))  # fmt: skip


def _queues_have_owners(definition: Definition) -> Iterator[Problem]:
    for index, stage in enumerate(definition.stages):
        name = stage.institution_field
        field = definition.field(name) if name else None
        if name and (field is None or field.type not in ("council", "institution") or not field.required):
            yield Problem(("stages", index, "institution_field"), "queue_without_owner",
                          _text(f"'{name}' si taasisi au halmashauri ya lazima",
                                f"'{name}' is not a required institution or council"),
                          _text("Taja sehemu ya lazima ya aina hiyo.",
                                "Name a required field of that type."))  # fmt: skip


def _days_fit(definition: Definition) -> Iterator[Problem]:
    total = sum(stage.working_days for stage in definition.stages)
    if total > definition.processing_time.working_days:
        yield Problem(("processing_time",), "days_do_not_fit",
                      _text(f"Hatua zinachukua siku {total}, zaidi ya muda ulioahidiwa",
                            f"The stages take {total} days, longer than the promise"),
                      _text("Punguza siku za hatua au ongeza muda.",
                            "Shorten a stage or lengthen the promise."))  # fmt: skip


def _sensitive_numbers(definition: Definition) -> Iterator[Problem]:
    for path, field in _fields(definition):
        columns = any(column.type == "nin" for column in field.columns)
        if (field.type == "nin" or columns) and not field.sensitive:
            yield Problem(path, "not_sensitive",
                          _text("Namba ya NIDA ni taarifa nyeti", "A NIDA number is sensitive"),
                          _text("Ongeza sensitive: true.", "Add sensitive: true."))  # fmt: skip


def _patterns_compile(definition: Definition) -> Iterator[Problem]:
    for path, field in _fields(definition):
        for column in (field, *field.columns):
            try:
                re.compile(column.validation.regex or "")
            except re.error:
                yield Problem((*path, "validation", "regex"), "regex",
                              _text("Mchoro wa regex una kosa", "The regular expression is wrong"),
                              _text("Rekebisha mchoro.", "Correct the pattern."))  # fmt: skip


def _confirmed_codes(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    if isinstance(fee, Payable) and fee.gfs_code.startswith("illustrative:"):
        yield Problem(("fee", "gfs_code"), "gfs_placeholder",
                      _text("Msimbo wa GFS ni wa mfano", "The GFS code is a placeholder"),
                      _text("Thibitisha msimbo na Hazina kabla ya kutumia.",
                            "Confirm the code with the Treasury before real use."), level="warning")  # fmt: skip


RULES: tuple[Callable[[Definition], Iterator[Problem]], ...] = (
    _unique_names,
    _conditions_look_back,
    _expressions_compile,
    _known_codes,
    _numbers_for_fees,
    _items_add_up,
    _assessed_somewhere,
    _queues_have_owners,
    _days_fit,
    _sensitive_numbers,
    _patterns_compile,
    _confirmed_codes,
)


def _fields(definition: Definition) -> Iterator[tuple[Path_, Field]]:
    for number, section in enumerate(definition.sections):
        for index, field in enumerate(section.fields):
            yield ("sections", number, "fields", index), field


def _text(sw: str, en: str) -> Text:
    return Text(sw=sw, en=en)


def _plain(document: Any) -> Any:
    """Round-trip containers as plain ones, which is what the schema is told about."""
    if isinstance(document, CommentedMap):
        return {key: _plain(value) for key, value in document.items()}
    if isinstance(document, CommentedSeq):
        return [_plain(value) for value in document]
    return document

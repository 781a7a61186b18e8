"""What a careful colleague looks for in a definition that already has the right shape."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.definitions import expressions
from services.definitions.condition_schema import Condition
from services.definitions.conditions import comparisons
from services.definitions.fee_schema import FixedFee, FormulaFee, Payable, PercentFee, PerUnitFee, TieredFee
from services.definitions.loader import vocabulary
from services.definitions.printing import is_for_the_office, is_too_sensitive, printed_columns
from services.definitions.schema import NUMBER_TYPES, Definition, Field
from services.definitions.texts import Text

Level = Literal["error", "warning"]
Trail = tuple[str | int, ...]

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

    path: Trail
    code: str
    reason: Text
    remedy: Text
    level: Level = "error"


def _unique_names(definition: Definition) -> Iterator[Problem]:
    fields = list(_fields(definition))
    groups: list[list[tuple[Trail, str]]] = [
        [(("sections", index), section.key) for index, section in enumerate(definition.sections)],
        [(("stages", index), stage.key) for index, stage in enumerate(definition.stages)],
        [(path, field.name) for path, field in fields],
    ]
    for path, field in fields:
        groups.append([((*path, "columns", i), column.name) for i, column in enumerate(field.columns)])
    for group in groups:
        yield from _duplicates(group)


def _duplicates(names: Sequence[tuple[Trail, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield Problem(
                path,
                "duplicate_name",
                both(f"Jina '{name}' limetumika zaidi ya mara moja", f"The name '{name}' is used twice"),
                both("Chagua jina lingine.", "Choose another name."),
            )
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


def _condition_problems(condition: Condition | None, known: dict[str, Field], path: Trail) -> Iterator[Problem]:
    for comparison in comparisons(condition):
        field = known.get(comparison.field)
        if field is None:
            yield Problem(
                path,
                "condition_on_unknown_field",
                both(
                    f"Sharti linataja '{comparison.field}', ambayo haijaulizwa kabla",
                    f"The condition names '{comparison.field}', which has not been asked before",
                ),
                both("Taja sehemu iliyotangulia.", "Name an earlier field."),
            )
        elif field.options:
            values = {option.value for option in field.options}
            for value in comparison.in_ or (comparison.value,):
                if value not in values:
                    yield Problem(
                        path,
                        "condition_on_unknown_option",
                        both(
                            f"'{comparison.field}' haina jibu '{value}'",
                            f"'{comparison.field}' has no option '{value}'",
                        ),
                        both("Tumia jibu lililopo.", "Use an option that it has."),
                    )


def _expressions_compile(definition: Definition) -> Iterator[Problem]:
    for path, expression in _expressions(definition):
        try:
            names = expressions.variables(expression)
            functions = expressions.functions(expression)
        except ValueError as error:
            yield Problem(
                path,
                "expression",
                both("Fomula si CEL sahihi", f"The expression is not valid CEL: {str(error)[:100]}"),
                both("Rekebisha fomula.", "Correct the expression."),
            )
            continue
        for name in [name for name in names if definition.field(name) is None]:
            yield Problem(
                path,
                "expression_on_unknown_field",
                both(f"Fomula inataja '{name}', ambayo haipo", f"The expression names '{name}', which is no field"),
                both("Taja sehemu ya fomu hii.", "Name a field of this form."),
            )
        for name in [name for name in functions if name not in expressions.FUNCTIONS and name not in CEL_FUNCTIONS]:
            yield Problem(
                path,
                "expression_unknown_function",
                both(f"Fomula inatumia '{name}', ambayo haipo", f"The expression uses '{name}', which does not exist"),
                both("Tumia fomula zilizo kwenye docs/definitions.md.", "Use the functions in docs/definitions.md."),
            )


CEL_FUNCTIONS = frozenset({"int", "uint", "double", "string", "size", "has"})


def _expressions(definition: Definition) -> Iterator[tuple[Trail, str]]:
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


def _unknown(code: str, known: Any, path: Trail) -> Iterator[Problem]:
    if code not in known:
        yield Problem(
            path,
            "unknown_code",
            both(f"'{code}' haipo kwenye msamiati", f"'{code}' is not in the vocabulary"),
            both("Tumia neno lililopo au liongeze kwenye vocabulary/.", "Use a known word or add it to vocabulary/."),
        )


def _numbers_for_fees(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    names: list[tuple[Trail, str | None]] = []
    if isinstance(fee, PercentFee):
        names = [(("fee", "of"), fee.of)]
    elif isinstance(fee, PerUnitFee):
        names = [(("fee", "unit_field"), fee.unit_field)]
    elif isinstance(fee, FixedFee):
        names = [(("fee", "items", index, "times"), item.times) for index, item in enumerate(fee.items)]
    for path, name in names:
        field = definition.field(name) if name else None
        if name and (field is None or field.type not in NUMBER_TYPES):
            yield Problem(
                path,
                "fee_on_unknown_number",
                both(
                    f"Ada inategemea '{name}', ambayo si namba ya fomu hii",
                    f"The fee depends on '{name}', which is no number of this form",
                ),
                both("Taja sehemu ya namba.", "Name a number field."),
            )


def _items_add_up(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    if isinstance(fee, FixedFee) and fee.items and sum(item.amount for item in fee.items) != fee.amount:
        yield Problem(
            ("fee", "items"),
            "items_do_not_add_up",
            both("Jumla ya vipengele si sawa na ada", "The items do not add up to the fee"),
            both("Rekebisha kiasi.", "Correct an amount."),
        )


def _assessed_somewhere(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    assessed = any(ASSESS_FEE in stage.actions for stage in definition.stages)
    if isinstance(fee, Payable) and fee.payable_at == "after_assessment" and not assessed:
        yield Problem(
            ("fee", "payable_at"),
            "never_assessed",
            both(
                "Ada hulipwa baada ya makadirio, lakini hakuna hatua ya kukadiria",
                "The fee is paid after assessment, but no stage assesses it",
            ),
            both(f"Ongeza hatua yenye '{ASSESS_FEE}'.", f"Add a stage with '{ASSESS_FEE}'."),
        )


def _queues_have_owners(definition: Definition) -> Iterator[Problem]:
    for index, stage in enumerate(definition.stages):
        name = stage.institution_field
        field = definition.field(name) if name else None
        if name and (field is None or field.type not in ("council", "institution") or not field.required):
            yield Problem(
                ("stages", index, "institution_field"),
                "queue_without_owner",
                both(
                    f"'{name}' si taasisi au halmashauri ya lazima",
                    f"'{name}' is not a required institution or council",
                ),
                both("Taja sehemu ya lazima ya aina hiyo.", "Name a required field of that type."),
            )


def _days_fit(definition: Definition) -> Iterator[Problem]:
    total = sum(stage.working_days for stage in definition.stages)
    if total > definition.processing_time.working_days:
        yield Problem(
            ("processing_time",),
            "days_do_not_fit",
            both(
                f"Hatua zinachukua siku {total}, zaidi ya muda ulioahidiwa",
                f"The stages take {total} days, longer than the promise",
            ),
            both("Punguza siku za hatua au ongeza muda.", "Shorten a stage or lengthen the promise."),
        )


def _sensitive_numbers(definition: Definition) -> Iterator[Problem]:
    for path, field in _fields(definition):
        columns = any(column.type == "nin" for column in field.columns)
        if (field.type == "nin" or columns) and not field.sensitive:
            yield Problem(
                path,
                "not_sensitive",
                both("Namba ya NIDA ni taarifa nyeti", "A NIDA number is sensitive"),
                both("Ongeza sensitive: true.", "Add sensitive: true."),
            )


def _patterns_compile(definition: Definition) -> Iterator[Problem]:
    for path, field in _fields(definition):
        for column in (field, *field.columns):
            try:
                re.compile(column.validation.regex or "")
            except re.error:
                yield Problem(
                    (*path, "validation", "regex"),
                    "regex",
                    both("Mchoro wa regex una kosa", "The regular expression is wrong"),
                    both("Rekebisha mchoro.", "Correct the pattern."),
                )


def _facts_are_listed(definition: Definition) -> Iterator[Problem]:
    if definition.output.facts is None:
        yield Problem(
            ("output",),
            "facts_missing",
            both("Hati haisemi majibu gani yachapwe", "The output does not say which answers are printed"),
            both("Ongeza facts; orodha inaweza kuwa tupu.", "Add facts; the list may be empty."),
        )
    facts = [(("output", "facts", index), name) for index, name in enumerate(definition.output.facts or ())]
    yield from _duplicates(facts)


def _holder_is_a_name(definition: Definition) -> Iterator[Problem]:
    names = definition.output.holder_fields
    fields = [field for field in map(definition.field, names) if field is not None]
    for field in [field for field in fields if field.type != "text"]:
        yield Problem(
            ("output", "holder_fields", names.index(field.name)),
            "holder_not_a_name",
            both(f"'{field.name}' si jina: aina yake ni {field.type}", f"'{field.name}' is no name but a {field.type}"),
            both("Taja sehemu za aina ya text.", "Name fields of type text."),
        )
    if fields and not any(field.required for field in fields):
        yield Problem(
            ("output", "holder_fields"),
            "holder_may_be_empty",
            both("Hati inaweza kukosa jina la mwenye hati", "The document may be left without the name of its holder"),
            both("Taja angalau sehemu moja ya lazima.", "Name at least one required field."),
        )


def _paper_carries_what_it_certifies(definition: Definition) -> Iterator[Problem]:
    """A letter or licence is shown to many who may not know of a sickness, a child or a bank account.

    Only kinds that exist to certify such a fact (certificate, card, passport, number, report) print it.
    Identity numbers are printed by all, with their last four digits; cards print them whole.
    """
    kind = definition.output.kind
    for path, name in _printed(definition):
        field = definition.field(name)
        if field is None:
            yield Problem(
                path,
                "prints_unknown_field",
                both(f"Hati inataja '{name}', ambayo haipo", f"The output names '{name}', which is no field"),
                both("Taja sehemu ya fomu hii.", "Name a field of this form."),
            )
        elif is_for_the_office(field):
            yield Problem(
                path,
                "prints_office_matter",
                both(
                    f"'{name}' ni ya kazi za ofisi, haichapwi",
                    f"'{name}' serves the work of the office and is not printed",
                ),
                both("Iondoe kwenye hati.", "Take it off the document."),
            )
        elif is_too_sensitive(field, kind) or (field.columns and not printed_columns(field, kind)):
            yield Problem(
                path,
                "prints_sensitive",
                both(
                    f"'{name}' ni taarifa nyeti; hati ya aina '{kind}' haiichapi",
                    f"'{name}' is sensitive; a document of kind '{kind}' does not print it",
                ),
                both("Iondoe kwenye hati.", "Take it off the document."),
            )


def _printed(definition: Definition) -> Iterator[tuple[Trail, str]]:
    for key, names in (("holder_fields", definition.output.holder_fields), ("facts", definition.output.facts or ())):
        for index, name in enumerate(names):
            yield ("output", key, index), name


def _confirmed_codes(definition: Definition) -> Iterator[Problem]:
    fee = definition.fee
    if isinstance(fee, Payable) and fee.gfs_code.startswith("illustrative:"):
        yield Problem(
            ("fee", "gfs_code"),
            "gfs_placeholder",
            both("Msimbo wa GFS ni wa mfano", "The GFS code is a placeholder"),
            both(
                "Thibitisha msimbo na Hazina kabla ya kutumia.", "Confirm the code with the Treasury before real use."
            ),
            level="warning",
        )


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
    _facts_are_listed,
    _holder_is_a_name,
    _paper_carries_what_it_certifies,
    _confirmed_codes,
)


def _fields(definition: Definition) -> Iterator[tuple[Trail, Field]]:
    for number, section in enumerate(definition.sections):
        for index, field in enumerate(section.fields):
            yield ("sections", number, "fields", index), field


def both(sw: str, en: str) -> Text:
    return Text(sw=sw, en=en)

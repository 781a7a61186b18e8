import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.definitions.condition_schema import AllOf, AnyOf, Compare, Condition, Negation
from services.definitions.conditions import comparisons, explain, holds
from tests.services.definitions.conftest import patiently

NAMES = ("a", "b", "c")
values = st.one_of(st.integers(-5, 5), st.sampled_from(["me", "ke", "ndiyo"]))
answers = st.dictionaries(st.sampled_from(NAMES), st.one_of(values, st.none(), st.lists(values, max_size=3)))
compares = st.builds(
    lambda field, operator, value: Compare(**{"field": field, operator: (value,) if operator == "in" else value}),
    st.sampled_from(NAMES),
    st.sampled_from(["eq", "ne", "in", "lt", "lte", "gt", "gte"]),
    values,
)
conditions = st.recursive(
    compares,
    lambda inner: st.one_of(
        st.builds(lambda parts: AllOf(all=parts), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(any=parts), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: Negation(**{"not": part}), inner),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("condition", "given_answers", "expected"),
    [
        ({"field": "a", "eq": "me"}, {"a": "me"}, True),
        ({"field": "a", "eq": "me"}, {"a": "ke"}, False),
        ({"field": "a", "eq": "me"}, {}, False),
        ({"field": "a", "ne": "me"}, {"a": "ke"}, True),
        ({"field": "a", "ne": "me"}, {"a": ""}, False),
        ({"field": "a", "in": ["x", "y"]}, {"a": "y"}, True),
        ({"field": "a", "in": ["x", "y"]}, {"a": ["z", "y"]}, True),
        ({"field": "a", "lte": 100}, {"a": "100.0"}, True),
        ({"field": "a", "lte": 100}, {"a": "100.5"}, False),
        ({"field": "a", "gt": 9}, {"a": "10"}, True),
        ({"field": "a", "gt": 9}, {"a": "many"}, False),
        ({"field": "a", "gt": 0}, {"a": True}, False),
        ({"field": "a", "eq": True}, {"a": True}, True),
        ({"field": "a", "eq": True}, {"a": "true"}, False),
        ({"field": "a", "eq": 1}, {"a": True}, False),
        ({"field": "a", "gte": "2026-01-01"}, {"a": "2026-07-07"}, True),
        ({"field": "a", "eq": "RITA"}, {"a": {"code": "RITA", "name": "x"}}, True),
    ],
)
def test_a_comparison(condition, given_answers, expected):
    assert holds(Compare.model_validate(condition), given_answers) is expected


def test_no_condition_holds():
    assert holds(None, {})


@patiently
@given(conditions, answers)
def test_logic(condition: Condition, given_answers):
    result = holds(condition, given_answers)

    assert holds(Negation(**{"not": condition}), given_answers) is not result
    assert holds(AllOf(all=(condition, condition)), given_answers) is result
    assert holds(AnyOf(any=(condition, condition)), given_answers) is result


@patiently
@given(compares)
def test_nothing_holds_of_an_empty_answer(condition: Compare):
    assert not any(holds(condition, {condition.field: empty}) for empty in (None, "", []))


@patiently
@given(conditions, answers)
def test_only_the_named_fields_matter(condition: Condition, given_answers):
    named = {comparison.field for comparison in comparisons(condition)}

    assert holds(condition, given_answers) is holds(
        condition, {name: value for name, value in given_answers.items() if name in named}
    )


@pytest.mark.parametrize("operators", [{}, {"eq": "x", "ne": "y"}])
def test_exactly_one_operator(operators):
    with pytest.raises(ValueError, match="exactly one"):
        Compare.model_validate({"field": "a", **operators})


def test_a_condition_in_words(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    condition = AllOf.model_validate(
        {
            "all": [
                {"field": "registration_type", "in": ["ndani_90", "siku_91_miaka_10"]},
                {"not": {"field": "sex", "eq": "me"}},
            ]
        }
    )

    assert explain(condition, birth, "en") == (
        "Time since birth is Within 90 days or After 90 days, under 10 years and not (Sex is Male)"
    )
    assert "Muda tangu kuzaliwa" in explain(condition, birth, "sw")
    assert explain(None, birth, "sw") == ""

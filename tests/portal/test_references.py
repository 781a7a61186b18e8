"""References: said aloud, typed wrong, and still never taken for another one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.references import ALPHABET, BODY_LENGTH, is_valid_reference, new_reference, normalise_reference

prefixes = st.text(string.ascii_uppercase, min_size=2, max_size=10)


@given(prefixes)
def test_a_new_reference_is_valid_and_normal(prefix: str) -> None:
    reference = new_reference(prefix)

    assert is_valid_reference(reference)
    assert normalise_reference(reference) == reference


def test_references_do_not_repeat() -> None:
    assert len({new_reference("RITA") for _number in range(2000)}) == 2000


@given(prefixes, st.data())
def test_any_one_wrong_symbol_is_noticed(prefix: str, data: st.DataObject) -> None:
    reference = new_reference(prefix)
    places = [place for place, symbol in enumerate(reference) if symbol != "-"]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(string.ascii_uppercase + string.digits).filter(lambda it: it != reference[place]))

    assert not is_valid_reference(reference[:place] + other + reference[place + 1 :])


@given(prefixes)
def test_any_two_neighbours_swapped_are_noticed(prefix: str) -> None:
    reference = new_reference(prefix)

    for place in range(len(reference) - 1):
        one, other = reference[place : place + 2]
        if one != other:
            assert not is_valid_reference(reference[:place] + other + one + reference[place + 2 :])


def test_every_single_substitution_in_one_reference_is_noticed() -> None:
    reference = new_reference("RITA")

    accepted = [
        reference[:place] + other + reference[place + 1 :]
        for place in range(len(reference))
        for other in string.printable
        if is_valid_reference(reference[:place] + other + reference[place + 1 :])
    ]

    assert set(accepted) == {reference}


@given(st.sampled_from(["-", "–", "/", " - "]), st.booleans(), st.sampled_from(["10", "IO", "lo", "Lo"]))
def test_what_the_person_meant_is_understood(dash: str, lower: bool, ones_and_noughts: str) -> None:
    reference = new_reference("RITA")
    prefix, year, body, check = reference.split("-")
    body = body.translate(str.maketrans("10", ones_and_noughts))
    written = f" {dash.join([prefix, year, body, check])} "

    assert normalise_reference(written.lower() if lower else written) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "RITA",
        "RITA-26-7K3M9Q2",
        "rita-26-7k3m9q2-x",
        "R-26-0000000-0",
        "RITA-26-0000000-0-0",
        "RITA--0-0",
    ],
)
def test_other_shapes_are_no_references(text: str) -> None:
    assert not is_valid_reference(text)


def test_nothing_hides_around_or_inside_a_reference() -> None:
    reference = new_reference("RITA")
    arabic = reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert not any(is_valid_reference(text) for text in (f"{reference}\n", f" {reference}", arabic, f"{reference}\0"))


@given(st.text(max_size=40))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert is_valid_reference(normalise_reference(text)) in (True, False)


def test_no_symbol_looks_like_another() -> None:
    assert set("ILOU").isdisjoint(ALPHABET)
    assert (len(ALPHABET), len(set(ALPHABET)), BODY_LENGTH) == (31, 31, 7)

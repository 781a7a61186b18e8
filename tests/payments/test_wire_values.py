"""Amounts, moments, control numbers and status codes as they travel."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.gateway.amounts import read_amount, write_amount
from payments.gateway.control_numbers import group_in_fours, is_control_number, normalise_control_number
from payments.gateway.moments import EAT, read_moment, write_moment
from payments.gateway.statuses import SENTENCES, Consequence, codes_in, consequence_of, sentence_for, telling_code


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("22000"), "22000.00"),
        (Decimal("12500000"), "12500000.00"),
        (Decimal("1.25E7"), "12500000.00"),
        (Decimal("0.5"), "0.50"),
        (Decimal(0), "0.00"),
    ],
)
def test_an_amount_is_written_plainly(amount: Decimal, written: str) -> None:
    assert write_amount(amount) == written


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("-1"), Decimal("1E15"), Decimal("1E40")])
def test_an_amount_that_cannot_travel_is_refused(amount: Decimal) -> None:
    with pytest.raises(ArithmeticError if amount > 10**20 else ValueError):
        write_amount(amount)


@pytest.mark.parametrize("text", ["7885", "7885.0", "7885.00", "7885.0000"])
def test_every_plain_spelling_of_an_amount_is_read(text: str) -> None:
    assert read_amount(text) == Decimal("7885.00")


@pytest.mark.parametrize(
    "text", ["", "1.25E7", "7,885", "-1", "+1", " 1", "0.001", "NaN", "Infinity", "1" * 16, "１２"]
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_amount(text)


@given(st.decimals(min_value=0, max_value=10**14, places=2))
def test_an_amount_survives_the_journey(amount: Decimal) -> None:
    assert read_amount(write_amount(amount)) == amount


def test_a_moment_is_written_in_east_africa_time_without_zone() -> None:
    assert write_moment(datetime(2026, 7, 7, 21, 30, 5, tzinfo=UTC)) == "2026-07-08T00:30:05"


def test_a_moment_without_zone_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_moment(datetime(2026, 7, 7))


@pytest.mark.parametrize(
    "text", ["2023-01-03T14:47:14", "2023-01-03 14:47:14.0", "2023-01-03T14:47:14.920", "2023-01-03T14:47:14:920"]
)
def test_the_spellings_of_live_gateways_are_read(text: str) -> None:
    assert read_moment(text) == datetime(2023, 1, 3, 14, 47, 14, tzinfo=EAT)


@pytest.mark.parametrize(
    "text", ["", "2023-01-03", "2023-13-03T14:47:14", "03/01/2023 14:47:14", "2023-01-03T14:47:14Z"]
)
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


def test_control_numbers_are_twelve_digits_shown_in_fours() -> None:
    assert group_in_fours("990239121373") == "9902 3912 1373"
    assert normalise_control_number(" 9902-3912 1373\n") == "990239121373"
    assert [is_control_number(text) for text in ("990239121373", "0", "", "99023912137a", "9902391213737")] == [
        True, False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "consequence"),
    [
        ("7101", Consequence.SUCCESS),
        ("7226", Consequence.SUCCESS),
        ("7201;7226", Consequence.SUCCESS),
        ("7101; 7226 ;", Consequence.SUCCESS),
        ("7226;7258", Consequence.REFUSED),
        ("7242;7627", Consequence.REFUSED),
        ("7201", Consequence.REFUSED),
        ("7201;7231", Consequence.REFUSED),
        ("7317", Consequence.RETRY),
        ("7303", Consequence.RETRY),
        ("", Consequence.RETRY),
    ],
)
def test_a_status_has_one_consequence(status: str, consequence: Consequence) -> None:
    assert consequence_of(status) is consequence


def test_the_telling_code_is_the_first_that_says_more_than_failed() -> None:
    assert codes_in("7201;7258; 7231") == ["7201", "7258", "7231"]
    assert telling_code("7201;7258;7231") == "7258"
    assert telling_code("7201") == telling_code("") == "7201"
    assert sentence_for("7201;7258") == SENTENCES["7258"]
    assert sentence_for("9999") == SENTENCES["7201"]

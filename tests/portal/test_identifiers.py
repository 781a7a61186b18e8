from datetime import date

import pytest

from portal import identifiers


@pytest.mark.parametrize(
    ("function", "text", "stored"),
    [
        ("nin", "19900101-11101-00001-23", "19900101111010000123"),
        ("nin", "1990 0101 1110 1000 0123", "19900101111010000123"),
        ("nin", "20000229111010000123", "20000229111010000123"),
        ("nin", "20010229111010000123", None),  # no such day
        ("nin", "18900101111010000123", None),
        ("nin", "20990101111010000123", None),  # not born yet
        ("nin", "1990010111101000012", None),
        ("nin", "199001011110100001234", None),
        ("nin", "1990010111101000012x", None),
        ("nin", "١٩٩٠٠١٠١١١١٠١٠٠٠٠١٢٣", None),
        ("tin", "123-456-789", "123456789"),
        ("tin", "123 456 789", "123456789"),
        ("tin", "12345678", None),
        ("tin", "1234567890", None),
        ("check_number", "1122334", "1122334"),
        ("check_number", "1122334455", "1122334455"),
        ("check_number", "112233", None),
        ("check_number", "11223344556", None),
        ("passport", "tae123456", "TAE123456"),
        ("passport", "AB 123456", "AB123456"),
        ("passport", "C01X00T478", "C01X00T478"),
        ("passport", "ABCDEFGH", None),
        ("passport", "AB12", None),
        ("plate", "t 123 abc", "T123ABC"),
        ("plate", "T123ABC", "T123ABC"),
        ("plate", "MC 123 ABC", "MC123ABC"),
        ("plate", "STK 1234", "STK1234"),
        ("plate", "T 12 CD 345", "T12CD345"),
        ("plate", "Z 123 AB", "Z123AB"),
        ("plate", "123 ABC", None),
        ("plate", "T 1234 ABC", None),
        ("vrn", "40-012345-a", "40-012345-A"),
        ("vrn", "40012345A", "40-012345-A"),
        ("vrn", "40-012345", None),
        ("csee_index", "s0101/0001/2019", "S0101/0001/2019"),
        ("csee_index", "P0101-0001-2019", "P0101/0001/2019"),
        ("csee_index", "S0101.0001.2019", "S0101/0001/2019"),
        ("csee_index", "X0101/0001/2019", None),
        ("csee_index", "S0101/0001/19", None),
        ("driving_licence", "4001234567", "4001234567"),
        ("driving_licence", "400123456", None),
        ("brela_number", "123456", "123456"),
        ("brela_number", "12", None),
        ("brela_number", "1234567890", None),
        ("phone", "0712 345 678", "+255712345678"),
        ("phone", "712345678", "+255712345678"),
        ("phone", "+255 712 345 678", "+255712345678"),
        ("phone", "255712345678", "+255712345678"),
        ("phone", "022 211 1111", "+255222111111"),
        ("phone", "+254712345678", "+254712345678"),
        ("phone", "0640000000", None),
        ("phone", "0712345678 ext 5", None),
        ("phone", "12345", None),
        ("phone", "simu", None),
        ("phone", "0" * 1000, None),
        ("phone", "", None),
    ],
)
def test_one_stored_form_or_none(function, text, stored):
    assert getattr(identifiers, f"normalise_{function}")(text) == stored


def test_a_stored_number_is_its_own_stored_form():
    for function, stored in [
        ("nin", "19900101111010000123"),
        ("plate", "T123ABC"),
        ("vrn", "40-012345-A"),
        ("csee_index", "S0101/0001/2019"),
        ("phone", "+255712345678"),
    ]:
        assert getattr(identifiers, f"normalise_{function}")(stored) == stored


def test_how_they_are_shown():
    assert identifiers.format_nin("19900101111010000123") == "19900101-11101-00001-23"
    assert identifiers.format_tin("123456789") == "123-456-789"
    assert identifiers.format_phone("+255712345678") == "0712 345 678"
    assert identifiers.format_phone("+254712345678") == "+254 712 345678"


def test_the_birth_date_inside_a_nin():
    assert identifiers.nin_birth_date("19900131111010000123") == date(1990, 1, 31)
    assert identifiers.nin_birth_date("19900231111010000123") is None

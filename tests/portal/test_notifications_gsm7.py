"""What a message costs is counted on its characters, so that is tested to the single septet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.gsm7 import is_gsm7, parts, septets, to_gsm7


def test_alphabet_has_the_127_characters_of_the_standard():
    from portal.notifications.gsm7 import ALPHABET, EXTENSION

    assert (len(ALPHABET), len(EXTENSION)) == (127, 10)
    assert not ALPHABET & EXTENSION


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Ombi limepokelewa", 17),
        ("é@£", 3),
        ("[12]", 6),
        ("€", 2),
        ("a\nb", 3),
    ],
)
def test_extension_characters_count_two(text, count):
    assert septets(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        ("a" * 152 + "€" + "a" * 152, 3),
    ],
)
def test_parts_are_paid_as_the_network_cuts_them(text, count):
    assert parts(text) == count


@pytest.mark.parametrize("character", ["\u00a0", "’", "…", "–", "ç", "🙂", "\x1b"])
def test_other_characters_are_refused_and_not_counted(character):
    assert not is_gsm7(character)
    with pytest.raises(ValueError, match="not a GSM-7 character"):
        parts(f"Ng{character}ombe")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ng’ombe", "Ng'ombe"),
        ("TSh\u00a01,234.00", "TSh 1,234.00"),
        ("“Ndiyo” – sasa…", '"Ndiyo" - sasa...'),
        ("é ü Ñ", "é ü Ñ"),
        ("ç Á ū", "c A u"),
        ("Asante 🙂", "Asante "),
        ("½", "1/2"),
        ("a\tb\u2003c", "a b c"),
    ],
)
def test_text_is_brought_to_the_alphabet(text, plain):
    assert to_gsm7(text) == plain


@given(st.text())
def test_any_text_becomes_sendable_and_stays_so(text):
    sendable = to_gsm7(text)

    assert is_gsm7(sendable)
    assert to_gsm7(sendable) == sendable

"""The alphabet of SMS (3GPP TS 23.038). One character outside it makes the whole message cost double.

A message of one part holds 160 septets; parts of a longer one hold 153. A character of the extension table
takes two, and those two are never divided between parts. Counted on the final text only.
"""

import unicodedata

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
ONE_PART = 160
JOINED_PART = 153

_NEAREST = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022", "-")
    | {"\u2026": "...", "\u2044": "/", "\u00d7": "x", "\t": " ", "\u2028": "\n", "\u2029": "\n"}
)


def is_gsm7(text: str) -> bool:
    return all(character in ALPHABET or character in EXTENSION for character in text)


def septets(text: str) -> int:
    """Length as the network counts it. ValueError for a character that GSM-7 does not have."""
    return sum(_width(character) for character in text)


def parts(text: str) -> int:
    """How many messages the text is sent and paid as."""
    if septets(text) <= ONE_PART:
        return 1
    count, room = 1, JOINED_PART
    for character in text:
        width = _width(character)
        if width > room:
            count, room = count + 1, JOINED_PART
        room -= width
    return count


def to_gsm7(text: str) -> str:
    """The nearest text in the alphabet: plain quotes and spaces, letters without foreign marks, no emoji."""
    return "".join(_nearest(character) for character in text.translate(_NEAREST))


def _width(character: str) -> int:
    if character in ALPHABET:
        return 1
    if character in EXTENSION:
        return 2
    raise ValueError(f"not a GSM-7 character: {character!r}")


def _nearest(character: str) -> str:
    if character in ALPHABET or character in EXTENSION:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    decomposed = unicodedata.normalize("NFKD", character).translate(_NEAREST)
    return "".join(piece for piece in decomposed if piece in ALPHABET or piece in EXTENSION)

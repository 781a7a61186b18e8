"""References that people read aloud: no look-alike letters, not guessable, with a check character.

`RITA-26-7K3M9Q2-X`: the issuing prefix, the year, seven random symbols, one check symbol. The alphabet is
Crockford's base 32 (no I, L, O, U); the check symbol is a weighted sum modulo 31 over body and prefix, so
that one wrong symbol or one swap of neighbours is always noticed.
"""

import re
import secrets

from django.utils import timezone

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""31 symbols: a prime number of them makes the weighted check exact."""

_SHAPE = re.compile(r"([A-Z]{2,10})-([0-9]{2})-([0-9A-Z]{7})-([0-9A-Z])")
_LOOKALIKES = str.maketrans("ILO", "110")
BODY_LENGTH = 7


def new_reference(prefix: str) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH))
    year = f"{timezone.localdate():%y}"
    return f"{prefix}-{year}-{body}-{_check_symbol(prefix, year, body)}"


def normalise_reference(text: str) -> str:
    """What the person meant: upper case, no spaces, look-alike letters in the random part put right."""
    compact = re.sub(r"\s+", "", text).upper().replace("–", "-").replace("/", "-")
    parts = compact.split("-")
    if len(parts) != 4:
        return compact
    return "-".join([*parts[:2], parts[2].translate(_LOOKALIKES), parts[3].translate(_LOOKALIKES)])


def is_valid_reference(text: str) -> bool:
    match = _SHAPE.fullmatch(text)
    if match is None:
        return False
    prefix, year, body, check = match.groups()
    return all(symbol in ALPHABET for symbol in body) and check == _check_symbol(prefix, year, body)


def _check_symbol(prefix: str, year: str, body: str) -> str:
    symbols = [int(symbol, 36) for symbol in prefix + year] + [ALPHABET.index(symbol) for symbol in body]
    total = sum(weight * value for weight, value in enumerate(symbols, start=1))
    return ALPHABET[total % len(ALPHABET)]

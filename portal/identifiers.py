"""Numbers that people and businesses are known by: how each looks, and its one stored form.

Only the shape is checked here; whether a number exists is for the system that owns it. No check digit of
any of these is public, so a number that passes merely *looks right*. Every function takes what a person
typed and returns the stored form, or None when it does not have the shape.
"""

import re
from datetime import date

import phonenumbers

NIN_LENGTH = 20


def normalise_nin(text: str) -> str | None:
    """National identification number: 20 digits, the first eight a birth date.

    Source: NIDA (20 digits, birth date first): verified. The middle group being the postcode of the ward of
    registration: seen in one published number. The rest is unknown, so any digits are accepted.
    """
    digits = _without(text, " -")
    if not re.fullmatch(r"(19|20)[0-9]{18}", digits):
        return None
    born = nin_birth_date(digits)
    return digits if born is not None and born <= date.today() else None


def nin_birth_date(nin: str) -> date | None:
    """The birth date inside a NIN. It can be wrong in real cards: flag a difference, never refuse for it."""
    try:
        return date(int(nin[:4]), int(nin[4:6]), int(nin[6:8]))
    except ValueError:
        return None


def format_nin(nin: str) -> str:
    return f"{nin[:8]}-{nin[8:13]}-{nin[13:18]}-{nin[18:]}"


def normalise_tin(text: str) -> str | None:
    """Taxpayer number: nine digits, shown 123-456-789. Length verified; no check digit is known."""
    digits = _without(text, " -")
    return digits if re.fullmatch(r"[0-9]{9}", digits) else None


def format_tin(tin: str) -> str:
    return f"{tin[:3]}-{tin[3:6]}-{tin[6:]}"


def normalise_check_number(text: str) -> str | None:
    """Number of a public servant: digits (verified as the user name of ESS); 7 to 10 is general knowledge."""
    digits = _without(text, " -")
    return digits if re.fullmatch(r"[0-9]{7,10}", digits) else None


def normalise_passport(text: str) -> str | None:
    """Tanzanian `TAE123456` or older `AB123456`; foreign ones 6 to 12 letters and digits. General knowledge."""
    compact = _without(text, " -").upper()
    return compact if re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{6,12}", compact) else None


def normalise_plate(text: str) -> str | None:
    """Number plate, without spaces: private `T123ABC`, motorcycles `MC123ABC`, public and diplomatic ones.

    General knowledge. Only the first two letters of the family are checked, because new families appear.
    """
    compact = _without(text, " -.").upper()
    families = (
        r"T[0-9]{3}[A-Z]{3}",  # private and commercial
        r"MC[0-9]{3}[A-Z]{3}",  # motorcycles and three-wheelers
        r"(ST[A-Z]|SU|SM|DFP|PT|JW)[0-9]{2,5}[A-Z]?",  # Government, parastatals, councils, projects, forces
        r"T[0-9]{1,3}CD[0-9]{1,4}",  # diplomatic
        r"Z[0-9]{3}[A-Z]{2}",  # Zanzibar
    )
    return compact if re.fullmatch("|".join(families), compact) else None


def normalise_vrn(text: str) -> str | None:
    """VAT registration number, stored `40-012345-A`. General knowledge."""
    match = re.fullmatch(r"([0-9]{2})([0-9]{6})([A-Z])", _without(text, " -").upper())
    return "-".join(match.groups()) if match else None


def normalise_csee_index(text: str) -> str | None:
    """Examination number, stored `S0101/0001/2019`; P is a private candidate, U and E older centres.

    Its use by HESLB is verified, the shape is general knowledge.
    """
    match = re.fullmatch(r"([SPUE][0-9]{4})[/.-]([0-9]{4})[/.-]((?:19|20)[0-9]{2})", _without(text, " ").upper())
    return "/".join(match.groups()) if match else None


def normalise_driving_licence(text: str) -> str | None:
    """Ten digits. General knowledge."""
    digits = _without(text, " -")
    return digits if re.fullmatch(r"[0-9]{10}", digits) else None


def normalise_brela_number(text: str) -> str | None:
    """Company (up to nine digits) or business-name number (six or more). General knowledge."""
    digits = _without(text, " -")
    return digits if re.fullmatch(r"[0-9]{3,9}", digits) else None


def normalise_phone(text: str) -> str | None:
    """E.164, `+255712345678`. A number without a country code is Tanzanian. Source: package phonenumbers.

    Numbers move between operators: never choose a wallet or an SMS route from the prefix.
    """
    if len(text) > 40:
        return None
    try:
        number = phonenumbers.parse(text, "TZ")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(number: str) -> str:
    """`0712 345 678` for Tanzanian numbers, `+254 712 345678` for others."""
    parsed = phonenumbers.parse(number, "TZ")
    style = phonenumbers.PhoneNumberFormat
    national = parsed.country_code == 255
    return phonenumbers.format_number(parsed, style.NATIONAL if national else style.INTERNATIONAL)


def _without(text: str, characters: str) -> str:
    return text.translate({ord(character): None for character in characters}).strip()

"""One raw value, from a form or from JSON, to its one stored form; or a sentence that says what to do.

Raw values are hostile until proved otherwise: any JSON type may stand anywhere.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from portal import identifiers, places
from services.definitions.expressions import shift_months
from services.definitions.loader import vocabulary
from services.definitions.messages import long_date, say
from services.definitions.schema import Column

TEXT_LENGTH = 255
TEXTAREA_LENGTH = 2_000
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
OTHER_WARD = "other"
YES = frozenset({"on", "true", "1", "yes", "ndiyo"})
NO = frozenset({"off", "false", "0", "no", "hapana"})


@dataclass(frozen=True)
class Choice:
    value: str
    label: Any


class Refused(ValueError):
    """The value is not acceptable; `message` says what to do, `choices` what it may have meant."""

    def __init__(self, code: str, message: Any, choices: tuple[Choice, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.choices = choices


def is_blank(raw: Any) -> bool:
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_blank(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return all(is_blank(value) for value in raw)
    return raw is None


def clean_value(column: Column, raw: Any, *, today: date) -> Any:
    """A value that is not blank, of any type but a table. Raises Refused."""
    return CLEANERS[column.type](column, raw, today)


def _text(column: Column, raw: Any, _today: date) -> str:
    text = re.sub(r"\s+", " ", _as_text(raw))
    if column.validation.format:
        return _formatted(column.validation.format, text)
    _check_length(column, text, column.validation.max_length or TEXT_LENGTH)
    pattern = column.validation.regex
    if pattern and not re.fullmatch(pattern, text, re.ASCII):
        raise Refused("pattern", say(_("Check how it is written: %(label)s"), label=column.label))
    return text


def _textarea(column: Column, raw: Any, _today: date) -> str:
    text = _as_text(raw).replace("\r\n", "\n").replace("\r", "\n")
    _check_length(column, text, column.validation.max_length or TEXTAREA_LENGTH)
    return text


def _check_length(column: Column, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused("too_long", say(_("Shorten to at most %(max)s characters."), max=longest))
    shortest = column.validation.min_length or 0
    if len(text) < shortest:
        raise Refused("too_short", say(_("Write at least %(min)s characters."), min=shortest))


def _formatted(name: str, text: str) -> str:
    normalise, message = FORMATS[name]
    if (value := normalise(text)) is None:
        raise Refused(name, message)
    return value


def _integer(column: Column, raw: Any, today: date) -> int:
    text = re.sub(r"[ ,]", "", _as_text(raw))
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise Refused("integer", _("Write a whole number, in digits."))
    _check_range(column, Decimal(text), today)
    return int(text)


def _decimal(column: Column, raw: Any, today: date) -> str:
    text = re.sub(r"[ ,]", "", _as_text(raw))
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
        raise Refused("decimal", _("Write a number, in digits, with a dot before decimals."))
    number = Decimal(text)
    _check_range(column, number, today)
    return _number_text(number)


def _money(column: Column, raw: Any, today: date) -> str:
    """People write `Tsh. 22,000 /=`."""
    text = re.sub(r"(?i)^(tzs|tsh|tshs|shs|sh|usd)\.?|/[=-]$|[ ,\u00a0]", "", _as_text(raw))
    text = re.sub(r"^\.|/[=-]$", "", text)
    if not re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,2})?", text):
        raise Refused("money", _("Write the amount in digits, such as 250,000."))
    amount = Decimal(text)
    _check_range(column, amount, today)
    return _number_text(amount)


def _number_text(number: Decimal) -> str:
    """`1500`, `12.5`: one text for one number, so that a repeat changes nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check_range(column: Column, number: Decimal, today: date) -> None:
    least, most = column.validation.min, column.validation.max
    if most == "current_year":
        most = Decimal(today.year)
    if least is not None and number < least:
        raise Refused("too_small", say(_("Write %(min)s or more."), min=_readable(least)))
    if most is not None and number > most:
        raise Refused("too_large", say(_("Write %(max)s or less."), max=_readable(most)))


def _readable(number: Decimal) -> str:
    """Years have no thousands separator; nor need numbers below ten thousand."""
    return f"{number:,f}" if number >= 10_000 else f"{number:f}"


def _date(column: Column, raw: Any, today: date) -> str:
    day = _as_date(raw)
    earliest = resolve_date(column.validation.min_date, today)
    latest = resolve_date(column.validation.max_date, today)
    if earliest and day < earliest:
        raise Refused("too_early", say(_("Enter a date of %(date)s or later."), date=long_date(earliest)))
    if latest and day > latest:
        raise Refused("too_late", say(_("Enter a date of %(date)s or earlier."), date=long_date(latest)))
    return day.isoformat()


def _datetime(column: Column, raw: Any, today: date) -> str:
    """Local time in Dar es Salaam, to the minute: `2026-07-07T14:05`."""
    day: Any = raw
    if isinstance(raw, Mapping):
        clock = _as_text(raw.get("time") or "")
    else:
        day, _separator, clock = _as_text(raw).replace(" ", "T").partition("T")
    match = re.match(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?![0-9])", clock)
    if match is None:
        raise Refused("time", _("Write the time on the 24-hour clock, such as 14:05."))
    return f"{_date(column, day, today)}T{int(match[1]):02d}:{match[2]}"


def _as_date(raw: Any) -> date:
    if isinstance(raw, Mapping):
        parts = [_as_text(raw.get(name) or "") for name in ("year", "month", "day")]
    else:
        text = _as_text(raw)
        parts = re.split(r"[-/.]", text)
        if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}", text):
            parts.reverse()
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise Refused("date", _("Enter the whole date: day, month and year."))
    try:
        day = date(*(int(part) for part in parts))
    except ValueError as error:
        raise Refused("date", _("This date is not in the calendar. Check the day and the month.")) from error
    if not EARLIEST <= day <= LATEST:
        raise Refused("date", _("Write the year with four digits, such as 1998."))
    return day


def resolve_date(spec: str | None, today: date) -> date | None:
    """`today`, `today-3m`, `today+1d`, `now` or a fixed ISO date."""
    if spec is None:
        return None
    match = re.fullmatch(r"(?:today|now)(?:([+-]\d+)([dmy]))?", spec)
    if match is None:
        return date.fromisoformat(spec)
    count, unit = int(match[1] or 0), match[2]
    if unit == "d":
        return today + timedelta(days=count)
    return shift_months(today, count * (12 if unit == "y" else 1))


def _one_option(column: Column, raw: Any, _today: date) -> str:
    value = _as_text(raw)
    if value not in {option.value for option in column.options}:
        raise Refused("choice", say(_("Choose one of the answers: %(label)s"), label=column.label))
    return value


def _some_options(column: Column, raw: Any, today: date) -> list[str]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    if len(items) > len(column.options) * 2:
        raise Refused("choice", say(_("Choose one of the answers: %(label)s"), label=column.label))
    chosen = {_one_option(column, item, today) for item in items if not is_blank(item)}
    return [option.value for option in column.options if option.value in chosen]


def _checkbox(_column: Column, raw: Any, _today: date) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _as_text(raw).lower()
    if text not in YES | NO:
        raise Refused("choice", _("Tick the box or leave it empty."))
    return text in YES


def _phone(_column: Column, raw: Any, _today: date) -> str:
    if (number := identifiers.normalise_phone(_as_text(raw))) is None:
        raise Refused("phone", _("Write a phone number such as 0712 345 678, or with a country code: +254…"))
    return number


def _email(_column: Column, raw: Any, _today: date) -> str:
    address = _as_text(raw)
    try:
        EmailValidator()(address)
    except ValidationError as error:
        raise Refused("email", _("Write an email address such as jina@mfano.co.tz.")) from error
    return address


def _nin(_column: Column, raw: Any, _today: date) -> str:
    if (nin := identifiers.normalise_nin(_as_text(raw))) is None:
        raise Refused("nin", _("Write the NIDA number of 20 digits; it begins with the date of birth."))
    return nin


def _tin(_column: Column, raw: Any, _today: date) -> str:
    if (tin := identifiers.normalise_tin(_as_text(raw))) is None:
        raise Refused("tin", _("Write the TIN of 9 digits, such as 123-456-789."))
    return tin


def _ward(_column: Column, raw: Any, _today: date) -> dict[str, str]:
    code, typed = _code_and_name(raw)
    if code == OTHER_WARD or typed.startswith(f"{OTHER_WARD}:"):
        return _other_ward(typed.removeprefix(f"{OTHER_WARD}:"))
    if code and (known := places.ward(code)):
        return {"code": known.postcode, "name": known.label}
    found = places.find_wards(typed or code)
    if len(found) == 1:
        return {"code": found[0].postcode, "name": found[0].label}
    choices = tuple(Choice(ward.postcode, ward.label) for ward in found)
    as_typed = Choice(
        f"{OTHER_WARD}:{typed}"[:TEXT_LENGTH], say(_("My ward is not listed: use “%(ward)s”"), ward=typed)
    )
    if found:
        raise Refused("ward_ambiguous", _("Several wards have this name. Choose yours."), (*choices, as_typed))
    raise Refused(
        "ward_unknown",
        _("We do not know this ward. Check the name, or write its five-digit postcode."),
        (as_typed,),
    )


def _other_ward(name: str) -> dict[str, str]:
    """Zanzibar shehia and wards made after 2016 are not in the list, and their people apply all the same."""
    name = re.sub(r"\s+", " ", name).strip()
    if not 2 <= len(name) <= 100 or not any(letter.isalpha() for letter in name):
        raise Refused("ward_unknown", _("Write the name of the ward and its district."))
    return {"code": OTHER_WARD, "name": name}


def _council(column: Column, raw: Any, _today: date) -> dict[str, str]:
    code, name = _code_and_name(raw)
    council = places.council(code) or next(
        (c for c in places.councils() if places.fold(name) in (places.fold(c.name_sw), places.fold(c.name_en))),
        None,
    )
    if council is None:
        raise Refused("choice", say(_("Choose one of the answers: %(label)s"), label=column.label))
    return {"code": council.slug, "name": council.name_sw}


def _institution(column: Column, raw: Any, today: date) -> dict[str, str]:
    code, _name = _code_and_name(raw)
    entry = vocabulary().institutions.get(code)
    if entry is not None and not entry.template:
        return {"code": entry.code, "name": entry.name.sw}
    return _council(column, code, today)


def _country(column: Column, raw: Any, _today: date) -> dict[str, str]:
    code, _name = _code_and_name(raw)
    country = places.country(code)
    if country is None:
        raise Refused("choice", say(_("Choose one of the answers: %(label)s"), label=column.label))
    return {"code": country.code, "name": country.name_sw}


def _code_and_name(raw: Any) -> tuple[str, str]:
    """A place is a code or a name from a form, or `{code, name}` from JSON; only the code is believed."""
    if isinstance(raw, Mapping):
        return _as_text(raw.get("code") or ""), _as_text(raw.get("name") or "")
    text = _as_text(raw)
    if len(text) > TEXT_LENGTH:
        raise Refused("too_long", say(_("Shorten to at most %(max)s characters."), max=TEXT_LENGTH))
    return text, text


def _as_text(raw: Any) -> str:
    """Trimmed and composed; curly apostrophes become plain ones, so that Ng'wanza is always one name."""
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Refused("invalid", _("Write one plain answer here."))
    if isinstance(raw, int) and abs(raw) >= 10**18:
        raise Refused("invalid", _("Write one plain answer here."))
    text = unicodedata.normalize("NFC", str(raw)).translate(PLAIN_APOSTROPHES).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") and letter not in "\n\r\t" for letter in text):
        raise Refused("characters", _("Some characters cannot be stored. Type the answer again."))
    return text


PLAIN_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})

CLEANERS: dict[str, Callable[[Column, Any, date], Any]] = {
    "text": _text,
    "textarea": _textarea,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "radio": _one_option,
    "select": _one_option,
    "multiselect": _some_options,
    "checkbox": _checkbox,
    "phone": _phone,
    "email": _email,
    "nin": _nin,
    "tin": _tin,
    "ward": _ward,
    "council": _council,
    "country": _country,
    "institution": _institution,
}

FORMATS: dict[str, tuple[Callable[[str], str | None], Any]] = {
    "csee_index": (
        identifiers.normalise_csee_index,
        _("Write the examination number such as S0101/0001/2019."),
    ),
    "passport": (identifiers.normalise_passport, _("Write the passport number such as TAE123456.")),
    "driving_licence": (identifiers.normalise_driving_licence, _("Write the licence number of 10 digits.")),
    "plate": (identifiers.normalise_plate, _("Write the plate number such as T 123 ABC.")),
    "vrn": (identifiers.normalise_vrn, _("Write the VRN such as 40-012345-A.")),
    "brela_number": (identifiers.normalise_brela_number, _("Write the BRELA number of 3 to 9 digits.")),
    "check_number": (identifiers.normalise_check_number, _("Write the check number of 7 to 10 digits.")),
}

"""Regions, councils, wards and countries, read once from the CSV files of this folder.

A ward is known by its five-digit postcode: names repeat (twenty wards are called Majengo). The list of
wards is that of the gazette of 2016 for Mainland Tanzania: newer wards and the shehia of Zanzibar are
missing, so a form always lets a person use the name as typed. No public list says which council a ward
belongs to. Countries and their Swahili names are those of Unicode CLDR.
"""

import csv
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Region:
    code: str
    name_sw: str
    name_en: str
    headquarters: str
    zone_sw: str
    zone_en: str
    jurisdiction: str

    def name(self, language: str = "sw") -> str:
        return self.name_en if language == "en" else self.name_sw


@dataclass(frozen=True)
class Council:
    slug: str
    name_sw: str
    name_en: str
    type: str
    region: str

    def name(self, language: str = "sw") -> str:
        return self.name_en if language == "en" else self.name_sw


@dataclass(frozen=True)
class Ward:
    postcode: str
    name: str
    district: str
    region: str

    @property
    def label(self) -> str:
        """Enough to tell namesakes apart: `Majengo, Moshi, Kilimanjaro`."""
        return f"{self.name}, {self.district}, {region(self.region).name_sw}"


@dataclass(frozen=True)
class Country:
    code: str
    name_sw: str
    name_en: str

    def name(self, language: str = "sw") -> str:
        return self.name_en if language == "en" else self.name_sw


@lru_cache(maxsize=1)
def regions() -> tuple[Region, ...]:
    return tuple(Region(**row) for row in _rows("regions"))


@lru_cache(maxsize=1)
def councils() -> tuple[Council, ...]:
    return tuple(Council(**row) for row in _rows("councils"))


@lru_cache(maxsize=1)
def wards() -> tuple[Ward, ...]:
    return tuple(Ward(**row) for row in _rows("wards"))


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    return tuple(Country(**row) for row in _rows("countries"))


def region(code: str) -> Region:
    return _regions_by_code()[code]


def council(slug: str) -> Council | None:
    return _councils_by_slug().get(slug)


def ward(postcode: str) -> Ward | None:
    return _wards_by_postcode().get(postcode)


def country(code: str) -> Country | None:
    return _countries_by_code().get(code.upper())


def find_wards(text: str, limit: int = 20) -> list[Ward]:
    """Wards that the text may mean: a postcode, a name, a name with its district or region, or a beginning.

    An exact name wins over a beginning, so that `Moa` is not drowned in `Moabiti`.
    """
    if (exact := ward(text.strip())) is not None:
        return [exact]
    name, *rest = (fold(part) for part in text.split(","))
    if not name:
        return []
    by_name = _wards_by_name()
    found = by_name.get(name) or [place for key in by_name if key.startswith(name) for place in by_name[key]]
    return [place for place in found if all(part in fold(place.label) for part in rest)][:limit]


def fold(text: str) -> str:
    """For comparing names: no case, accents, spaces or punctuation (`Ng'wanza` = `ngwanza`)."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


@lru_cache(maxsize=1)
def _regions_by_code() -> dict[str, Region]:
    return {region.code: region for region in regions()}


@lru_cache(maxsize=1)
def _councils_by_slug() -> dict[str, Council]:
    return {council.slug: council for council in councils()}


@lru_cache(maxsize=1)
def _wards_by_postcode() -> dict[str, Ward]:
    return {ward.postcode: ward for ward in wards()}


@lru_cache(maxsize=1)
def _wards_by_name() -> dict[str, list[Ward]]:
    by_name: dict[str, list[Ward]] = {}
    for ward in wards():
        by_name.setdefault(fold(ward.name), []).append(ward)
    return by_name


@lru_cache(maxsize=1)
def _countries_by_code() -> dict[str, Country]:
    return {country.code: country for country in countries()}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

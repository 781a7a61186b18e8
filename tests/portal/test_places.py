import pytest

from portal.places import council, councils, countries, country, find_wards, fold, region, regions, ward, wards


def test_how_many_there_are():
    assert (len(regions()), len(councils()), len(wards())) == (31, 195, 3912)
    assert len({place.postcode for place in wards()}) == 3912
    assert len({council.slug for council in councils()}) == 195
    assert len({country.code for country in countries()}) == len(countries()) > 240


def test_everything_stands_in_a_region_we_know():
    codes = {region.code for region in regions()}

    assert {ward.region for ward in wards()} <= codes
    assert {council.region for council in councils()} == codes


def test_names_are_clean():
    for name in [place.name for place in wards()] + [place.name_sw for place in councils()]:
        assert name == " ".join(name.split())
        assert not set(name) & set('"’`\u00a0')


def test_finding_one_by_its_code():
    assert ward("11104").label == "Kisutu, Ilala CBD, Dar es Salaam"
    assert council("arusha-cc").name("en") == "Arusha City Council"
    assert council("arusha-cc").name() == "Halmashauri ya Jiji la Arusha"
    assert country("de").name("sw") == "Ujerumani"
    assert region("TZ-19").name("en") == "Coast"
    assert (ward("00000"), council("atlantis"), country("XX")) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "postcodes"),
    [
        ("11104", ["11104"]),
        (" 11104 ", ["11104"]),
        ("MANG'ULA B", ["67524"]),
        ("mangula b", ["67524"]),
        ("Majengo, Moshi CBD", ["25104"]),
        ("Majengo, Kilimanjaro, Moshi CBD", ["25104"]),
        ("Hakunakata", []),
        ("", []),
        (" , ", []),
        ("99999", []),
    ],
)
def test_finding_wards_as_people_write_them(text, postcodes):
    assert [ward.postcode for ward in find_wards(text)] == postcodes


def test_namesakes_are_all_offered_and_beginnings_too():
    assert len(find_wards("Majengo")) == 20
    assert {ward.name for ward in find_wards("Kivuko")} == {"Kivukoni"}
    assert len(find_wards("M")) == 20
    assert len(find_wards("M", limit=5)) == 5


def test_an_exact_name_is_not_drowned_by_longer_ones():
    assert {ward.name for ward in find_wards("Moa")} == {"Moa"}


def test_every_ward_is_found_by_its_own_label():
    for place in wards()[::37]:
        assert place in find_wards(place.label)


@pytest.mark.parametrize(("one", "other"), [("Ng'wanza", "NG’WANZA"), ("Dar es Salaam", "daressalaam"), ("São", "sao")])
def test_names_are_compared_without_case_accents_and_marks(one, other):
    assert fold(one) == fold(other)

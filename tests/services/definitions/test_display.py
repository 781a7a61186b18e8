import pytest

from services.definitions.display import display_value


@pytest.mark.parametrize(
    ("slug", "field", "value", "sw", "en"),
    [
        ("rita-cheti-cha-kuzaliwa", "sex", "ke", "Ke", "Female"),
        ("rita-cheti-cha-kuzaliwa", "date_of_birth", "2026-07-07", "7 Julai 2026", "7 July 2026"),
        ("rita-cheti-cha-kuzaliwa", "mother_nin", "19900101111010000123", *["19900101-11101-00001-23"] * 2),
        ("nida-kitambulisho-mbadala", "phone", "+255712345678", *["0712 345 678"] * 2),
        ("tra-tax-clearance", "tin", "123456789", *["123-456-789"] * 2),
        ("tmda-kibali-cha-kuingiza-dawa", "fob_value", "1234567.5", *["1,234,567.5"] * 2),
        ("tmda-kibali-cha-kuingiza-dawa", "origin", {"code": "KE", "name": "Kenya"}, "Kenya", "Kenya"),
        ("uhamiaji-pasipoti", "destination", {"code": "DE", "name": "Ujerumani"}, "Ujerumani", "Germany"),
        ("necta-cheti-mbadala", "exam_year", 2014, "2014", "2014"),
        ("wcf-usajili-wa-mwajiri", "employees", 1200, "1,200", "1,200"),
        (
            "ega-taarifa-ya-tukio-la-usalama",
            "detected_at",
            "2026-07-07T14:05",
            "7 Julai 2026, 14:05",
            "7 July 2026, 14:05",
        ),
        (
            "rita-cheti-cha-kuzaliwa",
            "pickup_council",
            {"code": "arusha-cc", "name": "x"},
            "Halmashauri ya Jiji la Arusha",
            "Arusha City Council",
        ),
        (
            "ega-kubadilishana-taarifa",
            "provider",
            {"code": "NIDA", "name": "x"},
            "Mamlaka ya Vitambulisho vya Taifa",
            "National Identification Authority",
        ),
        (
            "tra-kuhuisha-leseni-ya-udereva",
            "classes",
            ["A", "B"],
            *["A, B"] * 2,
        ),
    ],
)
def test_stored_answers_read_well(service, slug, field, value, sw, en):
    definition = service(slug).field(field)

    assert [display_value(definition, value, language) for language in ("sw", "en")] == [sw, en]


@pytest.mark.parametrize("value", [None, "", []])
def test_no_answer_is_an_empty_string(service, value):
    assert display_value(service("rita-cheti-cha-kuzaliwa").field("sex"), value, "sw") == ""


def test_rows_stand_on_lines_of_their_own(service):
    owners = service("brela-jina-la-biashara").field("owners")
    rows = [{"name": "Asha", "nin": None, "share": "60"}, {"name": "Juma", "nin": None, "share": "40"}]

    assert display_value(owners, rows, "en") == "Name: Asha; Share %: 60\nName: Juma; Share %: 40"

"""The one validator: what it accepts, how it stores it, and what it says to everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.places import find_wards
from services.definitions.answers import (
    LARGEST_RAW,
    check_all,
    clean_section,
    drop_hidden,
    flags,
    prefill_values,
    section_state,
    visible_fields,
    visible_sections,
)
from services.definitions.loader import load_all
from services.definitions.schema import Definition
from tests.services.answer_factory import valid_answers
from tests.services.definitions.conftest import TODAY, patiently

KISUTU = {"code": "11104", "name": "Kisutu, Ilala CBD, Dar es Salaam"}


def definition_of(**field) -> Definition:
    """The smallest service with one field, to try one type at a time."""
    base = next(d for d in load_all() if d.slug == "tra-tax-clearance").as_data()
    words = {"sw": "Swali", "en": "Question"}
    question = {"name": "q", "label": words, "purpose": "decide", "retention": "case", **field}
    return Definition.model_validate(
        base | {"sections": [{"key": "only", "label": words, "fields": [question]}], "documents": []}
    )


def clean_one(raw, *, answers=None, known=None, **field):
    cleaned = clean_section(definition_of(**field), "only", {"q": raw}, answers or {}, today=TODAY, known=known)
    return cleaned.values.get("q"), [error.code for error in cleaned.errors.get("q", [])]


@pytest.mark.parametrize(
    ("field", "raw", "stored"),
    [
        ({"type": "text"}, "  Ng’wanza   wa  Mwanza ", "Ng'wanza wa Mwanza"),
        ({"type": "text"}, ["Asha"], "Asha"),
        ({"type": "text"}, 12, "12"),
        ({"type": "text"}, "mstari\nwa pili", "mstari wa pili"),
        ({"type": "textarea"}, "mstari\r\nwa pili", "mstari\nwa pili"),
        ({"type": "text", "validation": {"format": "plate"}}, "t 123 abc", "T123ABC"),
        ({"type": "text", "validation": {"format": "csee_index"}}, "s0101.0001.2019", "S0101/0001/2019"),
        ({"type": "integer"}, "1,200", 1200),
        ({"type": "integer"}, 7, 7),
        ({"type": "decimal"}, "12.50", "12.5"),
        ({"type": "decimal"}, 0.5, "0.5"),
        ({"type": "decimal"}, "100", "100"),
        ({"type": "money"}, "Tsh. 22,000 /=", "22000"),
        ({"type": "money"}, "TZS 1,500.50", "1500.5"),
        ({"type": "money"}, 250000, "250000"),
        ({"type": "date"}, {"day": "7", "month": "7", "year": "2026"}, "2026-07-07"),
        ({"type": "date"}, "07/08/2026", "2026-08-07"),
        ({"type": "date"}, "2026-08-07", "2026-08-07"),
        ({"type": "datetime"}, {"day": "7", "month": "7", "year": "2026", "time": "9.05"}, "2026-07-07T09:05"),
        ({"type": "datetime"}, "2026-07-07T14:05", "2026-07-07T14:05"),
        ({"type": "checkbox"}, "on", True),
        ({"type": "checkbox"}, False, False),
        ({"type": "phone"}, "0712 345 678", "+255712345678"),
        ({"type": "phone"}, "+254 712 345678", "+254712345678"),
        ({"type": "email"}, " asha@mfano.co.tz ", "asha@mfano.co.tz"),
        ({"type": "nin", "sensitive": True}, "19900101-11101-00001-23", "19900101111010000123"),
        ({"type": "tin"}, "123-456-789", "123456789"),
        ({"type": "ward"}, "11104", KISUTU),
        ({"type": "ward"}, "mang'ula b", {"code": "67524", "name": "Mang'ula B, Kilombero, Morogoro"}),
        ({"type": "ward"}, "Majengo, Moshi CBD", {"code": "25104", "name": "Majengo, Moshi CBD, Kilimanjaro"}),
        ({"type": "ward"}, {"code": "11104", "name": "Uongo"}, KISUTU),
        ({"type": "ward"}, "other:Makunduchi, Kusini", {"code": "other", "name": "Makunduchi, Kusini"}),
        ({"type": "council"}, "arusha-cc", {"code": "arusha-cc", "name": "Halmashauri ya Jiji la Arusha"}),
        ({"type": "council"}, "Arusha City Council", {"code": "arusha-cc", "name": "Halmashauri ya Jiji la Arusha"}),
        ({"type": "country"}, "ke", {"code": "KE", "name": "Kenya"}),
        ({"type": "institution"}, "NIDA", {"code": "NIDA", "name": "Mamlaka ya Vitambulisho vya Taifa"}),
        ({"type": "institution"}, "mbeya-cc", {"code": "mbeya-cc", "name": "Halmashauri ya Jiji la Mbeya"}),
    ],
)
def test_one_stored_form(field, raw, stored):
    value, errors = clean_one(raw, **field)

    assert (value, errors) == (stored, [])
    assert type(value) is type(stored)
    assert clean_one(value, **field) == (stored, [])  # what is stored is accepted again as it is


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ({"type": "text"}, "x" * 256, "too_long"),
        ({"type": "text", "validation": {"max_length": 3}}, "xxxx", "too_long"),
        ({"type": "text", "validation": {"min_length": 3}}, "xx", "too_short"),
        ({"type": "text", "validation": {"regex": "^[0-9]{3}$"}}, "١٢٣", "pattern"),
        ({"type": "text", "validation": {"regex": "^[0-9]{3}$"}}, "123x", "pattern"),
        ({"type": "text"}, "a\x00b", "characters"),
        ({"type": "text"}, "a\ud800b", "characters"),
        ({"type": "text"}, {"a": "b"}, "invalid"),
        ({"type": "text"}, ["a", "b"], "invalid"),
        ({"type": "text"}, True, "invalid"),
        ({"type": "textarea"}, "x" * 2001, "too_long"),
        ({"type": "integer"}, "kumi", "integer"),
        ({"type": "integer"}, "1.5", "integer"),
        pytest.param({"type": "integer"}, 10**5000, "invalid", id="an integer of 5,000 digits"),
        ({"type": "integer"}, True, "invalid"),
        ({"type": "integer", "validation": {"min": 1}}, "0", "too_small"),
        ({"type": "integer", "validation": {"max": "current_year"}}, "2027", "too_large"),
        ({"type": "decimal"}, "NaN", "decimal"),
        ({"type": "decimal"}, float("inf"), "decimal"),
        ({"type": "decimal"}, "1e99", "decimal"),
        ({"type": "money"}, "-5", "money"),
        ({"type": "money"}, "9" * 14, "money"),
        ({"type": "date"}, {"day": "31", "month": "2", "year": "2026"}, "date"),
        ({"type": "date"}, {"day": "1", "month": "", "year": "2026"}, "date"),
        ({"type": "date"}, {"day": "1", "month": "1", "year": "26"}, "date"),
        ({"type": "date"}, {"day": ["1"], "month": {"x": 1}, "year": None}, "invalid"),
        ({"type": "date", "validation": {"max_date": "today"}}, "2026-11-25", "too_late"),
        ({"type": "date", "validation": {"max_date": "today-3m"}}, "2026-08-25", "too_late"),
        ({"type": "date", "validation": {"min_date": "today+1d"}}, "2026-11-24", "too_early"),
        ({"type": "datetime"}, {"day": "1", "month": "1", "year": "2026", "time": "25:00"}, "time"),
        ({"type": "datetime"}, "2026-01-01", "time"),
        ({"type": "phone"}, "0640 000 000", "phone"),
        ({"type": "phone"}, "9" * 500, "phone"),
        ({"type": "email"}, "asha@", "email"),
        ({"type": "nin", "sensitive": True}, "1990010111101000012", "nin"),
        ({"type": "nin", "sensitive": True}, "19901301111010000123", "nin"),
        ({"type": "tin"}, "12345678", "tin"),
        ({"type": "ward"}, "Majengo", "ward_ambiguous"),
        ({"type": "ward"}, "Hakunakata", "ward_unknown"),
        ({"type": "ward"}, "other:1", "ward_unknown"),
        ({"type": "council"}, "atlantis-cc", "choice"),
        ({"type": "country"}, "XX", "choice"),
        ({"type": "institution"}, "LGA", "choice"),
    ],
)
def test_what_is_refused_says_why_and_is_not_stored(field, raw, code):
    assert clean_one(raw, **field) == (None, [code])


OPTIONS = [{"value": value, "label": {"sw": value, "en": value}} for value in ("a", "b", "c")]


def test_choices_are_those_of_the_definition():
    assert clean_one("b", type="radio", options=OPTIONS) == ("b", [])
    assert clean_one("d", type="select", options=OPTIONS) == (None, ["choice"])
    assert clean_one(["c", "a", "a"], type="multiselect", options=OPTIONS) == (["a", "c"], [])
    assert clean_one("c", type="multiselect", options=OPTIONS) == (["c"], [])
    assert clean_one(["a", "d"], type="multiselect", options=OPTIONS) == (None, ["choice"])
    assert clean_one(["a"] * 100, type="multiselect", options=OPTIONS) == (None, ["choice"])


@pytest.mark.parametrize("raw", [None, "", "   ", [], {}, [""], {"day": "", "month": " ", "year": ""}])
def test_empty_is_empty_in_every_shape(raw):
    assert clean_one(raw, type="text") == (None, [])
    assert clean_one(raw, type="text", required=True) == (None, ["required"])


def test_a_declaration_must_be_ticked():
    assert clean_one("", type="checkbox", required=True) == (False, ["required"])
    assert clean_one("off", type="checkbox", required=True) == (False, ["required"])
    assert clean_one("", type="checkbox") == (False, [])


def test_an_unclear_ward_offers_what_it_may_be():
    cleaned = clean_section(definition_of(type="ward"), "only", {"q": "Muungano"}, {}, today=TODAY)
    choices = cleaned.errors["q"][0].choices

    assert len(choices) == 10
    assert {choice.value for choice in choices[:-1]} == {ward.postcode for ward in find_wards("Muungano")}
    assert (choices[-1].value, str(choices[-1].label)) == (
        "other:Muungano",
        "My ward is not listed: use “Muungano”",
    )


def test_sentences_say_what_to_do_in_the_readers_language(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    errors = clean_section(birth, "parents", {"mother_nin": "123"}, {}, today=TODAY).errors

    assert str(errors["mother_name"][0].message) == "Fill in: Mother full name"
    assert str(errors["mother_nin"][0].message) == (
        "Write the NIDA number of 20 digits; it begins with the date of birth."
    )


def test_unknown_fields_are_refused_and_not_kept(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    raw = {"mother_name": "Asha", "status": "approved", "registration_type": "ndani_90"}

    cleaned = clean_section(birth, "parents", raw, {}, today=TODAY)

    assert {name: errors[0].code for name, errors in cleaned.errors.items()} == {
        "status": "unknown_field",
        "registration_type": "unknown_field",
    }
    assert set(cleaned.values) == {"mother_name", "mother_nin", "father_name", "father_nin"}
    assert check_all(birth, {"status": "approved"}, today=TODAY)[""]["status"][0].code == "unknown_field"


def test_hidden_answers_are_dropped(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    raw = {"birth_place_type": "nyumbani", "facility_name": "Muhimbili", "birth_ward": "11104"}

    cleaned = clean_section(birth, "birth", raw, {"registration_type": "zaidi_miaka_10"}, today=TODAY)

    assert cleaned.is_valid
    assert cleaned.values["facility_name"] is None
    assert [field.name for field in visible_fields(birth, "birth", cleaned.values)] == [
        "birth_place_type",
        "birth_ward",
    ]


def test_a_condition_can_look_at_another_section(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    raw = {"birth_place_type": "nyumbani", "birth_ward": "11104"}

    cleaned = clean_section(birth, "birth", raw, {"registration_type": "ndani_90"}, today=TODAY)

    assert [error.code for error in cleaned.errors["notification_number"]] == ["required"]


def test_changing_an_answer_drops_what_hung_on_it(service):
    licence = service("nida-kitambulisho-mbadala")
    answers = valid_answers(licence, today=TODAY, reason="kubadili_taarifa", change_type="jina")

    kept = drop_hidden(licence, answers | {"reason": "kuharibika"})

    assert set(answers) - set(kept) == {"change_type", "new_value"}


@pytest.mark.parametrize(
    ("born", "since", "agrees"),
    [
        ("2026-08-26", "ndani_90", True),
        ("2026-08-25", "ndani_90", False),
        ("2026-08-25", "siku_91_miaka_10", True),
        ("2026-08-26", "siku_91_miaka_10", False),
        ("2016-11-25", "siku_91_miaka_10", True),
        ("2016-11-24", "siku_91_miaka_10", False),
        ("2016-11-24", "zaidi_miaka_10", True),
        ("2016-11-25", "zaidi_miaka_10", False),
    ],
)
def test_the_time_since_birth_agrees_with_the_date(service, born, since, agrees):
    raw = {
        "registration_type": since,
        "child_first_name": "Neema",
        "child_surname": "Juma",
        "sex": "ke",
        "date_of_birth": born,
    }

    errors = clean_section(service("rita-cheti-cha-kuzaliwa"), "child", raw, {}, today=TODAY).errors

    assert {name: [error.code for error in found] for name, found in errors.items()} == (
        {} if agrees else {"date_of_birth": ["rule"]}
    )


@pytest.mark.parametrize(
    ("start", "end", "balance", "agrees"),
    [
        ("2026-12-01", "2026-12-01", 1, True),
        ("2026-12-02", "2026-12-01", 28, False),
        ("2026-12-07", "2026-12-11", 4, True),  # 9 December is a holiday
        ("2026-12-07", "2026-12-11", 3, False),
        ("2026-12-01", "2100-12-31", 28, False),
    ],
)
def test_leave_fits_the_remaining_working_days(service, start, end, balance, agrees):
    leave = service("utumishi-likizo-ya-mwaka")
    raw = {"start_date": start, "end_date": end, "leave_address": "Moshi", "leave_phone": "0712345678"}

    errors = clean_section(leave, "dates", raw, {"balance": balance}, today=TODAY).errors

    assert ("end_date" in errors) is not agrees


@pytest.mark.parametrize(
    ("kind", "born", "leaves", "agrees"),
    [
        ("hiari", "1970-01-01", "2027-06-01", True),
        ("hiari", "1970-01-01", "2027-05-01", False),  # less than six months ahead
        ("hiari", "1980-01-01", "2027-06-01", False),  # 47
        ("lazima", "1967-03-01", "2027-03-01", True),
        ("lazima", "1967-03-01", "2027-03-02", False),
        ("ugonjwa", "1990-03-01", "2027-03-02", True),
    ],
)
def test_the_day_of_retirement(service, kind, born, leaves, agrees):
    raw = {"check_number": "1122334", "retirement_type": kind, "date_of_birth": born, "retirement_date": leaves}

    errors = clean_section(service("utumishi-kustaafu"), "retirement", raw, {}, today=TODAY).errors

    assert ("retirement_date" in errors) is not agrees


@pytest.mark.parametrize(("birth", "weeks", "days"), [("mmoja", None, 84), ("mapacha", None, 100), ("njiti", 30, 154)])
def test_computed_days_are_worked_out_whatever_was_sent(service, birth, weeks, days):
    leave = service("utumishi-likizo-ya-uzazi")
    answers = {"birth_type": birth, "gestation_weeks": weeks, "expected_date": "2026-12-20"}

    cleaned = clean_section(leave, "leave", {"start_date": "2026-12-01", "days": 900}, answers, today=TODAY)

    assert cleaned.values["days"] == days
    assert cleaned.is_valid


def test_a_computed_value_is_not_guessed_from_missing_answers(service):
    leave = service("utumishi-likizo-ya-uzazi")

    cleaned = clean_section(leave, "leave", {"start_date": "2026-12-01", "days": 900}, {}, today=TODAY)

    assert cleaned.values["days"] is None


def test_a_locked_value_is_the_servers_and_not_the_clients(service):
    leave = service("utumishi-likizo-ya-mwaka")
    known = {"employee.leave_balance": 3, "employee.check_number": "11223344"}
    raw = {"check_number": "99999999", "leave_year": "2026/2027", "balance": "56"}

    cleaned = clean_section(leave, "employee", raw, {}, today=TODAY, known=known)

    assert cleaned.values == {"check_number": "11223344", "leave_year": "2026/2027", "balance": 3}
    assert clean_section(leave, "employee", raw, {}, today=TODAY).values["balance"] == 56


def test_what_is_known_is_offered_but_may_be_changed(service):
    card = service("nida-kitambulisho-mbadala")
    known = {"profile.phone": "+255712345678", "profile.tin": "123456789"}

    assert prefill_values(card, "collection", known) == {"phone": "+255712345678"}
    assert prefill_values(card, "card", known) == {}


def test_rows_of_a_table(service):
    name = service("brela-jina-la-biashara")
    owners = [
        {"name": "Asha", "nin": "", "share": "60"},
        {"name": "", "nin": "", "share": ""},
        {"name": "", "nin": "12", "share": "101", "role": "boss"},
    ]
    raw = {"owner_type": "ubia", "owner_citizen": "ndiyo", "owners": owners}

    cleaned = clean_section(name, "owners", raw, {}, today=TODAY)

    assert {key: [error.code for error in found] for key, found in cleaned.errors.items()} == {
        "owners-2-name": ["required"],
        "owners-2-nin": ["nin"],
        "owners-2-share": ["too_large"],
        "owners-2-role": ["unknown_field"],
    }
    assert cleaned.values["owners"][0] == {"name": "Asha", "nin": None, "share": "60"}
    assert len(cleaned.values["owners"]) == 2


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "required"),
        ([{"name": "", "share": ""}], "required"),
        ([{"name": "A", "share": "1"}] * 21, "too_many_rows"),
        ("Asha", "invalid"),
        (["Asha"], "invalid"),
        ({"0": {"name": "Asha"}}, "invalid"),
    ],
)
def test_too_few_too_many_or_no_rows(service, rows, code):
    raw = {"owner_type": "ubia", "owner_citizen": "ndiyo", "owners": rows}

    cleaned = clean_section(service("brela-jina-la-biashara"), "owners", raw, {}, today=TODAY)

    assert [error.code for error in cleaned.errors["owners"]] == [code]
    assert cleaned.values["owners"] is None


def test_a_table_has_a_least_number_of_rows(service):
    raw = {"scores": [{"year": "2024", "score": "80"}, {"year": "2025", "score": "81"}]}

    cleaned = clean_section(service("utumishi-kupandishwa-cheo"), "appraisal", raw, {}, today=TODAY)

    assert str(cleaned.errors["scores"][0].message) == "Add at least 3 rows: Appraisal scores, 3 years"


def test_too_much_at_once_is_refused_before_it_is_read(service):
    raw = {"mother_name": "x" * (LARGEST_RAW + 1)}
    deep: dict = {}
    for _level in range(50):
        deep = {"a": deep}

    for hostile in (raw, {"mother_name": deep}, {f"k{n}": "x" * 50 for n in range(5000)}):
        cleaned = clean_section(service("rita-cheti-cha-kuzaliwa"), "parents", hostile, {}, today=TODAY)
        assert cleaned.values == {}
        assert [error.code for error in cleaned.errors[""]] == ["too_large"]


def test_states_of_a_section(service):
    birth = service("rita-cheti-cha-kuzaliwa")
    parents = birth.section("parents")

    assert section_state(birth, parents, {}, today=TODAY) == "not_started"
    assert section_state(birth, parents, {"father_name": "Juma"}, today=TODAY) == "in_progress"
    assert section_state(birth, parents, {"mother_name": "Asha"}, today=TODAY) == "complete"


def test_flags_are_for_the_officer_and_stop_nobody(service):
    name = service("brela-jina-la-biashara")
    leave = service("utumishi-likizo-ya-uzazi")
    early = {"expected_date": "2026-12-31", "start_date": "2026-12-01"}

    assert [(flag.field, str(flag.message)) for flag in flags(name, {"proposed_name": "Neema"}, today=TODAY)] == [
        ("proposed_name", "Search the register for: Proposed name")
    ]
    assert [flag.field for flag in flags(leave, early, today=TODAY)] == ["start_date"]
    assert clean_section(leave, "leave", {"start_date": "2026-12-01"}, early, today=TODAY).is_valid


any_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.sampled_from(["me", "11104"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=6,
)


@patiently
@given(st.sampled_from(load_all()), st.data())
def test_nothing_that_json_can_say_breaks_the_validator(definition, data):
    section = data.draw(st.sampled_from(definition.sections))
    names = [field.name for field in section.fields]
    raw = data.draw(st.dictionaries(st.sampled_from([*names, "stranger"]), any_json, max_size=6))

    cleaned = clean_section(definition, section.key, raw, {}, today=TODAY)

    assert set(cleaned.values) <= set(names)
    for found in cleaned.errors.values():
        assert all(str(error.message) for error in found)


@patiently
@given(st.sampled_from(load_all()), st.data())
def test_dropping_hidden_answers_twice_is_dropping_them_once(definition, data):
    values = st.one_of(
        st.sampled_from([option.value for field in definition.fields() for option in field.options] or ["x"]), st.none()
    )
    answers = data.draw(st.dictionaries(st.sampled_from([field.name for field in definition.fields()]), values))

    kept = drop_hidden(definition, answers)

    assert drop_hidden(definition, kept) == kept
    assert visible_sections(definition, kept) == visible_sections(definition, answers)

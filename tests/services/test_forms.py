"""A section as a page without a script: what is drawn, what comes back, and that nothing typed is lost."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import lxml.html
import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from services.definitions.answers import clean_section
from services.definitions.loader import load_all
from services.definitions.schema import Definition, Field
from services.forms import FieldView, SectionPage, parse_post
from tests.services.answer_factory import post_data, valid_answers
from tests.services.definitions.conftest import patiently

BY_SLUG = {definition.slug: definition for definition in load_all()}
BIRTH = BY_SLUG["rita-cheti-cha-kuzaliwa"]
NAME = BY_SLUG["brela-jina-la-biashara"]
LEAVE = BY_SLUG["utumishi-likizo-ya-mwaka"]

every_service = pytest.mark.parametrize("definition", BY_SLUG.values(), ids=BY_SLUG)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def posted(**data: Any) -> QueryDict:
    query = QueryDict("", mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def html(page: SectionPage) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(
        render_to_string("services/forms/section_fields.html", {"page": page}), create_parent="form"
    )


def field(page: SectionPage, name: str) -> FieldView:
    return next(view for view in page.fields if view.name == name)


def sent_back(form: lxml.html.HtmlElement) -> dict[str, Any]:
    """What a browser would post from the page as it stands."""
    data: dict[str, list[str]] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data


@every_service
def test_saved_answers_come_back_from_the_page_unchanged(definition: Definition):
    answers = valid_answers(definition, today=timezone.localdate())

    for section in definition.sections:
        page = SectionPage(definition, section.key, answers)
        raw, changed = parse_post(definition, section.key, posted(**sent_back(html(page))), answers)
        cleaned = clean_section(definition, section.key, raw, answers, today=timezone.localdate())
        kept = {name: value for name, value in cleaned.values.items() if value is not None}

        assert (changed, cleaned.errors) == (False, {})
        assert kept == {name: answers[name] for name in kept}


@every_service
def test_what_the_factory_posts_is_what_a_browser_posts(definition: Definition):
    answers = valid_answers(definition, today=timezone.localdate())

    for section in definition.sections:
        raw, _changed = parse_post(definition, section.key, posted(**post_data(definition, section.key, answers)))
        cleaned = clean_section(definition, section.key, raw, answers, today=timezone.localdate())

        assert cleaned.errors == {}


@every_service
@pytest.mark.parametrize("language", ["sw", "en"])
def test_every_control_has_one_label_and_known_descriptions(definition: Definition, language: str):
    for section in definition.sections:
        errors = clean_section(definition, section.key, {}, {}, today=timezone.localdate()).errors
        page = SectionPage(definition, section.key, {}, raw={}, field_errors=errors, language=language)
        form = html(page)
        ids = [element.get("id") for element in form.iter() if element.get("id")]

        assert len(ids) == len(set(ids))
        for control in form.xpath(".//input[not(@type='hidden')] | .//select | .//textarea"):
            labels = form.xpath(f".//label[@for='{control.get('id')}']") + control.xpath("ancestor::label")
            assert len(labels) == 1, control.get("name")
        for element in form.xpath(".//*[@aria-describedby]"):
            assert set(element.get("aria-describedby").split()) <= set(ids)
        for error in page.errors:
            assert error.anchor in ids
        assert not form.xpath(".//script | .//style | .//*[@style] | .//*[@onclick]")


def test_a_date_is_three_boxes_and_keeps_what_was_typed():
    raw, changed = parse_post(
        BIRTH,
        "child",
        posted(**{"date_of_birth-day": "31", "date_of_birth-month": "2", "date_of_birth-year": "2026"}),
    )
    errors = clean_section(BIRTH, "child", raw, {}, today=date(2026, 11, 24)).errors
    page = SectionPage(BIRTH, "child", {}, raw=raw, field_errors=errors)

    assert not changed
    assert raw == {"date_of_birth": {"day": "31", "month": "2", "year": "2026"}}
    assert [(part.id, part.value) for part in field(page, "date_of_birth").parts] == [
        ("date_of_birth", "31"),
        ("date_of_birth-month", "2"),
        ("date_of_birth-year", "2026"),
    ]
    assert field(page, "date_of_birth").errors == ("This date is not in the calendar. Check the day and the month.",)


def test_several_boxes_come_back_as_a_list():
    raw, _changed = parse_post(BY_SLUG["tra-kuhuisha-leseni-ya-udereva"], "licence", posted(classes=["A", "B"]))

    assert raw == {"classes": ["A", "B"]}


def test_rows_are_added_and_removed_without_losing_any():
    rows = {"owners-0-name": "Asha", "owners-0-share": "60", "owners-3-name": "Juma", "owners-3-share": "x"}

    raw, changed = parse_post(NAME, "owners", posted(**rows, **{"add:owners": "1"}))
    assert changed
    assert [row.get("name") for row in raw["owners"]] == ["Asha", "Juma", None]

    raw, changed = parse_post(NAME, "owners", posted(**rows, **{"remove:owners:0": "1"}))
    assert changed
    assert raw["owners"] == [{"name": "Juma", "share": "x"}]

    page = SectionPage(NAME, "owners", {}, raw=raw)
    assert field(page, "owners").rows[0].fields[0].value == "Juma"


@pytest.mark.parametrize("button", ["add:owner_type", "remove:owners:9", "remove:owners:x", "add:", "remove:nothing:0"])
def test_a_forged_row_button_does_nothing(button: str):
    raw, _changed = parse_post(NAME, "owners", posted(**{"owners-0-name": "Asha", button: "1"}))

    assert raw == {"owners": [{"name": "Asha"}]}


def test_no_more_rows_than_the_definition_allows():
    rows = {f"owners-{index}-name": "Asha" for index in range(20)}

    raw, changed = parse_post(NAME, "owners", posted(**rows, **{"add:owners": "1"}))

    assert changed
    assert len(raw["owners"]) == 20
    assert not field(SectionPage(NAME, "owners", {}, raw=raw), "owners").can_add


def test_the_enter_key_saves_and_never_removes_a_row():
    rows = [{"name": "Asha", "nin": None, "share": "60"}, {"name": "Juma", "nin": None, "share": "40"}]
    buttons = html(SectionPage(NAME, "owners", {"owners": rows})).xpath(".//button")

    assert [button.get("name") for button in buttons] == ["then", "remove:owners:0", "remove:owners:1", "add:owners"]


def test_errors_of_a_row_stand_beside_its_cell():
    raw, _changed = parse_post(
        NAME, "owners", posted(**{"owners-0-name": "", "owners-1-name": "Asha", "owners-1-share": "200"})
    )
    errors = clean_section(NAME, "owners", raw, {}, today=date(2026, 11, 24)).errors
    page = SectionPage(NAME, "owners", {}, raw=raw, field_errors=errors)

    assert field(page, "owners").rows[1].fields[2].errors == ("Write 100 or less.",)
    assert [(error.anchor, error.text) for error in page.errors] == [
        ("owner_type", "Choose: Ownership"),
        ("owner_citizen", "Choose: Is the owner a citizen?"),
        ("owners-1-share", "Write 100 or less."),
    ]


def test_an_unclear_ward_is_chosen_on_the_same_page():
    raw, _changed = parse_post(NAME, "business", posted(ward="Muungano"))
    errors = clean_section(NAME, "business", raw, {}, today=date(2026, 11, 24)).errors
    page = SectionPage(NAME, "business", {}, raw=raw, field_errors=errors)
    choice = field(page, "ward").choices[0]

    assert field(page, "ward").value == "Muungano"
    assert len(html(page).xpath(".//input[@name='ward-choice']")) == 10

    raw, _changed = parse_post(NAME, "business", posted(**{"ward": "Muungano", "ward-choice": choice.value}))
    cleaned = clean_section(NAME, "business", raw, {}, today=date(2026, 11, 24))
    assert cleaned.values["ward"]["code"] == choice.value
    assert "ward" not in cleaned.errors


@pytest.mark.parametrize(
    ("typed", "choice", "raw"),
    [
        ("Kivukoni, Ilala CBD", "21107", "Kivukoni, Ilala CBD"),
        ("Kivukoni, Ilala CBD", "other:Makunduchi", "Kivukoni, Ilala CBD"),
        ("Makunduchi", "other:Makunduchi", "other:Makunduchi"),
        ("Muungano", "99999", "Muungano"),
    ],
)
def test_a_choice_counts_only_for_the_ward_it_was_offered_for(typed: str, choice: str, raw: str):
    assert parse_post(NAME, "business", posted(**{"ward": typed, "ward-choice": choice})).raw == {"ward": raw}


def test_a_ward_that_is_not_listed_stays_chosen():
    answers = {"ward": {"code": "other", "name": "Makunduchi"}}
    form = html(SectionPage(NAME, "business", answers))

    raw, _changed = parse_post(NAME, "business", posted(**sent_back(form)))
    assert raw["ward"] == "other:Makunduchi"


def test_a_question_that_comes_up_is_shown_before_it_is_called_empty():
    page = SectionPage(BIRTH, "birth", {})
    first = posted(shown=page.shown, birth_place_type="kituo", birth_ward="11104")

    raw, changed = parse_post(BIRTH, "birth", first)
    again = SectionPage(BIRTH, "birth", {}, raw=raw)
    assert changed
    assert [(view.name, view.is_new) for view in again.fields] == [
        ("birth_place_type", False),
        ("facility_name", True),
        ("birth_ward", False),
    ]
    assert "New question" in html(again).text_content()

    second = posted(shown=again.shown, birth_place_type="kituo", facility_name="", birth_ward="11104")
    raw, changed = parse_post(BIRTH, "birth", second)
    assert not changed
    assert set(clean_section(BIRTH, "birth", raw, {}, today=date(2026, 11, 24)).errors) == {"facility_name"}


def test_a_question_that_goes_away_changes_nothing_else():
    page = SectionPage(BIRTH, "birth", {"birth_place_type": "kituo"})

    raw, changed = parse_post(
        BIRTH,
        "birth",
        posted(shown=page.shown, birth_place_type="nyumbani", facility_name="Muhimbili", birth_ward="11104"),
    )

    assert not changed
    assert clean_section(BIRTH, "birth", raw, {}, today=date(2026, 11, 24)).is_valid


def test_unknown_inputs_reach_the_validator_but_buttons_do_not():
    raw, _changed = parse_post(
        BIRTH,
        "parents",
        posted(csrfmiddlewaretoken="t", then="next", shown="mother_name", evil="1", mother_name="Asha"),
    )

    assert raw == {"mother_name": "Asha", "evil": "1"}


def test_known_and_computed_values_are_shown_and_not_asked():
    known = {"employee.leave_balance": 28, "employee.check_number": "11223344"}
    page = SectionPage(LEAVE, "employee", {}, known=known)
    maternity = SectionPage(BY_SLUG["utumishi-likizo-ya-uzazi"], "leave", {"days": 84})

    assert field(page, "balance").value == "28"
    assert sent_back(html(page)) == {"shown": ["check_number leave_year balance"], "leave_year": [""]}
    assert field(maternity, "days").value == "84"
    assert not html(maternity).xpath(".//input[@name='days']")


def test_what_is_known_but_not_locked_stands_in_the_box():
    page = SectionPage(BY_SLUG["nida-kitambulisho-mbadala"], "collection", {}, known={"profile.phone": "+255712345678"})
    phone = field(page, "phone")

    assert (phone.value, phone.autocomplete, phone.inputmode, phone.input_type) == ("0712 345 678", "tel", "tel", "tel")


def test_councils_stand_under_their_region_and_institutions_before_them():
    council = field(
        SectionPage(BIRTH, "collection", {"pickup_council": {"code": "mbeya-cc", "name": "x"}}), "pickup_council"
    )
    provider = field(SectionPage(BY_SLUG["ega-kubadilishana-taarifa"], "institutions", {}), "provider")

    assert sum(len(group.options) for group in council.groups) == 195
    assert [option.value for group in council.groups for option in group.options if option.selected] == ["mbeya-cc"]
    assert provider.groups[0].label == "Central Government"
    assert "LGA" not in {option.value for option in provider.groups[0].options}


def test_what_was_typed_is_escaped():
    raw, _changed = parse_post(BIRTH, "parents", posted(mother_name='"><script>alert(1)</script>'))
    page = render_to_string("services/forms/section_fields.html", {"page": SectionPage(BIRTH, "parents", {}, raw=raw)})

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_labels_follow_the_language():
    assert field(SectionPage(BIRTH, "parents", {}, language="sw"), "mother_name").label == "Jina kamili la mama"
    assert SectionPage(BIRTH, "parents", {}, language="sw").title == "Wazazi"
    assert SectionPage(BIRTH, "parents", {}).title == "Parents"


@patiently
@given(st.sampled_from(list(BY_SLUG.values())), st.data())
def test_whatever_was_typed_is_drawn_again(definition: Definition, data: st.DataObject):
    section = data.draw(st.sampled_from(definition.sections))
    names = [name for item in section.fields for name in input_names(item)]
    typed = data.draw(st.dictionaries(st.sampled_from(names), st.text(max_size=12) | st.sampled_from(AWKWARD)))

    raw, _changed = parse_post(definition, section.key, posted(**typed))
    errors = clean_section(definition, section.key, raw, {}, today=date(2026, 11, 24)).errors
    page = SectionPage(definition, section.key, {}, raw=raw, field_errors=errors)

    assert [view.name for view in page.fields] == page.shown.split()
    assert render_to_string("services/forms/section_fields.html", {"page": page})


AWKWARD = ["+", "+255", "other:", "99999", "0", "-1", "<b>", "\x00", "on", "ndiyo", "12/13/2026", "{}"]


def input_names(item: Field) -> list[str]:
    parts = [f"{item.name}-{part}" for part in ("day", "month", "year", "time", "choice")]
    cells = [f"{item.name}-0-{column.name}" for column in item.columns]
    return [item.name, *parts, *cells]

"""Outputs: what a definition and its answers become, for how long it is valid, and what stays off the paper."""

import json
from datetime import date

import pytest
from pypdfium2 import PdfDocument

from portal.pdf.engine import render
from portal.pdf.furniture import furniture
from portal.qr import qr_svg_for_print
from services.definitions.loader import load_all
from services.definitions.schema import Validity
from services.definitions.texts import Text
from services.outputs import build_output, expiry_date, template_for
from services.outputs.twin import twin_of
from tests.services.answer_factory import valid_answers

OFFICE = Text(sw="Msajili Mkuu", en="Registrar General")
INSTITUTION = Text(sw="Wakala wa Usajili", en="Registration Agency")
SAMPLES = {
    "text": "Ng'wanza & Wenzake", "textarea": "Mstari wa kwanza\nMstari wa pili", "integer": 12, "decimal": "12.5",
    "money": "1500000", "date": "2026-03-01", "datetime": "2026-03-01T09:30", "checkbox": True,
    "phone": "+255712345678", "email": "asha@example.tz", "nin": "19980214151010000123", "tin": "123456789",
    "ward": {"code": "33101", "name": "Nyampulukano"}, "council": {"code": "hakuna", "name": "Sengerema"},
    "country": {"code": "XX", "name": "Kwingine"}, "institution": {"code": "HAKUNA", "name": "Taasisi"},
}  # fmt: skip


def sample(field):
    if field.type in {"radio", "select"}:
        return field.options[0].value
    if field.type == "multiselect":
        return [option.value for option in field.options]
    if field.type == "table":
        return [{column.name: sample(column) for column in field.columns}] * 2
    return SAMPLES[field.type]


def definition(slug):
    return next(found for found in load_all() if found.slug == slug)


def output(found, answers=None, *, issued_on=date(2026, 7, 7), language="sw"):
    return build_output(
        found,
        {field.name: sample(field) for field in found.fields()} if answers is None else answers,
        number="RITA-26-7K3M9Q2-X",
        applicant="Asha Juma Ng'wanza",
        reference="RITA-26-0A1B2C3-D",
        issued_on=issued_on,
        approved_by_office=OFFICE,
        institution_name=INSTITUTION,
        language=language,
    )


def values(content):
    rows = [row["value"] for section in content["facts"] for row in section["rows"]]
    cells = [
        cell for section in content["facts"] for table in section["tables"] for row in table["rows"] for cell in row
    ]
    return rows + cells


@pytest.mark.parametrize("found", load_all(), ids=lambda found: found.slug)
def test_every_service_of_the_catalogue_prints(found):
    content = output(found)
    assert json.loads(json.dumps(content)) == content

    frame = furniture(content, language="sw", address="huduma.go.tz/verify/", qr=qr_svg_for_print("ABC"))
    pdf = render(content["template"], {**content, **frame}, language="sw")

    assert pdf.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("found", load_all(), ids=lambda found: found.slug)
def test_no_document_carries_contacts_or_whole_identity_numbers(found):
    content = output(found)
    shown = " ".join([content["holder"], *values(content)])

    assert "712" not in shown
    assert "asha@example.tz" not in shown
    assert (SAMPLES["nin"] in shown.replace("-", "")) == (found.slug == "nida-kitambulisho-mbadala")


@pytest.mark.parametrize("found", load_all(), ids=lambda found: found.slug)
def test_a_document_prints_what_its_definition_lists_in_that_order(found):
    listed = [found.field(name) for name in found.output.facts]
    content = output(found)

    printed = [
        label["en"]
        for section in content["facts"]
        for label in [row["label"] for row in section["rows"]] + [table["label"] for table in section["tables"]]
    ]
    assert sorted(printed) == sorted(field.label.en for field in listed)
    rows = [row["label"]["en"] for section in content["facts"] for row in section["rows"]]
    assert rows == [field.label.en for field in listed if field.type != "table"]


def test_the_longest_letter_keeps_its_signature_on_its_page():
    found = definition("ega-kubadilishana-taarifa")
    content = output(found, valid_answers(found, today=date(2026, 7, 7)))
    frame = furniture(content, language="sw", address="huduma.go.tz/verify/", qr=qr_svg_for_print("ABC"))

    pdf = render(content["template"], {**content, **frame}, language="sw")

    assert len(PdfDocument(pdf)) == 1


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("cheti", "certificate"), ("kadi", "certificate"), ("pasipoti", "certificate"), ("namba", "certificate"),
        ("leseni", "licence"), ("kibali", "licence"),
        ("barua", "letter"), ("makubaliano", "letter"), ("ripoti", "letter"), ("kitu_kipya", "letter"),
    ],
)  # fmt: skip
def test_kind_chooses_the_paper(kind, template):
    assert template_for(kind) == template


@pytest.mark.parametrize(
    ("validity", "issued_on", "expected"),
    [
        (None, date(2026, 7, 7), None),
        ({"until": "none"}, date(2026, 7, 7), None),
        ({"years": 1}, date(2026, 7, 7), date(2027, 7, 6)),
        ({"years": 10}, date(2026, 7, 7), date(2036, 7, 6)),
        ({"years": 1}, date(2024, 2, 29), date(2025, 2, 27)),
        ({"years": 1}, date(2026, 1, 1), date(2026, 12, 31)),
        ({"months": 6}, date(2026, 8, 31), date(2027, 2, 27)),
        ({"months": 36}, date(2026, 7, 7), date(2029, 7, 6)),
        ({"months": 6}, date(2026, 7, 1), date(2026, 12, 31)),
        ({"days": 90}, date(2026, 7, 7), date(2026, 10, 4)),
        ({"days": 1}, date(2026, 7, 7), date(2026, 7, 7)),
        ({"until": "financial_year"}, date(2026, 6, 30), date(2026, 6, 30)),
        ({"until": "financial_year"}, date(2026, 7, 1), date(2027, 6, 30)),
        ({"until": "academic_year"}, date(2026, 9, 30), date(2026, 9, 30)),
        ({"until": "academic_year"}, date(2026, 10, 1), date(2027, 9, 30)),
    ],
)
def test_last_valid_day(validity, issued_on, expected):
    parsed = Validity(status="illustrative", **validity) if validity else None

    assert expiry_date(parsed, issued_on) == expected


def rows_of(content):
    return {row["label"]["en"]: row["value"] for section in content["facts"] for row in section["rows"]}


BIRTH = {
    "child_first_name": "Neema", "child_middle_name": "", "child_surname": "Juma", "sex": "ke",
    "date_of_birth": "2026-03-01", "mother_name": "Asha Petro", "mother_nin": SAMPLES["nin"], "father_name": "Juma Ali",
}  # fmt: skip


def test_birth_certificate_is_about_the_child_and_not_the_parent_who_applied():
    content = output(definition("rita-cheti-cha-kuzaliwa"), BIRTH)

    assert content["holder"] == "Neema Juma"
    assert content["opening"]["en"] == "This certificate certifies the particulars of"
    assert "Asha Juma Ng'wanza" not in json.dumps(content)
    assert list(rows_of(content).items()) == [
        ("Sex", "Ke"), ("Date of birth", "1 Machi 2026"),
        ("Mother full name", "Asha Petro"), ("Father full name", "Juma Ali"),
    ]  # fmt: skip
    assert content["title"] == {"sw": "Cheti cha kuzaliwa", "en": "Birth certificate"}


@pytest.mark.parametrize(
    ("slug", "answers", "holder"),
    [
        ("rita-cheti-cha-kifo", {"deceased_name": "Petro Mashaka"}, "Petro Mashaka"),
        ("rita-usajili-wa-ndoa", {"spouse1_name": "Ali Omar", "spouse2_name": "Neema Juma"}, "Ali Omar & Neema Juma"),
        ("brela-jina-la-biashara", {"proposed_name": "Duka la Neema"}, "Duka la Neema"),
        ("utumishi-likizo-ya-mwaka", {"check_number": "123456789"}, "Asha Juma Ng'wanza"),
        ("halmashauri-kibali-cha-ujenzi", {"architect": "Mbunifu Wetu"}, "Asha Juma Ng'wanza"),
        ("ega-kubadilishana-taarifa", {}, "Asha Juma Ng'wanza"),
    ],
)
def test_the_definition_says_who_holds_the_document(slug, answers, holder):
    assert output(definition(slug), answers)["holder"] == holder


def test_a_certificate_for_the_applicant_is_issued_to_the_applicant():
    content = output(definition("tra-tax-clearance"))

    assert content["opening"]["en"] == "This certificate is issued to"


def test_owners_stand_on_the_extract_with_the_end_of_their_numbers():
    owners = [{"name": "Neema Juma", "nin": SAMPLES["nin"], "share": 100}]
    content = output(definition("brela-jina-la-biashara"), {"proposed_name": "Duka", "owners": owners})

    [section] = content["facts"]
    assert section["tables"][0]["rows"] == [["Neema Juma", "******** 0123", "100"]]


def test_identity_card_shows_its_number_whole():
    content = output(definition("nida-kitambulisho-mbadala"), {"nin": SAMPLES["nin"]})

    assert values(content) == ["19980214-15101-00001-23"]


def test_a_version_from_before_facts_were_listed_prints_none():
    found = definition("rita-cheti-cha-kuzaliwa")
    data = found.as_data()
    del data["output"]["facts"], data["output"]["holder_fields"]

    content = output(type(found).model_validate(data), BIRTH)

    assert (content["facts"], content["holder"]) == ([], "Asha Juma Ng'wanza")


def test_letter_leaves_sensitive_answers_out():
    content = output(definition("utumishi-kuthibitishwa-kazini"))
    labels = {row["label"]["en"] for section in content["facts"] for row in section["rows"]}

    sensitive = {field.label.en for field in definition("utumishi-kuthibitishwa-kazini").fields() if field.sensitive}
    assert sensitive
    assert not sensitive & labels


def test_what_was_not_answered_is_not_shown():
    content = output(definition("rita-cheti-cha-kuzaliwa"), {"mother_name": "Neema Petro", "father_name": ""})

    assert values(content) == ["Neema Petro"]
    assert len(content["facts"]) == 1


def test_dates_stand_in_both_languages():
    content = output(definition("halmashauri-leseni-ya-biashara"))

    assert [term["value"] for term in content["terms"][:2]] == [
        {"sw": "7 Julai 2026", "en": "7 July 2026"},
        {"sw": "6 Julai 2027", "en": "6 July 2027"},
    ]
    assert (content["issued_on"], content["expires_on"]) == ("2026-07-07", "2027-07-06")


def test_office_may_be_a_plain_name():
    content = build_output(
        definition("rita-cheti-cha-kuzaliwa"), {}, number="A", applicant="B", reference="C", issued_on=date(2026, 7, 7),
        approved_by_office="RITA Makao Makuu", institution_name="RITA", language="en",
    )  # fmt: skip

    assert content["office"] == {"sw": "RITA Makao Makuu", "en": "RITA Makao Makuu"}
    assert (content["language"], content["facts"]) == ("en", [])


def test_letter_names_the_application_and_the_service():
    content = output(definition("utumishi-likizo-ya-mwaka"))

    assert all("RITA-26-0A1B2C3-D" in content["body"][0][language] for language in ("sw", "en"))
    assert definition("utumishi-likizo-ya-mwaka").title.sw in content["body"][0]["sw"]


def test_twin_says_what_the_document_says():
    content = output(definition("tmda-kibali-cha-kuingiza-dawa"))

    twin = twin_of(content, "en")

    assert twin["title"] == content["title"]["en"]
    assert {row["value"] for section in twin["sections"] for row in section["rows"]} <= set(values(content))
    shown = [
        cell for section in twin["sections"] for table in section["tables"] for row in table["rows"] for cell in row
    ]
    assert set(shown) <= set(values(content))
    assert {"label": "Holder", "value": "Asha Juma Ng'wanza"} in twin["summary"]
    assert {"label": "Signed on behalf of", "value": "Registrar General"} in twin["summary"]

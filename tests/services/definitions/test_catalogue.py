"""The forty services as they stand: they load, round-trip, pass the lint and can be filled in to the end."""

from collections import Counter
from pathlib import Path

import pytest

from services.definitions.answers import check_all, drop_hidden, section_state, visible_sections
from services.definitions.display import display_value
from services.definitions.documents import required_documents
from services.definitions.fees import fee_summary, quote
from services.definitions.lint import lint_file
from services.definitions.loader import catalogue_files, load_all, load_file, vocabulary
from services.definitions.schema import Definition
from services.definitions.yaml_format import dump
from tests.services.answer_factory import required_names, valid_answers
from tests.services.definitions.conftest import TODAY

every_file = pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
every_service = pytest.mark.parametrize("definition", load_all(), ids=lambda definition: definition.slug)


def test_forty_services_of_four_audiences():
    assert Counter(d.audience for d in load_all()) == {"G2C": 16, "G2B": 11, "G2E": 8, "G2G": 5}
    assert len({d.slug for d in load_all()}) == 40


@every_file
def test_a_file_comes_back_byte_for_byte(path: Path):
    assert dump(load_file(path)) == path.read_text(encoding="utf-8")


@every_file
def test_a_file_has_no_errors(path: Path):
    assert [finding for finding in lint_file(path) if finding.level == "error"] == []


@every_service
def test_a_definition_survives_json(definition: Definition):
    again = Definition.model_validate(definition.as_data())

    assert again == definition
    assert again.sha256 == definition.sha256


@every_service
def test_two_to_five_small_groups(definition: Definition):
    assert 2 <= len(definition.sections) <= 5
    assert all(len(section.fields) <= 8 for section in definition.sections)


@every_service
def test_generated_answers_pass(definition: Definition):
    answers = valid_answers(definition, today=TODAY)

    assert check_all(definition, answers, today=TODAY) == {}
    assert drop_hidden(definition, answers) == answers
    for section in visible_sections(definition, answers):
        assert section_state(definition, section, answers, today=TODAY) == "complete"
        assert section_state(definition, section, {}, today=TODAY) == "not_started"


@every_service
def test_each_required_answer_is_missed(definition: Definition):
    answers = valid_answers(definition, today=TODAY)

    for name in required_names(definition, answers):
        section = definition.section_of(name)
        assert section is not None
        errors = check_all(definition, answers | {name: None}, today=TODAY)
        codes = [error.code for error in errors[section.key][name]]
        assert codes == ["required"], name


@every_service
def test_every_answer_can_be_read_in_both_languages(definition: Definition):
    answers = valid_answers(definition, today=TODAY)

    for field in definition.fields():
        for language in ("sw", "en"):
            shown = display_value(field, answers.get(field.name), language)
            assert bool(shown) == (answers.get(field.name) is not None), field.name


@every_service
def test_a_fee_can_be_told_before_and_after(definition: Definition):
    answers = valid_answers(definition, today=TODAY)
    fee = quote(definition, answers, today=TODAY)

    assert fee.total == sum(line.amount for line in fee.lines)
    assert bool(fee_summary(definition)) == (definition.fee.model != "none")
    assert fee.rule.sw
    assert fee.rule.en


@every_service
def test_documents_are_known_and_asked_once(definition: Definition):
    documents = required_documents(definition, valid_answers(definition, today=TODAY))

    assert len({document.code for document in documents}) == len(documents)
    assert {document.code for document in documents} <= set(vocabulary().documents)


@every_service
def test_council_services_go_to_the_council_chosen(definition: Definition):
    fields = {stage.institution_field for stage in definition.stages}

    assert fields == ({"council"} if definition.institution == "LGA" else fields - {"council"})


def test_the_other_institution_is_the_one_in_the_form(service):
    assert {
        (slug, stage.institution_field)
        for slug in ("ega-kubadilishana-taarifa", "utumishi-uhamisho")
        for stage in service(slug).stages
        if stage.role == "taasisi_pokezi"
    } == {("ega-kubadilishana-taarifa", "provider"), ("utumishi-uhamisho", "to_institution")}


def test_documents_that_the_portal_issues_name_a_service():
    slugs = {definition.slug for definition in load_all()}

    assert {d.issued_by for d in vocabulary().documents.values() if d.issued_by} <= slugs

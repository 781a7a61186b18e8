"""The reader of definitions: where a mistake stands, what it is called, and that it is told in both languages."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from services.definitions.lint import lint_text
from services.definitions.loader import CATALOGUE

PERMIT = "halmashauri-kibali-cha-ujenzi.yaml"
SOURCE = (CATALOGUE / PERMIT).read_text(encoding="utf-8")


def lint_changed(old: str, new: str, file: str = PERMIT):
    source = (CATALOGUE / file).read_text(encoding="utf-8")
    assert old in source
    changed = source.replace(old, new, 1)
    return changed, [finding for finding in lint_text(changed, file) if finding.code != "gfs_placeholder"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("    en: The plot\n", "", "missing_translation", "label:"),
        ("    purpose: route\n", "", "field_without_purpose", "- name: council"),
        ("    retention: case\n", "", "field_without_retention", "- name: council"),
        ("  - name: ward\n", "  - name: council\n", "duplicate_name", "- name: council"),
        (
            "field: surveyed, eq: ndiyo",
            "field: survey, eq: ndiyo",
            "condition_on_unknown_field",
            "show_if: {field: survey, eq: ndiyo}",
        ),
        (
            "field: surveyed, eq: ndiyo",
            "field: floors, eq: 3",
            "condition_on_unknown_field",
            "show_if: {field: floors, eq: 3}",
        ),
        (
            "field: surveyed, eq: ndiyo",
            "field: surveyed, eq: labda",
            "condition_on_unknown_option",
            "show_if: {field: surveyed, eq: labda}",
        ),
        ("role: kamati", "role: kamanda", "unknown_code", "role: kamanda"),
        ("actions: [kadiria_ada]", "actions: [kadiri]", "unknown_code", "actions: [kadiri]"),
        ("document: site_plan", "document: ramani", "unknown_code", "- {document: ramani, mandatory: true}"),
        ("institution: LGA", "institution: HALMASHAURI", "unknown_code", "institution: HALMASHAURI"),
        ("category: ardhi_na_makazi", "category: ujenzi", "unknown_code", "category: ujenzi"),
        ("actions: [kadiria_ada]", "actions: [hakiki]", "never_assessed", "payable_at: after_assessment"),
        (
            "working_days: 14",
            "working_days: 9",
            "days_do_not_fit",
            "processing_time: {status: illustrative, working_days: 9}",
        ),
        ("institution_field: council", "institution_field: ward", "queue_without_owner", "institution_field: ward"),
        ("type: radio", "type: radoi", "shape", "type: radoi"),
        ("summary:\n", "colour: green\nsummary:\n", "shape", "colour: green"),
        ("slug: halmashauri-kibali-cha-ujenzi", "slug: kibali", "file_name", "slug: kibali"),
    ],
)
def test_a_mistake_is_found_where_it_stands(old, new, code, line):
    changed, findings = lint_changed(old, new)
    found = [finding for finding in findings if finding.code == code]

    assert found, [finding.code for finding in findings]
    assert found[0].level == "error"
    assert changed.splitlines()[found[0].line - 1].strip() == line
    for text in (found[0].reason, found[0].remedy):
        assert text.sw != text.en


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("brela-taarifa-ya-mwaka.yaml", "2500 * late_months", "2500 * late_days", "expression_on_unknown_field"),
        ("brela-taarifa-ya-mwaka.yaml", "2500 * late_months", "2500 ** late_months", "expression"),
        ("brela-taarifa-ya-mwaka.yaml", "2500 * late_months", "steal(late_months)", "expression_unknown_function"),
        ("ega-anwani-ya-tovuti.yaml", "unit_field: years", "unit_field: domain", "fee_on_unknown_number"),
        ("uhamiaji-pasipoti.yaml", "amount: 130000", "amount: 130001", "items_do_not_add_up"),
        (
            "uhamiaji-pasipoti.yaml",
            "    sensitive: true\n    show_if: {field: minor, eq: hapana}",
            "    show_if: {field: minor, eq: hapana}",
            "not_sensitive",
        ),
        ("uhamiaji-pasipoti.yaml", "prefill: profile.nin", "prefill: profile.salary", "unknown_code"),
        ("ega-kuunganishwa-govnet.yaml", "\\d{1,2}", "(\\d{1,2}", "regex"),
        (PERMIT, "  - architect\n", "  - mason\n", "prints_unknown_field"),
        (PERMIT, "  - architect\n", "  - floors\n", "duplicate_name"),
        ("tra-tax-clearance.yaml", "facts: [tin,", "facts: [declaration,", "prints_office_matter"),
        ("brela-jina-la-biashara.yaml", "facts: [owner_type,", "facts: [phone,", "prints_office_matter"),
        ("utumishi-likizo-ya-uzazi.yaml", "facts: [check_number,", "facts: [birth_type,", "prints_sensitive"),
        ("utumishi-likizo-ya-mwaka.yaml", "  - fare_claim\n", "  - dependants\n", "prints_sensitive"),
        ("rita-cheti-cha-kifo.yaml", "[deceased_name]", "[deceased]", "prints_unknown_field"),
        ("rita-cheti-cha-kifo.yaml", "[deceased_name]", "[deceased_nin]", "holder_not_a_name"),
        ("brela-jina-la-biashara.yaml", "[proposed_name]", "[owners]", "holder_not_a_name"),
        (
            "rita-cheti-cha-kuzaliwa.yaml",
            "child_first_name, child_middle_name, child_surname]",
            "child_middle_name]",
            "holder_may_be_empty",
        ),
        (
            "uhamiaji-pasipoti.yaml",
            "en: Full name of the child\n    required: true\n",
            "en: Full name of the child\n",
            "holder_may_be_empty",
        ),
    ],
)
def test_a_mistake_of_meaning_is_found(file, old, new, code):
    _changed, findings = lint_changed(old, new, file)

    assert code in [finding.code for finding in findings]


def test_every_output_says_what_it_prints_and_may_print_nothing():
    file = "tra-kuhuisha-leseni-ya-udereva.yaml"
    _changed, missing = lint_changed("  facts: [licence_number, classes]\n", "", file)
    _changed, empty = lint_changed("  facts: [licence_number, classes]\n", "  facts: []\n", file)

    assert [finding.code for finding in missing] == ["facts_missing"]
    assert empty == []


def test_a_file_that_is_not_yaml_is_one_error():
    (finding,) = lint_text(SOURCE + "\n\tx: ]", PERMIT)

    assert (finding.code, finding.level, finding.line) == ("yaml", "error", SOURCE.count("\n") + 2)


def test_another_layout_is_told_apart_from_another_meaning():
    _changed, findings = lint_changed("audience: G2C", "audience:   'G2C'")

    assert [finding.code for finding in findings] == ["layout"]


def test_a_placeholder_code_is_a_warning():
    assert [(finding.code, finding.level) for finding in lint_text(SOURCE, PERMIT)] == [("gfs_placeholder", "warning")]


def test_the_command_passes_the_catalogue():
    output = StringIO()

    call_command("check_definitions", quiet=True, stdout=output)

    assert output.getvalue().startswith("40 definitions, 0 errors, ")


def test_the_command_fails_on_an_error_and_puts_layout_right(tmp_path):
    wrong = tmp_path / PERMIT
    wrong.write_text(SOURCE.replace("audience: G2C", "audience:   'G2C'"), encoding="utf-8")
    output = StringIO()

    with pytest.raises(CommandError):
        call_command("check_definitions", wrong, stdout=output)
    call_command("check_definitions", wrong, write=True, stdout=output)

    assert f"{PERMIT}:1: error: The file is not in the canonical layout." in output.getvalue()
    assert wrong.read_text(encoding="utf-8") == SOURCE

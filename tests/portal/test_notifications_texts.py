"""Every kind of message, over every channel, in every language."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy

from portal.notifications import CODES, gsm7
from portal.notifications.kinds import NotificationKind
from portal.notifications.rendering import UndefinedVariable, render, render_email

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SUBMITTED = CODES["application_submitted"]

every_message = pytest.mark.parametrize("language", LANGUAGES)
every_kind = pytest.mark.parametrize("kind", CODES.values(), ids=list(CODES))


@every_kind
@every_message
def test_sms_is_one_part_with_the_longest_values(kind, language):
    sms = render(kind, kind.sample_context, language).sms

    assert gsm7.is_gsm7(sms)
    assert gsm7.parts(sms) == 1


@every_kind
@every_message
def test_sms_is_one_part_without_the_optional_values(kind, language):
    required = {name: value for name, value in kind.sample_context.items() if name not in kind.optional}

    assert gsm7.parts(render(kind, required, language).sms) == 1


@every_kind
@every_message
def test_sms_begins_with_the_sender_and_names_the_case_and_a_day(kind, language):
    sms = render(kind, kind.sample_context, language).sms

    assert sms.startswith(f"{kind.sample_context['institution_prefix'] if is_case(kind) else 'HUDUMA'}: ")
    assert (kind.sample_context["reference"] in sms) if is_case(kind) else True
    assert "/2026" in sms or "/20" in sms


@every_kind
@every_message
def test_sms_never_tells_what_the_case_is_about(kind, language):
    secret = kind.sample_context | {name: "SIRI" for name in ("service", "reason") if name in kind.sample_context}

    assert "SIRI" not in render(kind, secret, language).sms


@every_kind
@every_message
def test_subject_fits_and_body_names_every_value(kind, language):
    texts = render(kind, kind.sample_context, language)

    assert 0 < len(texts.subject) <= 120
    assert "\n" not in texts.subject
    for name, value in kind.sample_context.items():
        if name != "institution_prefix" and not isinstance(value, date):
            assert value in texts.body or name == "institution", name


@every_kind
@every_message
def test_no_text_is_left_unfinished(kind, language):
    texts = render(kind, kind.sample_context, language)

    for text in (texts.subject, texts.body, texts.sms):
        assert text
        assert not any(mark in text for mark in ("{", "}", "%(", "None", "\n\n\n"))


@every_kind
def test_every_kind_has_its_three_texts_and_nothing_else(kind):
    folder = Path(settings.BASE_DIR) / "templates" / "notifications" / kind.code

    assert sorted(path.name for path in folder.iterdir()) == ["body.txt", "sms.txt", "subject.txt"]


def test_every_folder_of_texts_belongs_to_a_kind():
    folder = Path(settings.BASE_DIR) / "templates" / "notifications"

    assert {path.name for path in folder.iterdir() if path.is_dir()} == set(CODES)


@every_kind
def test_a_missing_value_is_an_error_and_not_a_gap(kind):
    for name in set(kind.sample_context) - kind.optional:
        incomplete = {key: value for key, value in kind.sample_context.items() if key != name}
        with pytest.raises(UndefinedVariable, match=name):
            render(kind, incomplete, "sw")


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_value_is_as_bad_as_a_missing_one(nothing):
    with pytest.raises(UndefinedVariable, match="reference"):
        render(SUBMITTED, SUBMITTED.sample_context | {"reference": nothing}, "sw")


def test_a_value_that_no_text_knows_is_an_error():
    with pytest.raises(UndefinedVariable, match="nin"):
        render(SUBMITTED, SUBMITTED.sample_context | {"nin": "19900101141010000123"}, "sw")


def test_a_text_that_speaks_of_something_undeclared_is_an_error():
    careless = NotificationKind("application_submitted", "", {"reference": "RITA-26-7K3M9Q2-X"})

    with pytest.raises(UndefinedVariable):
        render(careless, careless.sample_context, "sw")


def test_values_become_text_in_the_language_of_the_recipient():
    context = SUBMITTED.sample_context | {"institution": gettext_lazy("Yes"), "service": lazystr("Cheti")}

    with translation.override("en"):
        swahili = render(SUBMITTED, context, "sw").body
    with translation.override("sw"):
        english = render(SUBMITTED, context, "en").body

    assert english.startswith("Yes has received your application for Cheti.")
    assert not swahili.startswith("Yes")


def test_days_read_as_the_recipient_says_them():
    due_late_in_the_evening_utc = SUBMITTED.sample_context | {"due_on": datetime(2026, 7, 6, 22, 30, tzinfo=UTC)}

    texts = render(SUBMITTED, due_late_in_the_evening_utc, "en")

    assert "by 7 July 2026." in texts.body
    assert "by 07/07/2026." in texts.sms


def test_values_are_text_and_never_template_or_markup():
    context = SUBMITTED.sample_context | {"service": "<b>{{ reference }}</b> & {% now 'Y' %}"}

    assert "<b>{{ reference }}</b> & {% now 'Y' %}" in render(SUBMITTED, context, "en").body


def test_line_breaks_in_a_value_do_not_break_the_subject():
    context = SUBMITTED.sample_context | {"service": "Cheti\r\nBcc: wote@example.org"}

    assert "\n" not in render(SUBMITTED, context, "en").subject


def test_email_greets_and_links():
    text = render_email(name="Asha Juma", body="Habari njema.", link="https://huduma.go.tz/inbox/", language="en")

    assert text.splitlines()[0] == "Hello Asha Juma,"
    assert "\nHabari njema.\n" in text
    assert "https://huduma.go.tz/inbox/" in text


def is_case(kind: NotificationKind) -> bool:
    return "reference" in kind.sample_context

"""The Swahili catalogue is whole: every text is in it, translated, and fit to be filled in."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.languages import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sdrf]|%[sdr]|\{\w*(?:![rsa])?(?::[^{}]*)?\}")
SWAHILI = re.compile(
    r"(?i)\b(ombi|maombi|huduma za|malipo|ankara|cheti|hakiki|wasilisha|tafadhali|nenosiri|mwombaji|andika|barua)\b"
)
TAGS = re.compile(r"</?([a-z]+)")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What makemessages finds in the code and the templates, written beside the project and not into it."""
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext of GNU gettext is not installed here")
    root = tmp_path_factory.mktemp("project")
    for name in ("accounts", "payments", "portal", "services", "templates"):
        shutil.copytree(
            Path(settings.BASE_DIR, name), root / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
        )
    (root / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "sw", "--no-wrap"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment)
    return polib.pofile(str(root / "locale" / "sw" / "LC_MESSAGES" / "django.po"))


def keys(entries: polib.POFile) -> set[tuple[str | None, str, str]]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete}


def test_the_catalogue_holds_what_code_and_templates_say(collected: polib.POFile) -> None:
    assert sorted(keys(collected) - keys(catalogue()), key=str) == []
    assert sorted(keys(catalogue()) - keys(collected), key=str) == []


def test_everything_is_translated() -> None:
    assert [entry.msgid for entry in catalogue().untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue().fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue().obsolete_entries()] == []


def differing(quality: Callable[[str], object]) -> list[str]:
    """Texts whose translation, or one of whose plurals, differs in a quality that both must share."""
    found = []
    for entry in catalogue():
        english = {0: entry.msgid, 1: entry.msgid_plural} if entry.msgid_plural else {0: entry.msgid}
        swahili = entry.msgstr_plural or {0: entry.msgstr}
        if any(quality(swahili[number]) != quality(text) for number, text in english.items()):
            found.append(entry.msgid)
    return found


def test_placeholders_are_the_same() -> None:
    assert differing(lambda text: sorted(PLACEHOLDER.findall(text))) == []


def test_tags_are_the_same() -> None:
    assert differing(lambda text: sorted(TAGS.findall(text))) == []


def test_spaces_at_the_ends_are_the_same() -> None:
    assert differing(lambda text: (text[:1].isspace(), text[-1:].isspace())) == []


def test_msgids_are_english() -> None:
    quoted = re.compile(r"“[^”]*”")
    assert [entry.msgid for entry in catalogue() if SWAHILI.search(quoted.sub("", entry.msgid))] == []


def test_the_header_says_what_it_must_and_no_dates() -> None:
    assert dict(catalogue().metadata) == {
        "Project-Id-Version": "huduma-portal",
        "Language": "sw",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    assert not catalogue().metadata_is_fuzzy

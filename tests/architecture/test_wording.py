"""What no file under version control may say."""

import re

import pytest

from tests.architecture.tree import name_of, text_of, tracked

TEXT = {".py", ".html", ".txt", ".md", ".toml", ".yaml", ".yml", ".css", ".js", ".typ", ".svg", ".csv", ".sh", ""}
FORBIDDEN = {
    "a task for later": r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
    "a number in somebody's tracker": r"(?i)\b(issue|ticket|bug)s?[ :]+#?\d",
    "a place on one machine": r"/wor" + r"k/|\.\./shar" + r"ed|/tm" + r"p/team",
    "a package registry": r"\b(pypi\.org|pythonhosted\.org|npmjs\.org|registry\.npm)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_speaks_of(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    texts = {name_of(path): text_of(path) for path in tracked() if path.suffix in TEXT}

    found = {name: match.group() for name, text in texts.items() if (match := pattern.search(text))}

    assert {name: words for name, words in found.items() if name != "tests/architecture/test_wording.py"} == {}

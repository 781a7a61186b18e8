"""docs/settings.md and the example of an environment name exactly what the code reads."""

import re

from tests.architecture.tree import ROOT

READERS = (
    "portal/settings.py",
    "portal/engines/*.py",
    "payments/simulator/config.py",
    "tests/journeys/__main__.py",
    "tests/bench/__main__.py",
)
READ = re.compile(r"""(?:env\.\w+\(\s*|_port\(environ,\s*|environ(?:ment)?(?:\.get\(|\[))["']([A-Z][A-Z_]+)["']""")
DOCUMENTED = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)
OF_THE_SHELL = {"PATH"}
LEFT_OUT = {"DEBUG", "RATE_LIMITS_OFF"}
"""Never wanted in production, so its example does not offer them."""


def names_read(*patterns: str) -> set[str]:
    paths = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return {name for path in paths for name in READ.findall(path.read_text())} - OF_THE_SHELL


def document() -> str:
    return (ROOT / "docs/settings.md").read_text()


def test_every_variable_is_documented_and_nothing_else() -> None:
    documented = DOCUMENTED.findall(document())

    assert len(documented) == len(set(documented))
    assert set(documented) == names_read(*READERS)


def test_every_way_of_reading_is_seen() -> None:
    read = names_read(*READERS)

    assert {"SITE_URL", "EMAIL_BACKEND", "DATABASE_URL", "PORT", "GEPG_SIMULATOR_CALLBACK_BASE", "ROUNDS"} <= read


def test_the_example_offers_what_production_may_set_without_secrets() -> None:
    lines = (ROOT / "deploy/portal.env.example").read_text().splitlines()
    offered = {name: value for name, _, value in (line.lstrip("#").partition("=") for line in lines if "=" in line)}
    production = document().partition("## Demonstration")[0]

    assert set(offered) == set(DOCUMENTED.findall(production)) - LEFT_OUT
    assert {name: offered[name] for name in offered if re.search("SECRET|PASS", name)} == {
        "SECRET_KEY": "",
        "SECRET_KEY_FALLBACKS": "",
        "KEYS_PASSPHRASE": "",
        "EMAIL_HOST_PASSWORD": "",
    }

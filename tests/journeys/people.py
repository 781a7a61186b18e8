"""The demo people at their browsers."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pypdfium2

from tests.journeys.browser import Browser, Stuck

FORWARD = (
    "kubali", "hakiki", "pendekeza", "idhinisha", "ridhia", "pitisha", "kamilisha", "toa", "kadiria_ada",
    "weka_matokeo", "weka_maamuzi",
)  # fmt: skip
Say = Callable[[str], None]


def sign_in(site: str, account: str, password: str, *, language: str = "sw") -> Browser:
    browser = Browser(site, language=language).open("/account/login/")
    browser.submit({"login": f"{account}@demo.example", "password": password})
    if "/account/login" in browser.path:
        raise Stuck(f"{account} cannot sign in: {browser.text[:400]}")
    return browser


def apply(browser: Browser, slug: str, answers: Mapping[str, Mapping[str, Any]], say: Say) -> str:
    """Start, fill in section by section, add every document, check, declare, send. Returns the reference."""
    browser.open(f"/services/{slug}/").submit(action="/apply/")
    reference = browser.path.rstrip("/").rsplit("/", 1)[1]
    say(f"started a draft: {reference}")
    for section, fields in answers.items():
        answer(browser.open(f"/applications/{reference}/{section}/"), fields)
        say(f"saved “{section}”")
    add_documents(browser, reference, say)
    browser.open(f"/applications/{reference}/check/").submit({"declaration": "yes"}, action="/submit/")
    if not browser.path.endswith("/submitted/"):
        raise Stuck(f"not submitted: {browser.text[:600]}")
    say("checked the answers, declared and sent")
    return reference


def answer(browser: Browser, fields: Mapping[str, Any]) -> None:
    """Answer a section; an answer may bring up further questions on the same page, so go on until it leads away."""
    path, sent = browser.path, set()
    while browser.path == path:
        asked = {name: value for name, value in fields.items() if browser.asks(name)}
        if set(asked) <= sent:
            raise Stuck(f"{path} is not satisfied: {browser.text[:600]}")
        browser.submit(asked, button=("then", "next"))
        sent |= set(asked)


def add_documents(browser: Browser, reference: str, say: Say) -> None:
    browser.open(f"/applications/{reference}/documents/")
    for kind in [field.get("value") for field in browser.page.iterfind(".//main//input[@name='kind']")]:
        browser.submit({"kind": kind}, marker=("kind", kind), files={"file": (f"{kind}.pdf", blank_pdf())})
        say(f"added the document {kind}")


def blank_pdf() -> bytes:
    """One empty page, as a scanner would make it."""
    document, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(200, 200)
    document.save(content)
    return content.getvalue()


def decide(site: str, account: str, password: str, reference: str, say: Say) -> None:
    """An officer takes the file and sends it forward."""
    with sign_in(site, account, password) as officer:
        officer.open(f"/desk/cases/{reference}/").submit(button=("action", "claim"))
        choices = [choice.get("value") for choice in officer.page.iterfind(".//input[@name='decision']")]
        outcome = next(action for action in FORWARD if action in choices)
        officer.submit({"decision": outcome, "note": "Imekamilika."}, button=("action", "decide"))
        say(f"{account} decided: {outcome}")

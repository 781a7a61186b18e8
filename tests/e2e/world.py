"""A portal with something on every page: drafts, bills, decisions and documents, made as people make them."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from tests.journeys.browser import Browser
from tests.journeys.people import add_documents, answer, apply, sign_in
from tests.journeys.stories import (
    Place,
    act_for,
    annual_leave,
    birth,
    pay,
    receive,
    wait_for,
)

CITIZEN, NEIGHBOUR, SERVANT, OWNER = "mwananchi", "jirani", "mtumishi", "biashara"
INTAKE, EXPERT, APPROVER = "mapokezi", "mtaalamu", "muidhinishaji"
ADMINISTRATOR, AUDITOR = "msimamizi", "mkaguzi"
RECORDS = {"person": "accounts/person", "bill_row": "payments/bill", "delivery": "portal/delivery"}
COMPANY = "Mama Lishe Foods"
LEAVE = "utumishi-likizo-ya-mwaka"
BIRTH = "rita-cheti-cha-kuzaliwa"
REASON = "Tafadhali rekebisha tarehe za likizo; ng'amua kuwa zinagongana na za mwenzako wa ofisini."
# Sections that between them hold every type of field: account -> service -> sections.
FORMS = {
    CITIZEN: {
        "tra-kuhuisha-leseni-ya-udereva": ("licence", "renewal"),
        "halmashauri-kibali-cha-ujenzi": ("plot", "building"),
        "uhamiaji-pasipoti": ("journey", "office"),
        "polisi-taarifa-ya-upotevu": ("loss",),
    },
    SERVANT: {"utumishi-uhamisho": ("stations", "explanation"), "utumishi-kupandishwa-cheo": ("appraisal",)},
    OWNER: {"brela-jina-la-biashara": ("owners", "contact"), "brela-usajili-wa-kampuni": ("officers",)},
}


@dataclass(frozen=True)
class World:
    """Where everything is, by name, for the addresses of pages.py; and who is signed in how."""

    place: Place
    names: Mapping[str, str]
    cookies: Mapping[str, list[tuple[str, str]]]


def _nothing(step: str) -> None:
    return None


class Maker:
    """Lives the small stories that fill the portal, each account signed in once."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.names: dict[str, str] = {}
        self._browsers: dict[str, Browser] = {}
        self._open = ExitStack()

    def world(self) -> World:
        with self._open:
            return self._filled()

    def _filled(self) -> World:
        for make in (self.leave_in_each_state, self.birth_to_pay, self.birth_issued, self.drafts, self.officer_holds):
            make()
        for account in (NEIGHBOUR, OWNER, ADMINISTRATOR, "mbunifu", AUDITOR):
            self.browser(account)
        self.records()
        cookies = {account: _cookies(browser.open("/account/")) for account, browser in self._browsers.items()}
        return World(self.place, self.names, cookies)

    def browser(self, account: str) -> Browser:
        if account not in self._browsers:
            browser = sign_in(self.place.site, account, self.place.password)
            self._browsers[account] = self._open.enter_context(browser)
        return self._browsers[account]

    # --- The stories ---------------------------------------------------------------------------------------
    def leave_in_each_state(self) -> None:
        servant = self.browser(SERVANT)
        for state, act in self._leave_endings().items():
            reference = apply(servant, LEAVE, annual_leave(), _nothing)
            self.names[state] = reference
            act(reference)

    def _leave_endings(self) -> dict[str, Callable[[str], None]]:
        return {
            "in_review": lambda reference: None,
            "returned": lambda reference: self.decide(INTAKE, reference, "rudisha"),
            "rejected": self._reject,
            "withdrawn": lambda reference: self._withdraw(reference),
        }

    def _reject(self, reference: str) -> None:
        for officer, outcome in ((INTAKE, "pendekeza"), (EXPERT, "pendekeza"), (APPROVER, "kataa")):
            self.decide(officer, reference, outcome)

    def _withdraw(self, reference: str) -> None:
        self.browser(SERVANT).open(f"/applications/{reference}/").submit(action="/withdraw/")

    def decide(self, account: str, reference: str, outcome: str) -> None:
        officer = self.browser(account).open(f"/desk/cases/{reference}/")
        officer.submit(button=("action", "claim"))
        officer.submit({"decision": outcome, "note": REASON}, button=("action", "decide"))

    def birth_to_pay(self) -> None:
        citizen = self.browser(CITIZEN)
        reference = apply(citizen, BIRTH, birth(), _nothing)
        wait_for(citizen, f"/applications/{reference}/", lambda page: _link(page, "/bills/"), "the bill")
        self.names |= {"to_pay": reference, "bill": _last(_link(citizen, "/bills/"))}
        wait_for(citizen, f"/bills/{self.names['bill']}/", _qr, "the control number")

    def birth_issued(self) -> None:
        citizen = self.browser(CITIZEN)
        reference = apply(citizen, BIRTH, birth(), _nothing)
        pay(citizen, reference, self.place, _nothing)
        for officer, outcome in ((INTAKE, "kubali"), (EXPERT, "hakiki"), (APPROVER, "idhinisha"), (APPROVER, "toa")):
            self.decide(officer, reference, outcome)
        number = receive(citizen, reference, self.place, _nothing)
        citizen.open(f"/applications/{reference}/")
        self.names |= {"issued": reference, "certificate": number, "paid_bill": _last(_link(citizen, "/bills/"))}

    def drafts(self) -> None:
        act_for(self.browser(OWNER), COMPANY, _nothing)
        citizen = self.browser(CITIZEN)
        self.names["draft"] = self._start(citizen, BIRTH)
        answer(citizen.open(f"/applications/{self.names['draft']}/child/"), birth()["child"])
        self.names["complete"] = self._complete(citizen)
        for account, slugs in FORMS.items():
            for slug in slugs:
                self.names[slug] = self._start(self.browser(account), slug)

    def _complete(self, citizen: Browser) -> str:
        reference = self._start(citizen, BIRTH)
        for section, fields in birth().items():
            answer(citizen.open(f"/applications/{reference}/{section}/"), fields)
        add_documents(citizen, reference, _nothing)
        return reference

    def officer_holds(self) -> None:
        """One file in review that an officer has claimed, so that the decision form shows."""
        self.browser(INTAKE).open(f"/desk/cases/{self.names['in_review']}/").submit(button=("action", "claim"))

    def records(self) -> None:
        """The administration names its rows by their keys, which only its lists tell."""
        for name, table in RECORDS.items():
            rows = self.browser(ADMINISTRATOR).open(f"/admin/{table}/").page.xpath("//table//a/@href")
            self.names[name] = next(row for row in rows if "/change/" in row).split("/change/")[0].rsplit("/", 1)[-1]

    @staticmethod
    def _start(browser: Browser, slug: str) -> str:
        browser.open(f"/services/{slug}/").submit(action="/apply/")
        return browser.path.rstrip("/").rsplit("/", 1)[1]


def _link(browser: Browser, part: str) -> str | None:
    return next((href for href in browser.page.xpath("//main//a/@href") if part in href), None)


def _last(address: str | None) -> str:
    return (address or "").rstrip("/").rsplit("/", 1)[-1]


def _cookies(browser: Browser) -> list[tuple[str, str]]:
    pairs = browser.response.request.headers["cookie"].split("; ")
    return [(name, value) for name, _, value in (pair.partition("=") for pair in pairs)]


def _qr(browser: Browser) -> str | None:
    return "there" if browser.page.xpath("//aside//*[local-name()='svg']") else None

"""Four stories, one for each audience: from the first question to the verified document."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pypdfium2
import zxingcpp

from portal.pdf.signatures import verify
from tests.journeys.browser import Browser, Stuck
from tests.journeys.people import Say, apply, decide, sign_in

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """Where the portal and the practice gateway answer, and the password of the demo people."""

    site: str
    gateway: str
    password: str


@dataclass(frozen=True)
class Story:
    title: str
    account: str
    slug: str
    answers: Callable[[], dict[str, dict[str, Any]]]
    officers: tuple[str, ...]
    acting_for: str = ""
    is_paid: bool = False


def day_fields(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def next_weekday(weeks: int) -> date:
    today = date.today()
    return today + timedelta(days=7 * weeks - today.weekday() + 1)


def birth() -> dict[str, dict[str, Any]]:
    return {
        "child": {
            "registration_type": "ndani_90", "child_first_name": "Neema", "child_middle_name": "Asha",
            "child_surname": "Mwinyi", "sex": "ke", **day_fields("date_of_birth", date.today() - timedelta(days=20)),
        },
        "birth": {
            "birth_place_type": "kituo", "facility_name": "Hospitali ya Amana", "notification_number": "TK-20417",
            "birth_ward": "11101",
        },
        "parents": {
            "mother_name": "Asha Juma Mwinyi", "mother_nin": "", "father_name": "Juma Ng'wanza", "father_nin": "",
        },
        "collection": {"pickup_council": "arusha-cc"},
    }  # fmt: skip


def business_name() -> dict[str, dict[str, Any]]:
    return {
        "name": {"proposed_name": "Mama Lishe Kariakoo", "alternative_name": "Mama Lishe Ilala"},
        "owners": {
            "owner_type": "binafsi", "owner_citizen": "ndiyo", "owners-0-name": "Neema Peter Kimaro",
            "owners-0-nin": "", "owners-0-share": "100",
        },
        "business": {
            "activity": "I", "ward": "11101", "address": "Mtaa wa Kongo, kiwanja 12",
            **day_fields("start_date", next_weekday(2)),
        },
        "contact": {"phone": "0620 000 003", "email": "biashara@demo.example"},
    }  # fmt: skip


def annual_leave() -> dict[str, dict[str, Any]]:
    start = next_weekday(4)
    return {
        "employee": {"leave_year": "2026/2027", "balance": "28"},
        "dates": {
            **day_fields("start_date", start), **day_fields("end_date", start + timedelta(days=3)),
            "leave_address": "Moshi, Kilimanjaro", "leave_phone": "0620 000 005",
        },
        "fare": {"fare_claim": "hapana"},
        "cover": {"acting_officer": "Rehema Said Kondo"},
    }  # fmt: skip


def data_sharing() -> dict[str, dict[str, Any]]:
    return {
        "institutions": {"provider": "NIDA"},
        "data": {
            "dataset": "Taarifa za utambulisho wa wazazi", "fields_requested": "NIN, jina kamili, tarehe ya kuzaliwa",
            "legal_basis": "Sheria ya Usajili wa Vizazi na Vifo, Sura 108",
            "purpose": "Kuhakiki taarifa za wazazi wakati wa kusajili vizazi vya watoto.",
        },
        "protection": {"personal_data": "ndiyo", "sensitive_data": "hapana", "retention_days": "30"},
        "technical": {"volume": "500", "mode": "rest", **day_fields("go_live", next_weekday(8))},
    }  # fmt: skip


STORIES = (
    Story(
        "G2C with payment: a birth certificate", "mwananchi", "rita-cheti-cha-kuzaliwa", birth,
        ("mapokezi", "mtaalamu", "muidhinishaji", "muidhinishaji"), is_paid=True,
    ),
    Story(
        "G2B by a clerk with payment: a business name", "karani", "brela-jina-la-biashara", business_name,
        ("mapokezi", "muidhinishaji", "muidhinishaji"), acting_for="Mama Lishe Foods", is_paid=True,
    ),
    Story(
        "G2E without payment: annual leave", "mtumishi", "utumishi-likizo-ya-mwaka", annual_leave,
        ("mapokezi", "mtaalamu", "muidhinishaji"),
    ),
    Story(
        "G2G between institutions: data sharing", "mtumishi", "ega-kubadilishana-taarifa", data_sharing,
        ("mapokezi", "mtaalamu", "mtaalamu", "muidhinishaji", "mtaalamu"), acting_for="Wakala wa Usajili",
    ),
)  # fmt: skip


def tell(story: Story, place: Place, say: Say) -> str:
    """Live one story through to the verified document. Returns the document's number, or raises Stuck."""
    with sign_in(place.site, story.account, place.password) as applicant:
        say(f"{story.account} signed in")
        if story.acting_for:
            act_for(applicant, story.acting_for, say)
        reference = apply(applicant, story.slug, story.answers(), say)
        if story.is_paid:
            pay(applicant, reference, place, say)
        for officer in story.officers:
            decide(place.site, officer, place.password, reference, say)
        return receive(applicant, reference, place, say)


def act_for(browser: Browser, name: str, say: Say) -> None:
    browser.open("/account/acting/")
    for form in browser.page.iterfind(".//main//form"):
        if name in (form.text_content() + (form.getparent().text_content() or "")):
            browser.submit(action=form.get("action"))
            say(f"acts for {name}")
            return
    raise Stuck(f"no mandate for {name}: {browser.text[:400]}")


def pay(browser: Browser, reference: str, place: Place, say: Say) -> None:
    number = wait_for(browser, f"/applications/{reference}/", _control_number, "the control number")
    say(f"control number {number}")
    answer = httpx.post(f"{place.gateway}/control/pay", json={"control_number": number, "channel": "mpesa"}, timeout=30)
    if answer.status_code != 200:
        raise Stuck(f"the gateway refused the payment: {answer.text[:300]}")
    wait_for(browser, f"/applications/{reference}/", _is_paid, "the payment")
    say("paid by M-Pesa; the receipt is there")


def _control_number(browser: Browser) -> str | None:
    found = re.search(r"\b(\d{4}) ?(\d{4}) ?(\d{4})\b", browser.text)
    return "".join(found.groups()) if found else None


def _is_paid(browser: Browser) -> str | None:
    return "paid" if browser.page.find(".//*[@class='tag tag--amber']") is None else None


def receive(browser: Browser, reference: str, place: Place, say: Say) -> str:
    """Fetch the signed PDF, check its signature, read its QR code, and ask the public page."""
    wait_for(browser, f"/applications/{reference}/", _document_link, "the document")
    pdf = browser.download(f"/applications/{reference}/certificate/pdf/")
    say(f"downloaded the PDF, {len(pdf):,} bytes")
    certificate = browser.download("/.well-known/huduma-signing.pem")
    report = verify(pdf, certificate)
    if not (report.intact and report.trusted):
        raise Stuck(f"the signature of the PDF does not hold: {report}")
    say(f"its signature holds: {report.signer}")
    address = qr_text(pdf)
    say(f"its QR code leads to {address.split('#')[0]}")
    number = address.split("/verify/")[1].split("/")[0]
    with Browser(place.site) as stranger:
        stranger.open(f"/verify/{number}/")
        if stranger.page.find(".//div[@class='verdict']") is None:
            raise Stuck(f"the public page does not confirm {number}: {stranger.text[:300]}")
    say(f"anybody can verify {number}")
    return number


def _document_link(browser: Browser) -> str | None:
    return next((href for href in browser.links().values() if href.endswith("/certificate/pdf/")), None)


def qr_text(pdf: bytes) -> str:
    """What a phone would read from the QR code on any page of the document."""
    for page in pypdfium2.PdfDocument(pdf):
        found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        if found:
            return found[0].text
    raise Stuck("no QR code can be read from the document")


def wait_for(browser: Browser, path: str, look: Callable[[Browser], str | None], what: str) -> str:
    """Reload like somebody who waits, until there is something to see."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := look(browser.open(path)):
            return found
        time.sleep(0.5)
    raise Stuck(f"{what} did not come within {PATIENCE_SECONDS} s: {browser.text[:400]}")

"""In a text browser the pages still say what matters."""

import os
import shutil
import subprocess

import httpx
import pytest

from tests.e2e.pages import PAGES
from tests.e2e.world import World

SAYS = {
    "home": ["Huduma za Serikali", "Fuatilia ombi", "Lipa ankara", "Hakiki cheti", "Wananchi"],
    "catalogue": ["Chuja", "Ada", "Wakala wa Usajili"],
    "service": ["Cheti cha kuzaliwa", "Ada", "Nyaraka zinazohitajika", "Ingia ili kuomba"],
    "sign-in": ["Barua pepe au namba ya simu", "Nenosiri", "Ingia"],
    "track": ["Namba ya kumbukumbu", "Fuatilia"],
    "verify-good": ["RITA"],
    "draft": ["Cheti cha kuzaliwa", "Mtoto", "Nyaraka"],
    "section-birth": ["Hatua", "Hifadhi na uendelee"],
    "check": ["Hakiki majibu yako", "Neema", "Badili", "Wasilisha ombi"],
    "bill-to-pay": ["Namba ya kumbukumbu ya malipo", "TZS", "M-Pesa", "Benki"],
    "application-issued": ["Pakua", "Yaliyofanyika"],
    "certificate": ["Neema"],
}


@pytest.mark.parametrize("name", SAYS)
def test_page_reads_well_as_text(name: str, world: World) -> None:
    page = next(page for page in PAGES if page.name == name)
    cookie = "; ".join(f"{key}={value}" for key, value in world.cookies.get(page.account, []))
    response = httpx.get(page.address(world), headers={"Cookie": cookie} if cookie else {}, timeout=30)

    text = " ".join(_as_text(response.content).split())

    assert [words for words in SAYS[name] if words not in text] == []


def _as_text(page: bytes) -> str:
    program = shutil.which("w3m")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("w3m is not installed. Debian: apt install w3m")
    command = [program, "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80"]
    return subprocess.run(command, input=page, capture_output=True, check=True, timeout=30).stdout.decode()

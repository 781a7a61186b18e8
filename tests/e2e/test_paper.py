"""On paper: the content without the buttons, on as many sheets as it needs."""

import pypdfium2
import pytest

from tests.e2e.browsers import Visitors
from tests.e2e.pages import PAGES
from tests.e2e.world import World

pytestmark = pytest.mark.browser
# page -> most sheets of A4, words that must be there, words of buttons that must not
SHEETS = {
    "application-in-review": (2, ["Likizo ya mwaka", "Daudi Yohana Mollel"], ["Ghairi ombi", "Menyu", "Tafuta"]),
    "application-issued": (2, ["Cheti cha kuzaliwa", "Neema"], ["Pakua (PDF)", "Menyu"]),
    "bill-to-pay": (2, ["9900", "TZS", "M-Pesa"], ["Angalia tena", "Menyu", "Tafuta"]),
    "bill-paid": (1, ["Stakabadhi", "RCPT-"], ["Nenda kwenye maombi yangu", "Menyu"]),
    "certificate": (1, ["Neema", "RITA-"], ["Pakua PDF", "Menyu", "Tafuta"]),
}


@pytest.mark.parametrize("name", SHEETS)
def test_page_prints_well(name: str, visitors: Visitors, world: World) -> None:
    page = next(page for page in PAGES if page.name == name)
    most, wanted, unwanted = SHEETS[name]
    with visitors.page(page.account) as tab:
        tab.goto(page.address(world))
        pdf = pypdfium2.PdfDocument(
            tab.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
        )

    text = " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in pdf).split())

    assert len(pdf) <= most
    assert [words for words in wanted if words not in text] == []
    assert [words for words in unwanted if words in text] == []

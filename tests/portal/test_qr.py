"""QR codes: a camera reads them, the content policy accepts them."""

import io

import pytest
import segno
import zxingcpp
from lxml import etree
from PIL import Image

from portal.qr import _code, qr_svg, qr_svg_for_print

ADDRESS = "https://huduma.go.tz/verify/RITA-26-7K3M9Q2-X/#" + "ABCDEFGH234567" * 16


def read(code: segno.QRCode) -> str:
    image = io.BytesIO()
    code.save(image, kind="png", scale=4)
    return zxingcpp.read_barcode(Image.open(image)).text


@pytest.mark.parametrize("text", [ADDRESS, "https://huduma.go.tz/lipa/991234567890", "Ng'wanza #2", "ABC"])
def test_camera_reads_the_text(text):
    assert read(_code(text)) == text


def test_signed_part_is_packed_densely():
    assert _code(ADDRESS).version < segno.make(ADDRESS, error="m", micro=False, mode="byte").version


@pytest.mark.parametrize("svg", [qr_svg(ADDRESS, title="Hakiki <cheti>"), qr_svg_for_print(ADDRESS)])
def test_svg_has_no_style_and_no_script(svg):
    elements = list(etree.fromstring(svg.encode()).iter())

    assert {etree.QName(element).localname for element in elements} <= {"svg", "path", "title", "g"}
    assert not any("style" in element.attrib for element in elements)


def test_page_code_scales_and_says_what_it_is():
    svg = etree.fromstring(qr_svg("ABC", title="Hakiki <cheti>").encode())

    assert svg.get("viewBox") == "0 0 29 29"
    assert svg.get("width") is None
    assert svg.findtext("{*}title") == "Hakiki <cheti>"

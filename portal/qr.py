"""QR codes as SVG, for pages (no inline style, so the content policy lets them through) and for PDF."""

import io
import re

import segno
from segno.consts import MODE_ALPHANUMERIC, MODE_BYTE

_ALPHANUMERIC = re.compile(r"^[0-9A-Z $%*+\-./:]+$")


def qr_svg(text: str, *, title: str = "") -> str:
    """An `<svg>` element that scales to the box it is put into; `title` is what a screen reader says."""
    output = io.BytesIO()
    _code(text).save(
        output, kind="svg", xmldecl=False, nl=False, omitsize=True, border=4, title=title or None,
        svgclass="qr", lineclass=None, light="#fff",
    )  # fmt: skip
    return output.getvalue().decode()


def qr_svg_for_print(text: str) -> str:
    """The same code without its quiet zone (the page around it is white) and without any class."""
    output = io.BytesIO()
    _code(text).save(output, kind="svg", xmldecl=False, nl=False, border=0, svgclass=None, lineclass=None)
    return output.getvalue().decode()


def _code(text: str) -> segno.QRCode:
    """Level M: a fold or a stain over 15 per cent of the code is survived.

    The part after `#` is upper case and digits, which QR packs in 5.5 bits a symbol and not 8.
    """
    address, hash_sign, tail = text.partition("#")
    if hash_sign and _ALPHANUMERIC.match(tail):
        return segno.make([(f"{address}#", MODE_BYTE), (tail, MODE_ALPHANUMERIC)], error="m", micro=False)  # type: ignore[arg-type]
    return segno.make(text, error="m", micro=False)

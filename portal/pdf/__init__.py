"""Official documents as files: rendered from data (`render`), signed (`sign`), checked (`verify`)."""

from portal.pdf.engine import TEMPLATES, render
from portal.pdf.signatures import SignatureReport, sign, verify

__all__ = ["TEMPLATES", "SignatureReport", "render", "sign", "verify"]

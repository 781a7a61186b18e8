"""Official documents as files: rendered from data (`render`), signed (`sign`), checked (`verify`).

`issue_document` does all of it for the content that `services.outputs` builds, `receipt_content` builds the
content of a receipt.
"""

from portal.pdf.engine import TEMPLATES, render
from portal.pdf.issuing import IssuedDocument, issue_document
from portal.pdf.receipts import receipt_content
from portal.pdf.signatures import SignatureReport, sign, signing_certificate, verify

__all__ = [
    "TEMPLATES",
    "IssuedDocument",
    "SignatureReport",
    "issue_document",
    "receipt_content",
    "render",
    "sign",
    "signing_certificate",
    "verify",
]

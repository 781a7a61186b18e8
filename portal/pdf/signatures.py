"""PAdES signatures on PDF files: baseline B-B, a certification that allows no later change."""

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, Signer, SimpleSigner, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

KEY_FILE = "pdf-signing.p12"
FIELD = "PortalSignature"

# pyHanko tells its log about every path that it could not build; the report already says so.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.ERROR)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.ERROR)


@dataclass(frozen=True)
class SignatureReport:
    """`intact`: every byte is as it was signed. `trusted`: signed with the key of the given certificate."""

    intact: bool
    trusted: bool
    signer: str
    signed_at: datetime | None


NOT_SIGNED = SignatureReport(intact=False, trusted=False, signer="", signed_at=None)


def sign(pdf: bytes, *, reason: str, name: str, signer: Signer | None = None) -> bytes:
    """Add the portal's signature. `signer` replaces the key of the settings (another office, a test)."""
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=name,
        location="Tanzania",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    output = io.BytesIO()
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer or portal_signer(), output=output)
    return output.getvalue()


def verify(pdf: bytes, certificate: bytes) -> SignatureReport:
    """What can be said of a file that somebody holds out; `certificate` is ours, as PEM or DER.

    The certificate is judged at the time of signing that the signature states: a document outlives the
    key it was signed with, and whoever could forge that time would need the key itself.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return _report(signatures[0], _parse(certificate)) if len(signatures) == 1 else NOT_SIGNED
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, RecursionError):
        return NOT_SIGNED


def portal_signer() -> SimpleSigner:
    return _load_signer(settings.KEYS_DIR / KEY_FILE, settings.KEYS_PASSPHRASE)


def signing_certificate() -> bytes:
    """The certificate that checks our documents, as PEM: published, and handed to `verify`."""
    certificate = portal_signer().signing_cert
    if certificate is None:
        raise SigningError(f"{KEY_FILE} holds no certificate")
    armoured: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return armoured


@lru_cache(maxsize=4)
def _load_signer(path: Path, passphrase: str) -> SimpleSigner:
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(path), passphrase=passphrase.encode() or None
    )
    if signer is None:
        raise SigningError(f"{path} cannot be opened: it is missing, or KEYS_PASSPHRASE is not its passphrase")
    return signer


def _parse(certificate: bytes) -> x509.Certificate:
    if pem.detect(certificate):
        _, _, certificate = pem.unarmor(certificate)
    return x509.Certificate.load(certificate)


def _report(signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> SignatureReport:
    signed_at = signature.self_reported_timestamp
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[certificate], allow_fetching=False, moment=signed_at),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return SignatureReport(
        intact=status.intact and status.valid and whole,
        trusted=status.trusted and whole,
        signer=status.signing_cert.subject.native.get("common_name", ""),
        signed_at=signed_at,
    )

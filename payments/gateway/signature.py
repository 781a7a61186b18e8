"""Signatures of version 5: SHA256withRSA (PKCS#1 v1.5) over raw bytes, in one line of base64."""

import base64
import binascii
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12


class Verdict(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    MISSING = "missing"
    UNREADABLE = "unreadable"  # the body is not an envelope, so there was nothing to verify


@dataclass(frozen=True)
class Signer:
    key: RSAPrivateKey

    @classmethod
    def from_pkcs12(cls, path: Path, passphrase: str) -> Self:
        key = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None).key
        if not isinstance(key, RSAPrivateKey):
            raise TypeError(f"{path.name} holds no RSA private key.")
        return cls(key)

    def sign(self, message: bytes) -> bytes:
        return base64.b64encode(self.key.sign(message, PKCS1v15(), SHA256()))


@dataclass(frozen=True)
class Verifier:
    """Several certificates may be active at once, because the gateway changes its own every two years.

    Their dates are not enforced: the gateway's certificate is pinned by hand and a lapsed one stays in
    service until its successor is announced.
    """

    keys: tuple[RSAPublicKey, ...]

    @classmethod
    def from_files(cls, paths: Iterable[Path], passphrase: str) -> Self:
        certificates = [found for path in sorted(paths) for found in load_certificates(path, passphrase)]
        keys = [certificate.public_key() for certificate in certificates]
        return cls(tuple(key for key in keys if isinstance(key, RSAPublicKey)))

    def verdict(self, message: bytes, signature: bytes | None) -> Verdict:
        if not signature:
            return Verdict.MISSING
        try:
            raw = base64.b64decode(b"".join(signature.split()), validate=True)
        except binascii.Error:
            return Verdict.INVALID
        return Verdict.VALID if any(_verifies(key, message, raw) for key in self.keys) else Verdict.INVALID


def load_certificates(path: Path, passphrase: str) -> list[x509.Certificate]:
    """PEM (one or several) or PKCS#12. The Treasury hands over a PKCS#12 without a private key, where the
    certificate is found among the additional ones, and with a country name that no standard allows."""
    content = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if b"-----BEGIN CERTIFICATE-----" in content:
            return x509.load_pem_x509_certificates(content)
        store = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    found = [store.cert, *store.additional_certs]
    return [entry.certificate for entry in found if entry is not None]


def _verifies(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True

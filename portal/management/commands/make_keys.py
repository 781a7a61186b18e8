"""`manage.py make_keys`: the private keys and certificates that the portal works with, made once."""

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import signing
from portal.pdf import signatures

LIFETIME = timedelta(days=730)


class Command(BaseCommand):
    help = "Make the keys that are missing in KEYS_DIR. Those that exist are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--simulator",
            action="store_true",
            default=settings.DEMO_MODE,
            help="also make the key pair of the practice gateway (always in demo mode, never in production)",
        )

    def handle(self, *, simulator: bool, **options: Any) -> None:
        if not (settings.KEYS_PASSPHRASE or settings.DEMO_MODE):
            raise CommandError("KEYS_PASSPHRASE is not set: the keys would lie open to whoever reads the disk.")
        folder = settings.KEYS_DIR
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._pair(folder / "gepg-sp.p12", "Huduma portal as service provider", certificate="gepg-sp.crt.pem")
        if simulator:
            self._pair(folder / "gepg-gateway.p12", "Practice GePG", certificate="gepg-gateway.crt.pem")
        self._pair(folder / signatures.KEY_FILE, "Huduma portal documents")
        self._make(folder / signing.KEY_FILE, _ed25519_key)
        self._make(folder / "secret-key", lambda: secrets.token_urlsafe(64).encode())

    def _pair(self, path: Path, name: str, *, certificate: str = "") -> None:
        """A key with its certificate in PKCS#12; the certificate also alone when others need it."""
        self._make(path, lambda: _key_with_certificate(name))
        if certificate:
            self._make(path.with_name(certificate), lambda: _certificate_in(path))

    def _make(self, path: Path, content: Callable[[], bytes]) -> None:
        if path.exists():
            return
        _write_private(path, content())
        self.stdout.write(f"made {path.name}")


def _write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _encryption() -> KeySerializationEncryption:
    passphrase = settings.KEYS_PASSPHRASE.encode()
    return BestAvailableEncryption(passphrase) if passphrase else NoEncryption()


def _key_with_certificate(name: str) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return pkcs12.serialize_key_and_certificates(name.encode(), key, self_signed(key, name), None, _encryption())


def self_signed(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TZ"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate_in(store: Path) -> bytes:
    bundle = pkcs12.load_pkcs12(store.read_bytes(), settings.KEYS_PASSPHRASE.encode() or None)
    if bundle.cert is None:
        raise CommandError(f"{store.name} holds no certificate.")
    return bundle.cert.certificate.public_bytes(Encoding.PEM)


def _ed25519_key() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

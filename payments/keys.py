"""The portal's signing key and the gateway's certificates, read again when their files change."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from payments.gateway.signature import Signer, Verifier

SP_KEY = "gepg-sp.p12"
GATEWAY_CERTIFICATES = "gepg-gateway*.crt.*"
"""Several may lie side by side: the gateway changes its certificate every two years."""


def signer() -> Signer:
    path = settings.KEYS_DIR / SP_KEY
    return _signer(path, settings.KEYS_PASSPHRASE, path.stat().st_mtime_ns)


def verifier() -> Verifier:
    paths = tuple(sorted(settings.KEYS_DIR.glob(GATEWAY_CERTIFICATES)))
    return _verifier(paths, settings.KEYS_PASSPHRASE, tuple(path.stat().st_mtime_ns for path in paths))


@lru_cache(maxsize=2)
def _signer(path: Path, passphrase: str, changed: int) -> Signer:
    return Signer.from_pkcs12(path, passphrase)


@lru_cache(maxsize=2)
def _verifier(paths: tuple[Path, ...], passphrase: str, changed: tuple[int, ...]) -> Verifier:
    return Verifier.from_files(paths, passphrase)

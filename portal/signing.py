"""The signed text inside the QR code of a certificate: checked by anybody, without any network.

The QR code holds `https://<portal>/verify/<number>/#<payload>`. A plain camera opens the page, which asks
the register. A verifier without a network reads the payload and checks it with our public key:

    python -m portal.signing verify 'https://…/verify/RITA-…/#ZX2…' --keys huduma-keys.json

The payload is base 32 over: version, key id (4 bytes), three short texts with their lengths (number,
service, masked holder), issue and expiry as days since 2020, 8 bytes of the content digest, and the
Ed25519 signature over all of it. docs/outputs.md explains the choice and what it cannot promise.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError

KEY_FILE = "certificates-ed25519.pem"
RETIRED_KEYS = "certificates-retired-*.pem"
"""Public keys of earlier years: a printed certificate outlives the key that signed it."""

VERSION = 1
EPOCH = date(2020, 1, 1)
DIGEST_BYTES = 8
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
LONGEST_TEXT = 255
LONGEST_PAYLOAD = 4096


class ForgedPayload(DomainError):
    """The text was not signed by us, or was changed afterwards."""

    def __init__(self, code: str = "forged_payload") -> None:
        super().__init__(_("This code was not issued by the Government portal, or it has been altered."), code)


@dataclass(frozen=True)
class Payload:
    """What the QR code says. `holder` is masked: enough to notice another name, too little to collect."""

    number: str
    service: str
    holder: str
    issued_on: date
    expires_on: date | None
    content_sha256: str

    def has_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today


def mask_name(name: str) -> str:
    """`Asha Juma Ng'wanza` -> `As*** Ju*** Ng***`; the `&` between two holders stays."""
    return " ".join(word if word == "&" else f"{word[:2]}***" for word in name.split()[:8])


def sign_payload(payload: Payload, *, key: Ed25519PrivateKey | None = None) -> str:
    key = key or _portal_key()
    body = bytes([VERSION]) + _key_id(key.public_key()) + _encode(payload)
    return base64.b32encode(body + key.sign(body)).decode().rstrip("=")


def verify_payload(text: str, public_keys: Ed25519PublicKey | Iterable[Ed25519PublicKey] | None = None) -> Payload:
    """The payload of a QR text (the whole address, or its part after `#`), or ForgedPayload.

    Given the whole address, its number must be the signed number: otherwise the page that a camera opens
    and the payload that a verifier checks would speak of two certificates.
    """
    number, signed = _split_address(text)
    payload = _verified(signed, _as_tuple(public_keys))
    if number is not None and number != payload.number:
        raise ForgedPayload("number_differs")
    return payload


def verification_url(number: str, signed: str) -> str:
    return f"{settings.SITE_URL}/verify/{quote(number, safe='')}/#{signed}"


def content_digest(content: Any) -> str:
    """SHA-256 of the facts of a document in one canonical form, whatever the PDF engine makes of them."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def public_keys() -> tuple[Ed25519PublicKey, ...]:
    """The key in use first, then the retired ones."""
    retired = (_load_public(path) for path in sorted(settings.KEYS_DIR.glob(RETIRED_KEYS)))
    return (_portal_key().public_key(), *retired)


def public_jwks() -> dict[str, list[dict[str, str]]]:
    """What `/.well-known/huduma-keys.json` serves (RFC 8037)."""
    return {"keys": [public_jwk(key) for key in public_keys()]}


def public_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": _key_id(key).hex(),
        "x": base64.urlsafe_b64encode(key.public_bytes_raw()).decode().rstrip("="),
    }


def keys_from_jwks(document: dict[str, Any]) -> tuple[Ed25519PublicKey, ...]:
    return tuple(
        Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(entry["x"] + "="))
        for entry in document["keys"]
        if entry.get("crv") == "Ed25519"
    )


def _encode(payload: Payload) -> bytes:
    texts = b"".join(_text(value) for value in (payload.number, payload.service, payload.holder))
    days = _days(payload.issued_on) + (_days(payload.expires_on) if payload.expires_on else bytes(2))
    return texts + days + bytes.fromhex(payload.content_sha256)[:DIGEST_BYTES]


def _text(value: str) -> bytes:
    encoded = value.encode()
    if len(encoded) > LONGEST_TEXT:
        raise ValueError(f"too long for a QR code: {value[:40]!r}")
    return bytes([len(encoded)]) + encoded


def _days(day: date) -> bytes:
    return (day - EPOCH).days.to_bytes(2)


def _decode(body: bytes) -> Payload:
    texts, position = [], 0
    for _field in range(3):
        length = body[position]
        texts.append(body[position + 1 : position + 1 + length].decode())
        position += 1 + length
    issued, expires = (int.from_bytes(body[position + at : position + at + 2]) for at in (0, 2))
    return Payload(
        number=texts[0],
        service=texts[1],
        holder=texts[2],
        issued_on=EPOCH + timedelta(days=issued),
        expires_on=EPOCH + timedelta(days=expires) if expires else None,
        content_sha256=body[position + 4 :].hex(),
    )


def _split_address(text: str) -> tuple[str | None, str]:
    text = text.strip()
    if "#" not in text:
        return None, text
    parts = urlsplit(text)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]), parts.fragment


def _verified(signed: str, keys: tuple[Ed25519PublicKey, ...]) -> Payload:
    raw = _from_base32(signed)
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if len(body) <= 1 + KEY_ID_BYTES or body[0] != VERSION:
        raise ForgedPayload("unknown_payload")
    key = next((key for key in keys if _key_id(key) == body[1 : 1 + KEY_ID_BYTES]), None)
    if key is None:
        raise ForgedPayload("unknown_key")
    try:
        key.verify(signature, body)
    except InvalidSignature as error:
        raise ForgedPayload from error
    return _decode(body[1 + KEY_ID_BYTES :])


def _from_base32(text: str) -> bytes:
    """Only the spelling that `sign_payload` writes: a lax decoder accepts many texts for one payload."""
    if len(text) > LONGEST_PAYLOAD:
        raise ForgedPayload("unknown_payload")
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError) as error:
        raise ForgedPayload("unknown_payload") from error
    if base64.b32encode(raw).decode().rstrip("=") != text:
        raise ForgedPayload("unknown_payload")
    return raw


def _as_tuple(keys: Ed25519PublicKey | Iterable[Ed25519PublicKey] | None) -> tuple[Ed25519PublicKey, ...]:
    if keys is None:
        return public_keys()
    return (keys,) if isinstance(keys, Ed25519PublicKey) else tuple(keys)


def _key_id(key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(key.public_bytes_raw()).digest()[:KEY_ID_BYTES]


def _portal_key() -> Ed25519PrivateKey:
    return _load_private(settings.KEYS_DIR / KEY_FILE, settings.KEYS_PASSPHRASE)


@lru_cache(maxsize=4)
def _load_private(path: Path, passphrase: str) -> Ed25519PrivateKey:
    content = path.read_bytes()
    password = passphrase.encode() if b"ENCRYPTED" in content else None
    key = serialization.load_pem_private_key(content, password)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} is not an Ed25519 key")
    return key


def _load_public(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"{path} is not an Ed25519 key")
    return key


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.signing", description="Check a certificate offline.")
    verify = parser.add_subparsers(required=True).add_parser("verify", help="check the text of a QR code")
    verify.add_argument("text", help="the text of the QR code")
    verify.add_argument("--keys", type=Path, required=True, help="the published keys (huduma-keys.json)")
    options = parser.parse_args(arguments)
    try:
        payload = verify_payload(options.text, keys_from_jwks(json.loads(options.keys.read_text())))
    except ForgedPayload as error:
        sys.stdout.write(f"REFUSED ({error.code})\n")
        return 1
    verdict = "EXPIRED" if payload.has_expired(date.today()) else "SIGNED BY THE PORTAL"
    sys.stdout.write(f"{json.dumps(asdict(payload), indent=2, ensure_ascii=False, default=str)}\n{verdict}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

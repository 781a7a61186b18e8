"""The signed text in the QR code: what is signed verifies, what is changed does not."""

import base64
import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from portal import signing
from portal.signing import ForgedPayload, Payload, sign_payload, verify_payload

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PAYLOAD = Payload(
    number="RITA-26-7K3M9Q2-X",
    service="cheti-cha-kuzaliwa",
    holder="As*** Ju*** Ng***",
    issued_on=date(2026, 7, 7),
    expires_on=date(2027, 7, 6),
    content_sha256="0123456789abcdef",
)


def refused(text):
    with pytest.raises(ForgedPayload) as refusal:
        verify_payload(text, KEY.public_key())
    return refusal.value.code


def unpacked(text):
    return base64.b32decode(text + "=" * (-len(text) % 8))


def packed(raw):
    return base64.b32encode(bytes(raw)).decode().rstrip("=")


def test_what_was_signed_is_read_back():
    assert verify_payload(sign_payload(PAYLOAD, key=KEY), KEY.public_key()) == PAYLOAD


def test_document_without_expiry_has_none():
    forever = replace(PAYLOAD, expires_on=None)

    assert verify_payload(sign_payload(forever, key=KEY), KEY.public_key()).expires_on is None


def test_only_the_first_eight_bytes_of_the_digest_travel():
    text = sign_payload(replace(PAYLOAD, content_sha256="ab" * 32), key=KEY)

    assert verify_payload(text, KEY.public_key()).content_sha256 == "ab" * 8


def test_same_payload_always_gives_the_same_text():
    assert sign_payload(PAYLOAD, key=KEY) == sign_payload(PAYLOAD, key=KEY)


def test_text_is_short_and_of_the_dense_qr_alphabet():
    text = sign_payload(PAYLOAD, key=KEY)

    assert len(text) == 218
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_every_changed_byte_is_noticed():
    raw = unpacked(sign_payload(PAYLOAD, key=KEY))
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        refused(packed(changed))


def test_key_of_somebody_else_is_unknown():
    assert refused(sign_payload(PAYLOAD, key=Ed25519PrivateKey.generate())) == "unknown_key"


def test_stranger_with_our_key_id_is_still_a_forger():
    raw = bytearray(unpacked(sign_payload(PAYLOAD, key=Ed25519PrivateKey.generate())))
    raw[1:5] = unpacked(sign_payload(PAYLOAD, key=KEY))[1:5]

    assert refused(packed(raw)) == "forged_payload"


def test_retired_key_still_verifies():
    old, new = KEY, Ed25519PrivateKey.generate()

    assert verify_payload(sign_payload(PAYLOAD, key=old), [new.public_key(), old.public_key()]) == PAYLOAD


@pytest.mark.parametrize("text", ["", "A", "hello", "AAAAAAAA", "A" * 160, "1" * 224, "A" * 5000, "é" * 8, "=" * 8])
def test_nonsense_is_refused(text):
    assert refused(text) == "unknown_payload"


def test_lower_case_and_padding_are_not_second_spellings():
    text = sign_payload(PAYLOAD, key=KEY)

    assert refused(text.lower()) == "unknown_payload"
    assert refused(text + "=") == "unknown_payload"


@given(st.text(max_size=300))
def test_no_text_makes_the_verifier_crash(text):
    with pytest.raises(ForgedPayload):
        verify_payload(text, KEY.public_key())


def test_whole_address_is_accepted_as_scanned(settings):
    settings.SITE_URL = "https://huduma.go.tz"
    address = signing.verification_url(PAYLOAD.number, sign_payload(PAYLOAD, key=KEY))

    assert address.startswith("https://huduma.go.tz/verify/RITA-26-7K3M9Q2-X/#")
    assert verify_payload(address, KEY.public_key()) == PAYLOAD


def test_address_of_another_certificate_is_refused(settings):
    address = signing.verification_url("RITA-26-0000000-0", sign_payload(PAYLOAD, key=KEY))

    assert refused(address) == "number_differs"


def test_text_too_long_for_the_code_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="too long"):
        sign_payload(replace(PAYLOAD, holder="x" * 256), key=KEY)


@pytest.mark.parametrize(
    ("today", "expired"), [(date(2027, 7, 6), False), (date(2027, 7, 7), True), (date(2026, 7, 7), False)]
)
def test_last_day_is_still_valid(today, expired):
    assert PAYLOAD.has_expired(today) is expired


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Asha Juma Ng'wanza", "As*** Ju*** Ng***"),
        ("O", "O***"),
        ("", ""),
        ("a b c d e f g h i", "a*** b*** c*** d*** e*** f*** g*** h***"),
        ("Ali Omar & Neema", "Al*** Om*** & Ne***"),
    ],
)
def test_name_is_masked(name, masked):
    assert signing.mask_name(name) == masked


def test_digest_does_not_depend_on_the_order_of_keys():
    assert signing.content_digest({"a": 1, "b": "Ng'wanza"}) == signing.content_digest({"b": "Ng'wanza", "a": 1})
    assert signing.content_digest({"a": 1}) != signing.content_digest({"a": 2})


def test_published_keys_verify(settings, tmp_path):
    retired = Ed25519PrivateKey.generate()
    write_keys(tmp_path, settings, retired=retired)

    keys = signing.keys_from_jwks(json.loads(json.dumps(signing.public_jwks())))

    assert verify_payload(sign_payload(PAYLOAD), keys) == PAYLOAD
    assert verify_payload(sign_payload(PAYLOAD, key=retired), keys) == PAYLOAD
    assert "d" not in signing.public_jwks()["keys"][0]


def test_key_may_lie_encrypted_on_the_disk(settings, tmp_path):
    write_keys(tmp_path, settings, encryption=BestAvailableEncryption(b"siri"))
    settings.KEYS_PASSPHRASE = "siri"

    assert verify_payload(sign_payload(PAYLOAD)) == PAYLOAD


def test_command_line_checks_without_a_network(settings, tmp_path, capsys):
    write_keys(tmp_path, settings)
    published = tmp_path / "keys.json"
    published.write_text(json.dumps(signing.public_jwks()))
    text = sign_payload(replace(PAYLOAD, expires_on=None))

    assert signing.main(["verify", text, "--keys", str(published)]) == 0
    assert "SIGNED BY THE PORTAL" in capsys.readouterr().out
    assert signing.main(["verify", text[:-8], "--keys", str(published)]) == 1
    assert capsys.readouterr().out.startswith("REFUSED")


def test_command_line_says_expired(settings, tmp_path, capsys):
    write_keys(tmp_path, settings)
    published = tmp_path / "keys.json"
    published.write_text(json.dumps(signing.public_jwks()))

    signing.main(["verify", sign_payload(replace(PAYLOAD, expires_on=date(2020, 1, 2))), "--keys", str(published)])

    assert capsys.readouterr().out.endswith("EXPIRED\n")


PLAIN = NoEncryption()


def write_keys(folder, settings, *, retired=None, encryption=PLAIN):
    (folder / signing.KEY_FILE).write_bytes(
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    )
    if retired:
        (folder / "certificates-retired-2024.pem").write_bytes(
            retired.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    settings.KEYS_DIR = folder

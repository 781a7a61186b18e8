"""The envelope and its signature, over the exact bytes that travelled."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate
from hypothesis import given
from hypothesis import strategies as st

from payments.gateway.elements import MalformedMessage
from payments.gateway.envelope import MAXIMUM_BYTES, enclose, open_envelope, seal
from payments.gateway.messages import BillResultAck
from payments.gateway.signature import Signer, Verdict, Verifier, load_certificates

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIGNER = Signer(KEY)
VERIFIER = Verifier((KEY.public_key(),))
MESSAGE = b"<billSubResAck><AckId>A1</AckId><ResId>R1</ResId><AckStsCode>7101</AckStsCode></billSubResAck>"


def verdict_of(body: bytes) -> Verdict:
    envelope = open_envelope(body)
    return VERIFIER.verdict(envelope.message, envelope.signature)


def test_the_envelope_is_compact() -> None:
    sealed = seal(BillResultAck(ack_id="A1", result_id="R1", status_code="7101"), SIGNER)

    assert sealed == b"<Gepg>" + MESSAGE + b"<signature>" + SIGNER.sign(MESSAGE) + b"</signature></Gepg>"
    assert b"\n" not in sealed
    assert open_envelope(sealed).read() == BillResultAck(ack_id="A1", result_id="R1", status_code="7101")


def test_openssl_agrees_with_the_signature(tmp_path: Path) -> None:
    """The other side is not written in Python: what it computes over the same bytes must be the same."""
    import base64

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    (tmp_path / "message").write_bytes(MESSAGE)
    (tmp_path / "signature").write_bytes(base64.b64decode(SIGNER.sign(MESSAGE)))
    (tmp_path / "key.pem").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.strip() == "Verified OK"


def test_white_space_around_the_parts_does_no_harm() -> None:
    signature = SIGNER.sign(MESSAGE)
    folded = signature[:76] + b"\r\n" + signature[76:]

    body = b" \n<Gepg>\n  " + MESSAGE + b" \n<signature>\n" + folded + b"\n</signature>\n</Gepg>\n"

    assert verdict_of(body) is Verdict.VALID


def test_white_space_inside_the_message_is_signed() -> None:
    indented = MESSAGE.replace(b"><", b">\n  <")

    assert verdict_of(enclose(indented, SIGNER)) is Verdict.VALID
    assert verdict_of(enclose(indented, SIGNER).replace(b"\n  ", b"\n ")) is Verdict.INVALID


@pytest.mark.parametrize(
    "prologue",
    [b'<?xml version="1.0" encoding="utf-16"?>', b'\xef\xbb\xbf<?xml version="1.0"?>\r\n', b"\n<?xml version='1.0' ?>"],
)
def test_a_declaration_is_dropped_and_not_believed(prologue: bytes) -> None:
    body = prologue + enclose(MESSAGE, SIGNER)

    assert verdict_of(body) is Verdict.VALID
    assert open_envelope(body).read().status_code == "7101"


def test_the_word_signature_and_the_tag_may_stand_in_a_value() -> None:
    message = MESSAGE.replace(b"A1", b"signature billSubResAck Gepg")

    assert verdict_of(enclose(message, SIGNER)) is Verdict.VALID
    assert open_envelope(enclose(message, SIGNER)).read().ack_id == "signature billSubResAck Gepg"


def test_a_cdata_value_that_holds_the_closing_tag_is_read_as_text() -> None:
    message = MESSAGE.replace(b"A1", b"<![CDATA[</billSubResAck>]]>")

    envelope = open_envelope(enclose(message, SIGNER))

    assert envelope.message == message
    assert envelope.read().ack_id == "</billSubResAck>"


@given(position=st.integers(0, len(MESSAGE) - 1), bit=st.integers(0, 7))
def test_one_changed_bit_breaks_the_signature(position: int, bit: int) -> None:
    changed = bytearray(MESSAGE)
    changed[position] ^= 1 << bit

    assert VERIFIER.verdict(bytes(changed), SIGNER.sign(MESSAGE)) is Verdict.INVALID


@pytest.mark.parametrize("signature", [b"", None])
def test_no_signature_is_missing(signature: bytes | None) -> None:
    assert VERIFIER.verdict(MESSAGE, signature) is Verdict.MISSING


@pytest.mark.parametrize("signature", [b"not base64!", b"QUJD", Signer(OTHER_KEY).sign(MESSAGE)])
def test_a_foreign_signature_is_invalid(signature: bytes) -> None:
    assert VERIFIER.verdict(MESSAGE, signature) is Verdict.INVALID


def test_an_unsigned_envelope_says_so() -> None:
    assert verdict_of(b"<Gepg>" + MESSAGE + b"</Gepg>") is Verdict.MISSING
    assert verdict_of(b"<Gepg>" + MESSAGE + b"<signature></signature></Gepg>") is Verdict.MISSING


def test_a_second_message_cannot_ride_along() -> None:
    """What is parsed is exactly what was signed, so nothing unsigned can be slipped in beside it."""
    sealed = enclose(MESSAGE, SIGNER)
    forged = MESSAGE.replace(b"R1", b"R2")

    before = open_envelope(sealed.replace(b"<Gepg>", b"<Gepg>" + forged))
    assert VERIFIER.verdict(before.message, before.signature) is Verdict.INVALID
    with pytest.raises(MalformedMessage):
        before.read()
    with pytest.raises(MalformedMessage):
        open_envelope(sealed.replace(b"</Gepg>", forged.replace(b"billSubResAck", b"other") + b"</Gepg>"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<Gepg></Gepg>",
        b"<Gepg>text</Gepg>",
        b"<Gepg><a></Gepg>",
        b"<html>" + MESSAGE + b"</html>",
        MESSAGE,
        b"<Gepg>" + MESSAGE + b"<signature>x</Gepg>",
        b'<!DOCTYPE Gepg [<!ENTITY x "y">]><Gepg>' + MESSAGE + b"</Gepg>",
        enclose(MESSAGE, SIGNER).decode().encode("utf-16"),
        b"<Gepg>" + MESSAGE + b"</Gepg>" + b" " * MAXIMUM_BYTES,
    ],
)
def test_what_is_no_envelope_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        open_envelope(body)


@pytest.mark.parametrize(
    "inner",
    [
        b"<AckId>&xxe;</AckId>",
        b"<AckId>&Ouml;</AckId>",
        b"<AckId>A<!-- -->1</AckId>",
        b"<AckId>A<?php ?>1</AckId>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><AckId>&x;</AckId>',
        b"<AckId>\xff\xfe</AckId>",
        b"<AckId>\x01</AckId>",
        b"<AckId>A1",
        b"<a>" * 500 + b"</a>" * 500,
    ],
)
def test_a_message_holds_elements_and_text_only(inner: bytes) -> None:
    message = b"<billSubResAck>" + inner + b"<AckStsCode>7101</AckStsCode></billSubResAck>"

    with pytest.raises(MalformedMessage):
        open_envelope(enclose(message, SIGNER)).read()


@pytest.mark.parametrize("filler", [b"<signature>", b"</billSubResAck>", b"<a>", b"<signature>" + b" " * 50_000])
def test_hostile_repetitions_are_refused(filler: bytes) -> None:
    """A parser that goes back over what it has read would not finish these within the test's time."""
    times = (MAXIMUM_BYTES - 300) // len(filler)

    for body in (b"<Gepg><billSubResAck>" + filler * times, b"<Gepg>" + MESSAGE + filler * times + b"</Gepg>"):
        with pytest.raises(MalformedMessage):
            open_envelope(body).read()


def test_the_old_and_the_new_certificate_are_both_trusted() -> None:
    both = Verifier((OTHER_KEY.public_key(), KEY.public_key()))

    assert both.verdict(MESSAGE, SIGNER.sign(MESSAGE)) is Verdict.VALID
    assert both.verdict(MESSAGE, Signer(OTHER_KEY).sign(MESSAGE)) is Verdict.VALID
    assert Verifier(()).verdict(MESSAGE, SIGNER.sign(MESSAGE)) is Verdict.INVALID


def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    from portal.management.commands.make_keys import self_signed

    return self_signed(key, "Test gateway")


def test_certificates_come_as_pem_or_as_a_store_without_key(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    known = certificate(KEY), certificate(OTHER_KEY)
    (tmp_path / "two.crt.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in known))
    store = pkcs12.serialize_key_and_certificates(
        None, None, None, [PKCS12Certificate(known[0], b"gepg")], BestAvailableEncryption(b"pass")
    )
    (tmp_path / "one.crt.p12").write_bytes(store)

    assert load_certificates(tmp_path / "two.crt.pem", "") == list(known)
    assert load_certificates(tmp_path / "one.crt.p12", "pass") == [known[0]]
    verifier = Verifier.from_files([tmp_path / "one.crt.p12"], "pass")
    assert verifier.verdict(MESSAGE, SIGNER.sign(MESSAGE)) is Verdict.VALID

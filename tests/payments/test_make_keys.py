"""Keys are made once, for their owner's eyes only."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.management import CommandError, call_command

from payments.gateway.signature import Signer, Verdict, Verifier, load_certificates

SHARED = {"gepg-sp.p12", "gepg-sp.crt.pem", "pdf-signing.p12", "certificates-ed25519.pem", "secret-key"}
SIMULATOR = {"gepg-gateway.p12", "gepg-gateway.crt.pem"}


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "a folder" / "keys"
    settings.KEYS_PASSPHRASE = "chumvi"
    return settings.KEYS_DIR


def test_the_keys_are_private_and_work(folder: Path) -> None:
    call_command("make_keys", simulator=True, verbosity=0)

    assert {path.name for path in folder.iterdir()} == SHARED | SIMULATOR
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    for side in ("sp", "gateway"):
        signer = Signer.from_pkcs12(folder / f"gepg-{side}.p12", "chumvi")
        verifier = Verifier.from_files([folder / f"gepg-{side}.crt.pem"], "")
        assert verifier.verdict(b"bytes", signer.sign(b"bytes")) is Verdict.VALID
        assert signer.key.key_size == 2048


def test_keys_that_exist_are_left_alone(folder: Path) -> None:
    call_command("make_keys", simulator=True, verbosity=0)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "gepg-sp.crt.pem").unlink()

    call_command("make_keys", simulator=True, verbosity=0)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_production_has_no_key_of_the_gateway(folder: Path, settings: object) -> None:
    settings.DEMO_MODE = False

    call_command("make_keys", verbosity=0)

    assert {path.name for path in folder.iterdir()} == SHARED


def test_keys_are_not_left_open_in_production(folder: Path, settings: object) -> None:
    settings.KEYS_PASSPHRASE, settings.DEMO_MODE = "", False

    with pytest.raises(CommandError):
        call_command("make_keys", verbosity=0)

    assert not folder.exists()


def test_another_passphrase_opens_nothing(folder: Path) -> None:
    call_command("make_keys", verbosity=0)

    with pytest.raises(ValueError):
        Signer.from_pkcs12(folder / "pdf-signing.p12", "sukari")


def test_the_certificate_of_documents_may_sign_and_nothing_else(folder: Path) -> None:
    call_command("make_keys", verbosity=0)

    certificate = load_certificates(folder / "pdf-signing.p12", "chumvi")[0]
    store = pkcs12.load_pkcs12((folder / "pdf-signing.p12").read_bytes(), b"chumvi")

    from cryptography.x509 import KeyUsage

    usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert store.cert.certificate == certificate


def test_a_demonstration_may_go_without_a_passphrase(folder: Path, settings: object) -> None:
    settings.KEYS_PASSPHRASE, settings.DEMO_MODE = "", True

    call_command("make_keys", simulator=True, verbosity=0)

    signer = Signer.from_pkcs12(folder / "gepg-gateway.p12", "")
    verifier = Verifier.from_files([folder / "gepg-gateway.crt.pem"], "")
    assert verifier.verdict(b"bytes", signer.sign(b"bytes")) is Verdict.VALID

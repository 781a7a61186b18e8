"""Documents: they hold their content, stay on their pages, and cannot be changed unnoticed."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
import time_machine
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from moneyed import Money
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import SimpleSigner

from portal import signing
from portal.pdf import issue_document, receipt_content, render, sign, verify
from portal.pdf.furniture import furniture
from portal.pdf.issuing import printable
from portal.pdf.signatures import KEY_FILE, NOT_SIGNED, signing_certificate
from portal.qr import qr_svg_for_print

A4 = (595, 842)
ALL = ["certificate", "licence", "letter", "receipt"]


def row(label, value):
    return {"label": {"sw": label, "en": f"{label} (en)"}, "value": value, "wide": len(value) > 40}


def content(template="certificate", *, rows=(), tables=(), **changes):
    pair = {"sw": "Kiswahili", "en": "English"}
    return {
        "template": template,
        "service": "cheti-cha-kuzaliwa",
        "language": "sw",
        "number": "RITA-26-7K3M9Q2-X",
        "holder": "Asha Juma Ng'wanza",
        "institution": {"sw": "Wakala wa Usajili", "en": "Registration Agency"},
        "office": {"sw": "Msajili Mkuu", "en": "Registrar General"},
        "title": {"sw": "Cheti cha kuzaliwa", "en": "Birth certificate"},
        "opening": pair,
        "body": [pair],
        "facts": [{"heading": pair, "rows": list(rows), "tables": list(tables)}],
        "terms": [
            {
                "label": {"sw": "Imetolewa", "en": "Issued"},
                "value": {"sw": "7 Julai 2026", "en": "7 July 2026"},
            }
        ],
        "amount": "TZS 22,000",
        "amount_words": None,
        "lines": [{"description": "Ada", "amount": "TZS 22,000"}],
        "issued_on": "2026-07-07",
        "expires_on": None,
        **changes,
    }


def pages(template="certificate", **options):
    data = content(template, **options)
    frame = furniture(data, language="sw", address="huduma.go.tz/verify/", qr=qr_svg_for_print("ABC"))
    return render(template, {**data, **frame}, language="sw")


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join("".join(page.get_textpage().get_text_range() for page in document).split())


def make_signer(name="Huduma", *, years=2):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years)).add_extension(usage, critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    store = pkcs12.serialize_key_and_certificates(b"k", key, certificate, None, BestAvailableEncryption(b"siri"))
    return store, certificate.public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def office():
    store, certificate = make_signer()
    return SimpleSigner.load_pkcs12_data(store, [], b"siri"), certificate


@pytest.fixture(scope="module")
def signed(office):
    return sign(pages(), reason="Cheti cha kuzaliwa", name="Wakala wa Usajili", signer=office[0])


@pytest.mark.parametrize("template", ALL)
def test_document_shows_what_it_was_given(template):
    text = text_of(pages(template, rows=[row("Mama", "Neema Petro")]))

    for words in (
        "RITA-26-7K3M9Q2-X",
        "Asha Juma Ng'wanza",
        "Wakala wa Usajili",
        "Msajili Mkuu",
        "Neema Petro",
        "7 Julai 2026",
    ):
        assert words in text.replace("’", "'")


@pytest.mark.parametrize("template", ALL)
def test_same_data_give_the_same_bytes(template):
    with time_machine.travel("2026-07-07"):
        first = pages(template)
    with time_machine.travel("2031-01-01"):
        assert pages(template) == first


@pytest.mark.parametrize("template", ALL)
def test_file_is_tagged_and_archivable(template):
    reader = PdfFileReader(io.BytesIO(pages(template)))

    assert reader.root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.root
    assert reader.root["/Lang"] == "sw"
    metadata = reader.root["/Metadata"].data
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata


@pytest.mark.parametrize("template", ALL)
def test_every_page_is_a4_and_numbered(template):
    rows = [row(f"Swali {i}", "Jibu " * (30 if i % 4 == 0 else 2)) for i in range(40)]
    with pypdfium2.PdfDocument(pages(template, rows=rows)) as document:
        assert 2 <= len(document) <= 5
        for number, page in enumerate(document, start=1):
            assert tuple(round(side) for side in page.get_size()) == A4
            assert f"{number} / {len(document)}" in page.get_textpage().get_text_range()


@pytest.mark.parametrize("template", ALL)
@pytest.mark.parametrize("long", ["W" * 150, "Mwanaidi Abdulrahmani " * 7, "https://" + "wizara." * 18 + "go.tz"])
def test_long_words_wrap_inside_the_margins(template, long):
    table = {
        "label": {"sw": "J", "en": "J"},
        "columns": [{"sw": "A", "en": "A"}] * 3,
        "rows": [[long, "b", long]],
    }
    pdf = pages(template, holder=long, rows=[row("Swali", long)], tables=[table])

    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            words = page.get_textpage()
            rights = [words.get_charbox(i)[2] for i in range(words.count_chars()) if words.get_text_range(i, 1).strip()]
            assert max(rights) < A4[0] - 40


@pytest.mark.parametrize(
    "answer",
    ["Ng'wanza", '#read("/etc/passwd")', "*si* _nene_ $x$", "<script>", "\\ @ ~ `", "Žofie Ñandú Ægir"],
)
def test_answers_are_text_and_never_markup(answer):
    text = text_of(pages(rows=[row("Swali", answer)]))

    assert answer in text.replace("’", "'")


def test_scripts_that_the_fonts_lack_do_not_stop_the_document():
    text = text_of(pages(holder="Asha ﷺ 漢 🙂", rows=[row("Swali", "a\u202eb\x00c\ufdd0d")]))

    assert "Asha ? ? ?" in text
    assert "abc?d" in text


def test_every_letter_that_passes_can_be_drawn():
    letters = "".join(map(chr, range(0x20, 0xFFFF))).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")

    assert pages(rows=[row("Swali", letters)]).startswith(b"%PDF")


def test_unknown_template_is_refused():
    with pytest.raises(ValueError, match="unknown document template"):
        render("../../settings", {}, language="sw")


def test_each_number_turns_its_own_rosettes():
    first, second = (furniture({"number": number}, language="sw", address="", qr="")["seed"] for number in ("A", "B"))

    assert first != second


def test_signature_is_ours(signed, office):
    report = verify(signed, office[1])

    assert (report.intact, report.trusted, report.signer) == (True, True, "Huduma")
    assert abs(report.signed_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_signature_is_pades_and_forbids_changes(signed):
    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0]

    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.value == 1


def test_signing_keeps_the_pages(signed):
    assert text_of(signed) == text_of(pages())


def test_key_of_another_office_is_not_trusted(signed):
    report = verify(signed, make_signer("Nyingine")[1])

    assert (report.intact, report.trusted) == (True, False)


def test_same_name_with_another_key_is_not_trusted(signed):
    assert verify(signed, make_signer("Huduma")[1]).trusted is False


def test_one_changed_byte_is_noticed(signed, office):
    at = signed.index(b"/Producer") if b"/Producer" in signed else 2000
    report = verify(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :], office[1])

    assert report.intact is False


def test_page_added_after_signing_is_noticed(signed, office):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)

    report = verify(changed.getvalue(), office[1])

    assert (report.intact, report.trusted) == (False, False)


@pytest.mark.parametrize("file", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"\x00" * 5000])
def test_what_is_no_signed_pdf_is_not_signed(file, office):
    assert verify(file, office[1]) == NOT_SIGNED


def test_unsigned_document_is_not_signed(office):
    assert verify(pages(), office[1]) == NOT_SIGNED


def test_document_outlives_its_key():
    store, certificate = make_signer(years=1)
    pdf = sign(pages(), reason="", name="", signer=SimpleSigner.load_pkcs12_data(store, [], b"siri"))

    with time_machine.travel(datetime.now(UTC) + timedelta(days=3650)):
        assert verify(pdf, certificate).trusted is True


@pytest.fixture
def keys(settings, tmp_path):
    store, _certificate = make_signer()
    (tmp_path / KEY_FILE).write_bytes(store)
    (tmp_path / signing.KEY_FILE).write_bytes(
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    settings.KEYS_DIR, settings.KEYS_PASSPHRASE = tmp_path, "siri"
    settings.SITE_URL = "https://huduma.go.tz"


def test_issued_document_is_signed_twice(keys):
    data = content(expires_on="2027-07-06")

    issued = issue_document(data, reason="Cheti cha kuzaliwa")

    assert verify(issued.pdf, signing_certificate()).trusted is True
    payload = signing.verify_payload(issued.qr_text)
    assert (payload.number, payload.holder) == ("RITA-26-7K3M9Q2-X", "As*** Ju*** Ng***")
    assert (payload.issued_on, payload.expires_on) == (date(2026, 7, 7), date(2027, 7, 6))
    assert issued.content_sha256.startswith(payload.content_sha256)
    assert issued.content_sha256 == signing.content_digest(json.loads(json.dumps(data)))


@pytest.mark.parametrize("template", ALL)
def test_camera_reads_the_code_from_the_printed_page(keys, template):
    issued = issue_document(content(template), reason="")

    with pypdfium2.PdfDocument(issued.pdf) as document:
        image = document[0].render(scale=200 / 72).to_pil()

    assert zxingcpp.read_barcode(image).text == issued.qr_text


def test_receipt_says_what_was_paid(keys):
    receipt = receipt_content(
        number="RCT-26-0000001-A",
        payer="Asha Juma Ng'wanza",
        amount=Money("22000", "TZS"),
        lines=[("Ada ya cheti", Money("20000", "TZS")), ("Ada ya posta", Money("2000", "TZS"))],
        paid_at=datetime(2026, 7, 6, 22, 30, tzinfo=UTC),
        facts=[("Control number", "9912 3456 7890"), ("Channel", "M-Pesa")],
        institution={"sw": "Wakala", "en": "Agency"},
        office={"sw": "Mhasibu", "en": "Accountant"},
        language="sw",
        amount_in_words="elfu ishirini na mbili",
    )

    text = text_of(render("receipt", printable(receipt, "ABC"), language="sw"))

    for words in (
        "TZS 22,000",
        "TZS 20,000",
        "TZS 2,000",
        "9912 3456 7890",
        "M-Pesa",
        "elfu ishirini na mbili",
    ):
        assert words in text
    assert receipt["issued_on"] == "2026-07-07"

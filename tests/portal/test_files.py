"""Files come in only when they are what we take, leave only when they are clean, and vanish when unused."""

import io
import os
import socket
import socketserver
import struct
import threading
import zlib
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from moneyed import Money
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from portal import files
from portal.models import StoredFile
from portal.pdf import furniture, issue_document, receipt_content
from portal.uploads import scanner
from portal.uploads.refusals import UploadRefused

pytestmark = pytest.mark.django_db

name, dictionary, array, text = (
    generic.pdf_name, generic.DictionaryObject, generic.ArrayObject, generic.pdf_string,
)  # fmt: skip
JAVASCRIPT = dictionary({name("/S"): name("/JavaScript"), name("/JS"): text("app.alert(1)")})
LAUNCH = dictionary({name("/S"): name("/Launch"), name("/F"): text("cmd.exe")})


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES_DIR = tmp_path / "files"
    settings.CLAMAV_ADDRESS = ""
    return settings.PRIVATE_FILES_DIR


@pytest.fixture
def owner():
    return get_user_model().objects.create(email="asha@example.tz")


def pdf(change=lambda writer, page: None, *, streams=False):
    """A one-page PDF; `change` adds to it, `streams` hides its objects in a compressed object stream."""
    writer = PdfFileWriter(stream_xrefs=streams)
    page = PageObject(
        contents=writer.add_object(generic.StreamObject(stream_data=b"")), media_box=generic.ArrayObject(
            map(generic.NumberObject, (0, 0, 595, 842))
        ),
    )  # fmt: skip
    writer.insert_page(page)
    change(writer, page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def hidden(action):
    """The action as an object inside an object stream: no byte of its name is readable in the file."""

    def change(writer, page):
        stream = writer.prepare_object_stream()
        page[name("/Annots")] = array([writer.add_object(dictionary({
            name("/Type"): name("/Annot"), name("/Subtype"): name("/Link"), name("/A"): action,
        }), obj_stream=stream)])  # fmt: skip

    return pdf(change, streams=True)


def in_root(key, value):
    def change(writer, page):
        writer.root[name(key)] = value

    return pdf(change)


def image(kind="JPEG", size=(40, 30), **options):
    output = io.BytesIO()
    Image.new("RGB", size, "green").save(output, kind, **options)
    return output.getvalue()


def upload(content, file_name="cheti.pdf", stated="application/pdf"):
    return SimpleUploadedFile(file_name, content, stated)


def refused(owner, content, file_name="cheti.pdf"):
    """The code of the refusal; and nothing was kept."""
    with pytest.raises(UploadRefused) as refusal:
        files.store_upload(upload(content, file_name), owner=owner, purpose="application-document")
    assert not StoredFile.objects.exists()
    return refusal.value.code


def kept(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_pdf_is_kept_as_it_came(owner, folder):
    content = pdf()

    stored = files.store_upload(upload(content, "Cheti cha Asha.PDF"), owner=owner, purpose="application-document")

    assert files.read_content(stored) == content
    assert (stored.original_name, stored.content_type, stored.size) == (
        "Cheti cha Asha.pdf",
        "application/pdf",
        len(content),
    )
    assert (stored.state, stored.owner, stored.linked_at) == ("clean", owner, None)
    assert len(stored.sha256) == 64


def test_stored_name_tells_nothing_and_is_never_the_same(owner, folder):
    first, second = (
        files.store_upload(upload(pdf(), "siri.pdf"), owner=owner, purpose="application-document") for _ in range(2)
    )

    assert first.name != second.name
    assert "siri" not in first.name
    assert len(first.name) == 3 + 64 + 4
    assert files.path_of(first).stat().st_mode & 0o777 == 0o600
    assert files.path_of(first).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("content", "file_name", "type_and_name"),
    [
        (image("JPEG"), "picha.png", ("image/jpeg", "picha.jpg")),
        (image("PNG"), "picha.exe", ("image/png", "picha.png")),
        (image("PNG"), "", ("image/png", "file.png")),
        (pdf(), "../../etc/passwd", ("application/pdf", "passwd.pdf")),
        (pdf(), "C:\\Nyaraka\\barua ya Ng'wanza.docx", ("application/pdf", "barua ya Ng'wanza.pdf")),
        (pdf(), 'a"b\r\nSet-Cookie: x.pdf', ("application/pdf", "abSet-Cookie x.pdf")),
    ],
)
def test_content_decides_the_type_and_the_extension(owner, content, file_name, type_and_name):
    uploaded = upload(content)
    uploaded._name = file_name  # what a browser may send; the class itself would tidy it

    stored = files.store_upload(uploaded, owner=owner, purpose="application-document")

    assert (stored.content_type, stored.original_name) == type_and_name


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\x00" * 200,
        b"\x7fELF" + b"\x00" * 200,
        b"#!/bin/sh\nrm -rf /\n",
        b"PK\x03\x04" + b"\x00" * 100,
        b"GIF89a" + b"\x00" * 100,
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ%PDF-1.7\n" + b"\x00" * 100 + b"%%EOF",
        b"\n%PDF-1.7\n%%EOF",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100,
    ],
    ids=["exe", "elf", "script", "zip", "gif", "html", "svg", "polyglot", "late-header", "heic"],
)
def test_what_we_do_not_take_is_refused_whatever_it_is_called(owner, folder, content):
    assert refused(owner, content, "cheti.pdf") == "file_type_not_allowed"
    assert kept(folder) == []


def test_refusal_says_what_to_do(owner):
    with pytest.raises(UploadRefused) as refusal:
        files.store_upload(upload(b"MZ\x90\x00"), owner=owner, purpose="application-document")

    with translation.override("en"):
        assert str(refusal.value.message) == (
            "This kind of file is not accepted. Send a PDF, or a photo as JPEG or PNG."
        )


def test_empty_file_is_refused(owner):
    assert refused(owner, b"") == "file_empty"


def test_limit_counts_the_bytes_and_not_what_the_browser_states(owner, settings, folder):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    big = upload(image("PNG") + b"\x00" * 1024 * 1024)
    big.size = 10

    with pytest.raises(UploadRefused) as refusal:
        files.store_upload(big, owner=owner, purpose="application-document")

    assert refusal.value.code == "file_too_large"
    with translation.override("en"):
        assert "1 MB" in str(refusal.value.message)
    assert kept(folder) == []


def test_file_of_exactly_the_limit_is_taken(owner, settings):
    settings.UPLOAD_MAX_BYTES = len(pdf())

    assert files.store_upload(upload(pdf()), owner=owner, purpose="application-document").pk


@pytest.mark.parametrize(
    "content",
    [
        in_root("/OpenAction", JAVASCRIPT),
        in_root("/OpenAction", LAUNCH),
        in_root("/AA", dictionary({name("/WC"): JAVASCRIPT})),
        in_root("/Names", dictionary({name("/JavaScript"): dictionary({name("/Names"): array([])})})),
        in_root("/Names", dictionary({name("/EmbeddedFiles"): dictionary({name("/Names"): array([])})})),
        in_root("/AcroForm", dictionary({name("/XFA"): array([]), name("/Fields"): array([])})),
        hidden(JAVASCRIPT),
        hidden(LAUNCH),
        hidden(dictionary({name("/S"): name("/SubmitForm"), name("/F"): text("http://x")})),
        pdf(lambda writer, page: writer.add_object(dictionary({name("/S"): name("/Launch")}))),
        pdf(lambda writer, page: writer.add_object(dictionary({
            name("/Type"): name("/Annot"), name("/Subtype"): name("/FileAttachment"),
        }))),
    ],
    ids=["open-js", "open-launch", "aa", "names-js", "names-files", "xfa", "hidden-js", "hidden-launch",
         "hidden-submit",
         "unreached-launch", "attachment"],
)  # fmt: skip
def test_pdf_that_acts_is_refused(owner, folder, content):
    assert refused(owner, content) == "file_active_content"
    assert kept(folder) == []


def test_action_is_really_hidden_from_a_byte_search():
    assert b"JavaScript" not in hidden(JAVASCRIPT)


def test_escaped_name_does_not_hide_an_action(owner):
    content = in_root("/OpenAction", JAVASCRIPT).replace(b"/JavaScript", b"/#4aavaScript")

    assert refused(owner, fix_offsets(content)) == "file_active_content"


def test_action_of_an_earlier_revision_is_seen(owner):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(in_root("/OpenAction", JAVASCRIPT)))
    del writer.root["/OpenAction"]
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)

    assert refused(owner, output.getvalue()) == "file_active_content"


def test_link_and_signature_are_no_programs(owner):
    link = dictionary({name("/S"): name("/URI"), name("/URI"): text("https://www.nida.go.tz")})

    assert files.store_upload(upload(hidden(link)), owner=owner, purpose="application-document").state == "clean"


def test_locked_pdf_is_refused(owner):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf())))
    writer.encrypt(owner_pass="siri", user_pass="siri")
    output = io.BytesIO()
    writer.write(output)

    assert refused(owner, output.getvalue()) == "file_encrypted"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n" + b"x" * 3000, b"%PDF-1.7\n%%EOF", pdf()[:-200], pdf()[:300] + b"%%EOF",
     b"%PDF-1.7\nxref\n0 1\ntrailer\n<</Root 1 0 R/Size 1>>\nstartxref\n9\n%%EOF"],
)  # fmt: skip
def test_damaged_pdf_is_refused(owner, folder, content):
    assert refused(owner, content) == "file_damaged"
    assert kept(folder) == []


def test_pdf_of_too_many_pages_is_refused(owner):
    def change(writer, page):
        writer.root["/Pages"][name("/Count")] = generic.NumberObject(100_000)

    assert refused(owner, pdf(change)) == "file_too_complex"


def zeros(count, *, streams):
    def change(writer, page):
        stream = writer.prepare_object_stream() if streams else None
        numbers = array([generic.NumberObject(0)] * count)
        writer.root[name("/Junk")] = writer.add_object(numbers, obj_stream=stream)

    return pdf(change, streams=streams)


@pytest.mark.parametrize("streams", [True, False], ids=["a few kilobytes that unfold", "two megabytes as they are"])
def test_pdf_that_would_keep_the_reader_busy_is_refused(owner, streams):
    assert refused(owner, zeros(1_100_000, streams=streams)) == "file_too_complex"


def test_pdf_of_too_many_objects_is_refused(owner):
    def change(writer, page):
        for _number in range(50_001):
            writer.add_object(generic.NullObject())

    assert refused(owner, pdf(change)) == "file_too_complex"


def test_deep_nesting_does_not_break_the_reader(owner):
    content = in_root("/Junk", array([])).replace(b"/Junk [ ]", b"/Junk " + b"[" * 50_000 + b"]" * 50_000)

    assert refused(owner, content) == "file_damaged"


def test_document_of_this_portal_may_be_sent_in_again(owner):
    receipt = receipt_content(
        number="RCT-26-0000001-A", payer="Asha", amount=Money("22000", "TZS"), lines=[], facts=[],
        paid_at=timezone.now(), institution=furniture.same("RITA"), office=furniture.same("RITA"), language="sw",
    )  # fmt: skip

    assert pending(owner, issue_document(receipt, reason="").pdf).state == "clean"


def test_photo_loses_place_and_device(owner):
    exif = Image.Exif()
    exif[0x010F] = "SiriPhone"
    exif.get_ifd(0x8825)[1] = "S"
    content = image("JPEG", exif=exif, comment=b"siri ya picha")
    assert b"SiriPhone" in content

    stored = files.store_upload(upload(content), owner=owner, purpose="application-document")

    kept_bytes = files.read_content(stored)
    assert b"SiriPhone" not in kept_bytes
    assert b"siri ya picha" not in kept_bytes
    assert not Image.open(io.BytesIO(kept_bytes)).getexif()


def test_photo_stands_upright(owner):
    exif = Image.Exif()
    exif[0x0112] = 6

    stored = files.store_upload(upload(image("JPEG", (60, 20), exif=exif)), owner=owner, purpose="application-document")

    assert Image.open(io.BytesIO(files.read_content(stored))).size == (20, 60)


def test_data_behind_the_picture_does_not_survive(owner):
    stored = files.store_upload(upload(image("PNG") + b"PK\x03\x04hidden"), owner=owner, purpose="application-document")

    assert b"hidden" not in files.read_content(stored)


def test_large_photo_shrinks(owner):
    stored = files.store_upload(upload(image("PNG", (5000, 2500))), owner=owner, purpose="application-document")

    assert Image.open(io.BytesIO(files.read_content(stored))).size == (4000, 2000)


def test_transparent_png_stays_transparent(owner):
    output = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(output, "PNG")

    stored = files.store_upload(upload(output.getvalue()), owner=owner, purpose="application-document")

    assert Image.open(io.BytesIO(files.read_content(stored))).mode == "RGBA"


def test_decompression_bomb_is_refused_by_its_header(owner, folder):
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )

    assert refused(owner, bomb) == "file_damaged"
    assert kept(folder) == []


@pytest.mark.parametrize("content", [image("JPEG", (400, 400))[:300], image("PNG")[:60], b"\xff\xd8\xff" + b"\0" * 100])
def test_damaged_photo_is_refused(owner, content):
    assert refused(owner, content) in {"file_damaged", "file_type_not_allowed"}


def test_download_is_saved_and_never_run(owner):
    content = pdf()
    stored = files.store_upload(upload(content, "Cheti cha Ng'wanza.pdf"), owner=owner, purpose="application-document")

    response = files.open_download(stored)

    assert b"".join(response.streaming_content) == content
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="Cheti cha Ng\'wanza.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_file_that_the_portal_made_is_clean_and_nobody_s(settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"

    stored = files.store_generated(pdf(), purpose="certificate", file_name="RITA-26-7K3M9Q2-X.pdf")

    assert (stored.state, stored.owner, stored.original_name) == ("clean", None, "RITA-26-7K3M9Q2-X.pdf")


def test_nothing_stays_on_the_disk_when_the_row_fails(owner, folder):
    with pytest.raises(DataError), transaction.atomic():
        files.store_upload(upload(pdf()), owner=owner, purpose="x" * 61)

    assert kept(folder) == []


# --- Scanner -----------------------------------------------------------------------------------------------


class Daemon(socketserver.BaseRequestHandler):
    """What a ClamAV daemon does with INSTREAM; files that contain EICAR are infected."""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
        answer = self.server.answer or (b"stream: Eicar FOUND" if b"EICAR" in content else b"stream: OK")
        self.request.sendall(answer + b"\0")


@pytest.fixture
def daemon(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Daemon) as server:
        server.answer = b""
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def infected_pdf():
    return pdf(lambda writer, page: writer.add_object(generic.pdf_string("EICAR")))


def pending(owner, content):
    return files.store_upload(upload(content), owner=owner, purpose="application-document")


def refusal_code(action, stored):
    with pytest.raises(UploadRefused) as refusal:
        action(stored)
    return refusal.value.code


def test_file_is_not_served_before_the_verdict(owner, daemon):
    stored = pending(owner, pdf())

    assert stored.state == "pending"
    assert refusal_code(files.open_download, stored) == "file_not_ready"
    assert refusal_code(files.read_content, stored) == "file_not_ready"


def test_clean_verdict_opens_the_file(owner, daemon):
    content = pdf()
    stored = pending(owner, content)

    assert files.scan_file(stored.pk) is True
    stored.refresh_from_db()
    assert stored.state == "clean"
    assert files.read_content(stored) == content
    assert files.scan_file(stored.pk) is False


def test_infected_file_is_refused_and_its_bytes_are_gone(owner, daemon, folder, django_capture_on_commit_callbacks):
    stored = pending(owner, infected_pdf())
    stored.mark_linked()

    with django_capture_on_commit_callbacks(execute=True):
        assert files.scan_file(stored.pk) is True

    stored.refresh_from_db()
    assert (stored.state, stored.linked_at) == ("refused", None)
    assert refusal_code(files.open_download, stored) == "file_infected"
    assert refusal_code(StoredFile.mark_linked, stored) == "file_gone"
    assert kept(folder) == []


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"UNKNOWN COMMAND"])
def test_no_clear_verdict_leaves_the_file_pending(owner, daemon, answer):
    daemon.answer = answer or b" "
    stored = pending(owner, pdf())

    with pytest.raises(scanner.ScannerUnavailable):
        files.scan_file(stored.pk)

    stored.refresh_from_db()
    assert stored.state == "pending"


def test_sweep_waits_for_a_scanner_that_is_down(owner, settings, daemon):
    working = settings.CLAMAV_ADDRESS
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{closed.getsockname()[1]}"
    stored = pending(owner, pdf())

    assert files.sweep_pending_files() == 0
    settings.CLAMAV_ADDRESS = working
    assert files.sweep_pending_files() == 1
    stored.refresh_from_db()
    assert stored.state == "clean"


# --- Orphans -----------------------------------------------------------------------------------------------


def test_sweep_removes_only_what_nothing_uses(owner, folder, django_capture_on_commit_callbacks):
    old_orphan, old_linked, new_orphan = (pending(owner, pdf()) for _ in range(3))
    old_linked.mark_linked()
    long_ago = timezone.now() - timedelta(days=7, minutes=1)
    StoredFile.objects.filter(pk__in=[old_orphan.pk, old_linked.pk]).update(created_at=long_ago)

    with django_capture_on_commit_callbacks(execute=True):
        assert files.sweep_orphan_files() == 1

    assert set(StoredFile.objects.values_list("pk", flat=True)) == {old_linked.pk, new_orphan.pk}
    assert len(kept(folder)) == 2
    assert refusal_code(StoredFile.mark_linked, old_orphan) == "file_gone"


def test_bytes_of_a_transaction_that_failed_are_removed_later(owner, folder):
    recorded = pending(owner, pdf())
    lost, recent = (recorded_name_like(recorded, digit) for digit in "ab")
    for path in (files.path_of(recorded), lost):
        os.utime(path, (0, 0))

    assert files.sweep_unrecorded_bytes(recorded.name[:2]) == 1

    assert set(kept(folder)) == {files.path_of(recorded), recent}


def test_every_folder_is_swept_within_a_fortnight():
    hours = [datetime(2026, 7, 7, tzinfo=UTC) + timedelta(hours=hour) for hour in range(256)]

    assert {files.folder_of_the_hour(hour) for hour in hours} == {f"{number:02x}" for number in range(256)}


def test_linking_twice_keeps_the_first_time(owner):
    stored = pending(owner, pdf())

    stored.mark_linked()
    first = stored.linked_at
    stored.mark_linked()

    assert first is not None
    assert stored.linked_at == first


def test_database_refuses_a_verdict_without_its_time(owner):
    stored = pending(owner, pdf())

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(scanned_at=None)


def recorded_name_like(stored, digit):
    path = files.path_of(stored).with_name(f"{stored.name[:2]}{digit * 62}.pdf")
    path.write_bytes(b"lost")
    return path


def fix_offsets(content):
    """Write the PDF anew after a change of its bytes, as any editor would."""
    with pypdfium2.PdfDocument(content) as document:
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()

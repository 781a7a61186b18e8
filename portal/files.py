"""Files in and out: `store_upload` takes one from a person, `open_download` gives one back.

Who may read a file is decided by the record it belongs to, never here: callers fetch the record by its own
fetch helper first. With no scanner configured (CLAMAV_ADDRESS empty) a file that passes our own checks is
clean at once: that is the policy, written in docs/outputs.md.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from celery import signature
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

from portal.models.files import StoredFile
from portal.uploads import images, pdfs, scanner
from portal.uploads.kinds import PDF, Kind, kind_of
from portal.uploads.refusals import empty, infected, not_ready, too_large

if TYPE_CHECKING:
    from accounts.models import Person

logger = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(days=7)
LONGEST_NAME = 100
SWEEP_BATCH = 500


def store_upload(uploaded: "UploadedFile[Any]", *, owner: "Person", purpose: str) -> StoredFile:
    """Keep what a person sends, or raise UploadRefused and keep nothing."""
    content = _read(uploaded)
    kind = kind_of(content)
    if kind is PDF:
        pdfs.check(content)
    else:
        content = images.rebuild(content, kind)
    original_name = _tidy_name(uploaded.name or "", kind)
    return _store(content, kind, owner=owner, purpose=purpose, original_name=original_name, trusted=False)


def store_generated(pdf: bytes, *, purpose: str, file_name: str) -> StoredFile:
    """Keep a PDF that the portal itself made and signed. Call inside the transaction that links it."""
    return _store(pdf, PDF, owner=None, purpose=purpose, original_name=file_name, trusted=True)


def read_content(stored: StoredFile) -> bytes:
    _require_clean(stored)
    return path_of(stored).read_bytes()


def open_download(stored: StoredFile) -> FileResponse:
    """A response that a browser saves and never runs, and that no shared cache keeps."""
    _require_clean(stored)
    response = FileResponse(
        path_of(stored).open("rb"),
        as_attachment=True,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def path_of(stored: StoredFile) -> Path:
    return Path(settings.PRIVATE_FILES_DIR) / stored.name


def scan_file(pk: int) -> bool:
    """Ask the scanner about one pending file. False when somebody already has the verdict.

    ScannerUnavailable passes through: the file stays pending and is not served.
    """
    stored = StoredFile.objects.filter(pk=pk, state=StoredFile.State.PENDING).first()
    if stored is None:
        return False
    clean = not scanner.is_configured() or scanner.is_clean(path_of(stored).read_bytes())
    verdict = StoredFile.State.CLEAN if clean else StoredFile.State.REFUSED
    _record_verdict(pk, verdict)
    return True


def sweep_pending_files() -> int:
    """Scan what still waits (lost task, scanner that was down); stops when it is down again."""
    waiting = StoredFile.objects.filter(state=StoredFile.State.PENDING).order_by("pk")
    done = 0
    for pk in waiting.values_list("pk", flat=True)[:SWEEP_BATCH]:
        try:
            done += scan_file(pk)
        except scanner.ScannerUnavailable as error:
            logger.warning("file_scanner_unavailable", extra={"reason": str(error)})
            break
    return done


def sweep_orphan_files() -> int:
    """Remove files that nothing linked within a week, row and bytes; returns how many."""
    orphans = StoredFile.objects.filter(linked_at__isnull=True, created_at__lt=timezone.now() - ORPHAN_AGE)
    return sum(_remove_orphan(pk) for pk in orphans.order_by("pk").values_list("pk", flat=True)[:SWEEP_BATCH])


def sweep_unrecorded_bytes(folder: str) -> int:
    """Remove bytes whose row was rolled back by the transaction around it; one of 256 folders a call."""
    root = Path(settings.PRIVATE_FILES_DIR)
    before = (timezone.now() - ORPHAN_AGE).timestamp()
    old = {path.relative_to(root).as_posix() for path in (root / folder).glob("*") if path.stat().st_mtime < before}
    lost = old - set(StoredFile.objects.filter(name__in=old).values_list("name", flat=True))
    for name in lost:
        (root / name).unlink(missing_ok=True)
    return len(lost)


def folder_of_the_hour(moment: datetime) -> str:
    """The beat runs hourly: every folder gets its turn within eleven days."""
    return f"{int(moment.timestamp()) // 3600 % 256:02x}"


def _read(uploaded: "UploadedFile[Any]") -> bytes:
    """At most one byte more than the limit, whatever size the request states."""
    limit: int = settings.UPLOAD_MAX_BYTES
    content: bytes = uploaded.read(limit + 1)
    if not content:
        raise empty()
    if len(content) > limit:
        raise too_large(limit)
    return content


def _store(
    content: bytes,
    kind: Kind,
    *,
    owner: "Person | None",
    purpose: str,
    original_name: str,
    trusted: bool,
) -> StoredFile:
    name = _write(content, kind)
    waits = scanner.is_configured() and not trusted
    try:
        with transaction.atomic():
            stored = StoredFile.objects.create(
                name=name,
                original_name=original_name,
                content_type=kind.content_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                purpose=purpose,
                owner=owner,
                state=StoredFile.State.PENDING if waits else StoredFile.State.CLEAN,
                scanned_at=None if waits else timezone.now(),
            )
    except BaseException:
        (Path(settings.PRIVATE_FILES_DIR) / name).unlink(missing_ok=True)
        raise
    if waits:
        transaction.on_commit(lambda: _scan_soon(stored.pk), robust=True)
    return stored


def _write(content: bytes, kind: Kind) -> str:
    """256 random bits name the file; two letters of them name its folder, so that no folder grows huge."""
    token = secrets.token_hex(32)
    name = f"{token[:2]}/{token}.{kind.extension}"
    path = Path(settings.PRIVATE_FILES_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
    return name


def _tidy_name(name: str, kind: Kind) -> str:
    """The sender's name, harmless in a header and in a folder, with the extension of the content."""
    stem = PurePath(name.replace("\\", "/")).stem
    visible = "".join(symbol for symbol in stem if symbol.isprintable() and symbol not in '<>:"/|?*;').strip(" .")
    return f"{visible[:LONGEST_NAME] or 'file'}.{kind.extension}"


def _require_clean(stored: StoredFile) -> None:
    if stored.state == StoredFile.State.PENDING:
        raise not_ready()
    if stored.state == StoredFile.State.REFUSED:
        raise infected()


def _scan_soon(pk: int) -> None:
    signature("portal.scan_file", args=[pk]).delay()


@transaction.atomic
def _record_verdict(pk: int, verdict: StoredFile.State) -> None:
    """A refused file lets go of its record and loses its bytes; the row stays to say why it is gone."""
    stored = StoredFile.objects.select_for_update(of=("self",)).get(pk=pk)
    stored.state, stored.scanned_at = verdict, timezone.now()
    if verdict == StoredFile.State.REFUSED:
        stored.linked_at = None
        transaction.on_commit(lambda: path_of(stored).unlink(missing_ok=True))
    stored.save(update_fields=["state", "scanned_at", "linked_at"])


@transaction.atomic
def _remove_orphan(pk: int) -> bool:
    """Looks again under the lock: a link made since the list was read wins."""
    orphan = StoredFile.objects.select_for_update(of=("self",)).filter(pk=pk, linked_at__isnull=True).first()
    if orphan is None:
        return False
    path = path_of(orphan)
    orphan.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return True

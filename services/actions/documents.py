"""Documents of an application: adding, replacing, removing."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from portal.audit import record
from portal.errors import Conflict, DomainError
from portal.files import store_upload
from portal.models import StoredFile
from services import verbs
from services.actions.moves import lock
from services.definitions.documents import required_documents
from services.models import Application, Document
from services.policies import can_edit


def add_document(*, reference: str, actor: Person, kind: str, upload: "UploadedFile[Any]") -> Document:
    """Store the file first (typed by content, re-encoded), then hang it on the application.

    Raises a DomainError with the reason when the file is refused; an earlier file of the kind then stays.
    """
    file = store_upload(upload, owner=actor, purpose="application-document")
    return _attach(reference=reference, actor=actor, kind=kind, file=file)


@transaction.atomic
def _attach(*, reference: str, actor: Person, kind: str, file: StoredFile) -> Document:
    application = lock(reference)
    _check_editable(application)
    if kind not in {document.code for document in required_documents(application.definition, application.answers)}:
        raise DomainError(_("This service does not ask for that document."), "unknown_document")
    now = timezone.now()
    application.documents.filter(kind=kind, superseded_at=None).update(superseded_at=now)
    document = Document.objects.create(application=application, kind=kind, file=file, added_by=actor, added_at=now)
    file.mark_linked()
    record(verbs.DOCUMENT_ADDED, application, actor=actor, kind=kind, sha256=file.sha256)
    return document


@transaction.atomic
def remove_document(*, reference: str, actor: Person, kind: str) -> None:
    application = lock(reference)
    _check_editable(application)
    if application.documents.filter(kind=kind, superseded_at=None).update(superseded_at=timezone.now()):
        record(verbs.DOCUMENT_REMOVED, application, actor=actor, kind=kind)


def _check_editable(application: Application) -> None:
    if not can_edit(application):
        raise Conflict(_("This application has already been sent and can no longer be changed."), "not_editable")

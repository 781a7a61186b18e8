"""Issuing an output: first the row with its number and content, then the signed PDF, then the state."""

from celery import signature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from portal.audit import record
from portal.errors import Conflict
from portal.files import store_generated
from portal.references import new_reference
from services import verbs
from services.actions.moves import lock, move
from services.definitions.loader import vocabulary
from services.definitions.texts import Text
from services.models import Application, Certificate
from services.outputs import build_output, expiry_date
from services.workflow.routing import deciding_stage
from services.workflow.states import State

DOCUMENT_LANGUAGE = "sw"
"""Documents are bilingual; Swahili, the official language, stands first."""

LONGEST_HOLDER = 200
"""Symbols of the name in registers and lists; the document itself carries all of it."""


def open_certificate(application: Application) -> Certificate:
    """Write the row from which the PDF will be made; a second call returns the first row."""
    number = new_reference(application.institution.reference_prefix)
    issued_on = timezone.localdate()
    institution = Text(sw=application.institution.name_sw, en=application.institution.name_en)
    definition = application.definition
    content = build_output(
        definition,
        application.answers,
        number=number,
        applicant=application.acting_for.name if application.acting_for else application.applicant.full_name,
        reference=application.reference,
        issued_on=issued_on,
        approved_by_office=vocabulary().roles[deciding_stage(definition).role].label,
        institution_name=institution,
        language=DOCUMENT_LANGUAGE,
    )
    certificate, created = Certificate.objects.get_or_create(
        application=application,
        defaults={
            "number": number,
            "holder": content["holder"][:LONGEST_HOLDER],
            "content": content,
            "expires_on": expiry_date(definition.output.validity, issued_on),
        },
    )
    if created:
        transaction.on_commit(lambda: _kick(certificate.pk), robust=True)
    return certificate


def _kick(certificate_pk: int) -> None:
    """By name, since tasks stand above actions. With the broker down the sweep finds the row."""
    signature("services.produce_certificate", args=[certificate_pk]).delay()


@transaction.atomic
def complete_issue(*, number: str, pdf: bytes, qr_text: str) -> Certificate:
    """The signed PDF is made: hang it on the certificate and finish the application. Repeats change nothing."""
    reference = Certificate.objects.values_list("application__reference", flat=True).get(number=number)
    application = lock(reference)
    certificate = Certificate.objects.get(number=number)
    if application.status != State.APPROVED:
        return certificate
    file = store_generated(pdf, purpose="certificate", file_name=f"{number}.pdf")
    certificate.file, certificate.qr_text = file, qr_text
    certificate.save(update_fields=["file", "qr_text"])
    file.mark_linked()
    move(application, "issue", verbs.ISSUED, actor=None, certificate=number)
    return certificate


@transaction.atomic
def revoke_certificate(*, number: str, actor: Person, reason: str) -> Certificate:
    """Withdraw the certificate's validity; the public page says so at once."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(number=number)
    if certificate.status != Certificate.Status.ACTIVE:
        raise Conflict(_("This certificate is no longer valid already."), "not_active")
    certificate.status = Certificate.Status.REVOKED
    certificate.revoked_at, certificate.revocation_reason = timezone.now(), reason
    certificate.save(update_fields=["status", "revoked_at", "revocation_reason"])
    record(verbs.CERTIFICATE_REVOKED, certificate, actor=actor, reason=reason)
    return certificate

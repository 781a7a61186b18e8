"""Starting an application and saving its parts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from portal.audit import record
from portal.errors import Conflict, DomainError, NotPermitted
from portal.references import new_reference
from services import verbs
from services.actions.moves import lock
from services.definitions.answers import CleanedSection, clean_section, drop_hidden
from services.models import Application, Service, ServiceVersion
from services.policies import can_apply, can_edit
from services.prefill import known_facts

MOST_OPEN_DRAFTS = 20


@transaction.atomic
def start_application(
    *,
    slug: str,
    actor: Person,
    acting_for: Organisation | None = None,
    channel: str = Application.Channel.WEB,
    key: str | None = None,
) -> Application:
    """Open a draft on the service's current version; a `key` that the person has used opens the same one again.

    Raises NotPermitted when the service is for another audience, Conflict when it is closed or the key belongs
    to another start, DomainError when the person holds too many drafts.
    """
    _one_start_at_a_time(actor)
    if key is not None and (started := Application.objects.filter(applicant=actor, start_key=key).first()):
        return _same_start(started, slug, acting_for)
    service, version = _open_service(slug, actor, acting_for)
    if Application.objects.filter(applicant=actor, state="draft").count() >= MOST_OPEN_DRAFTS:
        raise DomainError(_("You have too many drafts. Finish or delete one of them first."), "too_many_drafts")
    application = Application.objects.create(
        reference=new_reference(service.institution.reference_prefix),
        version=version,
        service=service,
        institution=service.institution,
        applicant=actor,
        acting_for=acting_for,
        channel=channel,
        start_key=key,
    )
    record(verbs.STARTED, application, actor=actor, service=service.slug, version=version.number)
    return application


def _one_start_at_a_time(person: Person) -> None:
    """Two at the same moment would both find the last free draft, or both find no use of the key."""
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)


def _same_start(started: Application, slug: str, acting_for: Organisation | None) -> Application:
    if started.service.slug != slug or started.acting_for != acting_for:
        raise Conflict(_("This Idempotency-Key belongs to another start. Use a new one."), "idempotency_key_used")
    return started


def _open_service(slug: str, actor: Person, acting_for: Organisation | None) -> tuple[Service, ServiceVersion]:
    service = (
        Service.objects.select_related("current_version", "institution")
        .defer("current_version__content")
        .get(slug=slug)
    )
    version = service.current_version
    if version is None or not service.is_open:
        raise Conflict(_("This service no longer takes new applications."), "service_closed")
    if not can_apply(actor, service, acting_for):
        raise NotPermitted(AUDIENCE_SENTENCES[service.audience], "wrong_audience")
    return service, version


AUDIENCE_SENTENCES = {
    "G2C": _("This service is for citizens. Go back to acting for yourself, then start again."),
    "G2B": _("This service is for businesses. Choose yours in your account under Organisations, then start again."),
    "G2E": _("This service is for public servants. Your account needs an employer: ask its administrator."),
    "G2G": _("This service is for institutions. Choose yours in your account under Organisations, then start again."),
}


@transaction.atomic
def save_section(
    *, reference: str, actor: Person, section: str, raw: Mapping[str, Any]
) -> tuple[Application, CleanedSection]:
    """Check one section and keep what is right. With errors nothing is kept and the errors are returned."""
    application = lock(reference)
    if not can_edit(application):
        raise Conflict(_("This application has already been sent and can no longer be changed."), "not_editable")
    cleaned = clean_section(
        application.definition,
        section,
        raw,
        application.answers,
        today=timezone.localdate(),
        known=_known(application, section),
    )
    if not cleaned.errors:
        application.answers = drop_hidden(application.definition, application.answers | cleaned.values)
        application.saved_at = application.changed_at = timezone.now()
        application.save(update_fields=["answers", "saved_at", "changed_at"])
        record(verbs.SAVED, application, actor=actor, section=section)
    return application, cleaned


def _known(application: Application, section: str) -> dict[str, Any]:
    """What the portal knows of the applicant, read only where the section asks for it."""
    asked = any(field.prefill for field in application.definition.section(section).fields)
    return known_facts(application.applicant, application.acting_for) if asked else {}

"""Publishing versions of services, and retiring services."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Person
from portal.audit import record
from portal.errors import Conflict
from portal.outbox import publish
from portal.pages import VERSION_TOPIC
from services import verbs
from services.definitions.loader import vocabulary
from services.definitions.schema import Definition
from services.models import Category, Service, ServiceVersion
from services.search import plain


@transaction.atomic
def publish_version(*, definition: Definition, actor: Person | None) -> ServiceVersion:
    """Make `definition` the service's current version. What is current already is returned unchanged."""
    service = _service_of(definition)
    version = service.versions.filter(sha256=definition.sha256).first()
    if version is None:
        last = service.versions.order_by("-number").first()
        version = ServiceVersion.objects.create(
            service=service,
            number=last.number + 1 if last else 1,
            content=definition.as_data(),
            sha256=definition.sha256,
            published_by=actor,
        )
        record(verbs.VERSION_PUBLISHED, service, actor=actor, number=version.number, sha256=version.sha256)
    if service.current_version_id != version.pk:
        service.current_version = version
        service.search_title = plain(f"{definition.title.sw} {definition.title.en}")
        service.search_text = search_text(definition)
        service.save(update_fields=["current_version", "search_title", "search_text"])
        publish(
            VERSION_TOPIC,
            key=f"{definition.slug}:{version.pk}:{timezone.now().isoformat()}",
            service=definition.slug,
        )
    return version


@transaction.atomic
def retire_service(*, slug: str, actor: Person, reason: str) -> Service:
    """No new applications and no submissions; what has been submitted goes on."""
    service = Service.objects.select_for_update(of=("self",)).get(slug=slug)
    if service.retired_at is not None:
        raise Conflict(_("This service is retired already."), "already_retired")
    service.retired_at = timezone.now()
    service.save(update_fields=["retired_at"])
    record(verbs.SERVICE_RETIRED, service, actor=actor, reason=reason)
    publish(VERSION_TOPIC, key=f"{slug}:retired:{service.retired_at.isoformat()}", service=slug)
    return service


@transaction.atomic
def reopen_service(*, slug: str, actor: Person) -> Service:
    """Take new applications again, on the version that was current when the service was retired."""
    service = Service.objects.select_for_update(of=("self",)).get(slug=slug)
    if service.retired_at is None:
        raise Conflict(_("This service is open already."), "not_retired")
    service.retired_at = None
    service.save(update_fields=["retired_at"])
    entry = record(verbs.SERVICE_REOPENED, service, actor=actor)
    publish(VERSION_TOPIC, key=f"{slug}:reopened:{entry.pk}", service=slug)
    return service


def _service_of(definition: Definition) -> Service:
    service, _created = Service.objects.select_for_update(of=("self",)).get_or_create(
        slug=definition.slug,
        defaults={
            "audience": definition.audience,
            "category": Category.objects.get(code=definition.category),
            "institution": Institution.objects.get(code=definition.institution),
        },
    )
    return service


def search_text(definition: Definition) -> str:
    """Everything by which people may look for the service, in both languages, without accents."""
    words = vocabulary()
    texts = [
        definition.title, definition.summary, words.categories[definition.category].label,
        words.institutions[definition.institution].name, definition.output.title,
    ]  # fmt: skip
    return plain(" ".join([definition.institution, *(f"{text.sw} {text.en}" for text in texts)]))

"""People, institutions and services for tests. Import what you need; nothing here knows a particular test."""

from typing import Any

import factory
from django.utils import timezone

from accounts.models import Institution, Membership, Organisation, Person, RoleGrant
from services.actions import publish_version, save_section, start_application
from services.definitions.loader import CATALOGUE, load_file, vocabulary
from services.definitions.schema import Definition
from services.models import Application, Category, Service
from tests.services.answer_factory import valid_answers

PASSWORD = "Chai-na-maandazi-7"
LEAVE = "utumishi-likizo-ya-mwaka"
"""Free of charge, for public servants, without documents."""
BIRTH = "rita-cheti-cha-kuzaliwa"
"""With a fee and documents, for citizens."""
BUSINESS_NAME = "brela-jina-la-biashara"
"""With a fee, for businesses."""


class InstitutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Institution
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"TAASISI-{number}")
    name_sw = factory.LazyAttribute(lambda it: f"Taasisi {it.code}")
    name_en = factory.LazyAttribute(lambda it: f"Institution {it.code}")
    kind = "agency"
    reference_prefix = factory.LazyAttribute(lambda it: "".join(filter(str.isalpha, it.code.upper()))[:6])


class PersonFactory(factory.django.DjangoModelFactory):
    """A citizen with a proved phone and email. Traits: public_servant, staff, superuser."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        public_servant = factory.Trait(
            employer=factory.SubFactory(InstitutionFactory, code="UTUMISHI-MKOA"), check_number="11223344"
        )
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    full_name = factory.Sequence(lambda number: f"Mtu wa {number}")
    email = factory.Sequence(lambda number: f"mtu{number}@example.com")
    phone = factory.Sequence(lambda number: f"+2557130{number:05}")
    email_verified_at = factory.LazyFunction(timezone.now)
    phone_verified_at = factory.LazyFunction(timezone.now)
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A company; with `institution=` a public institution."""

    class Meta:
        model = Organisation

    class Params:
        public = factory.Trait(kind="institution", tin="", institution=factory.SubFactory(InstitutionFactory))

    kind = "company"
    name = factory.Sequence(lambda number: f"Kampuni {number}")
    tin = factory.Sequence(lambda number: f"{100_000_000 + number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory)
    role = "owner"


class RoleGrantFactory(factory.django.DjangoModelFactory):
    """An officer: `RoleGrantFactory(role="afisa_mapokezi", institution=rita).person`."""

    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = "afisa_mapokezi"
    institution = factory.SubFactory(InstitutionFactory)


def definition_of(slug: str) -> Definition:
    return load_file(CATALOGUE / f"{slug}.yaml")


def publish(slug: str) -> Service:
    """One service of the real catalogue, with its institution and category."""
    definition = definition_of(slug)
    entry = vocabulary().institutions[definition.institution]
    InstitutionFactory(code=entry.code, name_sw=entry.name.sw, name_en=entry.name.en)
    label = vocabulary().categories[definition.category].label
    Category.objects.get_or_create(code=definition.category, defaults={"name_sw": label.sw, "name_en": label.en})
    return publish_version(definition=definition, actor=None).service


def start(slug: str, person: Person, acting_for: Organisation | None = None) -> Application:
    """An empty draft, on a service that is published when it is not yet."""
    publish(slug)
    return start_application(slug=slug, actor=person, acting_for=acting_for)


def fill_in(application: Application, **overrides: Any) -> Application:
    """Save valid answers in every section, through the action that pages use."""
    answers = valid_answers(application.definition, **overrides)
    for section in application.definition.sections:
        raw = {field.name: answers[field.name] for field in section.fields if field.name in answers}
        application, cleaned = save_section(
            reference=application.reference, actor=application.applicant, section=section.key, raw=raw
        )
        assert not cleaned.errors, cleaned.errors
    return application

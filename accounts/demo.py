"""The people of the demonstration: invented names, numbers that look unallocated, one password for all."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.actions import (
    add_clerk,
    grant_role,
    register_institution,
    register_organisation,
)
from accounts.models import Institution, Organisation, Person
from accounts.queries import live_grants

DOMAIN = "demo.example"
COMPANY_TIN = "100200300"


@dataclass(frozen=True)
class DemoPerson:
    account: str
    full_name: str
    phone: str
    roles: tuple[str, ...] = ()
    nin: str = ""
    check_number: str = ""

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


INTAKE = ("afisa_mapokezi", "mtendaji_mtaa", "mkuu_wa_idara")
SPECIALIST = (
    "afisa_mtaalamu", "afisa_utumishi", "afisa_usalama", "mkaguzi", "mhandisi", "afisa_trafiki", "taasisi_pokezi",
)  # fmt: skip
APPROVAL = ("muidhinishaji", "afisa_mtoaji", "kamati", "afisa_masuuli", "or_muuub")
REVENUE = ("afisa_mapato", "mhasibu")

DEMO_PEOPLE = (
    DemoPerson("mwananchi", "Asha Juma Mwinyi", "+255620000001", nin="19900715151010000123"),
    DemoPerson("jirani", "Baraka Elias Mushi", "+255620000002", nin="19851102231010000217"),
    DemoPerson("biashara", "Neema Peter Kimaro", "+255620000003", nin="19880321251010000316"),
    DemoPerson("karani", "Zuhura Ally Hamisi", "+255620000004"),
    DemoPerson("mtumishi", "Daudi Yohana Mollel", "+255620000005", check_number="10203040"),
    DemoPerson("mapokezi", "Rehema Said Kondo", "+255620000006", INTAKE),
    DemoPerson("mtaalamu", "Emmanuel John Massawe", "+255620000007", SPECIALIST),
    DemoPerson("muidhinishaji", "Fatuma Omari Shabani", "+255620000008", APPROVAL),
    DemoPerson("mhasibu", "Joseph Paul Ndosi", "+255620000009", REVENUE),
    DemoPerson("mbunifu", "Grace Anna Lyimo", "+255620000010", ("mbunifu",)),
    DemoPerson("mkaguzi", "Hassan Ramadhani Mbwana", "+255620000011", ("mkaguzi_wa_ndani",)),
    DemoPerson("msimamizi", "Upendo Simon Mwakalinga", "+255620000012", ("msimamizi",)),
)
ADMINISTRATION = {"mkaguzi", "msimamizi"}


@transaction.atomic
def load_demo_people() -> list[Person]:
    """Create or complete the twelve. Safe to repeat; refuses outside DEMO_MODE."""
    if not settings.DEMO_MODE:
        raise RuntimeError("demo people exist in demonstrations only: set DEMO_MODE")
    password = make_password(settings.DEMO_PASSWORD)
    people = {entry.account: _person(entry, password) for entry in DEMO_PEOPLE}
    for entry in DEMO_PEOPLE:
        _grant(people[entry.account], entry.roles)
    _company(owner=people["biashara"], clerk=people["karani"])
    _employer(people["mtumishi"])
    return list(people.values())


def _person(entry: DemoPerson, password: str) -> Person:
    now = timezone.now()
    person, created = Person.objects.get_or_create(
        email=entry.email,
        defaults={
            "password": password,
            "full_name": entry.full_name,
            "phone": entry.phone,
            "phone_verified_at": now,
            "email_verified_at": now,
            "nin": entry.nin,
            "check_number": entry.check_number,
            "is_staff": entry.account in ADMINISTRATION,
            "is_superuser": entry.account == "msimamizi",
        },
    )
    if created:
        EmailAddress.objects.create(user=person, email=entry.email, verified=True, primary=True)
    return person


def _grant(person: Person, roles: tuple[str, ...]) -> None:
    """At every institution that is not part of another one."""
    held = set(live_grants(person).values_list("role", "institution_id"))
    for institution in Institution.objects.filter(parent__isnull=True) if roles else ():
        for role in roles:
            if (role, institution.pk) not in held:
                grant_role(person=person, role=role, institution=institution, actor=None)


def _company(*, owner: Person, clerk: Person) -> None:
    company = Organisation.objects.filter(tin=COMPANY_TIN).first()
    if company is None:
        company = register_organisation(actor=owner, name="Mama Lishe Foods", tin=COMPANY_TIN, brela_number="543210")
    add_clerk(organisation=company, person=clerk, actor=owner)


def _employer(servant: Person) -> None:
    """A public servant works for RITA and may file requests in its name."""
    institution = Institution.objects.filter(code="RITA").first()
    if institution is None:
        return
    Person.objects.filter(pk=servant.pk).update(employer=institution)
    organisation = register_institution(institution=institution)
    add_clerk(organisation=organisation, person=servant, actor=None)

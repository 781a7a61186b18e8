"""Who may do what, in words first. A grant counts while it is neither revoked nor expired."""

from django.db.models import Q, QuerySet

from accounts.models import Institution, Membership, Organisation, Person, RoleGrant
from accounts.models.live import live_condition
from accounts.roles import ADMINISTRATOR, AUDITOR, WITHOUT_FILES


def holds_role(person: Person, role: str, institution: Institution) -> bool:
    """A role is held at the institution itself or at the one that it is part of."""
    places = [institution.pk] if institution.parent_id is None else [institution.pk, institution.parent_id]
    return RoleGrant.objects.live().filter(person=person, role=role, institution__in=places).exists()


def holds_role_anywhere(person: Person, role: str) -> bool:
    return RoleGrant.objects.live().filter(person=person, role=role).exists()


def works_on_files(person: Person) -> bool:
    """Whoever holds a role of the stages has a desk; auditors, designers and administrators have none."""
    return RoleGrant.objects.live().filter(person=person).exclude(role__in=WITHOUT_FILES).exists()


def institutions_where(person: Person, role: str) -> QuerySet[Institution]:
    """The institutions in which the person holds the role, with the ones that are part of them."""
    granted = RoleGrant.objects.live().filter(person=person, role=role).values("institution_id")
    return Institution.objects.filter(Q(pk__in=granted) | Q(parent__in=granted))


def can_act_for(person: Person, organisation: Organisation) -> bool:
    """With a live mandate from the organisation, and with nothing less."""
    return Membership.objects.live().filter(person=person, organisation=organisation).exists()


def can_manage_mandates(person: Person, organisation: Organisation) -> bool:
    """Owners give and take the mandates of their organisation; clerks only use theirs."""
    return (
        Membership.objects.live().filter(person=person, organisation=organisation, role=Membership.Role.OWNER).exists()
    )


def can_grant_roles(person: Person, receiver: Person) -> bool:
    """Administrators grant and revoke roles, never their own."""
    return person.pk != receiver.pk and can_administer_people(person)


def can_administer_people(person: Person) -> bool:
    """Administrators look after people, roles, institutions and mandates."""
    return person.is_active and (person.is_superuser or holds_role_anywhere(person, ADMINISTRATOR))


def can_read_everything(person: Person) -> bool:
    """An auditor of any institution reads the whole administration and changes nothing in it."""
    return person.is_active and holds_role_anywhere(person, AUDITOR)


def live_mandates(person: Person) -> Q:
    """Organisations for which the person may act, as a condition on Organisation."""
    return live_condition("memberships__") & Q(memberships__person=person)

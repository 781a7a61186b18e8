"""Reads about people, their roles and their organisations. Each is one query."""

from collections import defaultdict

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, Person, RoleGrant
from accounts.policies import live_mandates


def live_grants(person: Person) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.live().filter(person=person).select_related("institution")


def roles_and_institutions(person: Person) -> dict[str, frozenset[int]]:
    """Role code -> the ids of the institutions where the person holds it, parts of an institution included."""
    rows = (
        RoleGrant.objects.live()
        .filter(person=person)
        .values_list("role", "institution_id", "institution__children__id")
        .order_by("role")
    )
    places: defaultdict[str, set[int]] = defaultdict(set)
    for role, institution, child in rows:
        places[role].add(institution)
        if child is not None:
            places[role].add(child)
    return {role: frozenset(ids) for role, ids in places.items()}


def organisations_of(person: Person) -> QuerySet[Organisation]:
    """The organisations for which the person may act now."""
    return Organisation.objects.filter(live_mandates(person)).order_by("name")


def mandates_of_person(person: Person) -> QuerySet[Membership]:
    return Membership.objects.live().filter(person=person).select_related("organisation")


def mandates_of_organisation(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.live().filter(organisation=organisation).select_related("person").order_by("role", "pk")


def organisation_for_member(person: Person, pk: int) -> Organisation | None:
    """The organisation, for a person with a live mandate from it; None for everybody else."""
    return organisations_of(person).filter(pk=pk).first()

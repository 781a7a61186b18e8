"""Who may see a bill, as a condition on Bill."""

from django.db.models import Q

from accounts.models import Person
from accounts.queries import organisations_of


def bills_visible_to(person: Person) -> Q:
    """The payer sees a bill of his own; a bill of an organisation, whoever may act for it now."""
    return Q(payer=person, payer_organisation=None) | Q(payer_organisation__in=organisations_of(person))

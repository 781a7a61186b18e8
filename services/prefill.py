"""Once only: what the portal already knows is not typed again.

A prefill key names its source: `profile.*` is the person's own profile, `employee.*` the public servant's,
`officer.*` the person acting for an institution. What is not known is absent.
"""

from typing import Any

from accounts.models import Institution, Organisation, Person


def known_facts(person: Person, acting_for: Organisation | None) -> dict[str, Any]:
    """Prefill key -> value in the shape in which answers are kept."""
    facts: dict[str, Any] = {
        "profile.phone": person.phone,
        "profile.nin": person.nin,
        "employee.check_number": person.check_number,
        "employee.institution": _institution(person.employer),
        "officer.name": person.full_name,
    }
    if acting_for is not None:
        facts |= {"profile.tin": acting_for.tin, "officer.institution": _institution(acting_for.institution)}
    return {key: value for key, value in facts.items() if value}


def _institution(institution: Institution | None) -> dict[str, str] | None:
    return {"code": institution.code, "name": institution.name_sw} if institution else None

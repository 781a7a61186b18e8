"""Once only: what the portal already knows is not typed again.

A prefill key names its source: `profile.*` is the person's own profile, `employee.*` the public servant's,
`officer.*` the person acting for an institution. What is not known stays empty.
"""

from typing import Any

from accounts.models import Organisation, Person
from services.definitions.schema import Definition


def prefilled_answers(definition: Definition, person: Person, acting_for: Organisation | None) -> dict[str, Any]:
    known = _known(person, acting_for)
    return {
        field.name: known[field.prefill]
        for field in definition.fields()
        if field.prefill and known.get(field.prefill)
    }


def _known(person: Person, acting_for: Organisation | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "profile.phone": person.phone,
        "profile.nin": person.nin,
        "employee.check_number": person.check_number,
        "officer.name": person.full_name,
    }
    if acting_for is not None:
        facts["profile.tin"] = acting_for.tin
    if person.employer is not None:
        facts["employee.institution"] = _institution(person.employer)
    if acting_for is not None and acting_for.institution is not None:
        facts["officer.institution"] = _institution(acting_for.institution)
    return facts


def _institution(institution: Any) -> dict[str, str]:
    return {"code": institution.code, "name": institution.name_sw}

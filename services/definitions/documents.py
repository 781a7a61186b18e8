"""Which documents this application needs, given its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.definitions.conditions import holds
from services.definitions.loader import vocabulary
from services.definitions.schema import Definition
from services.definitions.texts import Text


@dataclass(frozen=True)
class RequiredDocument:
    code: str
    label: Text
    mandatory: bool
    issued_by: str | None = None
    """Slug of the service of this portal that issues it, so that the person may reuse what they have."""


def required_documents(definition: Definition, answers: Mapping[str, Any]) -> list[RequiredDocument]:
    """In the order of the definition, each once; mandatory when any of its conditions makes it so."""
    found: dict[str, RequiredDocument] = {}
    for requirement in definition.documents:
        if holds(requirement.when, answers):
            kind = vocabulary().documents[requirement.document]
            before = found.get(kind.code)
            mandatory = requirement.mandatory or (before is not None and before.mandatory)
            found[kind.code] = RequiredDocument(kind.code, kind.label, mandatory, kind.issued_by)
    return list(found.values())

"""Reads definitions and the shared vocabulary from the YAML files of this package."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

from services.definitions.schema import Code, Definition
from services.definitions.texts import Model, Text

ROOT = Path(__file__).parent
CATALOGUE = ROOT / "catalogue"
VOCABULARY = ROOT / "vocabulary"

TermKind = TypeVar("TermKind", bound=Model)


class Term(Model):
    """A coded word: category, role, action, purpose or retention class."""

    code: str
    label: Text


class DocumentKind(Term):
    issued_by: str | None = None
    """Slug of the service of this portal that issues the document, so that it need not be asked for again."""


class InstitutionEntry(Model):
    code: Code
    name: Text
    type: str
    parent: str
    vote: str | None = None
    provenance: str
    template: bool = False
    """Stands for many: each council is its own institution under the code of `places/councils.csv`."""


@dataclass(frozen=True)
class Vocabulary:
    institutions: Mapping[str, InstitutionEntry]
    categories: Mapping[str, Term]
    roles: Mapping[str, Term]
    actions: Mapping[str, Term]
    documents: Mapping[str, DocumentKind]
    purposes: Mapping[str, Term]
    retention: Mapping[str, Term]


def load_file(path: Path) -> Definition:
    return Definition.model_validate(read_yaml(path))


@lru_cache(maxsize=1)
def load_all() -> list[Definition]:
    return [load_file(path) for path in catalogue_files()]


def catalogue_files() -> list[Path]:
    return sorted(CATALOGUE.glob("*.yaml"))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    return Vocabulary(
        institutions=_terms("institutions", InstitutionEntry),
        categories=_terms("categories", Term),
        roles=_terms("roles", Term),
        actions=_terms("actions", Term),
        documents=_terms("documents", DocumentKind),
        purposes=_terms("purposes", Term),
        retention=_terms("retention", Term),
    )


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def _terms(name: str, kind: type[TermKind]) -> dict[str, TermKind]:
    entries = read_yaml(VOCABULARY / f"{name}.yaml")
    return {entry["code"]: kind.model_validate(entry) for entry in entries}

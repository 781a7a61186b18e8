"""Words in both languages, and how sure each figure is."""

from typing import Annotated, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

Status = Literal["published", "published-secondary", "general_knowledge", "illustrative"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Model(BaseModel):
    """Refuses unknown keys and never changes: a definition is a fact, not a working copy."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Model):
    sw: Words
    en: Words

    def __str__(self) -> str:
        return self.in_language(get_language())

    def in_language(self, language: str | None) -> str:
        return self.en if (language or "sw").startswith("en") else self.sw


class Sourced(Model):
    """A figure carries where it was found; what no official text states is shown as an estimate."""

    status: Status
    source: str | None = None
    source_kind: str | None = None
    as_of: str | None = None
    note: str | None = None

    @property
    def is_estimate(self) -> bool:
        return is_estimate(self.status, self.source_kind)


def is_estimate(status: Status, source_kind: str | None) -> bool:
    """True unless the institution itself published it: a newspaper or a blog does not publish a fee."""
    return status != "published" or not (source_kind or "").startswith("official")

"""What a template needs to know of a question; a template holds no logic."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class OptionView:
    value: str
    label: str
    id: str
    selected: bool


@dataclass(frozen=True)
class OptionGroup:
    label: str
    options: tuple[OptionView, ...]


@dataclass(frozen=True)
class PartView:
    """One box of a date or a time."""

    name: str
    id: str
    label: str
    value: str
    width: str


@dataclass(frozen=True)
class RowView:
    number: int
    """Counts from one, for people."""
    index: int
    fields: tuple["FieldView", ...]
    removable: bool


@dataclass(frozen=True)
class FieldView:
    name: str
    id: str
    type: str
    template: str
    label: str
    help: str
    required: bool
    value: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[OptionView, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    choices: tuple[OptionView, ...] = ()
    """What an unclear ward may have meant."""
    parts: tuple[PartView, ...] = ()
    rows: tuple[RowView, ...] = ()
    can_add: bool = False
    autocomplete: str = "off"
    inputmode: str = ""
    input_type: str = "text"
    width: str = ""
    max_length: int | None = None
    is_new: bool = False
    """The question has come up because of an answer just given."""

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-hint"] if self.help else []
        return " ".join(ids + ([f"{self.id}-error"] if self.errors else []))


class PageError(NamedTuple):
    text: str
    anchor: str

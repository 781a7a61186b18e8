"""Dataclasses to XML elements and back.

Each field names its tag once; the order of the fields is the order on the wire. Elements are read by
name, because the order of a few of them differs between live gateways.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self

from lxml import etree

from payments.gateway.amounts import read_amount, write_amount
from payments.gateway.moments import read_moment, write_moment

# XML 1.0 cannot carry these at all, not even escaped.
_UNSENDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class MalformedMessage(ValueError):
    """The bytes are not a message of this protocol."""


@dataclass(frozen=True)
class Leaf:
    tag: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    limit: int
    required: bool
    left_out_when_empty: bool

    def read_from(self, parent: etree._Element) -> Any:
        found = _single(parent, self.tag)
        text = "" if found is None else _text_of(found)
        if not text:
            if self.required:
                raise MalformedMessage(f"{parent.tag} has no {self.tag}.")
            return ""
        if len(text) > self.limit:
            raise MalformedMessage(f"{self.tag} is longer than {self.limit} characters.")
        try:
            return self.read(text)
        except ValueError as error:
            raise MalformedMessage(f"{self.tag} cannot be read.") from error

    def write_to(self, parent: etree._Element, value: Any) -> None:
        text = _UNSENDABLE.sub("", self.write(value)) if value != "" else ""
        if len(text) > self.limit:
            raise MalformedMessage(f"{self.tag} is longer than {self.limit} characters.")
        if text or not self.left_out_when_empty:
            etree.SubElement(parent, self.tag).text = text


@dataclass(frozen=True)
class One:
    tag: str
    of: type["Record"]

    def read_from(self, parent: etree._Element) -> "Record":
        return self.of.read_from(_present(parent, self.tag))

    def write_to(self, parent: etree._Element, value: "Record") -> None:
        value.write_into(etree.SubElement(parent, self.tag))


@dataclass(frozen=True)
class Many:
    tag: str
    item: str
    of: type["Record"]

    def read_from(self, parent: etree._Element) -> tuple["Record", ...]:
        items = _present(parent, self.tag).findall(self.item)
        if not items:
            raise MalformedMessage(f"{self.tag} is empty.")
        return tuple(self.of.read_from(item) for item in items)

    def write_to(self, parent: etree._Element, value: tuple["Record", ...]) -> None:
        group = etree.SubElement(parent, self.tag)
        for item in value:
            item.write_into(etree.SubElement(group, self.item))


class Record:
    """A dataclass whose fields are declared with the functions below."""

    @classmethod
    def read_from(cls, element: etree._Element) -> Self:
        return cls(**{part.name: part.metadata["wire"].read_from(element) for part in fields(cls)})  # type: ignore[arg-type]

    def write_into(self, element: etree._Element) -> None:
        for part in fields(self):  # type: ignore[arg-type]
            part.metadata["wire"].write_to(element, getattr(self, part.name))


class Message(Record):
    TAG: ClassVar[str]

    def to_xml(self) -> bytes:
        """The exact bytes that are signed and sent."""
        root = etree.Element(self.TAG)
        self.write_into(root)
        text: str = etree.tostring(root, encoding="unicode")
        return text.encode()


def text(tag: str, *, limit: int = 500, optional: bool = False, left_out_when_empty: bool = False) -> Any:
    required = not (optional or left_out_when_empty)
    return _field(Leaf(tag, str, str, limit, required, left_out_when_empty), optional=not required)


def amount(tag: str) -> Any:
    return _field(Leaf(tag, read_amount, write_amount, 40, True, False))


def moment(tag: str) -> Any:
    return _field(Leaf(tag, read_moment, write_moment, 40, True, False))


def one(tag: str, of: type[Record]) -> Any:
    return _field(One(tag, of))


def many(tag: str, item: str, of: type[Record]) -> Any:
    return _field(Many(tag, item, of))


def _field(wire: Leaf | One | Many, *, optional: bool = False) -> Any:
    if optional:
        return field(metadata={"wire": wire}, default="")
    return field(metadata={"wire": wire})


def _single(parent: etree._Element, tag: str) -> etree._Element | None:
    found = parent.findall(tag)
    if len(found) > 1:
        raise MalformedMessage(f"{parent.tag} has more than one {tag}.")
    return found[0] if found else None


def _present(parent: etree._Element, tag: str) -> etree._Element:
    found = _single(parent, tag)
    if found is None:
        raise MalformedMessage(f"{parent.tag} has no {tag}.")
    return found


def _text_of(element: etree._Element) -> str:
    if len(element):
        raise MalformedMessage(f"{element.tag} holds elements where text belongs.")
    return (element.text or "").strip()

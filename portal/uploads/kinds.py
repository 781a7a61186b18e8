"""Which kind of file this is, by its bytes. The name and the type that the sender states are not asked."""

from dataclasses import dataclass
from typing import Literal

import puremagic

from portal.uploads.refusals import type_not_allowed


@dataclass(frozen=True)
class Kind:
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]
    extension: str
    signatures: tuple[bytes, ...]


PDF = Kind("application/pdf", "pdf", (b"%PDF-1.", b"%PDF-2."))
JPEG = Kind("image/jpeg", "jpg", (b"\xff\xd8\xff",))
PNG = Kind("image/png", "png", (b"\x89PNG\r\n\x1a\n",))
ALLOWED = (PDF, JPEG, PNG)

_SAME_EXTENSIONS = {"jpeg": "jpg", "jfif": "jpg", "jpe": "jpg"}


def kind_of(content: bytes) -> Kind:
    """Our own signature at the very first byte, and the opinion of puremagic beside it.

    A PDF that begins with another kind's header ("polyglot") is therefore refused, although PDF readers
    would look for `%PDF` in the first kilobyte.
    """
    kind = next((kind for kind in ALLOWED if content.startswith(kind.signatures)), None)
    if kind is None or kind.extension not in _opinions(content):
        raise type_not_allowed()
    return kind


def _opinions(content: bytes) -> set[str]:
    try:
        matches = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return set()
    extensions = (match.extension.lstrip(".").lower() for match in matches)
    return {_SAME_EXTENSIONS.get(extension, extension) for extension in extensions}

"""The envelope: `<Gepg><message>…</message><signature>…</signature></Gepg>`.

The signature is over the raw bytes of the message as they travelled. So the message is cut out of the
body by its bracketed tag, never rebuilt from a parsed tree, and only that cut is parsed afterwards:
nothing that was not signed can be read.
"""

import re
from dataclasses import dataclass

from lxml import etree

from payments.gateway.elements import MalformedMessage, Message
from payments.gateway.messages import read_message
from payments.gateway.signature import Signer

MAXIMUM_BYTES = 256 * 1024
# Some clients declare utf-16 and send UTF-8, so the declaration is dropped and never believed.
_PROLOGUE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s{0,64}<\?xml[^>]{0,200}\?>")
_FIRST_TAG = re.compile(rb"<([A-Za-z][A-Za-z0-9]{0,63})>")


@dataclass(frozen=True)
class Envelope:
    tag: str
    message: bytes
    signature: bytes | None

    def read(self) -> Message:
        return read_message(_parse(self.message))


def seal(message: Message, signer: Signer) -> bytes:
    """Compact: live receivers take everything between `<Gepg>` and `<signature>` without trimming."""
    return enclose(message.to_xml(), signer)


def enclose(signed: bytes, signer: Signer) -> bytes:
    return b"<Gepg>" + signed + b"<signature>" + signer.sign(signed) + b"</signature></Gepg>"


def open_envelope(body: bytes) -> Envelope:
    if len(body) > MAXIMUM_BYTES:
        raise MalformedMessage("The message is too large.")
    content = _inside(_PROLOGUE.sub(b"", body, count=1).strip(), b"Gepg").strip()
    first = _FIRST_TAG.match(content)
    if first is None:
        raise MalformedMessage("The envelope holds no message.")
    closing = b"</" + first[1] + b">"
    end = content.rfind(closing)
    if end < 0:
        raise MalformedMessage("The message has no end.")
    end += len(closing)
    rest = content[end:].strip()
    signature = _inside(rest, b"signature").strip() if rest else None
    return Envelope(first[1].decode(), content[:end], signature or None)


def _inside(content: bytes, tag: bytes) -> bytes:
    opening, closing = b"<" + tag + b">", b"</" + tag + b">"
    if not (content.startswith(opening) and content.endswith(closing)):
        raise MalformedMessage(f"The body is not a {tag.decode()} element.")
    return content[len(opening) : -len(closing)]


def _parse(message: bytes) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise MalformedMessage("The message is not well-formed XML.") from error
    # A comment or an entity inside a value would cut the text that is read in two.
    if any(not isinstance(node.tag, str) for node in root.iter()):
        raise MalformedMessage("The message holds something other than elements and text.")
    return root

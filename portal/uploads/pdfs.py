"""PDFs are kept as they came (a signature on them must survive) and only when they cannot act.

Every object is walked through pyHanko's reader, which unfolds compressed object streams within limits,
so that an action hidden in one is seen. A page without text rules what a byte search would miss.
"""

import io
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.uploads.refusals import UploadRefused, active_content, damaged, encrypted, too_complex

ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"})
ACTIVE_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/GoToE", "/GoToR", "/ImportData", "/SubmitForm", "/Rendition",
    "/RichMediaExecute",
})  # fmt: skip
ACTIVE_TYPES = frozenset({"/EmbeddedFile"})
ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
MOST_OBJECTS = 50_000
MOST_PAGES = 300
MOST_TOKENS = 1_000_000
"""Counted as separators over the whole file; a full-size scan, which is random bytes, has two thirds of it.
The reader needs some microseconds for each, so this bounds the time that a hostile file can take."""

MEBIBYTE = 1024 * 1024
_STRUCTURE = StreamDecodeLimits(max_ratio=60, ratio_floor=MEBIBYTE // 4, max_output_size=2 * MEBIBYTE)
LIMITS = DecodeLimits(
    per_stream=_STRUCTURE,
    document_budget=DocumentDecodeBudget(base_allowance=2 * MEBIBYTE, max_ratio=0.25),
)
"""Only object and cross-reference streams are unfolded here, never pictures: a little goes a long way."""

TRAILER_WINDOW = 1024
_SEPARATORS = b"\x00\t\n\x0c\r ()<>[]{}/%"


def check(content: bytes) -> None:
    """Return quietly, or raise the refusal that tells the sender what to do."""
    if b"%%EOF" not in content[-TRAILER_WINDOW:]:
        raise damaged()
    if len(content) - len(content.translate(None, _SEPARATORS)) > MOST_TOKENS:
        raise too_complex()
    try:
        _check_objects(PdfFileReader(io.BytesIO(content), strict=False, decode_limits=LIMITS))
    except UploadRefused:
        raise
    except PdfDecodeLimitError as error:
        raise too_complex() from error
    except (
        PdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        OSError,
    ) as error:
        # The reader meets whatever an attacker or a broken scanner wrote; none of it may become a 500.
        raise damaged() from error


def _check_objects(reader: PdfFileReader) -> None:
    if reader.encrypted:
        raise encrypted()
    if int(reader.root["/Pages"]["/Count"]) > MOST_PAGES:
        raise too_complex()
    if any(_acts(found) for found in _dictionaries(reader)):
        raise active_content()


def _acts(found: generic.DictionaryObject) -> bool:
    """The keys and values by which a viewer would run, open or fetch something."""
    return (
        not ACTIVE_KEYS.isdisjoint(found)
        or found.get("/S") in ACTIVE_ACTIONS
        or found.get("/Type") in ACTIVE_TYPES
        or found.get("/Subtype") in ACTIVE_ANNOTATIONS
    )


def _dictionaries(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """Every dictionary of every object, of every revision: also what the page tree does not reach."""
    waiting: list[generic.PdfObject] = [reader.trailer.flatten()]
    for revision in range(reader.total_revisions):
        references = reader.xrefs.explicit_refs_in_revision(revision)
        if len(references) + len(waiting) > MOST_OBJECTS:
            raise too_complex()
        waiting += [
            reader.get_object(reference, revision=revision, transparent_decrypt=False) for reference in references
        ]
    while waiting:
        value = waiting.pop()
        if isinstance(value, generic.DictionaryObject):
            yield value
            waiting += (value.raw_get(key) for key in value)
        elif isinstance(value, generic.ArrayObject):
            waiting += (value.raw_get(index) for index in range(len(value)))

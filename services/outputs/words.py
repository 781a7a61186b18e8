"""Words of a definition in the shape in which documents carry both languages."""

from portal.pdf.furniture import Pair, same
from services.definitions.texts import Text


def both(text: Text | str) -> Pair:
    return same(text) if isinstance(text, str) else {"sw": text.sw, "en": text.en}

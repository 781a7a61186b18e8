"""The words by which services are found: pure text work, the same for what is stored and what is asked."""

import re
import unicodedata

_LITTLE_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "au",
        "cha",
        "for",
        "in",
        "kwa",
        "la",
        "na",
        "ni",
        "of",
        "or",
        "the",
        "to",
        "vya",
        "wa",
        "ya",
        "za",
    ]
)
MOST_WORDS = 8


def plain(text: str) -> str:
    """Lower case without accents, so that what people type meets what is stored."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(symbol for symbol in decomposed if not unicodedata.combining(symbol))


def words_of(text: str) -> list[str]:
    """The words that matter in a question, at most eight of them, each at most forty characters."""
    words = re.findall(r"[a-z0-9]+", plain(text)[:400])
    return [word[:40] for word in words if word not in _LITTLE_WORDS][:MOST_WORDS]

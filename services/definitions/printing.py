"""What may stand on paper. Paper travels: it carries what it certifies and no more (PDPA s.5).

The definition lists what is printed; the linter holds the list against these rules.
"""

from services.definitions.schema import Column, Field

CERTIFYING_KINDS = frozenset({"cheti", "kadi", "pasipoti", "namba", "ripoti"})
"""Kinds whose very purpose may be a sensitive fact (the child on a birth certificate)."""

IDENTITY_CARDS = frozenset({"kadi"})
"""Kinds that show an identity number whole: the number is what the card is for."""

OFFICE_TYPES = frozenset({"phone", "email", "checkbox"})
"""Ways to reach a person, and ticked boxes, which are declarations to us."""

OFFICE_PURPOSES = frozenset({"contact", "deliver", "declare"})
"""Asked so that the office can do its work; nobody who reads the document needs them."""


def is_for_the_office(field: Column) -> bool:
    return field.type in OFFICE_TYPES or (isinstance(field, Field) and field.purpose in OFFICE_PURPOSES)


def is_too_sensitive(field: Column, kind: str) -> bool:
    """An identity number never is: it is printed masked."""
    return field.sensitive and field.type != "nin" and kind not in CERTIFYING_KINDS


def printed_columns(field: Field, kind: str) -> tuple[Column, ...]:
    """The columns of a table that may be printed."""
    return tuple(c for c in field.columns if not is_for_the_office(c) and not is_too_sensitive(c, kind))

"""Amounts on the wire: plain decimals with two places, never an exponent or a separator."""

import re
from decimal import Decimal

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 15 - CENT  # the protocol carries more digits than any book of ours
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?\Z")


def write_amount(amount: Decimal) -> str:
    exact = amount.quantize(CENT)
    if exact != amount or not 0 <= amount <= LARGEST:
        raise ValueError("An amount has at most two decimal places and is never negative.")
    return f"{exact:f}"


def read_amount(text: str) -> Decimal:
    """Zeros after the second place are tolerated; a fraction of a cent is not."""
    if not _PLAIN.match(text):
        raise ValueError("Not a plain decimal amount.")
    amount = Decimal(text)
    if amount != amount.quantize(CENT):
        raise ValueError("An amount has at most two decimal places.")
    return amount.quantize(CENT)

"""Money as people read it: `TZS 22,000`. Amounts are Decimal with a currency everywhere."""

from decimal import Decimal

from moneyed import Money

_NO_CENTS = {"TZS"}


def format_money(money: Money) -> str:
    """`TZS 22,000`, `USD 10.50`: code first, ordinary space, so that it also fits a GSM-7 message."""
    amount: Decimal = money.amount
    code: str = money.currency.code
    whole = code in _NO_CENTS and amount == amount.to_integral_value()
    return f"{code} {amount:,.0f}" if whole else f"{code} {amount:,.2f}"

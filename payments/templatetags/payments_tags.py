"""Presentation of bills."""

from django import template
from moneyed import Money

from payments.models import Bill, BillLine
from payments.states import AWAITING, OVERPAID, PARTLY_PAID, PAYABLE, REFUSED, SETTLED

register = template.Library()

COLOURS = {
    AWAITING: "blue",
    PAYABLE: "amber",
    PARTLY_PAID: "amber",
    SETTLED: "green",
    OVERPAID: "green",
    REFUSED: "red",
}


@register.filter
def bill_colour(state: str) -> str:
    return {key.value: colour for key, colour in COLOURS.items()}.get(state, "grey")


@register.filter
def line_money(line: BillLine, bill: Bill) -> Money:
    """The currency is the bill's, which is at hand: asking the line would fetch it again for each."""
    return Money(line.amount, bill.currency)

"""The six ways in which a service is paid for."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints

from services.definitions.condition_schema import Condition, Name
from services.definitions.texts import Model, Sourced, Status, Text

Amount = Annotated[Decimal, Key(ge=0, max_digits=15, decimal_places=2)]
Currency = Literal["TZS", "USD", "EUR"]
GfsCode = Annotated[str, StringConstraints(pattern=r"^(illustrative:)?\d{6,8}$")]


class FeeItem(Model):
    label: Text
    amount: Amount
    times: Name | None = None
    """Field whose number multiplies the amount; above one the line has `times_status`."""
    times_status: Status = "illustrative"


class Tier(Model):
    when: Condition
    amount: Amount
    currency: Currency | None = None
    status: Status | None = None


class NoFee(Sourced):
    model: Literal["none"]


class Payable(Sourced):
    currency: Currency
    payable_at: Literal["submission", "after_assessment"]
    gfs_code: GfsCode
    additional_items: tuple[FeeItem, ...] = ()


class FixedFee(Payable):
    model: Literal["fixed"]
    amount: Amount
    items: tuple[FeeItem, ...] = ()


class TieredFee(Payable):
    """Tiers are tried in order and the first that holds is the fee."""

    model: Literal["tiered"]
    tiers: tuple[Tier, ...] = Key(min_length=1)


class PercentFee(Payable):
    model: Literal["percent"]
    percent: Annotated[Decimal, Key(gt=0, le=100)]
    of: Name
    currency_field: Name | None = None
    """Field that says the currency of the value: two per cent of dollars is dollars."""


class PerUnitFee(Payable):
    model: Literal["per_unit"]
    amount: Amount
    unit_field: Name


class FormulaFee(Payable):
    """A CEL expression over the answers."""

    model: Literal["formula"]
    formula: str
    words: Text


Fee = Annotated[NoFee | FixedFee | TieredFee | PercentFee | PerUnitFee | FormulaFee, Key(discriminator="model")]

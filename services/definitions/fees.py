"""What this application costs, and what the service page says about cost before anything is started."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import DomainError
from services.definitions.conditions import explain, holds, is_empty
from services.definitions.expressions import NotComputable, evaluate
from services.definitions.fee_schema import (
    FeeItem,
    FixedFee,
    FormulaFee,
    NoFee,
    Payable,
    PercentFee,
    PerUnitFee,
    Tier,
    TieredFee,
)
from services.definitions.schema import Definition
from services.definitions.texts import Status, Text, is_estimate

MOST = Decimal(10) ** 13
LANGUAGES = ("sw", "en")


@dataclass(frozen=True)
class FeeLine:
    label: Text
    amount: Decimal
    gfs_code: str
    status: Status


@dataclass(frozen=True)
class FeeQuote:
    lines: tuple[FeeLine, ...]
    currency: str
    total: Decimal
    payable_at: str
    status: Status
    is_estimate: bool
    rule: Text
    """Which line of the definition led to this amount, in words."""

    @property
    def is_free(self) -> bool:
        return self.total == 0


@dataclass(frozen=True)
class FeeSummaryLine:
    label: Text
    amount: Text
    """`TZS 8,000`, or a rate in words such as `2% of FOB value`."""
    status: Status
    is_estimate: bool


class FeeUndetermined(DomainError):
    """The answers do not lead to an amount, so no bill may be made from them."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("The fee cannot be worked out from these answers. Check them, then try again."),
            "fee_undetermined",
        )


def quote(definition: Definition, answers: Mapping[str, Any], *, today: date) -> FeeQuote:
    """Raises FeeUndetermined when an answer that the fee needs is missing or fits no tier."""
    fee = definition.fee
    match fee:
        case NoFee():
            return _free(definition)
        case FixedFee():
            return _quote(
                definition,
                fee,
                _fixed_lines(definition, fee, answers),
                rule=_both(lambda _lang: _("One fee for everyone")),
            )
        case TieredFee():
            return _tiered(definition, fee, answers)
        case PercentFee():
            return _percent(definition, fee, answers)
        case PerUnitFee():
            amount = fee.amount * _number(answers, fee.unit_field)
        case FormulaFee():
            amount = _computed(definition, fee, answers, today)
    lines = [_main_line(definition, fee, amount)]
    return _quote(definition, fee, lines, rule=_rate(definition, fee))


def beyond(fee: FeeQuote, paid: Mapping[str, Decimal]) -> FeeQuote | None:
    """What is still missing of `fee` after what was paid, by currency; None when nothing is.

    Raises FeeUndetermined when it was paid in another currency: there is no rate at which to set it off.
    """
    if fee.is_free or not paid:
        return None if fee.is_free else fee
    if set(paid) != {fee.currency}:
        raise FeeUndetermined
    missing = fee.total - paid[fee.currency]
    if missing <= 0:
        return None
    line = FeeLine(_both(lambda _lang: _("Added after a correction")), missing, fee.lines[0].gfs_code, fee.status)
    return replace(fee, lines=(line,), total=missing)


def fee_summary(definition: Definition) -> list[FeeSummaryLine]:
    """Everything that may be charged; empty when the service is free."""
    fee = definition.fee
    match fee:
        case NoFee():
            return []
        case FixedFee():
            main = [
                FeeSummaryLine(item.label, _money(item.amount, fee.currency), fee.status, fee.is_estimate)
                for item in fee.items or (FeeItem(label=_fee_label(definition), amount=fee.amount),)
            ]
        case TieredFee():
            main = [_tier_summary(definition, fee, tier) for tier in fee.tiers]
        case _:
            main = [FeeSummaryLine(_fee_label(definition), _rate(definition, fee), fee.status, fee.is_estimate)]
    extra = [
        FeeSummaryLine(item.label, _money(item.amount, fee.currency), fee.status, fee.is_estimate)
        for item in fee.additional_items
    ]
    return main + extra


def _free(definition: Definition) -> FeeQuote:
    rule = _both(lambda _lang: _("Free of charge"))
    fee = definition.fee
    return FeeQuote((), "TZS", Decimal(0), "submission", fee.status, fee.is_estimate, rule)


def _quote(
    definition: Definition,
    fee: Payable,
    lines: list[FeeLine],
    *,
    rule: Text,
    currency: str | None = None,
) -> FeeQuote:
    currency = currency or fee.currency
    lines = [line for line in [*lines, *_additional_lines(fee)] if line.amount]
    total = sum((line.amount for line in lines), Decimal(0))
    if total >= MOST:
        raise FeeUndetermined
    unsure = [line.status for line in lines if is_estimate(line.status, fee.source_kind)]
    status = unsure[0] if unsure else fee.status
    return FeeQuote(tuple(lines), currency, total, fee.payable_at, status, bool(unsure), rule)


def _fixed_lines(definition: Definition, fee: FixedFee, answers: Mapping[str, Any]) -> list[FeeLine]:
    if not fee.items:
        return [_main_line(definition, fee, fee.amount)]
    return [_item_line(fee, item, answers) for item in fee.items]


def _item_line(fee: Payable, item: FeeItem, answers: Mapping[str, Any]) -> FeeLine:
    times = _number(answers, item.times) if item.times else Decimal(1)
    status = item.times_status if times != 1 else fee.status
    return FeeLine(item.label, _rounded(item.amount * times, fee.currency), _gfs_code(fee), status)


def _tiered(definition: Definition, fee: TieredFee, answers: Mapping[str, Any]) -> FeeQuote:
    tier = next((tier for tier in fee.tiers if holds(tier.when, answers)), None)
    if tier is None:
        raise FeeUndetermined
    line = FeeLine(_fee_label(definition), tier.amount, _gfs_code(fee), tier.status or fee.status)
    rule = _both(lambda language: explain(tier.when, definition, language))
    return _quote(definition, fee, [line], rule=rule, currency=tier.currency)


def _percent(definition: Definition, fee: PercentFee, answers: Mapping[str, Any]) -> FeeQuote:
    currency = answers.get(fee.currency_field) if fee.currency_field else fee.currency
    if is_empty(currency):
        raise FeeUndetermined
    amount = _rounded(_number(answers, fee.of) * fee.percent / 100, str(currency))
    line = FeeLine(_fee_label(definition), amount, _gfs_code(fee), fee.status)
    return _quote(definition, fee, [line], rule=_rate(definition, fee), currency=str(currency))


def _computed(definition: Definition, fee: FormulaFee, answers: Mapping[str, Any], today: date) -> Decimal:
    try:
        amount = Decimal(str(evaluate(fee.formula, definition, answers, today=today)))
    except (NotComputable, ArithmeticError) as error:
        raise FeeUndetermined from error
    if not amount.is_finite() or amount < 0:
        raise FeeUndetermined
    return amount


def _number(answers: Mapping[str, Any], name: str) -> Decimal:
    if is_empty(answers.get(name)):
        raise FeeUndetermined
    number = Decimal(str(answers[name]))
    if number < 0:
        raise FeeUndetermined
    return number


def _main_line(definition: Definition, fee: Payable, amount: Decimal) -> FeeLine:
    return FeeLine(_fee_label(definition), _rounded(amount, fee.currency), _gfs_code(fee), fee.status)


def _additional_lines(fee: Payable) -> list[FeeLine]:
    return [FeeLine(item.label, item.amount, _gfs_code(fee), fee.status) for item in fee.additional_items]


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """Shillings have no cents in practice."""
    return amount.quantize(Decimal(1) if currency == "TZS" else Decimal("0.01"), ROUND_HALF_UP)


def _gfs_code(fee: Payable) -> str:
    return fee.gfs_code.removeprefix("illustrative:")


def _fee_label(definition: Definition) -> Text:
    return Text(sw=f"Ada: {definition.title.sw}", en=f"Fee: {definition.title.en}")


def _tier_summary(definition: Definition, fee: TieredFee, tier: Tier) -> FeeSummaryLine:
    status = tier.status or fee.status
    return FeeSummaryLine(
        _both(lambda language: explain(tier.when, definition, language)),
        _money(tier.amount, tier.currency or fee.currency),
        status,
        is_estimate(status, fee.source_kind),
    )


def _rate(definition: Definition, fee: Payable) -> Text:
    match fee:
        case PercentFee():
            return _both(
                lambda language: (
                    _("%(percent)s%% of %(field)s")
                    % {"percent": fee.percent, "field": _label(definition, fee.of, language)}
                )
            )
        case PerUnitFee():
            return _both(
                lambda language: (
                    _("%(amount)s for each: %(field)s")
                    % {
                        "amount": _amount(fee.amount, fee.currency),
                        "field": _label(definition, fee.unit_field, language),
                    }
                )
            )
        case FormulaFee():
            return fee.words
    raise TypeError(fee)


def _label(definition: Definition, name: str, language: str) -> str:
    field = definition.field(name)
    return field.label.in_language(language) if field else name


def _money(amount: Decimal, currency: str) -> Text:
    return _both(lambda _lang: _("Free of charge") if amount == 0 else _amount(amount, currency))


def _amount(amount: Decimal, currency: str) -> str:
    whole = amount == amount.to_integral_value()
    return f"{currency} {amount:,.0f}" if whole else f"{currency} {amount:,.2f}"


def _both(sentence: Any) -> Text:
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = sentence(language)
    return Text(**words)

"""What a home is charged for an item in a period: pure, exact, and the same wherever it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from domain.bills import FeeUnit, LineDraft
from domain.ledger import AccountCode
from domain.money import Rounding
from domain.words import Text

from .periods import Period, months_of
from .words import ChargeFault, FeeKind, TierBasis

_NONE, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_SMALL = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Tier:
    """Up to ``upto`` units (None: all that is above) one costs ``price`` yuan."""

    upto: Decimal | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit costs from a day on: a month of it, unless the item is metered. Tiers, where there are any, are all of it."""

    starts_on: date
    price: Decimal
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A fee item as it is charged. ``prices``: the earliest first."""

    id: str
    name: str
    kind: FeeKind
    account: AccountCode
    unit: FeeUnit
    rounding: Rounding
    prices: tuple[Price, ...]
    tier_basis: TierBasis = TierBasis.MONTH


@dataclass(frozen=True, slots=True)
class Holding:
    """A home's part in an item, for some days (both included). ``discount``: percent."""

    starts_on: date
    ends_on: date | None = None
    quantity: Decimal = _ONE
    discount: Decimal = _NONE
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What the home's meters counted in the period, and before it in its calendar year."""

    quantity: Decimal
    before: Decimal = _NONE


@dataclass(frozen=True, slots=True)
class Portion:
    """A home's part of a common cost: yuan, and the weight by which it was shared."""

    amount: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Charged:
    """Lines to be billed; or why there are none though there should be."""

    lines: tuple[LineDraft, ...] = ()
    fault: ChargeFault | None = None


NOTHING = Charged()


def charge(
    item: Item,
    period: Period,
    holdings: Sequence[Holding],
    *,
    area: Decimal,
    usage: Usage | None = None,
    portion: Portion | None = None,
) -> Charged:
    """What a home with these holdings (the earliest first) is charged for an item in a period.

    Each line is reckoned exactly and rounded once, as the item says. ``usage``: of a metered item, None: a meter was not read.
    ``portion``: of a shared one, None: there is nothing to share yet.
    """
    held = [(holding, span) for holding in holdings if (span := period.cut(holding.starts_on, holding.ends_on))]
    if not held or all(holding.exempt for holding, _ in held):
        return NOTHING
    if item.kind is FeeKind.SHARED:
        return _shared(item, period, held[-1][0], portion)
    if item.kind is FeeKind.METERED:
        return _metered(item, period, held[-1][0], usage)
    lines: list[LineDraft] = []
    for holding, span in held:
        if holding.exempt:
            continue
        priced = _priced(item.prices, span)
        if priced is None:
            return Charged(fault=ChargeFault.NO_PRICE)
        quantity = _quantity(item.kind, holding, area)
        for price, part in priced:
            months = months_of(part)
            lines += _lines(item, part, price, quantity, months, holding.discount, upto=_ONE)
    return Charged(tuple(lines))


def _quantity(kind: FeeKind, holding: Holding, area: Decimal) -> Decimal:
    if kind is FeeKind.AREA:
        return area * holding.quantity
    return _ONE if kind is FeeKind.UNIT else holding.quantity


def _priced(prices: Sequence[Price], span: Period) -> list[tuple[Price, Period]] | None:
    """The span in parts of one price each; None: there is none on its first day."""
    if not prices or prices[0].starts_on > span.first:
        return None
    parts: list[tuple[Price, Period]] = []
    for n, price in enumerate(prices):
        ends = prices[n + 1].starts_on - timedelta(days=1) if n + 1 < len(prices) else None
        if part := span.cut(price.starts_on, ends):
            parts.append((price, part))
    return parts


def _lines(
    item: Item,
    span: Period,
    price: Price,
    quantity: Decimal,
    months: Fraction,
    discount: Decimal,
    *,
    upto: Decimal,
    before: Decimal = _NONE,
) -> list[LineDraft]:
    """One line for each tier that the quantity touches. ``upto``: how many times the limits of the tiers count."""
    lines: list[LineDraft] = []
    paid = _HUNDRED - discount
    for number, (part, each) in enumerate(_by_tier(price, quantity, upto, before)):
        exact = part * each * paid * months.numerator / (_HUNDRED * months.denominator)
        amount = item.rounding.of(exact)
        if amount:
            factor = Decimal(months.numerator) / months.denominator * paid / _HUNDRED
            lines.append(
                LineDraft(
                    account=item.account,
                    description=_described(item.name, span, discount, number + 1 if price.tiers else 0),
                    amount=amount,
                    period_from=span.first,
                    period_to=span.last,
                    fee_item_id=item.id,
                    quantity=part,
                    unit=item.unit,
                    unit_price=each,
                    factor=factor.quantize(_SMALL),
                    tier=number,
                )
            )
    return lines


def _by_tier(price: Price, quantity: Decimal, upto: Decimal, before: Decimal) -> list[tuple[Decimal, Decimal]]:
    """The quantity by the tiers in which it lies, above what was used ``before``, each with its price."""
    if not price.tiers:
        return [(quantity, price.price)]
    parts: list[tuple[Decimal, Decimal]] = []
    low = _NONE
    for tier in price.tiers:
        high = None if tier.upto is None else tier.upto * upto
        start = max(low, before)
        end = before + quantity if high is None else min(high, before + quantity)
        parts.append((max(end - start, _NONE), tier.price))
        low = low if high is None else high
    return parts


def _metered(item: Item, period: Period, holding: Holding, usage: Usage | None) -> Charged:
    """What was counted in the period is spread over its days, where the price changed in it."""
    if holding.exempt:
        return NOTHING
    priced = _priced(item.prices, period)
    if priced is None:
        return Charged(fault=ChargeFault.NO_PRICE)
    if usage is None:
        return Charged(fault=ChargeFault.NO_READING)
    lines: list[LineDraft] = []
    left, before = usage.quantity, usage.before if item.tier_basis is TierBasis.YEAR else _NONE
    for price, part in priced:
        used = left if part.last == period.last else (usage.quantity * part.days / period.days).quantize(Decimal("0.0001"))
        months = months_of(part)
        upto = _ONE if item.tier_basis is TierBasis.YEAR else Decimal(months.numerator) / months.denominator
        lines += _lines(item, part, price, used, Fraction(1), holding.discount, upto=upto, before=before)
        left -= used
        before += used if item.tier_basis is TierBasis.YEAR else _NONE
    return Charged(tuple(lines))


def _shared(item: Item, period: Period, holding: Holding, portion: Portion | None) -> Charged:
    if holding.exempt:
        return NOTHING
    if portion is None:
        return Charged(fault=ChargeFault.NO_COST)
    if portion.weight <= 0:
        return Charged(fault=ChargeFault.NO_WEIGHT)
    paid = _HUNDRED - holding.discount
    amount = item.rounding.of(portion.amount * paid / _HUNDRED)
    if not amount:
        return NOTHING
    line = LineDraft(
        account=item.account,
        description=_described(item.name, period, holding.discount, 0),
        amount=amount,
        period_from=period.first,
        period_to=period.last,
        fee_item_id=item.id,
        quantity=portion.weight,
        unit=item.unit,
        unit_price=(portion.amount / portion.weight).quantize(_SMALL),
        factor=(paid / _HUNDRED).quantize(_SMALL),
    )
    return Charged((line,))


@lru_cache(maxsize=4_096)
def _described(name: str, span: Period, discount: Decimal, tier: int) -> Text:
    """What people read: the item, the days, and what is special."""
    en, zh = f"{name}, {span.first} to {span.last}", f"{name}（{span.first} 至 {span.last}）"
    if tier:
        en, zh = f"{en}, tier {tier}", f"{zh}第 {tier} 档"
    if discount:
        en, zh = f"{en}, less {discount.normalize():f} %", f"{zh}，减免 {discount.normalize():f}%"
    return Text(en, zh)

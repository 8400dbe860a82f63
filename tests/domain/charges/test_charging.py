"""What a home is charged: whole months, parts of them, prices that change, tiers, discounts, meters, shares."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bills import FeeUnit
from domain.charges import (
    NOTHING,
    Charged,
    ChargeFault,
    FeeKind,
    Holding,
    Item,
    Period,
    Portion,
    Price,
    Tier,
    TierBasis,
    Usage,
    charge,
    months_of,
    period_from,
)
from domain.ledger import AccountCode
from domain.money import Rounding

D = Decimal

_LONG_AGO = date(2020, 1, 1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ALWAYS = Holding(_LONG_AGO)


def an_item(
    kind: FeeKind = FeeKind.AREA,
    *prices: Price,
    unit: FeeUnit = FeeUnit.M2,
    rounding: Rounding = Rounding.FEN_HALF_UP,
    tier_basis: TierBasis = TierBasis.MONTH,
) -> Item:
    prices = prices or (Price(_LONG_AGO, D("1.85")),)
    return Item("fit_1", "物业费", kind, AccountCode.SERVICE_INCOME, unit, rounding, prices, tier_basis)


def amounts(charged: Charged) -> list[Decimal]:
    return [line.amount for line in charged.lines]


def test_a_whole_month_is_price_times_quantity_rounded_once() -> None:
    assert amounts(charge(an_item(), NOVEMBER, [ALWAYS], area=D("89.53"))) == [D("165.63")]  # 165.6305
    assert amounts(charge(an_item(rounding=Rounding.YUAN_HALF_UP), NOVEMBER, [ALWAYS], area=D("89.53"))) == [D(166)]
    assert amounts(charge(an_item(FeeKind.UNIT), NOVEMBER, [ALWAYS], area=D("89.53"))) == [D("1.85")]
    parking = an_item(FeeKind.PARKING, Price(_LONG_AGO, D(120)))
    assert amounts(charge(parking, NOVEMBER, [Holding(_LONG_AGO, quantity=D(2))], area=D(1))) == [D(240)]


def test_a_part_of_a_month_is_paid_by_its_days() -> None:
    item = an_item(FeeKind.FIXED, Price(_LONG_AGO, D(300)))
    assert amounts(charge(item, NOVEMBER, [Holding(date(2026, 11, 16))], area=D(1))) == [D(150)]
    quarter = period_from(date(2026, 10, 1), 3)
    assert quarter is not None
    assert quarter.last == date(2026, 12, 31)
    (line,) = charge(item, quarter, [Holding(_LONG_AGO, date(2026, 11, 15))], area=D(1)).lines
    assert (line.amount, line.factor, line.period_to) == (D(450), D("1.5"), date(2026, 11, 15))
    assert period_from(date(2026, 11, 1), 3) is None
    assert period_from(date(2026, 11, 2), 1) is None


def test_a_price_that_changes_makes_two_lines() -> None:
    item = an_item(FeeKind.FIXED, Price(_LONG_AGO, D(30)), Price(date(2026, 11, 11), D(60)))
    first, second = charge(item, NOVEMBER, [ALWAYS], area=D(1)).lines
    assert (first.period_to, first.amount) == (date(2026, 11, 10), D(10))
    assert (second.period_from, second.amount) == (date(2026, 11, 11), D(40))


def test_a_discount_is_taken_off_and_an_exempt_home_pays_nothing() -> None:
    half = Holding(_LONG_AGO, discount=D(50))
    (line,) = charge(an_item(FeeKind.UNIT, Price(_LONG_AGO, D(99))), NOVEMBER, [half], area=D(1)).lines
    assert (line.amount, line.factor) == (D("49.50"), D("0.5"))
    assert line.description.en == "物业费, 2026-11-01 to 2026-11-30, less 50 %"
    assert charge(an_item(), NOVEMBER, [Holding(_LONG_AGO, exempt=True)], area=D(90)) == NOTHING
    assert charge(an_item(), NOVEMBER, [], area=D(90)) == NOTHING


def test_no_price_no_reading_and_nothing_to_share_are_faults_and_not_guesses() -> None:
    late = an_item(FeeKind.AREA, Price(date(2026, 11, 2), D(1)))
    assert charge(late, NOVEMBER, [ALWAYS], area=D(90)).fault is ChargeFault.NO_PRICE
    assert charge(an_item(FeeKind.METERED), NOVEMBER, [ALWAYS], area=D(90)).fault is ChargeFault.NO_READING
    shared = an_item(FeeKind.SHARED)
    assert charge(shared, NOVEMBER, [ALWAYS], area=D(90)).fault is ChargeFault.NO_COST
    nothing = Portion(D(0), D(0))
    assert charge(shared, NOVEMBER, [ALWAYS], area=D(90), portion=nothing).fault is ChargeFault.NO_WEIGHT
    (line,) = charge(shared, NOVEMBER, [ALWAYS], area=D(90), portion=Portion(D("12.34"), D(90))).lines
    assert (line.amount, line.quantity, line.unit_price) == (D("12.34"), D(90), D("0.137111"))


def test_water_is_paid_by_tier_of_the_month_or_of_the_year() -> None:
    tiers = (Tier(D(10), D(3)), Tier(D(20), D(4)), Tier(None, D(6)))
    water = an_item(FeeKind.METERED, Price(_LONG_AGO, D(3), tiers), unit=FeeUnit.M3)
    lines = charge(water, NOVEMBER, [ALWAYS], area=D(1), usage=Usage(D(25), D(100))).lines
    assert [(line.tier, line.quantity, line.amount) for line in lines] == [(0, 10, 30), (1, 10, 40), (2, 5, 30)]
    quarter = period_from(date(2026, 10, 1), 3)
    assert quarter
    assert amounts(charge(water, quarter, [ALWAYS], area=D(1), usage=Usage(D(25)))) == [D(75)]
    yearly = an_item(FeeKind.METERED, Price(_LONG_AGO, D(3), tiers), tier_basis=TierBasis.YEAR)
    lines = charge(yearly, NOVEMBER, [ALWAYS], area=D(1), usage=Usage(D(4), D(18))).lines
    assert [(line.tier, line.quantity, line.amount) for line in lines] == [(1, 2, 8), (2, 2, 12)]


def test_what_was_counted_is_spread_over_the_days_of_two_prices() -> None:
    water = an_item(FeeKind.METERED, Price(_LONG_AGO, D(3)), Price(date(2026, 11, 11), D(6)))
    lines = charge(water, NOVEMBER, [ALWAYS], area=D(1), usage=Usage(D(10))).lines
    assert [(line.quantity, line.amount) for line in lines] == [(D("3.3333"), D(10)), (D("6.6667"), D(40))]


_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_amounts = st.decimals(D("0.01"), D(500), places=2)


@settings(max_examples=150)
@given(cut=_days, price=_amounts, area=_amounts)
def test_a_year_cut_in_two_costs_the_same_to_a_fen(cut: date, price: Decimal, area: Decimal) -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    item = an_item(FeeKind.AREA, Price(_LONG_AGO, price))
    whole = sum(amounts(charge(item, year, [ALWAYS], area=area)))
    parts = [Holding(_LONG_AGO, cut), Holding(cut + timedelta(days=1))]
    assert abs(sum(amounts(charge(item, year, parts, area=area))) - whole) <= D("0.01")
    assert months_of(year) == 12


@settings(max_examples=150)
@given(used=_amounts, before=_amounts, limits=st.lists(_amounts, min_size=1, max_size=3, unique=True))
def test_tiers_lose_nothing_of_what_was_used(used: Decimal, before: Decimal, limits: list[Decimal]) -> None:
    tiers = (*(Tier(limit, D(1)) for limit in sorted(limits)), Tier(None, D(1)))
    item = an_item(FeeKind.METERED, Price(_LONG_AGO, D(1), tiers), tier_basis=TierBasis.YEAR)
    lines = charge(item, NOVEMBER, [ALWAYS], area=D(1), usage=Usage(used, before)).lines
    assert sum(line.quantity for line in lines) == used == sum(line.amount for line in lines)


@pytest.mark.parametrize(("day", "months"), [(date(2026, 2, 14), D(14) / 28), (date(2026, 3, 31), D(2))])
def test_months_are_counted_by_their_own_days(day: date, months: Decimal) -> None:
    assert months_of(Period(date(2026, 2, 1), day)) == months

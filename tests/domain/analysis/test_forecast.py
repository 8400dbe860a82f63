"""How cash goes on, when it runs dry, and what if."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.analysis import Factors, Flows, Forecast, WhatIf, factors, forecast
from domain.refusals import Refused

FIRST = 2026 * 12
FEN = Decimal("0.01")


def flows(comes_in: int, goes_out: int, months: int = 24) -> Flows:
    past = range(FIRST - months, FIRST)
    return Flows(
        fees={month: Decimal(comes_in + 37 * (month % 5)) for month in past},
        other={month: Decimal(500) for month in past if month % 3 == 0},
        costs={month: Decimal(goes_out + 41 * (month % 7)) for month in past},
    )


def foretold(opening: int, of: Flows, changed: Factors | None = None) -> Forecast:
    told = forecast(Decimal(opening), of, FIRST, factors=changed or Factors())
    assert told
    return told


def test_cash_that_dwindles_runs_dry_in_a_month_that_an_interval_surrounds() -> None:
    told = foretold(60_000, flows(20_000, 30_000))
    assert told.runs_dry is not None
    assert FIRST + 5 <= told.runs_dry <= FIRST + 7
    assert told.earliest is not None
    assert told.latest is not None
    assert told.earliest <= told.runs_dry <= told.latest
    assert (told.known, told.percent, len(told.months)) == (24, 80, 12)


def test_cash_that_grows_never_runs_dry() -> None:
    told = foretold(60_000, flows(30_000, 20_000))
    assert (told.earliest, told.runs_dry, told.latest) == (None, None, None)


def test_a_season_comes_again() -> None:
    past = range(FIRST - 36, FIRST)
    told = foretold(0, Flows({month: Decimal(120_000 if month % 12 == 0 else 10_000) for month in past}, {}, {}))
    assert told.months[0].comes_in > 5 * told.months[1].comes_in


def test_too_short_a_past_foretells_nothing() -> None:
    assert forecast(Decimal(1), flows(1, 1, months=5), FIRST) is None
    assert forecast(Decimal(1), Flows({}, {}, {}), FIRST) is None
    assert forecast(Decimal(1), flows(1, 1, months=6), FIRST) is not None


@settings(max_examples=15, deadline=None)
@given(
    opening=st.integers(-(10**6), 10**6),
    comes_in=st.lists(st.decimals(0, 10**6, places=2), min_size=6, max_size=30),
    goes_out=st.lists(st.decimals(0, 10**6, places=2), min_size=6, max_size=30),
)
def test_every_forecast_adds_up_to_the_fen_and_lies_within_its_interval(
    opening: int, comes_in: list[Decimal], goes_out: list[Decimal]
) -> None:
    past = Flows(
        {FIRST - 1 - back: amount for back, amount in enumerate(comes_in)},
        {},
        {FIRST - 1 - back: amount for back, amount in enumerate(goes_out)},
    )
    told = foretold(opening, past)
    assert told == foretold(opening, past)
    closing = told.opening
    for month in told.months:
        closing += month.comes_in - month.goes_out
        assert month.closing == closing == closing.quantize(FEN)
        assert month.low <= closing <= month.high


def test_what_if_multiplies_fees_and_costs_and_leaves_the_rest() -> None:
    as_it_is = foretold(60_000, flows(20_000, 30_000))
    asked = WhatIf(price_percent=Decimal(20), collection_rate=Decimal(96), costs_percent=Decimal(-10))
    changed = factors(asked, Decimal(80))
    assert (changed.fees, changed.costs) == (Decimal("1.44"), Decimal("0.9"))
    told = foretold(60_000, flows(20_000, 30_000), changed)
    for before, after in zip(as_it_is.months, told.months, strict=True):
        assert abs(after.goes_out - before.goes_out * Decimal("0.9")) <= FEN
        assert after.comes_in > before.comes_in
    assert told.runs_dry is None
    assert factors(WhatIf(), None) == Factors()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (WhatIf(price_percent=Decimal(101)), "price_percent"),
        (WhatIf(costs_percent=Decimal(-51)), "costs_percent"),
        (WhatIf(collection_rate=Decimal(0)), "collection_rate"),
        (WhatIf(collection_rate=Decimal("100.1")), "collection_rate"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(asked: WhatIf, field: str) -> None:
    with pytest.raises(Refused) as refused:
        factors(asked, Decimal(80))
    assert refused.value.path == ("what_if", field)
    assert refused.value.hint.en


def test_a_collection_rate_needs_one_to_be_compared_with() -> None:
    with pytest.raises(Refused, match="Nothing was billed"):
        factors(WhatIf(collection_rate=Decimal(90)), None)

"""What strays from what is usual, and what does not."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.analysis import AnomalyKind, strayed, usual_total
from domain.steward.revenue import SPENDING_BOUNDS
from domain.words import Text

MARCH = 2026 * 12 + 2
LIFTS = Text("Lifts", "电梯费用")
#: Some noise, the same every time.
NOISE = (0, 3, -2, 5, -4, 1, 2, -3, 4, -1, -5, 0)
By = Callable[[int], float]


def spent(by: By, months: int = 36) -> dict[int, Decimal]:
    """So much in each of the months before March, by how many months before it."""
    values = {MARCH - back: by(back) for back in range(1, months + 1)}
    return {month: Decimal(str(round(value, 2))) for month, value in values.items() if value}


def steady(back: int) -> float:
    return 10_000 * (1 + NOISE[back % 12] / 100)


def heated(back: int) -> float:
    """Three times as much in March of every year."""
    return steady(back) * (3 if back % 12 == 0 else 1)


def quarterly(back: int) -> float:
    return steady(back) if back % 3 == 0 else 0


def lumps(back: int) -> float:
    return steady(back) * (2.5 if back in {2, 5, 9, 14, 20, 27, 33} else 1)


@pytest.mark.parametrize(
    ("by", "now", "kind"),
    [
        (steady, 41_000, AnomalyKind.HIGH),
        (steady, 11_500, None),
        (steady, 3_000, AnomalyKind.LOW),
        (steady, 0, AnomalyKind.MISSING),
        (heated, 31_000, None),
        (heated, 75_000, AnomalyKind.HIGH),
        (heated, 10_000, AnomalyKind.LOW),
        (quarterly, 10_400, None),
        (quarterly, 0, None),
        (quarterly, 45_000, AnomalyKind.HIGH),
        (lumps, 25_500, None),
        (lumps, 90_000, AnomalyKind.HIGH),
        (lambda _: 0, 60_000, AnomalyKind.FIRST),
        (lambda back: 900 if back == 7 else 0, 60_000, AnomalyKind.FIRST),
        (lambda back: 55_000 if back == 7 else 0, 60_000, None),
    ],
)
def test_spending_strays_from_what_its_season_its_rhythm_and_its_lumps_make_usual(
    by: By, now: float, kind: AnomalyKind | None
) -> None:
    found = strayed({**spent(by), MARCH: Decimal(str(now))}, MARCH, usual_total=100_000)
    assert (found.kind if found and found.told(SPENDING_BOUNDS) else None) is kind


def test_the_reason_says_how_many_times_the_usual_march_it_is() -> None:
    found = strayed({**spent(steady), MARCH: Decimal(41_000)}, MARCH, usual_total=0)
    assert found
    assert found.reason(LIFTS, MARCH) == Text(
        "Lifts 4.1× the usual March: 41,000.00 yuan in March 2026, where 10,000 are usual.",
        "电梯费用2026年3月支出 41,000.00 元，为往年3月（约 10,000 元）的 4.1 倍。",
    )
    missing = strayed(spent(steady), MARCH, usual_total=0)
    assert missing
    assert "Nothing is booked for Lifts in March 2026" in missing.reason(LIFTS, MARCH).en
    first = strayed({MARCH: Decimal(60_000)}, MARCH, usual_total=100_000)
    assert first
    assert "60% of what is spent on everything" in first.reason(LIFTS, MARCH).en


def test_one_wild_month_a_year_ago_hides_nothing_and_is_not_usual() -> None:
    def wild(back: int) -> float:
        return steady(back) * (6 if back == 12 else 1)

    found = strayed({**spent(wild), MARCH: Decimal(30_000)}, MARCH, usual_total=0)
    assert found
    assert found.kind is AnomalyKind.HIGH
    assert found.told(SPENDING_BOUNDS)


def test_little_money_is_not_told_of_and_much_money_sooner() -> None:
    small = {month: amount / 100 for month, amount in spent(steady).items()}
    found = strayed({**small, MARCH: Decimal(400)}, MARCH, usual_total=0)
    assert found
    assert not found.told(SPENDING_BOUNDS)
    doubled = {**spent(lumps), MARCH: Decimal(60_000)}
    of_much, of_little = (strayed(doubled, MARCH, usual_total=total) for total in (1_000_000, 60_000))
    assert of_much
    assert of_little
    assert not of_much.told(SPENDING_BOUNDS)
    assert of_little.told(SPENDING_BOUNDS)


def test_nothing_is_said_where_too_little_is_known() -> None:
    assert strayed({**spent(steady, 2), MARCH: Decimal(41_000)}, MARCH, usual_total=0) is None
    assert strayed({}, MARCH, usual_total=100_000) is None
    assert usual_total(spent(steady, 4), MARCH) == 0
    assert usual_total(spent(steady), MARCH) == pytest.approx(10_000, rel=0.05)

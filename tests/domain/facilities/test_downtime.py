"""How long a facility could be used, compared with an evaluator that looks at every hour."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facilities import FacilityStatus
from domain.facilities.downtime import DOWN, Report, Use, check_period, spells, use
from domain.refusals import Refused

ZERO, HOUR = datetime(2024, 1, 1, tzinfo=UTC), timedelta(hours=1)
IN, OUT, MENDED = FacilityStatus.IN_SERVICE, FacilityStatus.OUT_OF_SERVICE, FacilityStatus.UNDER_MAINTENANCE
RETIRED, DEGRADED = FacilityStatus.RETIRED, FacilityStatus.DEGRADED


def hour(number: int) -> datetime:
    return ZERO + number * HOUR


_reports = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(FacilityStatus)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(_reports, st.integers(0, 40), st.integers(1, 20), st.randoms())
def test_every_hour_counts_as_the_last_report_before_it_says(
    reports: list[tuple[int, FacilityStatus]], first: int, hours: int, random: Random
) -> None:
    told = [Report(hour(at), status, f"{n:03}") for n, (at, status) in enumerate(reports)]
    counted = dict.fromkeys(FacilityStatus, 0)
    for each in range(first, first + hours):
        holding = [report for report in told if report.since <= hour(each)]
        if holding:
            counted[max(holding, key=lambda report: (report.since, report.id)).status] += 1
    shuffled = list(told)
    random.shuffle(shuffled)
    found = use(spells(shuffled, hour(first), hour(first + hours)))
    known = sum(count for status, count in counted.items() if status is not RETIRED)
    assert found == Use(known * HOUR, counted[OUT] * HOUR, counted[MENDED] * HOUR, counted[DEGRADED] * HOUR)
    assert found.availability == (round(1 - sum(counted[status] for status in DOWN) / known, 6) if known else None)


def test_lift_24_stood_still_for_over_a_year() -> None:
    history = [
        Report(datetime(2008, 6, 30, 1, tzinfo=UTC), IN),
        Report(datetime(2021, 3, 9, 2, 20, tzinfo=UTC), DEGRADED),
        Report(datetime(2022, 4, 18, 0, 40, tzinfo=UTC), OUT),
        Report(datetime(2023, 7, 3, 1, tzinfo=UTC), MENDED),
        Report(datetime(2023, 8, 21, 8, 30, tzinfo=UTC), IN),
    ]
    told = spells(history, datetime(2022, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))
    assert [(spell.status, spell.going_on) for spell in told] == [(DEGRADED, False), (OUT, False), (MENDED, False), (IN, True)]
    found = use(told)
    assert found.out > timedelta(days=365)
    assert found.down == timedelta(days=490, hours=7, minutes=50)
    assert found.availability == pytest.approx(0.32832, abs=1e-6)


def test_what_still_goes_on_says_so_and_neighbours_of_one_status_are_one() -> None:
    told = spells([Report(hour(1), OUT), Report(hour(3), OUT)], hour(0), hour(5))
    assert [(spell.starts, spell.ends, spell.going_on) for spell in told] == [(hour(1), hour(5), True)]
    assert spells([], hour(0), hour(5)) == []
    assert use([]).availability is None


@pytest.mark.parametrize(("start", "end"), [(hour(1), hour(1)), (hour(2), hour(1)), (hour(0), hour(31 * 366 * 24))])
def test_a_period_that_cannot_be_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(Refused) as refused:
        check_period(start, end)
    assert refused.value.path == ("to",)

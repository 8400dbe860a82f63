"""The hours of rules: by the street's clock, over midnight, on working days."""

from datetime import date, datetime, timedelta, timezone
from datetime import time as at

import pytest

from domain.alerts.conditions import Above, Change, Memory, Sample, Simple, step
from domain.alerts.schedules import Schedule, Span

CHINA = timezone(timedelta(hours=8))
WEEKEND = {date(2026, 3, 7), date(2026, 3, 8)}
NIGHTS = Span(frozenset({4, 5}), at(22), at(6))
OFFICE = Span(frozenset(range(5)), at(8, 30), at(18))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2026, whose sixth is a Friday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


def is_working_day(day: date) -> bool:
    return day not in WEEKEND


@pytest.mark.parametrize(
    ("schedule", "when", "covered"),
    [
        (Schedule((OFFICE,)), moment(6, 8, 29), False),
        (Schedule((OFFICE,)), moment(6, 8, 30), True),
        (Schedule((OFFICE,)), moment(6, 18), False),
        (Schedule((OFFICE,)), moment(7, 12), False),
        (Schedule((NIGHTS,)), moment(6, 21, 59), False),
        (Schedule((NIGHTS,)), moment(6, 22), True),
        (Schedule((NIGHTS,)), moment(7, 5, 59), True),
        (Schedule((NIGHTS,)), moment(7, 6), False),
        (Schedule((NIGHTS,)), moment(8, 3), True),
        (Schedule((NIGHTS,)), moment(9, 3), False),
        (Schedule((NIGHTS,), working=True), moment(7, 3), True),
        (Schedule((NIGHTS,), working=True), moment(8, 3), False),
        (Schedule(working=True), moment(6, 0), True),
        (Schedule(working=True), moment(7, 0), False),
        (Schedule((Span(frozenset({6}), at(0), at(0)),)), moment(8, 23, 59), True),
        (Schedule((Span(frozenset({6}), at(0), at(0)),)), moment(9, 0), False),
        (Schedule((OFFICE, NIGHTS)), moment(6, 23), True),
    ],
)
def test_hours_belong_to_the_day_on_which_they_start(schedule: Schedule, when: datetime, covered: bool) -> None:
    assert schedule.covers(when, is_working_day) is covered


def test_what_is_seen_outside_the_hours_is_good_by_event_time() -> None:
    schedule = Schedule((OFFICE,))
    memory, changes = Memory(moment(5, 0)), list[tuple[int, Change]]()
    for hour in (7, 9, 12, 19, 20):
        sample = Sample(moment(6, hour), 99.0)
        memory, change = step(
            Simple(Above("limit", "margin")),
            {"limit": 70, "margin": 5},
            memory,
            sample,
            watches=lambda when: schedule.covers(when, is_working_day),
        )
        if change:
            changes.append((hour, change))
    assert changes == [(9, Change.RAISED), (12, Change.REPEATED), (19, Change.CLEARED)]

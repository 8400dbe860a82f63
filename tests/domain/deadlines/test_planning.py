"""Deadlines fall where a slow and obvious count by the minute puts them, through holidays, make-up weekends and pauses."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deadlines import (
    DEFAULTS,
    LADDER,
    DeadlineLevel,
    DeadlineState,
    Goal,
    Measure,
    Pause,
    Policy,
    PolicySource,
    TicketPauseReason,
    climb_at,
    climbed,
    explained,
    first_level,
    overdrawn,
    planned,
    policy_words,
    state_of,
)
from domain.organisations import OrganisationKind
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import Span, Timetable

from .evaluator import DAY, MINUTE, a_pause, a_timetable, at, slow_due

HOURS = timedelta(hours=1)
DAYS_2026_AND_2027 = [date(2026, 1, 1) + n * DAY for n in range(730)]

starts = st.integers(0, 729 * 1_440).map(lambda minutes: at("2026-01-01T00:00").astimezone(UTC) + minutes * MINUTE)
policies = st.one_of(
    st.builds(Policy, st.integers(1, 4_000), st.just(Measure.MINUTES), st.integers(1, 99)),
    st.builds(Policy, st.integers(1, 2_000), st.just(Measure.WORKING_MINUTES), st.integers(1, 99)),
    st.builds(Policy, st.integers(1, 15), st.just(Measure.WORKING_DAYS), st.integers(1, 99)),
)
hours = st.lists(st.integers(0, 1_440), min_size=2, max_size=6, unique=True).map(
    lambda marks: [Span(begins, ends) for begins, ends in list(pairwise(sorted(marks)))[::2]]
)


@st.composite
def stops(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to three pauses one after another, some before the limit began."""
    marks = sorted(draw(st.lists(st.integers(-1_440, 12_000), min_size=0, max_size=6, unique=True)))
    return [a_pause(start + a * MINUTE, start + b * MINUTE) for a, b in list(pairwise(marks))[::2]]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), policy=policies, start=starts, spans=hours)
def test_a_deadline_is_where_counting_every_minute_puts_it(
    data: st.DataObject, policy: Policy, start: datetime, spans: list[Span]
):
    pauses, timetable = data.draw(stops(start)), a_timetable(spans)
    plan = planned(policy, start, pauses, timetable)
    assert plan.due == slow_due(policy, start, pauses, timetable)
    assert start < plan.warn_at < plan.due
    assert not any(pause.begins < plan.due < pause.ends for pause in pauses)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), policy=policies, start=starts, later=st.integers(0, 3_000))
def test_more_time_and_more_pauses_never_bring_a_deadline_nearer(
    data: st.DataObject, policy: Policy, start: datetime, later: int
):
    pauses, timetable = data.draw(stops(start)), a_timetable()
    due = planned(policy, start, pauses, timetable).due
    assert planned(policy, start + later * MINUTE, pauses, timetable).due >= due
    assert planned(policy, start, pauses[:1], timetable).due <= due
    longer = Policy(policy.amount + 1, policy.measure, policy.warn_percent)
    assert planned(longer, start, pauses, timetable).due > due


@given(policy=policies, start=starts, spans=st.lists(st.integers(1, 3_000), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_pause_that_is_broken_in_two_stops_the_clock_as_long_as_one(policy: Policy, start: datetime, spans: list[int]):
    timetable = a_timetable()
    marks = [start + 30 * MINUTE]
    for span in spans:
        marks.append(marks[-1] + span * MINUTE)
    broken = [a_pause(begins, ends) for begins, ends in pairwise(marks)]
    whole = [a_pause(marks[0], marks[-1])]
    assert planned(policy, start, broken, timetable).due == planned(policy, start, whole, timetable).due


@pytest.mark.parametrize("year", [2026, 2027])
def test_on_every_day_of_the_year_each_measure_counts_what_it_says(year: int):
    timetable = a_timetable()
    for day in (day for day in DAYS_2026_AND_2027 if day.year == year):
        start = datetime(day.year, day.month, day.day, 10, 30, tzinfo=timetable.zone)
        worked = [day + n * DAY for n in range(1, 40) if timetable.works(day + n * DAY)]
        for days in (1, 3, 7, 15):
            due = planned(Policy(days, Measure.WORKING_DAYS), start, (), timetable).due.astimezone(timetable.zone)
            assert (due.date(), due.hour, due.minute) == (worked[days - 1], 18, 0)
        policy = Policy(500, Measure.WORKING_MINUTES)
        assert planned(policy, start, (), timetable).due == slow_due(policy, start, (), timetable)
        assert planned(Policy(1_440, Measure.MINUTES), start, (), timetable).due == start.astimezone(UTC) + DAY


@pytest.mark.parametrize(
    ("opened", "policy", "due", "why"),
    [
        ("2026-11-20T17:00", Policy(240, Measure.WORKING_MINUTES), "2026-11-23T12:00", "an hour of Friday, three of Monday"),
        ("2026-11-20T18:00", Policy(180, Measure.WORKING_MINUTES), "2026-11-23T12:00", "business ends at 18:00 sharp"),
        ("2026-11-23T11:00", Policy(60, Measure.WORKING_MINUTES), "2026-11-23T12:00", "due at the end of the morning, not after"),
        ("2026-11-20T22:00", Policy(3, Measure.WORKING_DAYS), "2026-11-25T18:00", "Monday is the first day"),
        ("2026-02-13T10:00", Policy(1, Measure.WORKING_DAYS), "2026-02-14T18:00", "a Saturday made up before Spring Festival"),
        ("2026-02-14T10:00", Policy(3, Measure.WORKING_DAYS), "2026-02-26T18:00", "over Spring Festival, 15 to 23 February"),
        ("2026-09-30T09:00", Policy(3, Measure.WORKING_DAYS), "2026-10-10T18:00", "over National Day to a Saturday made up for"),
        ("2026-09-18T17:00", Policy(120, Measure.WORKING_MINUTES), "2026-09-20T10:00", "on into a Sunday made up for"),
        ("2026-10-01T09:00", Policy(1_440, Measure.MINUTES), "2026-10-02T09:00", "an emergency knows no holiday"),
        ("2031-05-05T09:00", Policy(1, Measure.WORKING_DAYS), "2031-05-06T18:00", "a year that nobody has announced"),
    ],
    ids=str,
)
def test_deadlines_known_by_heart(opened: str, policy: Policy, due: str, why: str):
    assert planned(policy, at(opened), (), a_timetable()).due == at(due), why


def test_pauses_put_working_days_off_by_their_working_time_and_by_no_more():
    three = Policy(3, Measure.WORKING_DAYS)
    opened = at("2026-11-23T09:00")
    for begins, ends, due in (
        ("2026-11-24T18:00", "2026-11-25T09:00", "2026-11-26T18:00"),
        ("2026-11-24T11:00", "2026-11-24T15:00", "2026-11-27T11:00"),
        ("2026-11-24T17:00", "2026-11-25T20:00", "2026-11-30T10:00"),
        ("2026-11-24T00:00", "2026-11-25T00:00", "2026-11-27T18:00"),
    ):
        assert planned(three, opened, [a_pause(at(begins), at(ends))], a_timetable()).due == at(due)
    minutes = [a_pause(at(f"2026-11-{day}T17:59"), at(f"2026-11-{day}T18:01")) for day in (24, 25, 26)]
    assert planned(three, opened, minutes, a_timetable()).due == at("2026-11-27T09:03")


def test_what_is_due_before_a_pause_is_not_put_off_by_it():
    accept, opened = Policy(10, Measure.MINUTES), at("2026-11-23T09:00")
    assert planned(accept, opened, [a_pause(at("2026-11-23T09:10"), at("2026-11-23T10:00"))], a_timetable()).due == at(
        "2026-11-23T09:10"
    )


def test_working_hours_hold_on_the_clocks_of_the_street_where_these_are_put_forward():
    berlin = ZoneInfo("Europe/Berlin")
    table = Timetable((Span(0, 24 * 60),), lambda _: True, berlin)
    start = datetime(2026, 3, 28, 0, tzinfo=berlin)
    due = planned(Policy(2 * 1_440, Measure.WORKING_MINUTES), start, (), table).due.astimezone(berlin)
    assert due.replace(tzinfo=None) == datetime(2026, 3, 30, 1)  # noqa: DTZ001 - the wall clock is meant


@given(
    due=starts,
    after=st.integers(-5_000, 5_000),
    met=st.none() | st.integers(-5_000, 5_000),
    paused=st.booleans(),
    dropped=st.booleans(),
)
def test_a_deadline_stands_in_exactly_one_place(due: datetime, after: int, met: int | None, paused: bool, dropped: bool):
    state = state_of(
        due, due + after * MINUTE, met_at=None if met is None else due + met * MINUTE, paused=paused, dropped=dropped
    )
    assert (state is DeadlineState.MET) == (met is not None and met <= 0)
    assert (state is DeadlineState.MET_LATE) == (met is not None and met > 0)
    assert (state is DeadlineState.DROPPED) == (met is None and dropped)
    assert (state is DeadlineState.LATE) == (met is None and not dropped and after >= 0)
    assert (state is DeadlineState.PAUSED) == (met is None and not dropped and after < 0 and paused)


def test_pauses_are_used_up_together():
    now = at("2026-11-23T12:00")
    over = a_pause(now - 10 * HOURS, now - 7 * HOURS)
    assert overdrawn([over], 4 * HOURS, now) == now + HOURS
    assert overdrawn([over, a_pause(now - HOURS, now + 9 * HOURS, is_open=True)], 4 * HOURS, now) == now
    assert overdrawn([over], 2 * HOURS, now) == now - HOURS


@given(due=starts, after=st.integers(-100, 5_000), interval=st.integers(5, 2_000), first=st.sampled_from(LADDER))
def test_what_is_late_climbs_at_once_and_again_after_each_interval_to_the_street(
    due: datetime, after: int, interval: int, first: DeadlineLevel
):
    level, following = climbed(first, due, due + after * MINUTE, interval * MINUTE, ())
    steps = 0 if after < 0 else 1 + after // interval
    assert level is LADDER[min(LADDER.index(first) + steps, 2)]
    if level is DeadlineLevel.STREET:
        assert following is None
    else:
        assert following == climb_at(due, steps + 1, interval * MINUTE, ())
        assert following > due + after * MINUTE


def test_a_late_ticket_does_not_climb_while_it_is_paused():
    due = at("2026-11-23T12:00")
    pause = a_pause(due + HOURS, due + 5 * HOURS)
    assert climbed(DeadlineLevel.COMPANY, due, due + 5 * HOURS, 2 * HOURS, [pause.stretch]) == (
        DeadlineLevel.COMMUNITY,
        due + 6 * HOURS,
    )


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (OrganisationKind.PROPERTY_COMPANY, DeadlineLevel.COMPANY),
        (OrganisationKind.COMMUNITY_OFFICE, DeadlineLevel.COMMUNITY),
        (OrganisationKind.STREET_OFFICE, DeadlineLevel.STREET),
        (None, DeadlineLevel.COMPANY),
    ],
)
def test_a_ticket_begins_with_whoever_handles_it(kind: OrganisationKind | None, level: DeadlineLevel):
    assert first_level(kind) is level


def test_the_defaults_are_those_of_the_product():
    assert set(DEFAULTS) == {(kind, priority) for kind in TicketKind for priority in TicketPriority}
    assert {goals[Goal.CLOSE].pause_minutes is not None for goals in DEFAULTS.values()} == {True}
    told = {
        goal: policy_words(policy, PolicySource.DEFAULT).en
        for goal, policy in DEFAULTS[TicketKind.REPAIR, TicketPriority.ORDINARY].items()
    }
    assert told == {
        Goal.ACCEPT: "4 working hours (default)",
        Goal.ON_SITE: "1 working day (default)",
        Goal.CLOSE: "3 working days (default)",
    }


def test_a_deadline_explains_itself_in_both_languages():
    policy, opened, timetable = Policy(3, Measure.WORKING_DAYS), at("2026-11-20T10:00"), a_timetable()
    pauses = [a_pause(at("2026-11-23T17:00"), at("2026-11-23T19:00"), TicketPauseReason.WEATHER)]
    plan = planned(policy, opened, pauses, timetable)
    told = explained(Goal.CLOSE, policy, PolicySource.STREET, opened, plan, pauses, timetable)
    assert told.en == (
        "To be done within 3 working days (set for the street) of 2026-11-20 10:00: by 2026-11-26 10:00."
        " Counted from the day after, to the close of business on the last day. 2 days off in between not counted."
        " Pauses not counted: 2 h (weather), as far as in working hours."
    )
    assert told.zh == (
        "自 2026-11-20 10:00 起 3 个工作日（街道规定）内办结：截止 2026-11-26 10:00。"
        "从次日起算，至最后一个工作日业务时间结束。其间 2 个非工作日不计。扣除暂停 2小时中的工作时间（天气原因）。"
    )

"""When upkeep is due: the same from any order of records, exact on leap days and at ends of months, lawful when it stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facilities import FacilityKind, FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.upkeep import (
    CHECKLISTS,
    DEFAULTS,
    Cadence,
    CadenceMeasure,
    Condition,
    Done,
    Due,
    DueState,
    PlanSource,
    Stop,
    UpkeepKind,
    check_cadence,
    due,
    months_later,
)

_M, _U = CadenceMeasure, UpkeepKind
_LIFT = DEFAULTS[FacilityKind.LIFT]
_TODAY = date(2026, 11, 23)
_RUNS = Condition(FacilityStatus.IN_SERVICE, date(2020, 1, 1), _TODAY)
_BROKEN = Condition(FacilityStatus.OUT_OF_SERVICE, date(2026, 10, 1), _TODAY)

_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_cadences = st.one_of(
    st.builds(Cadence, st.just(_M.DAYS), st.integers(1, 400)),
    st.builds(Cadence, st.just(_M.MONTHS), st.integers(1, 36)),
    st.builds(Cadence, st.just(_M.WEEKDAYS), numbers=st.sets(st.integers(1, 7), min_size=1).map(tuple)),
    st.builds(
        Cadence,
        st.just(_M.MONTH_DAYS),
        numbers=st.sets(st.integers(1, 31), min_size=1).map(tuple),
        months=st.sets(st.integers(1, 12)).map(tuple),
    ),
    st.just(_LIFT[_U.LIFT_INSPECTION].cadence),
)
_dones = st.lists(st.builds(Done, _days, st.none() | _days, st.none() | _days), max_size=6)


def _stop(start: date, told: int, days: int | None) -> Stop:
    ends_on = None if days is None else start + timedelta(days)
    return Stop(start, start + timedelta(told), "no. 7", ends_on)


def _condition(status: FacilityStatus, since: date, today: date, stops: list[Stop], used: date | None) -> Condition:
    return Condition(status, since, today, tuple(stops), used)


_stops = st.lists(st.builds(_stop, _days, st.integers(0, 90), st.none() | st.integers(1, 500)), max_size=3)
_conditions = st.builds(_condition, st.sampled_from(FacilityStatus), _days, _days, _stops, st.none() | _days)


def _half_month(dones: list[Done], condition: Condition = _RUNS) -> Due:
    return due(_U.LIFT_HALF_MONTH, _LIFT[_U.LIFT_HALF_MONTH], PlanSource.DEFAULT, date(2026, 1, 1), dones, condition)


@settings(max_examples=300)
@given(st.data(), _cadences, _dones, _conditions, st.sampled_from(UpkeepKind))
def test_any_order_of_records_gives_the_same_due(
    data: st.DataObject, cadence: Cadence, dones: list[Done], condition: Condition, kind: UpkeepKind
) -> None:
    plan = replace(_LIFT[_U.LIFT_HALF_MONTH], cadence=cadence)
    other = data.draw(st.permutations(dones)), data.draw(st.permutations(condition.stops))
    first = due(kind, plan, PlanSource.DEFAULT, date(2020, 1, 1), dones, condition)
    again = due(kind, plan, PlanSource.DEFAULT, date(2020, 1, 1), other[0], replace(condition, stops=tuple(other[1])))
    assert first == again
    assert (first.on is not None) == (first.state is DueState.RUNNING)
    assert first.why.en
    assert first.why.zh


@given(_cadences, _days, _days)
def test_what_is_due_comes_after_what_was_done_and_never_goes_back(cadence: Cadence, day: date, used: date) -> None:
    following = cadence.after(day, used)
    assert following is not None
    assert following > day
    later = cadence.after(following, used)
    assert later is None or later > following


@given(_days, st.integers(0, 240))
def test_months_end_where_the_month_ends(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("cadence", "day", "due_on"),
    [
        (Cadence(_M.MONTHS, 12), date(2024, 2, 29), date(2025, 2, 28)),
        (Cadence(_M.MONTHS, 3), date(2025, 11, 30), date(2026, 2, 28)),
        (Cadence(_M.MONTHS, 1), date(2028, 1, 31), date(2028, 2, 29)),
        (Cadence(_M.DAYS, 15), date(2028, 2, 20), date(2028, 3, 6)),
        (Cadence(_M.MONTH_DAYS, numbers=(31,)), date(2026, 1, 31), date(2026, 2, 28)),
        (Cadence(_M.MONTH_DAYS, numbers=(29,), months=(2,)), date(2027, 2, 28), date(2028, 2, 29)),
        (Cadence(_M.WEEKDAYS, numbers=(1, 5)), date(2026, 11, 23), date(2026, 11, 27)),
        (Cadence(_M.WEEKDAYS, numbers=(1,)), date(2026, 11, 23), date(2026, 11, 30)),
    ],
)
def test_leap_days_and_ends_of_months(cadence: Cadence, day: date, due_on: date) -> None:
    assert cadence.after(day) == due_on


def test_a_missed_maintenance_does_not_move_the_next() -> None:
    assert _half_month([Done(date(2026, 10, 1))]).on == date(2026, 10, 16)
    late = _half_month([Done(date(2026, 10, 1)), Done(date(2026, 10, 20))])
    assert late.on == date(2026, 11, 4)
    assert "last done on 2026-10-20" in late.why.en


def test_a_lift_that_is_merely_broken_keeps_its_clock() -> None:
    told = _half_month([Done(date(2026, 9, 28))], _BROKEN)
    assert (told.state, told.on) == (DueState.RUNNING, date(2026, 10, 13))
    assert "not reported to the registrar as suspended: the clock goes on" in told.why.en
    assert "未办理停用" in told.why.zh


def test_a_lift_reported_as_suspended_stands_still_and_is_maintained_before_use() -> None:
    stop = Stop(date(2026, 10, 1), date(2026, 10, 20), "渝停 2026-24")
    standing = _half_month([Done(date(2026, 9, 28))], replace(_BROKEN, stops=(stop,)))
    assert (standing.state, standing.on) == (DueState.STANDING, None)
    assert "Stands still lawfully since 2026-10-01" in standing.why.en
    assert "渝停 2026-24" in standing.why.zh

    again = date(2026, 11, 10)
    over = replace(_RUNS, status_since=again, stops=(replace(stop, ends_on=again),))
    assert _half_month([Done(date(2026, 9, 28))], over).on == again
    assert _half_month([Done(date(2026, 9, 28)), Done(date(2026, 11, 9))], over).on == date(2026, 11, 24)
    assert _half_month([Done(date(2026, 10, 5))], over).on == again


def test_who_tells_the_registrar_late_has_the_clock_stand_only_from_then_on() -> None:
    stop = Stop(date(2026, 10, 1), date(2026, 11, 5), "no. 24")
    assert stop.lawful_from == date(2026, 11, 5)
    before = replace(_BROKEN, today=date(2026, 11, 4), stops=(stop,))
    assert (_half_month([], before).state, _half_month([], before).on) == (DueState.RUNNING, date(2026, 1, 16))
    assert _half_month([], replace(before, today=date(2026, 11, 5))).state is DueState.STANDING


def test_use_ends_a_suspension_whatever_was_filed() -> None:
    stop = Stop(date(2026, 10, 1), date(2026, 10, 2), "no. 24")
    used = replace(_RUNS, status_since=date(2026, 11, 1), stops=(stop,))
    assert _half_month([Done(date(2026, 9, 30))], used).on == date(2026, 11, 1)


def test_nothing_is_due_of_what_was_taken_out_for_good() -> None:
    gone = replace(_RUNS, status=FacilityStatus.RETIRED)
    assert _half_month([], gone).state is DueState.ENDED


def _lift(kind: UpkeepKind, dones: list[Done], *, since: date = date(2010, 6, 1), **condition: object) -> Due:
    facts = replace(_RUNS, used_since=date(2010, 6, 1))
    return due(kind, _LIFT[kind], PlanSource.DEFAULT, since, dones, replace(facts, **condition))  # pyright: ignore[reportArgumentType]


def test_a_lift_is_inspected_in_years_1_4_7_9_11_13_15_and_then_yearly() -> None:
    years: list[int] = []
    dones: list[Done] = []
    for _ in range(10):
        told = _lift(_U.LIFT_INSPECTION, dones)
        assert told.on is not None
        assert told.apply_by == months_later(told.on, -1)
        years.append(told.on.year - 2010)
        dones.append(Done(months_later(told.on, -1)))
    assert years == [1, 4, 7, 9, 11, 13, 15, 16, 17, 18]


def test_in_the_other_years_it_is_tested_and_at_15_years_assessed() -> None:
    years: list[int] = []
    dones: list[Done] = []
    while (told := _lift(_U.LIFT_SELF_TEST, dones)).on is not None:
        years.append(told.on.year - 2010)
        dones.append(Done(told.on))
    assert years == [2, 3, 5, 6, 8, 10, 12, 14]
    assert told.state is DueState.ENDED
    assert _lift(_U.LIFT_ASSESSMENT, []).on == date(2025, 6, 1)
    assert _lift(_U.LIFT_ASSESSMENT, [], since=_TODAY).on == date(2025, 6, 1)
    assert _lift(_U.LIFT_INSPECTION, [], since=_TODAY).on == date(2027, 6, 1)
    assert _lift(_U.LIFT_ASSESSMENT, [Done(date(2025, 6, 2))]).state is DueState.ENDED
    assert _lift(_U.LIFT_ASSESSMENT, [Done(date(2025, 5, 1), until=date(2030, 5, 1))]).on == date(2030, 5, 1)


def test_what_a_report_says_counts_for_more_than_the_calendar() -> None:
    told = _lift(_U.LIFT_INSPECTION, [Done(date(2023, 5, 20), until=date(2024, 5, 31))])
    assert told.on == date(2024, 5, 31)
    assert "holds until then" in told.why.en


def test_an_inspection_that_ran_out_while_a_lift_stood_is_due_on_the_day_of_use() -> None:
    stop = Stop(date(2024, 1, 1), date(2024, 1, 5), "no. 24", date(2026, 11, 1))
    assert _lift(_U.LIFT_INSPECTION, [Done(date(2023, 5, 20))], stops=(stop,)).on == date(2026, 11, 1)
    assert _lift(_U.LIFT_INSPECTION, [Done(date(2026, 5, 20))], stops=(stop,)).on == date(2027, 6, 1)


def test_a_lift_of_unknown_age_says_so() -> None:
    told = _lift(_U.LIFT_INSPECTION, [], used_since=None)
    assert (told.state, told.on) == (DueState.UNKNOWN, None)
    assert "in_use_since" in told.why.en


@pytest.mark.parametrize(
    ("cadence", "field"),
    [
        (Cadence(_M.DAYS, 0), "every"),
        (Cadence(_M.MONTHS, -1), "every"),
        (Cadence(_M.DAYS, 5_000), "every"),
        (Cadence(_M.WEEKDAYS, 2, (1,)), "every"),
        (Cadence(_M.WEEKDAYS), "numbers"),
        (Cadence(_M.WEEKDAYS, numbers=(8,)), "numbers"),
        (Cadence(_M.DAYS, 3, (1,)), "numbers"),
        (Cadence(_M.MONTH_DAYS, numbers=(32,)), "numbers"),
        (Cadence(_M.MONTH_DAYS, numbers=(1,), months=(13,)), "months"),
        (Cadence(_M.WEEKDAYS, numbers=(1,), months=(1,)), "months"),
    ],
)
def test_a_cadence_that_never_comes_or_too_often_is_refused(cadence: Cadence, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_cadence(cadence)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))
    assert refused.value.hint.zh


def test_every_default_can_be_set_and_every_kind_has_a_checklist() -> None:
    for plans in DEFAULTS.values():
        for plan in plans.values():
            assert check_cadence(plan.cadence) == plan.cadence
            assert plan.clause
    assert CHECKLISTS.keys() == set(UpkeepKind)
    for items in CHECKLISTS.values():
        assert len({item.code for item in items}) == len(items) > 0

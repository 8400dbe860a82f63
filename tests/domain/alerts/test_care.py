"""The care for an alert: what is critical is never held back, everything else is told once, and what nobody notes climbs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.care import MOVES, Care, CareAct, CareRung, CareStanding, Seen, Step, decide, leave
from domain.alerts.policies import FIGURES, check_figures, figures
from domain.refusals import RefusalCode, Refused

T0 = datetime(2026, 11, 23, 12, tzinfo=UTC)
_S, _A = CareStanding, CareAct


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def a_care(standing: CareStanding = _S.QUIET, **changes: object) -> Care:
    return replace(Care(standing, T0), **changes)


def walk(
    seen: Seen, given: Mapping[str, float], *, care: Care | None = None, until: float = 1_440
) -> list[tuple[float, CareAct]]:
    """What is done, and after how many minutes, if it is looked at whenever it is due."""
    care, now, done = care or a_care(), T0, list[tuple[float, CareAct]]()
    while now <= at(until):
        step = decide(care, seen, given, now)
        if step.act:
            done.append(((now - T0) / timedelta(minutes=1), step.act))
        if step.look_at is None:
            break
        assert step.look_at > now or step.act
        care, now = step.care, step.look_at
    return done


moments = st.integers(-3_000, 3_000).map(at)
maybe = st.none() | moments
severities = st.sampled_from(Severity)
cares = st.builds(
    Care,
    standing=st.sampled_from(CareStanding),
    raised_at=moments,
    severity=st.none() | severities,
    said_at=maybe,
    repeats=st.integers(0, 30),
    rung=st.integers(0, 3),
    climbed_at=maybe,
)
sights = st.builds(
    Seen,
    severity=severities,
    open=st.booleans(),
    acknowledged=st.booleans(),
    shelved_until=maybe,
    silent_until=maybe,
    inhibited=st.booleans(),
    raises=st.integers(1, 200),
    rungs=st.integers(1, 4),
)


@st.composite
def policies(draw: st.DrawFn) -> dict[Severity, dict[str, float]]:
    """Any figures that a street may have."""
    return {
        severity: {
            name: draw(st.integers(int(figure.ranges[severity].least), int(figure.ranges[severity].most)))
            for name, figure in FIGURES.items()
        }
        for severity in Severity
    }


def test_every_standing_has_a_row_and_what_is_over_stays_over_but_for_telling_so():
    assert set(MOVES) == set(CareStanding)
    assert MOVES[_S.OVER] == {_S.OVER, _S.ENDING}


@given(cares, sights, policies(), moments)
def test_whoever_was_told_is_told_of_the_end_once_and_of_what_is_critical_at_once(
    care: Care, seen: Seen, policy: dict[Severity, dict[str, float]], now: datetime
):
    seen, given = replace(seen, open=False), policy[seen.severity]
    step = leave(care, seen, given, now)
    assert step.care.standing in {_S.OVER, _S.ENDING}
    done = [step.act]
    if step.care.standing is _S.ENDING:
        assert care.told
        assert seen.severity is not Severity.CRITICAL
        assert step.look_at == now + timedelta(seconds=given["wait_seconds"])
        later = decide(step.care, seen, given, step.look_at)
        assert later.care.standing is _S.OVER
        done.append(later.act)
    assert [act for act in done if act] == [_A.END] * care.told
    assert decide(replace(step.care, standing=_S.OVER), seen, given, now).act is None


def test_what_is_open_again_before_anybody_was_told_that_it_was_over_goes_on():
    told = a_care(_S.ENDING, severity=Severity.MAJOR, said_at=T0, climbed_at=T0)
    step = decide(told, Seen(Severity.MAJOR), figures(Severity.MAJOR), at(1))
    assert (step.act, step.care.standing, step.look_at) == (None, _S.TOLD, at(60))


@given(cares, sights, policies(), moments)
def test_whatever_holds_it_back_a_critical_alert_is_told_at_once_and_climbs(
    care: Care, seen: Seen, policy: dict[Severity, dict[str, float]], now: datetime
):
    care = replace(care, standing=care.standing if care.standing is not _S.OVER else _S.QUIET, severity=None)
    seen = replace(seen, severity=Severity.CRITICAL, open=True)
    step = decide(care, seen, policy[Severity.CRITICAL], now)
    assert (step.act, step.care.standing) == (_A.TELL, _S.TOLD)
    told = replace(step.care, rung=0, climbed_at=now)
    after = decide(told, replace(seen, acknowledged=False), policy[Severity.CRITICAL], now)
    assert after.look_at is not None
    assert after.look_at <= now + timedelta(minutes=60)


@given(cares, sights, policies(), moments)
def test_a_step_leads_where_the_table_says_and_is_looked_at_again_later(
    care: Care, seen: Seen, policy: dict[Severity, dict[str, float]], now: datetime
):
    if care.standing is _S.TOLD and not care.told:
        care = replace(care, severity=seen.severity)
    if care.told and care.standing in {_S.QUIET, _S.WAITING, _S.DAMPED, _S.INHIBITED}:
        care = replace(care, standing=_S.TOLD)
    if care.standing is _S.ENDING:
        care = replace(care, severity=care.severity or seen.severity)
    step = decide(care, seen, policy[seen.severity], now)
    assert step.care.standing in MOVES[care.standing]
    if not seen.open:
        ends = care.standing is _S.ENDING
        assert step == Step(replace(care, standing=_S.OVER), _A.END if ends else None)
    elif step.act:
        assert step.care.standing is _S.TOLD
        assert step.care.said_at == now
        assert seen.severity is Severity.CRITICAL or policy[seen.severity]["tell"]
        assert seen.severity is Severity.CRITICAL or not (seen.silent_until and now < seen.silent_until)
        assert seen.severity is Severity.CRITICAL or not (seen.shelved_until and now < seen.shelved_until)
    if step.act is _A.CLIMB:
        assert step.care.rung == care.rung + 1 < seen.rungs
    if step.act in {_A.CLIMB, _A.REPEAT}:
        assert not seen.acknowledged


@given(cares, sights, policies(), moments, st.integers(1, 10_000))
def test_after_a_long_absence_what_is_due_is_done_once_and_the_next_thing_is_due_from_then_on(
    care: Care, seen: Seen, policy: dict[Severity, dict[str, float]], now: datetime, late: int
):
    later = now + timedelta(minutes=late)
    step = decide(care, seen, policy[seen.severity], later)
    if step.act:
        again = decide(step.care, seen, policy[seen.severity], later)
        assert again.act is None
        assert again.look_at is None or again.look_at > later


@given(sights, policies())
def test_the_rungs_are_climbed_one_by_one_and_told_no_more_often_than_allowed(
    seen: Seen, policy: dict[Severity, dict[str, float]]
):
    given = policy[seen.severity] | {"repeat_times": min(policy[seen.severity]["repeat_times"], 5)}
    done = walk(
        replace(seen, open=True, silent_until=None, shelved_until=None), given, until=100_000 if not seen.inhibited else 300
    )
    assert sum(act is _A.TELL for _, act in done) <= 1
    assert sum(act is _A.CLIMB for _, act in done) <= seen.rungs - 1
    assert sum(act is _A.REPEAT for _, act in done) <= 5
    if seen.acknowledged:
        assert not [act for _, act in done if act is not _A.TELL]


def test_a_critical_alert_climbs_from_duty_to_manager_community_and_street_every_five_minutes():
    given = figures(Severity.CRITICAL, {"repeat_minutes": 60})
    done = walk(Seen(Severity.CRITICAL, rungs=len(CareRung)), given, until=16)
    assert done == [(0, _A.TELL), (5, _A.CLIMB), (10, _A.CLIMB), (15, _A.CLIMB)]


def test_a_milder_one_waits_for_others_and_is_repeated_until_somebody_takes_note():
    given = figures(Severity.MAJOR, {"climb_minutes": 0})
    assert walk(Seen(Severity.MAJOR), given) == [(0.5, _A.TELL), (60.5, _A.REPEAT), (120.5, _A.REPEAT), (180.5, _A.REPEAT)]
    assert walk(Seen(Severity.MAJOR, acknowledged=True), given) == [(0.5, _A.TELL)]
    assert walk(Seen(Severity.MINOR), figures(Severity.MINOR)) == [(5, _A.TELL)]
    assert walk(Seen(Severity.MINOR), figures(Severity.MINOR, {"tell": 0})) == []


def test_what_comes_and_goes_is_told_once_it_stays():
    assert walk(Seen(Severity.MAJOR, raises=5), figures(Severity.MAJOR, {"climb_minutes": 0, "repeat_minutes": 0})) == [
        (15, _A.TELL)
    ]
    assert walk(Seen(Severity.MAJOR, raises=4), figures(Severity.MAJOR, {"climb_minutes": 0, "repeat_minutes": 0}))[0][0] == 0.5


@pytest.mark.parametrize(("holding", "standing"), [("silent_until", _S.SILENCED), ("shelved_until", _S.SHELVED)])
def test_what_people_held_back_is_told_when_their_time_is_over(holding: str, standing: CareStanding):
    seen, given = replace(Seen(Severity.MAJOR), **{holding: at(90)}), figures(Severity.MAJOR)
    step = decide(a_care(), seen, given, T0)
    assert (step.care.standing, step.act, step.look_at) == (standing, None, at(90))
    assert walk(seen, given)[0] == (90, _A.TELL)
    told = a_care(_S.TOLD, severity=Severity.MAJOR, said_at=T0, climbed_at=T0)
    assert walk(seen, given, care=told)[0] == (90, _A.REPEAT)


def test_what_becomes_critical_breaks_out():
    for holding in ({"silent_until": at(90)}, {"shelved_until": at(90)}, {"inhibited": True}, {"raises": 50}):
        care = decide(a_care(), Seen(Severity.MAJOR, **holding), figures(Severity.MAJOR), T0).care
        assert care.standing is not _S.TOLD
        step = decide(care, Seen(Severity.CRITICAL, **holding), figures(Severity.CRITICAL), at(1))
        assert step.act is _A.TELL


def test_every_figure_has_a_range_for_every_severity_and_the_default_lies_in_it():
    for figure, severity in product(FIGURES.values(), Severity):
        assert figure.ranges[severity].least <= figure.ranges[severity].default <= figure.ranges[severity].most
    critical = figures(Severity.CRITICAL)
    assert (critical["tell"], critical["wait_seconds"]) == (1, 0)
    assert FIGURES["climb_minutes"].ranges[Severity.CRITICAL].least > 0


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({}, ("values",)),
        ({"wait": 5}, ("values", "wait")),
        ({"wait_seconds": 1.5}, ("values", "wait_seconds")),
        ({"wait_seconds": True}, ("values", "wait_seconds")),
        ({"wait_seconds": "30"}, ("values", "wait_seconds")),
        ({"wait_seconds": 1}, ("values", "wait_seconds")),
        ({"tell": 0}, ("values", "tell")),
        ({"climb_minutes": 0}, ("values", "climb_minutes")),
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_so_is_one_that_would_keep_fires_quiet(
    values: dict[str, object], path: tuple[str, ...]
):
    with pytest.raises(Refused) as refused:
        check_figures(Severity.CRITICAL, values)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, path)
    assert refused.value.hint.en
    assert refused.value.hint.zh


def test_a_stored_figure_that_does_not_fit_counts_for_nothing():
    stored = {"tell": 0, "wait_seconds": 3_600, "gone": 1, "climb_minutes": 7}
    assert figures(Severity.CRITICAL, stored) == figures(Severity.CRITICAL) | {"climb_minutes": 7}

"""What becomes of alerts that a person has cleared, and which alert stays with which episode."""

from datetime import UTC, datetime, timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Below, Sample, Simple
from domain.alerts.corrections import Corrections, Told, corrections
from domain.alerts.tracks import Judge, Track, Verdict

START = datetime(2025, 3, 1, tzinfo=UTC)
JUDGE = Judge(Simple(Below("low", "margin")), {"low": 100.0, "margin": 5.0})
AGAIN = timedelta(minutes=10)


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def samples(*pairs: tuple[float, float]) -> list[Sample]:
    return [Sample(minute(minutes), value) for minutes, value in pairs]


def after(*pairs: tuple[float, float]) -> Track:
    track = JUDGE.advance(None, None, samples(*pairs)).track
    assert track is not None
    return track


def told(since: float, seen: float, cleared: float | None = None, *, by_person: bool = False, count: int = 1) -> Told:
    ends = None if cleared is None else minute(cleared)
    return Told("alert", minute(since), minute(seen), ends, by_person, count, Severity.MINOR)


def told_of(verdict: Verdict, *alerts: Told) -> Corrections:
    return corrections(verdict, alerts, AGAIN, JUDGE.grade)


def test_what_a_person_cleared_stays_and_what_was_seen_soon_after_is_not_told() -> None:
    verdict = JUDGE.advance(after((0, 40)), minute(0), samples((4, 40), (12, 40)))
    assert told_of(verdict, told(0, 0, 3, by_person=True)) == Corrections()


def test_what_is_seen_long_after_a_person_cleared_it_is_a_new_alert_of_just_that() -> None:
    verdict = JUDGE.advance(after((0, 40)), minute(0), samples((4, 40), (14, 40), (15, 40), (16, 140)))
    found = told_of(verdict, told(0, 0, 3, by_person=True))
    (telling,) = found.new
    assert (telling.since, telling.count, telling.newest) == (minute(14), 2, Sample(minute(15), 40))
    assert telling.cleared == Sample(minute(16), 140)
    assert not found.changed
    assert not found.withdrawn


def test_the_alert_told_again_counts_on_from_what_it_has() -> None:
    verdict = JUDGE.advance(after((0, 40), (14, 40)), minute(14), samples((20, 40), (21, 140)))
    alert = told(14, 14, count=1)
    found = told_of(verdict, told(0, 0, 3, by_person=True), alert)
    ((changed, telling),) = found.changed
    assert changed == alert
    assert (telling.since, telling.count, telling.cleared) == (minute(14), 2, Sample(minute(21), 140))
    assert not found.new


def test_an_episode_that_began_anew_is_told_whoever_cleared_the_one_before() -> None:
    verdict = JUDGE.advance(after((0, 40)), minute(0), samples((4, 140), (5, 40)))
    found = told_of(verdict, told(0, 0, 60, by_person=True))
    assert [(telling.since, telling.cleared) for telling in found.new] == [(minute(5), None)]


def test_an_open_alert_stays_with_the_episode_that_is_open() -> None:
    history = samples((0, 40), (3, 140), (5, 40))
    verdict = JUDGE.amend(after((0, 40), (5, 40)), minute(5), history, {minute(3)})
    found = told_of(verdict, told(0, 5, count=2))
    ((_, stays),) = found.changed
    assert (stays.since, stays.cleared) == (minute(5), None)
    (over,) = found.new
    assert (over.since, over.cleared, over.heard) == (minute(0), Sample(minute(3), 140), True)
    assert over.sights == (Sample(minute(0), 40),)


def test_what_differs_in_nothing_is_left_alone() -> None:
    history = samples((0, 140), (1, 140), (2, 40))
    verdict = JUDGE.amend(after((0, 140), (2, 40)), minute(2), history, {minute(1)})
    assert not verdict.speaks

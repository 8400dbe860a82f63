"""Rules tried on samples: the same alerts as the fold that judges readings as they come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.conditions import Sample
from domain.alerts.tracks import Judge
from domain.alerts.versions import MOVES, RuleVersionMove, RuleVersionState
from domain.facilities import DeviceKind
from domain.steward import RULES
from domain.steward.dry_runs import Trial

START = datetime(2026, 3, 1, tzinfo=UTC)
PRESSURE, SILENT = RULES["fire_safety.pressure_low"], RULES["fire_safety.silent"]
LIMITS = PRESSURE.limits(DeviceKind.HYDRANT_PRESSURE)


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@given(st.lists(st.sampled_from([40.0, 120.0, 142.0, 300.0]), min_size=1, max_size=40), st.integers(0, 40))
def test_a_trial_finds_the_episodes_that_judging_finds_however_it_is_fed(values: list[float], cut: int) -> None:
    samples = [Sample(minute(2 * n), value) for n, value in enumerate(values)]
    trial = Trial(PRESSURE, LIMITS)
    trial.feed(samples[:cut])
    trial.feed(samples[cut:])
    trial.end(minute(100))

    def grade(value: float) -> Severity:
        return PRESSURE.severity_of(value, LIMITS)

    condition = PRESSURE.condition
    verdict = Judge(condition, LIMITS, grade=grade).advance(None, None, samples)  # pyright: ignore[reportArgumentType]
    found = [(alert.first_seen_at, alert.cleared_at, alert.count, alert.severity, alert.last_seen_at) for alert in trial.alerts]
    assert found == [
        (
            episode.raised_at,
            episode.cleared and episode.cleared.time,
            episode.tally.count,
            episode.tally.severity,
            episode.tally.newest.time,
        )
        for episode in verdict.after
    ]


def test_a_trial_of_silence_finds_the_gaps_and_the_one_at_the_end() -> None:
    trial = Trial(SILENT, {"silent_hours": 2})
    trial.feed(Sample(minute(60 * hour), 0) for hour in (0, 1, 4, 5, 7))
    trial.end(minute(60 * 10))
    assert [(alert.first_seen_at, alert.cleared_at) for alert in trial.alerts] == [
        (minute(180), minute(240)),
        (minute(540), None),
    ]
    never = Trial(SILENT, {"silent_hours": 2})
    never.end(minute(600))
    assert never.alerts == []


def test_every_state_of_a_version_says_what_it_allows() -> None:
    assert set(MOVES) == set(RuleVersionState)
    assert {(state, move): after for state, moves in MOVES.items() for move, after in moves.items()} == {
        (RuleVersionState.DRAFT, RuleVersionMove.PUBLISH): RuleVersionState.LIVE,
        (RuleVersionState.DRAFT, RuleVersionMove.RETIRE): RuleVersionState.RETIRED,
        (RuleVersionState.LIVE, RuleVersionMove.RETIRE): RuleVersionState.RETIRED,
    }

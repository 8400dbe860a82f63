"""A target that fails is left in peace, tried by one delivery at a time, and called no faster than it allows."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices import ChannelKind, called
from domain.notices.delivery import (
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    PAUSES_AT,
    PROBE_WITHIN,
    RATES,
    TRIPS_AT,
    Breaker,
    Health,
    Rate,
    admit,
    back_off,
    failed,
    must_pause,
    rest,
    turn,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)

SOUND = Health()
SHAKY = Health(failures=TRIPS_AT - 1, failing_since=NOW - SECOND)
RESTING = Health(Breaker.OPEN, TRIPS_AT, NOW + SECOND, NOW - SECOND)
RESTED = Health(Breaker.OPEN, TRIPS_AT, NOW, NOW - SECOND)
PROBING = Health(Breaker.PROBING, TRIPS_AT, NOW + SECOND, NOW - SECOND)
LOST = Health(Breaker.PROBING, TRIPS_AT, NOW, NOW - SECOND)
TRIED = Health(Breaker.PROBING, TRIPS_AT, NOW + PROBE_WITHIN, NOW - SECOND)

#: Where a target stands → after one asked to call it, and whether it may be called.
ADMITTED: list[tuple[Health, Health, bool]] = [
    (SOUND, SOUND, True),
    (SHAKY, SHAKY, True),
    (RESTING, RESTING, False),
    (RESTED, TRIED, True),
    (PROBING, PROBING, False),
    (LOST, TRIED, True),
]
#: Where a target stands → where it stands after a failure, and after one that was our own fault.
FAILED: list[tuple[Health, Health, Health]] = [
    (SOUND, Health(failures=1, failing_since=NOW), SOUND),
    (SHAKY, Health(Breaker.OPEN, TRIPS_AT, NOW + rest(TRIPS_AT), NOW - SECOND), SHAKY),
    (RESTING, RESTING, RESTING),
    (RESTED, RESTED, RESTED),
    *(
        (
            health,
            Health(Breaker.OPEN, TRIPS_AT + 1, NOW + rest(TRIPS_AT + 1), NOW - SECOND),
            Health(Breaker.OPEN, TRIPS_AT, NOW + rest(TRIPS_AT), NOW - SECOND),
        )
        for health in (PROBING, LOST)
    ),
]


@pytest.mark.parametrize(("before", "after", "called"), ADMITTED)
def test_who_may_call_a_target(before: Health, after: Health, called: bool) -> None:
    health, wait = admit(before, NOW)
    assert health == after
    assert wait == (None if called else SECOND)


@pytest.mark.parametrize(("before", "after", "forgiven"), FAILED)
def test_what_a_failure_makes_of_a_target(before: Health, after: Health, forgiven: Health) -> None:
    assert failed(before, NOW) == after
    assert failed(before, NOW, blamed=False) == forgiven


def test_the_tables_have_every_state() -> None:
    for states in ({row[0].breaker for row in ADMITTED}, {row[0].breaker for row in FAILED}):
        assert states == set(Breaker)


#: What happens to a target: seconds pass, then somebody asks to call it, or a call of long ago ends.
STORIES = st.lists(st.tuples(st.integers(0, 4_000), st.sampled_from(["ask", "fails", "our fault", "works"])), max_size=80)


@given(STORIES)
def test_whatever_happens_a_target_is_asked_one_at_a_time_and_comes_back_with_its_first_success(
    story: list[tuple[int, str]],
) -> None:
    now, health, probe = NOW, Health(), None
    for seconds, event in story:
        now += seconds * SECOND
        before = health
        match event:
            case "ask":
                health, wait = admit(health, now)
                if before.breaker is not Breaker.CLOSED and wait is None:
                    assert probe is None or before.breaker is Breaker.OPEN or now >= probe + PROBE_WITHIN
                    probe = now
                assert wait is None or timedelta() < wait <= max(PROBE_WITHIN, rest(health.failures))
            case "works":
                health = Health()
                assert admit(health, now) == (health, None)
            case _:
                health = failed(health, now, blamed=event == "fails")
                assert health.breaker is not Breaker.PROBING
                assert health.failures - before.failures in {0, 1}
        assert (health.until is None) == (health.breaker is Breaker.CLOSED)
        assert health.breaker is Breaker.CLOSED or health.failures >= TRIPS_AT
        assert (health.failing_since is None) == (health.failures == 0)
        assert health.failing_since is None or health.failing_since <= now


def test_rests_and_waits_grow_to_a_bound() -> None:
    rests = [rest(failures) for failures in range(TRIPS_AT, 100)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=30), timedelta(minutes=30))
    waits = [wait for attempts in range(1, MAX_ATTEMPTS) if (wait := back_off(attempts))]
    assert len(waits) == MAX_ATTEMPTS - 1
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert back_off(MAX_ATTEMPTS) is None


@pytest.mark.parametrize(
    ("failures", "hours", "paused"),
    [(PAUSES_AT, 24, True), (PAUSES_AT - 1, 1_000, False), (PAUSES_AT, 23, False), (0, 0, False)],
)
def test_a_channel_is_paused_after_many_failures_over_a_long_time(failures: int, hours: int, paused: bool) -> None:
    since = NOW - timedelta(hours=hours) if failures else None
    assert must_pause(Health(Breaker.OPEN, failures, NOW, since), NOW, timedelta(hours=24)) is paused


def test_every_kind_of_channel_has_a_rate() -> None:
    assert set(RATES) >= {ChannelKind.WEBHOOK, ChannelKind.MAIL, ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU}


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=60), st.integers(1, 600), st.integers(1, 10))
def test_a_target_is_never_called_faster_than_its_rate(gaps: list[int], per_minute: int, at_once: int) -> None:
    rate, now, reserved = Rate(per_minute, at_once), NOW, None
    turns: list[datetime] = []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        at, reserved = turn(reserved, rate, now)
        assert at >= now
        turns.append(at)
    assert turns == sorted(turns)
    for first, last in combinations(range(len(turns)), 2):
        assert last - first + 1 <= at_once + (turns[last] - turns[first]) / rate.spacing + 1e-6


def test_turns_go_on_where_they_were_and_start_anew_after_a_rest() -> None:
    rate, reserved = Rate(60, at_once=2), None
    seconds: list[float] = []
    for after in (0, 0, 0, 0, 10):
        at, reserved = turn(reserved, rate, NOW + after * SECOND)
        seconds.append((at - NOW).total_seconds())
    assert seconds == [0, 0, 1, 2, 10]
    assert all(later >= earlier for earlier, later in pairwise(seconds))


@pytest.mark.parametrize(
    ("kind", "target", "host"),
    [
        (ChannelKind.WEBHOOK, "https://Example.com/hooks/a?x=1", "example.com:443"),
        (ChannelKind.WEBHOOK, "https://example.com:8443/hooks", "example.com:8443"),
        (ChannelKind.WEBHOOK, "http://[2001:db8::1]/hooks", "2001:db8::1:80"),
        (ChannelKind.MAIL, "mailtos://u:p@example.com?smtp=SMTP.example.com&to=duty@example.com", "smtp.example.com"),
        (ChannelKind.MAIL, "mailto://u:p@example.com:2525?to=duty@example.com", "example.com:2525"),
        (ChannelKind.FEISHU, "lark://12345678", "open.larksuite.com"),
    ],
)
def test_a_host_is_known_by_its_name_and_port(kind: ChannelKind, target: str, host: str) -> None:
    assert called(kind, target) == host

"""What a channel wants, and until when what can wait is held."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.notices import (
    ALERT_RAISED,
    DIGEST,
    EVENT_TYPES,
    TICKET_OPENED,
    Announcement,
    ChannelKind,
    Digest,
    Preferences,
    QuietHours,
    checked_types,
    clock_time,
)
from domain.refusals import RefusalCode, Refused

ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 (zoned by hypothesis)
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
QUIET = st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-0{text}:00").replace(tzinfo=ZONE)


@given(QUIET, MOMENTS)
def test_quiet_hours_hold_exactly_where_walking_from_their_last_beginning_does_not_meet_their_end(
    quiet: QuietHours, moment: datetime
) -> None:
    beginnings = [datetime.combine((moment - days * DAY).date(), quiet.start, ZONE) for days in (0, 1)]
    begun = max(each for each in beginnings if each <= moment)
    ends = datetime.combine(begun.date(), quiet.end, ZONE)
    ends = ends if ends > begun else ends + DAY
    assert quiet.hold(moment) == (moment < ends)


@given(QUIET, MOMENTS)
def test_quiet_hours_end_within_a_day_and_then_it_is_not_quiet(quiet: QuietHours, moment: datetime) -> None:
    over = quiet.over(moment)
    assert moment < over <= moment + DAY
    assert not quiet.hold(over)
    assert (over.hour, over.minute, over.second, over.microsecond) == (quiet.end.hour, quiet.end.minute, 0, 0)
    if quiet.hold(moment):
        assert quiet.hold(over - timedelta(microseconds=1))


@given(st.one_of(st.none(), QUIET), st.sampled_from(Digest), CLOCKS, st.one_of(st.none(), st.sampled_from(Severity)), MOMENTS)
def test_what_waits_is_told_later_never_in_quiet_hours_and_the_critical_never_waits(
    quiet: QuietHours | None, digest: Digest, digest_at: time, severity: Severity | None, moment: datetime
) -> None:
    until = Preferences(quiet=quiet, digest=digest, digest_at=digest_at).held_until(severity, moment)
    if severity is Severity.CRITICAL:
        assert until is None
    elif until is None:
        assert digest is Digest.NONE
        assert quiet is None or not quiet.hold(moment)
    else:
        assert moment < until <= moment + 2 * DAY
        assert quiet is None or not quiet.hold(until)
        assert digest is not Digest.NONE or (quiet is not None and quiet.hold(moment))


@given(st.lists(MOMENTS, min_size=2, max_size=2), st.one_of(st.none(), QUIET), st.sampled_from(Digest), CLOCKS)
def test_what_happened_later_is_never_told_earlier(
    moments: list[datetime], quiet: QuietHours | None, digest: Digest, digest_at: time
) -> None:
    wishes = Preferences(quiet=quiet, digest=digest, digest_at=digest_at)
    first, second = sorted(moments)
    assert (wishes.held_until(None, first) or first) <= (wishes.held_until(None, second) or second)


@pytest.mark.parametrize(
    ("digest", "moment", "until"),
    [
        (Digest.NONE, "1T12:00", None),
        (Digest.NONE, "1T22:00", "2T07:00"),
        (Digest.NONE, "2T06:59", "2T07:00"),
        (Digest.NONE, "2T07:00", None),
        (Digest.HOURLY, "1T12:00", "1T13:00"),
        (Digest.HOURLY, "1T12:59", "1T13:00"),
        (Digest.HOURLY, "1T21:30", "2T07:00"),
        (Digest.HOURLY, "1T23:59", "2T07:00"),
        (Digest.DAILY, "1T07:59", "1T08:00"),
        (Digest.DAILY, "1T08:00", "2T08:00"),
    ],
)
def test_slots_of_digests_and_a_night_without_calls(digest: Digest, moment: str, until: str | None) -> None:
    wishes = Preferences(quiet=QuietHours(time(22), time(7)), digest=digest, digest_at=time(8))
    assert wishes.held_until(Severity.MAJOR, at(moment)) == (at(until) if until else None)


def test_quiet_hours_of_no_length_are_refused() -> None:
    with pytest.raises(Refused, match="no length") as refused:
        QuietHours(time(22), time(22))
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("quiet_to",))
    assert "22:00" in refused.value.hint.en


@pytest.mark.parametrize("text", ["24:00", "7:00", "07:60", "", "07:00:00", "０７:00", "noon"])
def test_what_is_no_time_of_day_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clock_time(text, "quiet_from")
    assert refused.value.path == ("quiet_from",)


def test_a_type_that_does_not_exist_is_refused_with_those_that_do() -> None:
    for types in (["steward.alert.raised.v2"], [ALERT_RAISED, "nonsense"], [DIGEST]):
        with pytest.raises(Refused) as refused:
            checked_types(types)
        assert refused.value.path == ("types",)
        assert ALERT_RAISED in refused.value.hint.en
    assert checked_types([TICKET_OPENED, ALERT_RAISED, ALERT_RAISED]) == [ALERT_RAISED, TICKET_OPENED]
    with pytest.raises(Refused):
        checked_types([])


def told(type_: str = ALERT_RAISED, *, severity: Severity | None = None, compound: str | None = "cmp_1") -> Announcement:
    return Announcement(type=type_, topic="t", data={}, street_id="plc_1", compound_id=compound, severity=severity)


def test_a_channel_is_told_what_it_asked_for() -> None:
    named = Preferences(types=frozenset({ALERT_RAISED}))
    assert named.wants(told(), ChannelKind.MAIL)
    assert not named.wants(told(TICKET_OPENED), ChannelKind.WEBHOOK)
    assert named.wants(told(), ChannelKind.MAIL, by_name=True)
    assert not Preferences().wants(told(), ChannelKind.WEBHOOK, by_name=True)


def test_what_is_for_machines_is_told_to_people_who_asked_for_it_by_name() -> None:
    assert EVENT_TYPES[TICKET_OPENED].machines
    assert Preferences().wants(told(TICKET_OPENED), ChannelKind.WEBHOOK)
    assert not Preferences().wants(told(TICKET_OPENED), ChannelKind.LIVE)
    assert Preferences(types=frozenset({TICKET_OPENED})).wants(told(TICKET_OPENED), ChannelKind.LIVE)


@given(st.sampled_from(Severity), st.one_of(st.none(), st.sampled_from(Severity)))
def test_nothing_milder_is_told_and_what_has_no_severity_always(least: Severity, severity: Severity | None) -> None:
    wants = Preferences(least=least).wants(told(severity=severity), ChannelKind.SMS)
    assert wants == (severity is None or severity.rank <= least.rank)


def test_only_compounds_that_were_asked_for_are_told_of() -> None:
    wishes = Preferences(compounds=frozenset({"cmp_1"}))
    assert [wishes.wants(told(compound=each), ChannelKind.LIVE) for each in ("cmp_1", "cmp_2", None)] == [True, False, False]

"""A notice is numbered, taken up when its channel and its target allow it, and its fate is kept attempt by attempt."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.notices import CHANNEL_TEST, ChannelKind, NoticeState
from domain.notices.delivery import MAX_ATTEMPTS, RATES, TRIPS_AT, Breaker, Outcome, PauseReason
from domain.organisations import OrganisationKind
from models import Channel, Notice, NoticeAttempt, Work
from models.alerts.announcing import announce_alert
from models.notices.delivery import TAKEN, Attempt, Taken, rescue, settle, take_up
from models.notices.resending import try_channel
from settings import Settings
from tests.builders import a_channel, a_device, an_alert, an_organisation

from .delivery_world import ACCEPTED, REFUSED, SECOND, fresh, notices_to, taken, went
from .ticket_world import World, a_world


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def channel(world: World) -> Channel:
    return await a_channel(world.company)


# the sequence


async def test_numbers_have_no_gap_and_follow_the_order_in_which_notices_were_made(channel: Channel, database: Settings) -> None:
    first, second, third = await notices_to(channel, 3)
    assert (await taken(third)).notice.sequence == 3
    assert (await taken(first)).notice.sequence == 1
    (fourth,) = await notices_to(channel, 1)
    assert [(await taken(each)).notice.sequence for each in (fourth, second)] == [4, 2]
    assert (await fresh(channel)).sequence == 4


async def test_many_workers_give_every_number_once(channel: Channel) -> None:
    made = await notices_to(channel, 12)
    found = await asyncio.gather(*(take_up(each.id) for each in reversed(made)))
    assert sorted(each.notice.sequence or 0 for each in found if isinstance(each, Taken)) == list(range(1, 13))


async def test_people_and_tests_get_no_number(world: World, channel: Channel) -> None:
    robot = await a_channel(world.company, ChannelKind.WECOM)
    (said,) = await notices_to(robot, 1)
    assert (await taken(said)).notice.sequence is None
    test = await try_channel(world.manager, channel.id)
    assert (await taken(test)).notice.sequence is None


# attempts


async def test_what_is_accepted_is_sent_and_logged(channel: Channel, database: Settings) -> None:
    (notice,) = await notices_to(channel, 1)
    assert await went(notice, database, REFUSED, status=500) == 5 * SECOND
    assert await went(notice, database, ACCEPTED, status=204) is None
    sent = await Notice.get(id=notice.id)
    assert (sent.state, sent.attempts, sent.last_error, sent.next_attempt_at) == (NoticeState.SENT, 2, "", None)
    assert sent.sent_at is not None
    log = await NoticeAttempt.filter(notice_id=notice.id).order_by("at")
    assert [(each.outcome, each.status, each.problem) for each in log] == [(REFUSED, 500, "HTTP 500"), (ACCEPTED, 204, "")]
    assert {(each.milliseconds, each.organisation_id) for each in log} == {(250, channel.organisation_id)}
    assert await take_up(notice.id) is None


async def test_who_takes_up_what_another_is_at_waits_until_that_one_counts_as_killed(channel: Channel) -> None:
    (notice,) = await notices_to(channel, 1)
    first = await taken(notice)
    wait = await take_up(notice.id)
    assert isinstance(wait, timedelta)
    assert timedelta() < wait <= TAKEN
    await Notice.filter(id=notice.id).update(taken_until=datetime.now(UTC))
    again = await taken(notice)
    assert (again.notice.id, again.notice.sequence) == (first.notice.id, first.notice.sequence)


async def test_a_notice_is_given_up_after_so_many_attempts(channel: Channel, database: Settings) -> None:
    (notice,) = await notices_to(channel, 1)
    for _ in range(MAX_ATTEMPTS):
        await Channel.filter(id=channel.id).update(breaker=Breaker.CLOSED, breaker_until=None, failures=0)
        wait = await went(notice, database, REFUSED)
    assert wait is None
    assert (await Notice.get(id=notice.id)).state is NoticeState.DEAD


async def test_a_target_is_left_alone_for_as_long_as_it_asks_and_no_longer_than_an_hour(
    channel: Channel, database: Settings
) -> None:
    first, second, third = await notices_to(channel, 3)
    assert await went(first, database, REFUSED, retry_after=90 * SECOND) == 90 * SECOND
    wait = await take_up(second.id)
    assert isinstance(wait, timedelta)
    assert wait > 80 * SECOND
    await Channel.filter(id=channel.id).update(reserved_until=None)
    assert await went(third, database, REFUSED, retry_after=timedelta(days=400)) == timedelta(hours=1)


# turns


async def test_a_target_is_called_no_faster_than_its_rate_but_for_what_is_critical(world: World) -> None:
    robot = await a_channel(world.company, ChannelKind.WECOM)
    rate = RATES[ChannelKind.WECOM]
    made = await notices_to(robot, rate.at_once + 2)
    answers = [await take_up(each.id) for each in made]
    assert all(isinstance(each, Taken) for each in answers[: rate.at_once])
    waits = [each for each in answers[rate.at_once :] if isinstance(each, timedelta)]
    assert [round(each / rate.spacing, 1) for each in waits] == [1.0, 2.0]
    later = await take_up(made[-1].id)
    assert isinstance(later, timedelta)
    assert later <= waits[-1], "a turn that is reserved stays"
    (urgent,) = await notices_to(robot, 1, severity="CRITICAL")
    await taken(urgent)
    await Notice.filter(id=made[-1].id).update(turn_at=datetime.now(UTC))
    await taken(made[-1])


# the breaker


async def test_what_is_critical_tries_a_target_that_is_left_in_peace_once(channel: Channel, database: Settings) -> None:
    made = await notices_to(channel, TRIPS_AT)
    for each in made:
        await went(each, database, REFUSED)
    resting = (await fresh(channel)).health
    first, second = await notices_to(channel, 2, severity="CRITICAL")
    assert await went(first, database, REFUSED) == 5 * SECOND
    assert (await fresh(channel)).health == resting, "nobody waits longer for it"
    assert isinstance(await take_up(first.id), timedelta)
    await went(second, database, ACCEPTED)
    assert (await fresh(channel)).breaker is Breaker.CLOSED
    await taken(first)


async def test_a_target_that_fails_is_left_in_peace_and_tried_by_one(channel: Channel, database: Settings) -> None:
    made = await notices_to(channel, TRIPS_AT + 3)
    for each in made[:TRIPS_AT]:
        assert await went(each, database, REFUSED) == 5 * SECOND
    assert (await fresh(channel)).breaker is Breaker.OPEN
    waiting = made[TRIPS_AT:]
    assert all([isinstance(await take_up(each.id), timedelta) for each in waiting])
    assert {(await Notice.get(id=each.id)).attempts for each in waiting} == {0}

    await Channel.filter(id=channel.id).update(breaker_until=datetime.now(UTC))
    probe = await taken(waiting[0])
    assert (await fresh(channel)).breaker is Breaker.PROBING
    assert isinstance(await take_up(waiting[1].id), timedelta), "one tries, the others wait"
    await settle(probe, Attempt(datetime.now(UTC), SECOND, REFUSED), database)
    assert (await fresh(channel)).breaker is Breaker.OPEN

    await Channel.filter(id=channel.id).update(breaker_until=datetime.now(UTC))
    assert await went(waiting[1], database, ACCEPTED) is None
    healthy = await fresh(channel)
    assert (healthy.breaker, healthy.failures, healthy.failing_since) == (Breaker.CLOSED, 0, None)
    await taken(waiting[2])


async def test_our_own_faults_are_not_the_targets(channel: Channel, database: Settings) -> None:
    made = await notices_to(channel, TRIPS_AT * 2)
    for each in made:
        await went(each, database, Outcome.NOT_CALLED)
    assert ((await fresh(channel)).breaker, (await fresh(channel)).failures) == (Breaker.CLOSED, 0)


# what is forgotten


async def test_what_waits_without_work_is_found_and_what_waited_for_a_month_is_given_up(world: World, channel: Channel) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=20)
    stranded, minded, recent, old = await notices_to(channel, 4, next_attempt_at=long_ago)
    await Work.create(kind="notice", payload={"notice": minded.id})
    await Notice.filter(id=recent.id).update(next_attempt_at=datetime.now(UTC))
    month = {"created_at": datetime.now(UTC) - timedelta(days=31)}
    await Notice.filter(id=old.id).update(**month, next_attempt_at=None)
    (again,) = await notices_to(channel, 1, **month, next_attempt_at=datetime.now(UTC))
    paused = await a_channel(await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE))
    await Channel.filter(id=paused.id).update(paused_at=long_ago, pause_reason=PauseReason.BY_HAND)
    await notices_to(paused, 1, next_attempt_at=None, created_at=long_ago)
    assert await rescue() == (1, 1)
    assert {each.payload["notice"] for each in await Work.all()} == {stranded.id, minded.id}
    assert (await Notice.get(id=old.id)).state is NoticeState.DEAD
    assert (await Notice.get(id=again.id)).state is NoticeState.PENDING, "an old one that is told again does not wait for long"
    assert await rescue() == (0, 0)


async def test_a_whole_alert_is_announced_while_its_channel_is_locked(world: World, channel: Channel) -> None:
    """Whoever makes a notice waits for nobody who delivers another."""
    (notice,) = await notices_to(channel, 1)
    await asyncio.gather(*(take_up(notice.id) for _ in range(5)), announce_alert(await an_alert(await a_device(world.compound))))
    assert await Notice.filter(channel_id=channel.id).count() == 2
    assert await Notice.filter(type=CHANNEL_TEST).count() == 0

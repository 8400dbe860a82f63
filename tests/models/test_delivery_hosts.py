"""A host that cannot be connected to is left in peace by all channels of an organisation, and by no other's; nor is it rushed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.alerts import Severity
from domain.notices import ChannelKind
from domain.notices.delivery import PAUSES_AT, RATES, TRIPS_AT, Breaker, Outcome, PauseReason
from models import Channel, Notice
from models.notices.delivery import Taken, take_up
from models.notices.hosts import DeliveryHost, forget_hosts
from models.notices.pausing import resume_channel
from settings import Settings
from tests.builders import a_channel, a_company_serving, an_account

from .delivery_world import ACCEPTED, REFUSED, fresh, notices_to, taken, went
from .ticket_world import World, a_world

HOST = "example.com:443"
DOWN = {"outcome": Outcome.UNREACHABLE, "unconnected": True}


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def hooks(world: World, count: int, **columns: object) -> list[Channel]:
    """Webhooks of the company at one host."""
    return [await a_channel(world.company, **({"host": HOST} | columns)) for _ in range(count)]


async def goes_down(channels: list[Channel], settings: Settings) -> None:
    """One attempt at each fails to connect; five in all are enough."""
    for channel in channels[:TRIPS_AT]:
        (notice,) = await notices_to(channel, 1)
        await went(notice, settings, **DOWN)


async def test_five_channels_that_cannot_connect_once_each_open_the_breaker_of_their_host(
    world: World, database: Settings
) -> None:
    channels = await hooks(world, TRIPS_AT + 1)
    await goes_down(channels, database)
    host = await DeliveryHost.get()
    assert (host.owner_id, host.host, host.breaker) == (world.company.id, HOST, Breaker.OPEN)
    assert {(await fresh(channel)).breaker for channel in channels} == {Breaker.CLOSED}
    waiting, urgent = await notices_to(channels[-1], 2)
    assert isinstance(await take_up(waiting.id), timedelta)
    await Notice.filter(id=urgent.id).update(severity=Severity.CRITICAL)
    assert isinstance(await take_up(urgent.id), Taken), "what is critical is tried once all the same"


async def test_one_notice_tries_whether_the_host_is_back_for_all(world: World, database: Settings) -> None:
    channels = await hooks(world, TRIPS_AT + 1)
    await goes_down(channels, database)
    await DeliveryHost.all().update(breaker_until=datetime.now(UTC))
    (probe,), (other,) = await notices_to(channels[0], 1), await notices_to(channels[1], 1)
    tried = await taken(probe)
    assert isinstance(await take_up(other.id), timedelta)
    await Notice.filter(id=tried.notice.id).update(taken_until=None)
    await DeliveryHost.all().update(breaker_until=datetime.now(UTC))
    await went(probe, database, ACCEPTED)
    assert (await DeliveryHost.get()).health.breaker is Breaker.CLOSED
    assert isinstance(await take_up(other.id), Taken)


async def test_what_a_host_answers_is_no_fault_of_the_host(world: World, database: Settings) -> None:
    (bad, good) = await hooks(world, 2)
    for outcome in (REFUSED, Outcome.TIMED_OUT, REFUSED, Outcome.UNREACHABLE, REFUSED, REFUSED):
        await Channel.filter(id=bad.id).update(breaker=Breaker.CLOSED, breaker_until=None, failures=0)
        (notice,) = await notices_to(bad, 1)
        await went(notice, database, outcome)
    assert (await DeliveryHost.get()).failures == 0
    (notice,) = await notices_to(good, 1)
    assert isinstance(await take_up(notice.id), Taken)


async def test_no_organisation_waits_for_anothers_failures_nor_for_another_port(world: World, database: Settings) -> None:
    await goes_down(await hooks(world, TRIPS_AT), database)
    other = await a_company_serving(world.unserved)
    for channel in (await a_channel(other, host=HOST), *await hooks(world, 1, host="example.com:8443")):
        (notice,) = await notices_to(channel, 1)
        assert isinstance(await take_up(notice.id), Taken)


async def test_webhooks_at_one_host_have_their_turns_together(world: World) -> None:
    first, second = await hooks(world, 2)
    (notice,) = await notices_to(first, 1)
    await taken(notice)
    reserved = (await DeliveryHost.get()).reserved_until
    assert reserved == (await fresh(first)).reserved_until
    await DeliveryHost.all().update(reserved_until=datetime.now(UTC) + timedelta(minutes=5))
    (late,) = await notices_to(second, 1)
    wait = await take_up(late.id)
    assert isinstance(wait, timedelta)
    assert wait > timedelta(minutes=4)
    robots = [await a_channel(world.company, ChannelKind.DINGTALK, host="oapi.dingtalk.com") for _ in range(2)]
    for robot in robots:
        for notice in await notices_to(robot, RATES[ChannelKind.DINGTALK].at_once):
            assert isinstance(await take_up(notice.id), Taken), "each robot is counted by itself"


async def test_all_channels_of_a_host_that_is_away_for_a_day_are_paused_and_a_resume_tries_anew(
    world: World, database: Settings
) -> None:
    channels = await hooks(world, 2)
    await goes_down(channels, database)
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    gone = {"breaker": Breaker.OPEN, "breaker_until": datetime.now(UTC), "failures": PAUSES_AT, "failing_since": long_ago}
    await DeliveryHost.all().update(**gone)
    for channel in channels:
        (notice,) = await notices_to(channel, 1)
        assert await take_up(notice.id, database) is None
        paused = await fresh(channel)
        assert (paused.paused_at is not None, paused.pause_reason) == (True, PauseReason.FAILING)
    await resume_channel(world.manager, channels[0].id)
    assert (await DeliveryHost.get()).breaker is Breaker.CLOSED
    (notice,) = await notices_to(channels[0], 1)
    assert isinstance(await take_up(notice.id, database), Taken)


async def test_the_gateway_of_text_messages_is_one_for_all_and_a_person_is_counted_alone(
    world: World, database: Settings
) -> None:
    people = [await an_account() for _ in range(TRIPS_AT + 1)]
    phones = [await a_channel(world.company, ChannelKind.SMS, organisation_id=None, account_id=each.id) for each in people]
    await goes_down(phones, database)
    (notice,) = await notices_to(phones[-1], 1)
    assert isinstance(await take_up(notice.id), timedelta)
    mine = await a_channel(world.company, ChannelKind.DINGTALK, organisation_id=None, account_id=people[0].id)
    (notice,) = await notices_to(mine, 1)
    assert isinstance(await take_up(notice.id), Taken)
    assert await DeliveryHost.all().values_list("owner_id", "host") == [("", "sms")]
    assert await forget_hosts(datetime.now(UTC) + timedelta(seconds=1)) == 1

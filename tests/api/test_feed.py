"""The live feed, on a real database whose connections break."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import asyncpg
import pytest

from api.feed import Change, Feed, Missed, Subscription
from domain.access import Reach, Role, Viewer
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import PATIENCE
from tests.builders import a_compound, a_ticket, an_account
from tests.waiting import until

Say = Callable[[str], Any]
STREET = "plc_1"


def a_change(subject_id: str, action: str, compound_id: str = "cmp_1", *, outside: str = "", audience: str = "") -> Change:
    return Change(subject_id, action, compound_id, STREET, outside, audience)


@pytest.fixture
async def feed(settings: Settings) -> AsyncGenerator[Feed]:
    feed = Feed(settings.model_copy(update={"subscription_backlog": 3}))
    await feed.start()
    yield feed
    await feed.stop()


@pytest.fixture
async def say(settings: Settings) -> AsyncGenerator[Say]:
    """Tells the channel ``fact`` what was done to which row of which compound, as the database does for a recorded fact."""
    connection = await asyncpg.connect(settings.database_url)
    yield lambda payload: connection.execute("SELECT pg_notify('fact', $1)", f"{payload} {STREET}  ")
    await connection.close()


async def heard(subscription: Subscription, count: int = 1) -> list[Change]:
    """The next changes, however many come at a time."""
    changes: list[Change] = []
    async with asyncio.timeout(PATIENCE):
        while len(changes) < count:
            changes += await anext(subscription)
    return changes


def ids(changes: list[Change]) -> list[str]:
    return [change.subject_id for change in changes]


async def missed(subscription: Subscription) -> bool:
    try:
        await heard(subscription)
    except Missed:
        return True
    return False


async def cut(settings: Settings) -> None:
    """Break every connection that listens."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    await connection.close()


async def test_a_recorded_fact_is_heard(feed: Feed, database: Settings) -> None:
    ticket = await a_ticket()
    subscription = feed.subscribe("tkt")
    actor = await an_account(Role.GRID_WORKER, compound=await a_compound())
    await record(Actor(actor.id), "ticketAccept", ticket)
    assert await heard(subscription) == [
        Change(ticket.id, "ticketAccept", ticket.compound_id, ticket.street_id, ticket.compound_id, "")
    ]


async def test_only_the_asked_kind_and_compounds_are_heard(feed: Feed, say: Say) -> None:
    everything = feed.subscribe("alr")
    one_compound = feed.subscribe("alr", frozenset({"cmp_2"}))
    for payload in ("tkt_1 ticketOpen cmp_2", "alr_1 alertRaise cmp_1", "alr_2 alertRaise cmp_2", "alr_3 alertRaise "):
        await say(payload)
    assert ids(await heard(everything, 3)) == ["alr_1", "alr_2", "alr_3"]
    assert ids(await heard(one_compound)) == ["alr_2"]


async def test_a_malformed_message_is_ignored(feed: Feed, say: Say) -> None:
    subscription = feed.subscribe("alr")
    for payload in ("", "alr_0", "alr_0 a b c d", "alr_1 alertRaise cmp_1"):
        await say(payload)
    assert ids(await heard(subscription)) == ["alr_1"]


async def test_changes_before_the_first_look_are_kept(feed: Feed, say: Say) -> None:
    early, late = feed.subscribe("alr"), feed.subscribe("alr")
    await say("alr_1 alertRaise cmp_1")
    await heard(early)
    assert ids(await heard(late)) == ["alr_1"]


async def test_changes_of_one_row_that_wait_together_are_one(feed: Feed, say: Say) -> None:
    slow, quick = feed.subscribe("alr"), feed.subscribe("alr")
    for payload in ("alr_1 alertRaise cmp_1", "alr_2 alertRaise cmp_1", *["alr_1 alertClear cmp_1"] * 9):
        await say(payload)
        assert ids(await heard(quick)) == [payload[:5]]
    assert await heard(slow) == [a_change("alr_1", "alertClear"), a_change("alr_2", "alertRaise")]
    await say("alr_1 alertRaise cmp_1")
    assert await heard(slow) == [a_change("alr_1", "alertRaise")]


async def test_a_change_that_fewer_may_know_of_does_not_hide_one_that_others_may(feed: Feed) -> None:
    subscription = Subscription(feed, "tkt", None, backlog=10)
    outside = a_change("tkt_1", "ticketComment", outside="cmp_1", audience="acc_1")
    inside = a_change("tkt_1", "ticketComment")
    subscription.offer(outside)
    subscription.offer(inside)
    assert await anext(subscription) == [outside, inside]


def test_a_change_is_told_to_who_sees_the_fact_of_it() -> None:
    def told(change: Change) -> list[Role]:
        reach = {Reach.COMPOUND: ("cmp_1",), Reach.OUTSIDE: ("cmp_1",), Reach.STREET: (STREET,), Reach.ACCOUNT: ("acc_1",)}
        return [role for role in Role if change.told_to(Viewer("acc_1", "", {role: reach}))]

    everybody = [role for role in Role if role is not Role.ADMINISTRATOR]
    assert told(a_change("tkt_1", "ticketComment", outside="cmp_1", audience="acc_1")) == everybody
    outsiders = {Role.COMMITTEE_MEMBER, Role.RESIDENT, Role.INTEGRATION}
    assert told(a_change("tkt_1", "ticketComment")) == [role for role in everybody if role not in outsiders]
    assert told(Change("tkt_1", "ticketComment", "cmp_2", "plc_2", "cmp_2", "acc_2")) == []


async def test_what_waits_is_given_a_few_dozen_at_a_time(feed: Feed) -> None:
    subscription = Subscription(feed, "alr", None, backlog=1_000)
    for number in range(70):
        subscription.offer(a_change(f"alr_{number}", "alertRaise", ""))
    given = [ids(await anext(subscription)) for _ in range(2)]
    assert [len(changes) for changes in given] == [50, 20]
    assert given[0] + given[1] == [f"alr_{number}" for number in range(70)]


async def test_a_subscriber_that_falls_behind_is_told_and_the_others_go_on(feed: Feed, say: Say) -> None:
    slow, quick = feed.subscribe("alr"), feed.subscribe("alr")
    for number in range(5):
        await say(f"alr_{number} alertRaise cmp_1")
        assert ids(await heard(quick)) == [f"alr_{number}"]
    assert await missed(slow)
    assert feed.subscribers == 1


async def test_after_a_gap_every_subscriber_is_told_and_the_feed_goes_on(feed: Feed, say: Say, settings: Settings) -> None:
    subscriptions = [feed.subscribe("alr"), feed.subscribe("tkt")]
    await cut(settings)
    assert [await missed(subscription) for subscription in subscriptions] == [True, True]
    again = feed.subscribe("alr")
    await say("alr_9 alertRaise cmp_1")
    assert ids(await heard(again)) == ["alr_9"]


async def test_a_subscriber_that_came_during_the_gap_is_told_too(
    feed: Feed, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, attempts, open_again = asyncpg.connect, [], asyncio.Event()

    async def away(*given: Any, **more: Any) -> Any:
        attempts.append(given)
        if not open_again.is_set():
            raise ConnectionRefusedError
        return await connect(*given, **more)

    await cut_by(monkeypatch, away, settings)
    await until(lambda: len(attempts) > 1)
    subscription = feed.subscribe("alr")
    open_again.set()
    assert await missed(subscription)


async def cut_by(monkeypatch: pytest.MonkeyPatch, connect: Any, settings: Settings) -> None:
    """Break the connection, and let ``connect`` decide when the feed gets another."""
    connection = await asyncpg.connect(settings.database_url)
    monkeypatch.setattr(asyncpg, "connect", connect)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_connection_that_answers_no_probe_is_given_up(
    settings: Settings, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.feed._PROBE_SECONDS", 0.05)
    feed = Feed(settings)
    await feed.start()
    try:
        subscription = feed.subscribe("alr")
        with monkeypatch.context() as silent:
            silent.setattr(asyncpg.Connection, "execute", _never)
            assert await missed(subscription)
        again = feed.subscribe("alr")
        await say("alr_1 alertRaise cmp_1")
        assert ids(await heard(again)) == ["alr_1"]
    finally:
        await feed.stop()


async def _never(*_: Any, **__: Any) -> None:
    raise TimeoutError


async def test_a_closed_subscription_is_forgotten(feed: Feed) -> None:
    subscription = feed.subscribe("alr")
    subscription.close()
    subscription.close()
    assert feed.subscribers == 0


async def test_stopping_leaves_no_connection(settings: Settings) -> None:
    feed = Feed(settings)
    await feed.start()
    await feed.stop()
    await feed.stop()
    connection = await asyncpg.connect(settings.database_url)
    try:
        query = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        await until(lambda: connection.fetchval(query))
    finally:
        await connection.close()


async def test_a_feed_without_a_database_does_not_start(settings: Settings) -> None:
    feed = Feed(settings.model_copy(update={"database_url": "postgresql://postgres@127.0.0.1:1/none"}))
    with pytest.raises(OSError, match=r"refused|failed"):
        await feed.start()
    await feed.stop()

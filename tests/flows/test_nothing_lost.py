"""What was accepted is told once in effect, whatever is killed meanwhile: as if nothing had been."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import orjson
from redis.asyncio import Redis

from domain.access import Role
from domain.alerts import AlertState
from domain.facilities import DeviceKind
from domain.tickets import TicketPriority
from models import Alert, Compound, Device, Fact, Notice, Reading, Ticket, Work
from models import database as models_database
from models.deadlines import recalculate
from models.keys import create_intake_key
from settings import Settings
from steward.embedded import DATABASE, Servers
from steward.folder import DataFolder, Running
from steward.processes import working_in
from tests.builders import a_company_serving, a_compound, a_device, a_ticket, an_account
from tests.waiting import until

from .conftest import Receiver
from .stack import Client, Stack, an_event, log_in

#: Devices of each kind, and rounds of the feed: a minute each.
DEVICES, ROUNDS = 20, 60
#: Of the rounds, those in which it burns and in which there is no pressure.
FIRE, DROUGHT = range(30, 33), range(12, 23)
#: The most rounds that a reading comes too late by, and how likely it comes late and again.
LATEST, LATE, AGAIN = 4, 0.2, 0.1
#: A ticket is opened in every tenth round; in these, all clocks of tickets are wound anew.
TICKETS, WOUND = range(5, ROUNDS, 10), (9, 31, 49)


@dataclass(frozen=True)
class Told:
    """All that came of a feed, in words that do not differ from run to run."""

    readings: int
    alerts: Counter[tuple[str, str, str, str, str, int]]
    tickets: Counter[tuple[str, str]]
    late: Counter[tuple[str, str]]
    seen: Mapping[str, str]


@asynccontextmanager
async def a_house(data_folder: Path) -> AsyncGenerator[tuple[Servers, Stack]]:
    """PostgreSQL and Valkey that a test may kill, with every commit on disk; API, worker and clock on them."""
    data = DataFolder(data_folder)
    data.prepare()
    with data.held("up"):
        servers = Servers(data, Running())
        try:
            await asyncio.to_thread(servers.start)
            await servers.make_database()
            settings = Settings.model_validate(
                {
                    "database_url": servers.postgres.url(DATABASE),
                    "redis_url": servers.valkey.url,
                    "data": servers.data.path,
                    "secret_key": "5a" * 32,
                }
            )
            await models_database.migrate(settings)
            await models_database.connect(settings)
            stack = Stack(settings)
            try:
                yield servers, stack
            finally:
                await stack.stop()
                await models_database.disconnect()
        finally:
            await asyncio.to_thread(servers.stop)


async def insist(what: Callable[[], Awaitable[bool]], name: str) -> None:
    """Do it again and again, as a careful client does, until it is acknowledged."""

    async def acknowledged() -> bool:
        try:
            return await what()
        except httpx2.TransportError:
            return False

    await until(acknowledged, what=name)


async def deliver(machine: Client, events: list[dict[str, Any]]) -> None:
    async def posted() -> bool:
        answer = await machine.post_events(*events)
        if answer.status_code != 202:
            assert answer.status_code in {429, 500, 503}, answer.text
            return False
        assert {result["status"] for result in answer.json()["results"]} <= {"accepted", "duplicate"}, answer.text
        return True

    await insist(posted, "the acknowledgement")


async def open_ticket(person: Client, compound: Compound, number: int) -> None:
    """By mutation, with the same key however often it is sent."""
    query = "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { number } errors { message } } }"
    given = {"compoundId": compound.id, "kind": "REPAIR", "title": f"Lamp {number}", "idempotencyKey": f"lamp {number}"}

    async def opened() -> bool:
        answer = await person.post(query, input=given)
        body = answer.json()
        if "errors" in body:
            return False
        assert body["data"]["ticketOpen"]["errors"] == []
        return True

    await insist(opened, f"ticket {number}")


def the_feed(devices: list[Device], start: datetime) -> list[list[dict[str, Any]]]:
    """What is posted in each round: readings in time, late, twice, and in any order."""
    chance, rounds = random.Random(4), [list[dict[str, Any]]() for _ in range(ROUNDS + LATEST)]
    for number in range(ROUNDS):
        moment = (start + timedelta(minutes=number)).isoformat()
        for device in devices:
            if device.kind is DeviceKind.SMOKE:
                event = an_event("urn:feed", number, device.code, moment, smoke_alarm=number in FIRE, battery_percent=90)
            else:
                event = an_event("urn:feed", number, device.code, moment, pressure_kpa=20 if number in DROUGHT else 300)
            at = number + (chance.randint(1, LATEST) if chance.random() < LATE else 0)
            rounds[at].append(event)
            if chance.random() < AGAIN:
                rounds[min(at + 1, len(rounds) - 1)].append(event)
    for events in rounds:
        chance.shuffle(events)
    return rounds


async def lived_through(
    servers: Servers, stack: Stack, receiver: Receiver, faults: Mapping[int, Callable[[], Awaitable[None]]]
) -> Told:
    """What comes of the feed when ``faults`` happen in these rounds."""
    compound = await a_compound()
    company = await a_company_serving(compound)
    manager = await an_account(Role.COMPANY_MANAGER, organisation=company, password="Correct-horse-1")
    kinds = (DeviceKind.SMOKE, DeviceKind.PIPE_PRESSURE)
    devices = [await a_device(compound, code=f"{kind}-{n}", kind=kind) for kind in kinds for n in range(DEVICES)]
    _, secret = await create_intake_key(company)
    hours_ago = datetime.now(UTC) - timedelta(hours=3)
    for number in range(DEVICES):
        await a_ticket(compound, title=f"Burst pipe {number}", priority=TicketPriority.EMERGENCY, opened_at=hours_ago)
    await stack.start()
    machine, (person, _) = stack.client(secret), await log_in(stack, manager.login, "Correct-horse-1")
    hook = "mutation ($input: ChannelAddInput!) { channelAdd(input: $input) { errors { message } } }"
    await person.ask(hook, input={"organisationId": company.id, "kind": "WEBHOOK", "target": receiver.url})
    start = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=5)

    for number, events in enumerate(the_feed(devices, start)):
        fault = asyncio.create_task(faults[number]()) if number in faults else None
        await deliver(machine, events)
        if number in TICKETS:
            await open_ticket(person, compound, number)
        if number in WOUND:
            await recalculate(compound.street_id)
        if fault:
            await fault

    async def all_done() -> bool:
        try:
            return await Work.exclude(kind="check").count() == 0
        except (OSError, asyncpg.PostgresError):
            return False

    await until(all_done, within=180, what="the end of the work")
    codes = {device.id: device.code for device in devices}

    def after(moment: datetime | None) -> str:
        return str(moment - start) if moment else ""

    # Those of late tickets are found every five minutes of the day: in one of the two stories, perhaps.
    alerts = [
        (a.rule, codes[a.subject_id], a.severity, after(a.first_seen_at), after(a.cleared_at), a.count)
        for a in await Alert.filter(subject_id__in=list(codes)).exclude(state=AlertState.WITHDRAWN)
    ]
    seen = {codes[device.id]: after(device.last_seen_at) for device in await Device.all()}
    tickets = [(ticket.title, ticket.state) for ticket in await Ticket.all()]
    called = await Fact.filter(action__in=("ticketBreach", "ticketEscalate"))
    titles = {ticket.id: ticket.title for ticket in await Ticket.all()}
    late = Counter((fact.action, titles[fact.subject_id]) for fact in called)
    await expect_notices(receiver)
    return Told(await Reading.all().count(), Counter(alerts), Counter(tickets), late, seen)


async def expect_notices(receiver: Receiver) -> None:
    """Every fire was told to the receiver, at least once and always in the same words under the same id.

    What is less is told after a wait, unless it is over by then.
    """
    bodies: dict[str, set[bytes]] = {}
    for delivery in receiver.deliveries:
        bodies.setdefault(delivery.headers["webhook-id"], set()).add(delivery.body)
    assert {len(each) for each in bodies.values()} == {1}
    notices = await Notice.all()
    assert {notice.state for notice in notices} == {"SENT"}
    assert {notice.id for notice in notices} == set(bodies)
    raised = [orjson.loads(body)["data"]["alert"]["id"] for (body,) in bodies.values() if b"alert.raised" in body]
    fires = {alert.id for alert in await Alert.filter(severity="CRITICAL")}
    assert fires
    assert fires <= set(raised) <= {alert.id for alert in await Alert.all()}


async def test_what_comes_of_a_feed_is_the_same_when_everything_is_killed_in_the_middle_of_it(
    tmp_path: Path, receiver: Receiver
) -> None:
    async with a_house(tmp_path / "calm") as (servers, stack):
        undisturbed = await lived_through(servers, stack, receiver, {})
    assert undisturbed.readings == DEVICES * ROUNDS * 3
    assert undisturbed.alerts.total() == DEVICES * 2
    assert {count for (action, _), count in undisturbed.late.items() if action == "ticketBreach"} == {2}  # to accept, on site
    receiver.deliveries.clear()

    async with a_house(tmp_path / "storm") as (servers, stack):

        def killing(part: str) -> Callable[[], Awaitable[None]]:
            async def kill() -> None:
                await stack.kill(part)
                await stack.start(part)

            return kill

        async def kill_valkey() -> None:
            async with Redis.from_url(servers.valkey.url) as redis:
                await redis.flushall()
            for process in working_in(servers.data.valkey, "valkey-server"):
                process.kill()
            await asyncio.to_thread(restart, servers.valkey.stop, servers.valkey.start, servers.valkey.wait)

        async def kill_postgres() -> None:
            pid = int((servers.data.postgres / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(restart, servers.postgres.stop, servers.postgres.start, servers.postgres.wait)

        faults = {
            10: killing("worker"),
            15: killing("clock"),
            30: kill_valkey,
            32: killing("worker"),
            40: killing("api"),
            50: kill_postgres,
            55: killing("clock"),
        }
        assert await lived_through(servers, stack, receiver, faults) == undisturbed


def restart(*steps: Callable[[], None]) -> None:
    for step in steps:
        step()

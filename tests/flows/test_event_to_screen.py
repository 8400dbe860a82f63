"""An event becomes an alert, a ticket and a message on a screen; told through HTTP alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook
from websockets.asyncio.client import connect

from domain.access import Role
from domain.facilities import DeviceKind, FacilityKind
from models.keys import create_intake_key
from tests.builders import a_community, a_company_serving, a_compound, a_device, a_facility, a_street, an_account
from tests.waiting import until

from .conftest import Receiver
from .stack import Stack, an_event, log_in

ALERTS = """query ($in: [ID!]) {
  alerts(filter: {compound: {in: $in}}, sort: LAST_SEEN_DESC, first: 20) {
    nodes { id rule severity state count firstSeenAt lastSeenAt clearedAt outcome message
            device { code } facility { code } compound { id } ticket { id number kind priority state dueAt } }
    totalCount
  }
}"""


@asynccontextmanager
async def watching(stack: Stack, token: str, query: str) -> AsyncGenerator[list[dict[str, Any]]]:
    """The messages of a subscription as they come, over graphql-transport-ws."""
    got: list[dict[str, Any]] = []
    url = f"ws://127.0.0.1:{stack.port}/graphql"
    async with connect(url, subprotocols=["graphql-transport-ws"]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        await socket.send(json.dumps({"type": "ping"}))
        assert json.loads(await socket.recv())["type"] == "pong"

        async def read() -> None:
            async for message in socket:
                parsed = json.loads(message)
                if parsed["type"] == "next":
                    got.append(parsed["payload"]["data"])

        reader = asyncio.create_task(read())
        try:
            yield got
        finally:
            reader.cancel()


async def test_a_pressure_loss_and_a_fire_are_told_once_to_whom_they_concern(stack: Stack, receiver: Receiver) -> None:
    community = await a_community(await a_street())
    compound, other = await a_compound(community), await a_compound(community)
    company, rival = await a_company_serving(compound), await a_company_serving(other)
    hydrant = await a_facility(compound, kind=FacilityKind.HYDRANT)
    pressure = await a_device(facility=hydrant, kind=DeviceKind.HYDRANT_PRESSURE)
    smoke = await a_device(compound, kind=DeviceKind.SMOKE)
    manager = await an_account(Role.COMPANY_MANAGER, organisation=company, password="Correct-horse-1")
    stranger = await an_account(Role.COMPANY_MANAGER, organisation=rival, password="Correct-horse-2")
    _, secret = await create_intake_key(company)
    _, foreign_secret = await create_intake_key(rival)

    await stack.start()
    machine, foreign_machine = stack.client(secret), stack.client(foreign_secret)
    duty, token = await log_in(stack, manager.login, "Correct-horse-1")
    rival_duty, rival_token = await log_in(stack, stranger.login, "Correct-horse-2")

    channel = await duty.ask(
        """mutation ($o: ID!, $t: String!) {
          channelAdd(input: {organisationId: $o, kind: WEBHOOK, target: $t}) {
            secret channel { id kind hint } errors { code message }
          }
        }""",
        o=company.id,
        t=receiver.url,
    )
    signing = channel["channelAdd"]["secret"]
    assert signing.startswith("whsec_")

    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)

    def at(minutes: float) -> str:
        return (start + timedelta(minutes=minutes)).isoformat()

    query = "subscription { alertChanged { id rule state severity compound { name } } }"
    async with watching(stack, token, query) as seen, watching(stack, rival_token, query) as unseen:
        # Four minutes at 40 kPa are not yet an alert; the fifth is, and the sixth repeats it.
        early = [an_event("urn:meters", n, pressure.code, at(n), pressure_kpa=40) for n in range(5)]
        answer = await machine.post_events(*early)
        assert answer.status_code == 202, answer.text
        assert [r["status"] for r in answer.json()["results"]] == ["accepted"] * 5
        late = [an_event("urn:meters", n, pressure.code, at(n), pressure_kpa=40) for n in (5, 6)]
        await machine.post_events(*late)

        async def raised() -> list[dict[str, Any]]:
            return (await duty.ask(ALERTS, **{"in": [compound.id]}))["alerts"]["nodes"]

        (alert,) = await until(raised, what="the pressure alert")
        assert alert["rule"] == "fire_safety.pressure_low"
        assert alert["state"] == "OPEN"
        assert datetime.fromisoformat(alert["firstSeenAt"]) == start + timedelta(minutes=5)
        assert (alert["device"]["code"], alert["facility"]["code"]) == (pressure.code, hydrant.code)
        assert alert["ticket"] is None

        # Smoke: critical, an emergency ticket, a signed webhook, a message on the screen.
        await machine.post_events(an_event("urn:meters", "fire", smoke.code, at(7), smoke_alarm=True))

        async def burning() -> dict[str, Any] | None:
            return next((a for a in await raised() if a["rule"] == "fire_safety.smoke" and a["ticket"]), None)

        fire = await until(burning, what="the smoke alert and its ticket")
        assert fire["severity"] == "CRITICAL"
        assert (fire["ticket"]["kind"], fire["ticket"]["priority"], fire["ticket"]["state"]) == ("REPAIR", "EMERGENCY", "OPEN")

        async def delivered() -> list[dict[str, Any]]:
            bodies = [Webhook(signing).verify(d.body, d.headers) for d in receiver.deliveries]
            return [b for b in bodies if fire["id"] in json.dumps(b)]

        assert await until(delivered, what="the webhook")
        await until(lambda: _true({s["alertChanged"]["rule"] for s in seen} >= {"fire_safety.smoke", "fire_safety.pressure_low"}))

        # The same events again do nothing.
        before = (await raised(), len(receiver.deliveries), len(seen))
        again = await machine.post_events(*early, *late)
        assert [r["status"] for r in again.json()["results"]] == ["duplicate"] * 7
        assert (await raised(), len(receiver.deliveries), len(seen)) == before

        # Recovery clears the alerts; the ticket stays.
        good = [an_event("urn:meters", f"good-{n}", pressure.code, at(8 + n), pressure_kpa=300) for n in range(7)]
        await machine.post_events(*good, an_event("urn:meters", "out", smoke.code, at(9), smoke_alarm=False))
        await until(lambda: _all_cleared(raised), what="recovery")
        fire = next(a for a in await raised() if a["rule"] == "fire_safety.smoke")
        assert fire["outcome"] is None
        assert fire["ticket"]["state"] == "OPEN"
        await until(lambda: _true([s["alertChanged"]["state"] for s in seen].count("CLEARED") == 2))

        # Another company sees none of it, and cannot speak of what is not its own.
        assert (await rival_duty.ask(ALERTS, **{"in": [compound.id]}))["alerts"] == {"nodes": [], "totalCount": 0}
        assert (await rival_duty.ask("query ($id: ID!) { node(id: $id) { id } }", id=fire["id"])) == {"node": None}
        refused = await foreign_machine.post_events(an_event("urn:meters", "forged", smoke.code, at(10), smoke_alarm=True))
        unknown = await foreign_machine.post_events(an_event("urn:meters", "none", "NO-SUCH-DEVICE", at(10), smoke_alarm=True))
        assert refused.status_code == unknown.status_code == 422
        assert refused.text.replace(smoke.code, "NO-SUCH-DEVICE").replace("forged", "none") == unknown.text
        assert unseen == []

    # People take it from here.
    acknowledged = await duty.ask(
        "mutation ($id: ID!) { alertAcknowledge(input: {id: $id}) { alert { acknowledgedAt state } errors { code } } }",
        id=fire["id"],
    )
    assert acknowledged["alertAcknowledge"]["alert"]["acknowledgedAt"]
    moved = await duty.ask(
        """mutation ($id: ID!) { ticketAccept(input: {id: $id}) { ticket { state version acceptedAt } errors { code } } }""",
        id=fire["ticket"]["id"],
    )
    assert moved["ticketAccept"]["ticket"]["state"] == "ACCEPTED"
    denied = await rival_duty.ask(
        "mutation ($id: ID!) { ticketAccept(input: {id: $id}) { ticket { id } errors { code } } }", id=fire["ticket"]["id"]
    )
    assert denied["ticketAccept"] == {"ticket": None, "errors": [{"code": "NOT_FOUND"}]}


async def _true(value: bool) -> bool:
    return value


async def _all_cleared(raised: Any) -> bool:
    return all(alert["state"] == "CLEARED" for alert in await raised())

"""A company's own system hears by webhook: numbered, signed, again when it asks, and in full after it was gone for a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook
from tortoise import connections

from domain.access import Role
from models import Channel, Device, Notice
from models.keys import create_intake_key
from tests.builders import a_community, a_company_serving, a_compound, a_device, a_street, an_account
from tests.tasks.receivers import Receiver, receiving
from tests.waiting import until

from .stack import Client, Stack, an_event, log_in

HERE = b"HTTP/1.1 204 No Content\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"
SILENT = b""

ADD = """mutation ($o: ID!, $t: String!) {
  channelAdd(input: {organisationId: $o, kind: WEBHOOK, target: $t}) { secret channel { id } errors { code field message } } }"""
SET = """mutation ($id: ID!, $types: [String!], $compounds: [ID!]) {
  channelSet(input: {id: $id, types: $types, compoundIds: $compounds}) { channel { types } errors { code field hint } } }"""
TEST = """mutation ($id: ID!) {
  channelTest(input: {id: $id}) { notice { id state deliveries { nodes { outcome status } } } errors { code } } }"""
NOTICE = "query ($id: ID!) { node(id: $id) { ... on Notice { state sequence deliveries { nodes { outcome status problem } } } } }"
REPLAY = """mutation ($id: ID!, $from: Int!) {
  webhookReplay(input: {id: $id, fromSequence: $from}) { count lastSequence errors { code field hint } } }"""
ROTATE = """mutation ($id: ID!, $hours: Int!) {
  webhookRotateSecret(input: {id: $id, overlapHours: $hours}) {
    secret channel { oldSecretUntil } errors { code field hint } } }"""
CHANNEL = "query ($id: ID!) { node(id: $id) { ... on Channel { breaker pausedAt pauseReason failingSince sequence } } }"
TOLD = """{ notices(filter: {type: {eq: "steward.channel.paused.v1"}}) { nodes { title channel { kind } } } }"""
RESUME = "mutation ($id: ID!) { channelResume(input: {id: $id}) { channel { pausedAt breaker } errors { code } } }"
DEAD = """query ($id: ID!) { notices(filter: {channel: {eq: $id}, state: {eq: DEAD}}) {
  nodes { id type sequence lastError attempts } } }"""
RESEND = "mutation ($id: ID!) { noticeResend(input: {id: $id}) { notice { id state } errors { code } } }"


@dataclass
class System:
    """A company's own system: verifies what it is sent with the newest of the secrets that it knows."""

    receiver: Receiver
    secrets: list[str]
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def listen(self) -> list[dict[str, Any]]:
        """All that was accepted so far, with the ids under which it came."""
        for request in self.receiver.requests[len(self.heard) :]:
            told: dict[str, Any] = Webhook(self.secrets[-1]).verify(request.body, request.headers)
            self.heard.append({**told, "id": request.headers["webhook-id"]})
        return self.heard

    def numbers(self, *, since: int = 0) -> list[int]:
        return [each["sequence"] for each in self.listen()[since:] if "sequence" in each]


async def time_passes() -> None:
    """Whatever waits for a moment to come, waits no longer."""
    database = connections.get("default")
    await database.execute_query("UPDATE notice SET taken_until = now(), turn_at = now() WHERE taken_until > now()")
    for left_in_peace in ("channel", "delivery_host"):
        await database.execute_query(f"UPDATE {left_in_peace} SET breaker_until = now() WHERE breaker_until IS NOT NULL")
    await database.execute_query("UPDATE work SET not_before = now(), rung_at = NULL WHERE kind = 'notice'")


async def fires(machine: Client, devices: list[Device]) -> None:
    now = datetime.now(UTC).isoformat()
    answer = await machine.post_events(*(an_event("urn:feed", "fire", each.code, now, smoke_alarm=True) for each in devices))
    assert answer.status_code == 202, answer.text


async def test_a_webhook_from_its_first_test_to_the_day_after_its_target_died(stack: Stack) -> None:
    compound = await a_compound(await a_community(await a_street()))
    company = await a_company_serving(compound)
    manager = await an_account(Role.COMPANY_MANAGER, organisation=company, password="Correct-horse-1")
    devices = [await a_device(compound) for _ in range(12)]
    _, key = await create_intake_key(company)
    await stack.start()
    machine, (desk, _) = stack.client(key), await log_in(stack, manager.login, "Correct-horse-1")

    async with receiving() as receiver:
        # Subscribe: to one type of one compound; then try it out.
        added = (await desk.ask(ADD, o=company.id, t=receiver.url))["channelAdd"]
        channel, system = added["channel"]["id"], System(receiver, [added["secret"]])
        unknown = (await desk.ask(SET, id=channel, types=["steward.alarm.v1"], compounds=[compound.id]))["channelSet"]["errors"]
        assert [(each["code"], each["field"]) for each in unknown] == [("INVALID", ["types"])]
        wanted = (await desk.ask(SET, id=channel, types=["steward.alert.raised.v1"], compounds=[compound.id]))["channelSet"]
        assert wanted["channel"]["types"] == ["steward.alert.raised.v1"]
        test = (await desk.ask(TEST, id=channel))["channelTest"]["notice"]["id"]
        (heard,) = await until(system.listen, what="the test")
        assert (heard["id"], heard["type"], "sequence" in heard) == (test, "steward.channel.test.v1", False)
        log = (await until_sent(desk, test))["deliveries"]["nodes"]
        assert log == [{"outcome": "ACCEPTED", "status": 204, "problem": ""}]

        # What happens comes numbered.
        await fires(machine, devices[:3])
        await until(lambda: len(system.numbers()) == 3, what="three alerts")
        assert sorted(system.numbers()) == [1, 2, 3]
        assert {each["type"] for each in system.listen()[1:]} == {"steward.alert.raised.v1"}

        # The system loses number 2, notices the gap, and asks for what came from there on.
        kept = {each["sequence"]: each["id"] for each in system.listen() if each.get("sequence") in {1, 3}}
        missing = min(set(range(1, max(kept) + 1)) - set(kept))
        future = (await desk.ask(REPLAY, **{"id": channel, "from": 4}))["webhookReplay"]
        assert [(each["code"], each["field"]) for each in future["errors"]] == [("INVALID", ["fromSequence"])]
        again = (await desk.ask(REPLAY, **{"id": channel, "from": missing}))["webhookReplay"]
        assert (again["count"], again["lastSequence"]) == (2, 3)
        await until(lambda: sorted(system.numbers(since=4)) == [2, 3], what="the replay")
        assert len({(each["sequence"], each["id"]) for each in system.listen()[1:]}) == 3, "a number has one id"

        # A new secret: both sign for a while; a second rotation must wait.
        rotated = (await desk.ask(ROTATE, id=channel, hours=1))["webhookRotateSecret"]
        assert (await desk.ask(ROTATE, id=channel, hours=1))["webhookRotateSecret"]["errors"][0]["code"] == "ILLEGAL_MOVE"
        await fires(machine, devices[3:4])
        await until(lambda: 4 in system.numbers(), what="an alert that the old secret verifies")
        system.secrets.append(rotated["secret"])
        Webhook(rotated["secret"]).verify(receiver.requests[-1].body, receiver.requests[-1].headers)

        # A worker is killed while it delivers: the same comes again, under the same id and number.
        receiver.answer = SILENT
        await fires(machine, devices[4:5])
        await until(lambda: 5 in system.numbers(), what="the fifth")
        await stack.kill("worker")
        receiver.answer = HERE
        await stack.start("worker")

        async def comes_again() -> bool:
            await time_passes()
            return system.numbers().count(5) > 1

        await until(comes_again, what="the fifth again")
        assert len({each["id"] for each in system.listen() if each.get("sequence") == 5}) == 1

        # The target dies: it is called five times, and then left in peace.
        receiver.answer = BROKEN
        await fires(machine, devices[5:])
        await until(lambda: opened(desk, channel), what="the breaker")
        calls = len(receiver.requests)

        # A day later it is paused, and those who keep the channel are told.
        since = datetime.now(UTC) - timedelta(hours=25)
        await Channel.filter(id=channel).update(failing_since=since, failures=20)

        async def paused() -> bool:
            await time_passes()
            return bool((await desk.ask(CHANNEL, id=channel))["node"]["pausedAt"])

        await until(paused, what="the pause")
        assert (await desk.ask(CHANNEL, id=channel))["node"]["pauseReason"] == "FAILING"
        (told,) = (await desk.ask(TOLD))["notices"]["nodes"]
        assert told == {"title": "通知渠道已暂停：http://127.0.0.1", "channel": {"kind": "LIVE"}}
        assert len(receiver.requests) < calls + 7, "it was not stormed"
        await until(lambda: nothing_to_do(channel), what="the end of the work")

        # Back again: it is resumed, what was given up meanwhile is sent again, and nothing is missing.
        receiver.answer = HERE
        await Notice.filter(channel_id=channel, sequence=6).update(state="DEAD", last_error="HTTP 500", next_attempt_at=None)
        resumed = (await desk.ask(RESUME, id=channel))["channelResume"]["channel"]
        assert resumed == {"pausedAt": None, "breaker": "CLOSED"}
        (dead,) = (await desk.ask(DEAD, id=channel))["notices"]["nodes"]
        assert (dead["sequence"], dead["lastError"]) == (6, "HTTP 500")
        assert (await desk.ask(RESEND, id=dead["id"]))["noticeResend"]["notice"]["state"] == "PENDING"

        async def complete() -> bool:
            return await Notice.filter(channel_id=channel, state="SENT", sequence__gt=0).count() == 12

        await until(complete, what="all of it")
        assert set(system.numbers()) == set(range(1, 13))
        assert len({(each["sequence"], each["id"]) for each in system.listen() if "sequence" in each}) == 12
        assert (await desk.ask(CHANNEL, id=channel))["node"] == {
            "breaker": "CLOSED",
            "pausedAt": None,
            "pauseReason": None,
            "failingSince": None,
            "sequence": 12,
        }


async def until_sent(desk: Client, notice: str) -> dict[str, Any]:
    async def sent() -> dict[str, Any] | None:
        node = (await desk.ask(NOTICE, id=notice))["node"]
        return node if node["state"] == "SENT" else None

    return await until(sent, what="a notice that is sent") or {}


async def opened(desk: Client, channel: str) -> bool:
    return (await desk.ask(CHANNEL, id=channel))["node"]["breaker"] == "OPEN"


async def nothing_to_do(channel: str) -> bool:
    """Whether no work waits for what the paused channel is to tell."""
    await time_passes()
    rows = await connections.get("default").execute_query_dict(
        "SELECT 1 FROM work JOIN notice n ON n.id = work.payload ->> 'notice' WHERE kind = 'notice' AND n.channel_id = $1",
        [channel],
    )
    return not rows

"""What cannot be taken is told, acknowledged and never comes again; nobody speaks for another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from api.mqtt import bridge as bridges
from models import Event, IntakeKey, Mandate
from models.keys import admit, revoke_intake_key
from settings import Settings
from tests.broker import Machine
from tests.builders import a_company_serving, a_compound, a_device, an_organisation
from tests.waiting import until

from .conftest import REJECTED, Begin, World, a_message, stored


async def refused(machine: Machine, count: int = 1) -> list[str]:
    """The fields at fault in what was rejected, once so much was; each has a message and a remedy."""
    await until(lambda: len(machine.heard) >= count, what="what was rejected")
    told = [told for _, told in machine.heard]
    errors = [error for each in told for result in each["results"] for error in result["errors"]]
    assert all(error["message"] and error["remedy"] for error in errors)
    return [error["field"] for error in errors]


#: Payloads, and the field that is at fault.
BAD: list[tuple[bytes, str]] = [
    (b"", "payload"),
    (b"{", "payload"),
    (b"\xff\xfe", "payload"),
    (b"[" * 5_000, "payload"),
    (b'{"time": ' + b"[" * 900 + b"]" * 900 + b"}", "time"),
    (b"[" + b"{}," * 1_000 + b"{}]", "payload"),
    (b'"' + b"x" * 1_048_576 + b'"', "payload"),
    (b"17", "event"),
    (b"null", "event"),
    (b"{}", "time"),
    (orjson.dumps(a_message(time=...)), "time"),
    (orjson.dumps(a_message(time="yesterday")), "time"),
    (orjson.dumps(a_message(time=5)), "time"),
    (orjson.dumps(a_message(id=5)), "id"),
    (orjson.dumps(a_message(id="")), "id"),
    (orjson.dumps(a_message(id="a\x00b")), "id"),
    (orjson.dumps(a_message(data=...)), "data"),
    (orjson.dumps(a_message(data={"readings": {}})), "data.readings"),
    (orjson.dumps(a_message(data={"readings": {"mood": 1}})), "data.readings.mood"),
    (orjson.dumps(a_message(type="steward.door.v1")), "type"),
    (orjson.dumps(a_message(subject="ANOTHER")), "subject"),
    (orjson.dumps(a_message(specversion="0.3")), "specversion"),
    (orjson.dumps(a_message(readings={"pressure_kpa": 1})), "readings"),
    (orjson.dumps(a_message(time="2020-01-01T00:00:00Z")), "time"),
    (orjson.dumps(a_message(time="2999-01-01T00:00:00Z")), "time"),
]


async def test_bad_input_is_told_by_field(machine: Machine, world: World, begin: Begin) -> None:
    machine.listen(REJECTED)
    async with begin():
        for payload, _ in BAD:
            machine.publish(world.topic, payload)
        assert await refused(machine, len(BAD)) == [field for _, field in BAD]
    assert await Event.all().count() == 0
    assert [told["payload"] for _, told in machine.heard] == [payload[:65_536].decode(errors="replace") for payload, _ in BAD]


async def test_what_was_rejected_does_not_come_again(machine: Machine, world: World, begin: Begin) -> None:
    machine.listen(REJECTED)
    async with begin():
        machine.publish(world.topic, b"{")
        await refused(machine)
    async with begin():
        machine.publish(world.topic, a_message(id="good"))
        assert await stored(1) == ["good"]
    assert len(machine.heard) == 1


async def test_who_was_not_admitted_is_not_heard_and_no_answer_says_who_exists(
    machine: Machine, world: World, begin: Begin
) -> None:
    stranger = await an_organisation()
    gone = await a_company_serving(await a_compound())
    await IntakeKey.filter(id=(await admit(gone)).id).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    machine.listen(REJECTED)
    async with begin():
        for code in (stranger.code, gone.code, "NOBODY"):
            machine.publish(f"steward/v1/{code}/{world.device.code}", a_message(id="x"))
        assert await refused(machine, 3) == ["organisation"] * 3
    assert len({orjson.dumps(told["results"]) for _, told in machine.heard}) == 1


async def test_an_organisation_speaks_of_devices_under_its_mandate_only(machine: Machine, world: World, begin: Begin) -> None:
    foreign = await a_device(await a_compound())
    machine.listen(REJECTED)
    async with begin():
        machine.publish(world.topic, a_message(id="before"))
        await stored(1)
        machine.publish(f"steward/v1/{world.company.code}/{foreign.code}", a_message(id="x"))
        machine.publish(f"steward/v1/{world.company.code}/NO-SUCH-DEVICE", a_message(id="x"))
        await refused(machine, 2)
        await Mandate.filter(organisation_id=world.company.id).update(ends_on=datetime.now(UTC).date() - timedelta(days=3))
        machine.publish(world.topic, a_message(id="after"))
        machine.publish(world.topic, a_message(id="before"))
        assert await refused(machine, 3) == ["subject"] * 3
    first, second = (orjson.dumps(told["results"]) for _, told in machine.heard[:2])
    assert first == second
    assert len(await stored(1)) == 1


async def test_a_key_that_is_closed_shuts_out_at_once_and_a_new_one_lets_in(
    machine: Machine, world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridges, "_FIRST_WAIT", 0.01)
    machine.listen(REJECTED)
    async with begin():
        machine.publish(world.topic, a_message(id="one"))
        await stored(1)
        await revoke_intake_key(world.key)
        machine.publish(world.topic, a_message(id="shut out"))
        assert await refused(machine) == ["organisation"]
        key = await admit(world.company)
        machine.publish(world.topic, a_message(id="two"))
        assert await stored(2) == ["one", "two"]
        await revoke_intake_key(key)
        await admit(world.company)
        machine.publish(world.topic, a_message(id="three"))
        assert await stored(3) == ["one", "two", "three"]


async def test_a_key_may_keep_to_sources(machine: Machine, world: World, begin: Begin) -> None:
    await revoke_intake_key(world.key)
    await admit(world.company, source_prefix=f"mqtt:steward/v1/{world.company.code}/")
    machine.listen(REJECTED)
    async with begin():
        machine.publish(world.topic, a_message(id="mine", source="//elsewhere.example/"))
        machine.publish(world.topic, a_message(id="by topic"))
        assert await stored(1) == ["by topic"]
        assert await refused(machine) == ["source"]


async def test_an_event_at_which_the_database_fails_is_given_up_and_holds_up_nobody(
    machine: Machine, world: World, begin: Begin, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridges, "_FIRST_WAIT", 0.01)
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(
        """CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.event_id = 'poison' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION fail()"""
    )
    await connection.close()
    machine.listen(REJECTED)
    async with begin():
        for id_ in ("a", "poison", "b"):
            machine.send(world.topic, a_message(id=id_))
        assert sorted(await stored(2)) == ["a", "b"]
        assert await refused(machine) == ["event"]


async def test_a_database_in_the_middle_of_an_upgrade_costs_no_event(
    machine: Machine, world: World, begin: Begin, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wait in ("_FIRST_WAIT", "_DATABASE_WAIT"):
        monkeypatch.setattr(bridges, wait, 0.01)
    attempts, attempt = [0], bridges.Bridge._attempt

    async def counted(self: bridges.Bridge, *readings: Any, last: bool) -> bool:
        attempts[0] += 1
        return await attempt(self, *readings, last=last)

    monkeypatch.setattr(bridges.Bridge, "_attempt", counted)
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("ALTER TABLE event_receipt RENAME TO event_receipt_before")
    machine.listen(REJECTED)
    async with begin():
        machine.send(world.topic, a_message(id="early"))
        await until(lambda: attempts[0] > bridges._MOST_TRIES + 1, what="attempts")
        await connection.execute("ALTER TABLE event_receipt_before RENAME TO event_receipt")
        assert await stored(1) == ["early"]
    await connection.close()
    assert machine.heard == []


async def test_a_fault_of_ours_in_reading_a_message_holds_up_nobody(
    machine: Machine, world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = bridges.judge

    def stumbling(event: Any, *more: Any) -> Any:
        return judge(event, *more) if event["id"] != "stone" else 1 / 0

    monkeypatch.setattr(bridges, "judge", stumbling)
    machine.listen(REJECTED)
    async with begin():
        machine.publish(world.topic, [a_message(id="a"), a_message(id="stone")])
        assert await stored(1) == ["a"]
        assert await refused(machine) == ["payload"]


async def test_a_code_that_no_topic_may_hold_makes_nothing_come_again(machine: Machine, world: World, begin: Begin) -> None:
    machine.listen(REJECTED)
    own = {"topic": "maker/{device}", "organisation": "A+1"}
    async with begin(mqtt_routes=orjson.dumps([own, {"topic": "steward/v1/{organisation}/{device}"}]).decode()) as bridge:
        machine.publish("maker/X", a_message())
        assert await refused(machine) == ["organisation"]
        machine.publish(world.topic, a_message(id="good"))
        assert await stored(1) == ["good"]
        assert bridge.connected
    assert [topic for topic, _ in machine.heard] == ["steward/rejected/v1/-"]


async def test_what_is_rejected_can_be_kept_from_the_broker(machine: Machine, world: World, begin: Begin) -> None:
    machine.listen("#")
    async with begin(mqtt_rejected_topic=""):
        machine.publish(world.topic, b"{}")
        machine.publish(world.topic, a_message(id="good"))
        await stored(1)
    assert {topic for topic, _ in machine.heard} == {world.topic}

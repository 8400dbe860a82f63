"""What comes through the broker is stored as what is posted: once, checked, and acknowledged only then."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import asyncpg
from prometheus_client import REGISTRY

from models import Event, Reading
from settings import Settings
from tests.api.events.conftest import a_reading, kept
from tests.broker import Machine
from tests.builders import a_facility
from tests.waiting import until

from .conftest import REJECTED, Begin, World, a_message, stored


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("steward_events_total", {"outcome": outcome}) or 0


async def test_a_reading_is_stored_with_what_its_topic_says(machine: Machine, world: World, begin: Begin) -> None:
    time = datetime.now(UTC).replace(microsecond=0)
    async with begin():
        machine.publish(world.topic, a_message(id="one", time=time.isoformat()))
        assert await stored(1) == ["one"]
    event = await Event.get()
    assert (event.subject, event.device_id, event.time) == (world.device.code, world.device.id, time)
    assert (event.type, event.source) == ("steward.device.reading.v1", f"mqtt:{world.topic}")
    assert (event.organisation_id, event.data) == (world.company.id, {"readings": {"pressure_kpa": 140.5}})


async def test_a_message_without_an_id_counts_once_however_often_it_is_published(
    machine: Machine, world: World, begin: Begin
) -> None:
    told, later = a_message(), a_message(time=datetime.now(UTC).isoformat())
    before = counted("duplicate")
    async with begin():
        for each in (told, told, later, told):
            machine.publish(world.topic, each)
        await until(lambda: counted("duplicate") - before == 2, what="two duplicates")
        assert len(await stored(2)) == 2


async def test_a_whole_cloudevent_comes_in_and_is_the_same_event_at_every_door(
    machine: Machine, world: World, begin: Begin
) -> None:
    before = counted("duplicate")
    event = a_reading(world.device.code, "same")
    async with begin():
        machine.publish(world.topic, event)
        machine.publish(world.topic, event | {"time": datetime.now(UTC).isoformat()})
        await until(lambda: counted("duplicate") - before == 1, what="the duplicate")
    assert (await Event.get()).source == event["source"]


async def test_of_a_list_the_good_are_kept_and_the_others_told(machine: Machine, world: World, begin: Begin) -> None:
    machine.listen(REJECTED)
    bad = a_message(id="bad", data={"readings": {"pressure_kpa": "high"}})
    async with begin():
        machine.publish(world.topic, [a_message(id="a"), bad, a_message(id="b"), a_message(id="a"), 7])
        assert sorted(await stored(2)) == ["a", "b"]
        await until(lambda: machine.heard, what="what was rejected")
    ((topic, told),) = machine.heard
    assert topic == f"steward/rejected/v1/{world.company.code}"
    assert told["topic"] == world.topic
    assert [(each["index"], each["id"], each["errors"][0]["field"]) for each in told["results"]] == [
        (1, "bad", "data.readings.pressure_kpa"),
        (4, None, "event"),
    ]


async def test_other_types_come_in_by_their_names(machine: Machine, world: World, begin: Begin) -> None:
    facility = await a_facility(world.compound)
    topic = f"steward/v1/{world.company.code}/{facility.code}"
    told = a_message(id="status", type="steward.facility.status.v1", data={"status": "DEGRADED"})
    async with begin():
        machine.publish(topic, told)
        await stored(1)
    assert (await Event.get()).facility_id == facility.id


async def test_every_quality_of_service_is_taken(machine: Machine, world: World, begin: Begin) -> None:
    async with begin():
        for qos in (0, 1, 2):
            machine.publish(world.topic, a_message(id=f"qos {qos}"), qos=qos)
        assert sorted(await stored(3)) == ["qos 0", "qos 1", "qos 2"]


async def test_a_makers_own_topics_and_payloads_are_understood_by_a_route(machine: Machine, world: World, begin: Begin) -> None:
    paths = {"id": "no", "time": "status.ts", "data.readings.tamper": "alarm", "data.readings.battery_percent": "status.bat"}
    route = [{"topic": "maker/+/{device}/up/#", "organisation": world.company.code, "payload": paths}]
    at = datetime.now(UTC).replace(microsecond=0)
    payload = {"no": 17, "alarm": 1, "status": {"ts": int(at.timestamp() * 1_000), "bat": 93, "colour": "red"}}
    async with begin(mqtt_routes=json.dumps(route)):
        machine.publish(f"maker/x/{world.device.code}/up/a/b", payload)
        assert await stored(1) == ["17"]
    event = await Event.get()
    assert event.data == {"readings": {"tamper": True, "battery_percent": 93}}
    assert event.time == at


async def test_bridges_of_one_group_divide_the_messages(machine: Machine, world: World, begin: Begin) -> None:
    before = counted("duplicate")
    async with begin(), begin(mqtt_client_id="steward-2"):
        for number in range(60):
            machine.publish(world.topic, a_message(id=str(number)))
        await stored(60)
        assert counted("duplicate") == before


async def test_nothing_is_acknowledged_before_it_is_on_disk_and_no_more_is_taken_meanwhile(
    machine: Machine, world: World, begin: Begin, settings: Settings
) -> None:
    held = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'steward intake'"
    connection, looking = [await asyncpg.connect(settings.database_url) for _ in range(2)]
    async with begin(mqtt_receive_maximum=5):
        await connection.execute("BEGIN; LOCK TABLE event_receipt IN ACCESS EXCLUSIVE MODE")
        waiting = [machine.send(world.topic, a_message(id=str(number))) for number in range(40)]
        for each in waiting:
            each.wait_for_publish()
        await until(lambda: looking.fetchval(held), what="a store that waits")
        assert 1 <= (REGISTRY.get_sample_value("steward_mqtt_in_hand") or 0) <= 5
        assert await looking.fetchval("SELECT count(*) FROM event") == 0
        await connection.execute("COMMIT")
        assert Counter(await stored(40)) == Counter(str(number) for number in range(40))
    await connection.close()
    await looking.close()


async def test_late_readings_and_those_of_the_past_are_stored_by_their_own_time(
    machine: Machine, world: World, begin: Begin
) -> None:
    moments = [datetime.now(UTC) - timedelta(days=days) for days in (0, 30, 1)]
    async with begin():
        for moment in moments:
            machine.publish(world.topic, a_message(time=moment.isoformat()))
        await stored(3)
    assert sorted(event.time for event in await Event.all()) == sorted(moments)
    assert await Reading.all().count() == 0  # that is the worker's
    assert len(await kept()) == 3

"""Events that are taken: the content modes, what is stored, redelivery."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from domain.facilities import DeviceKind
from models import Event, ModuleSwitch, RoundPoint, Work
from tests.api.events.conftest import BATCH, Sender, a_reading, kept, statuses
from tests.builders import a_compound, a_device, a_round_point


def sdk_event(sender: Sender, event_id: str) -> CloudEvent:
    return CloudEvent(
        attributes={
            "id": event_id,
            "source": "//iot.example/hydrants",
            "type": "steward.device.reading.v1",
            "subject": sender.device.code,
            "specversion": "1.0",
            "time": datetime.now(UTC),
            "datacontenttype": "application/json",
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
        data={"readings": {"pressure_kpa": 140.5}},
    )


async def test_a_structured_event_of_the_sdk_is_stored(sender: Sender) -> None:
    message = to_structured_event(sdk_event(sender, "s-1"))
    response = await sender.client.post(
        "/events", content=message.body, headers={**message.headers, "authorization": f"Bearer {sender.secret}"}
    )
    assert response.status_code == 202
    assert response.json() == {"results": [{"index": 0, "id": "s-1", "status": "accepted"}]}
    assert await kept() == ["s-1"]


async def test_a_binary_event_of_the_sdk_is_stored(sender: Sender) -> None:
    message = to_binary_event(sdk_event(sender, "编号 100%"))
    response = await sender.client.post(
        "/events", content=message.body, headers={**message.headers, "authorization": f"Bearer {sender.secret}"}
    )
    assert response.status_code == 202
    assert response.json()["results"][0]["id"] == "编号 100%"
    event = await Event.get()
    assert (event.event_id, event.data) == ("编号 100%", {"readings": {"pressure_kpa": 140.5}})


async def test_a_batch_answers_for_each_event_in_order(sender: Sender) -> None:
    events = [sender.reading("1"), sender.reading("2", type="nonsense"), sender.reading("3")]
    response = await sender.send_all(events)
    assert response.status_code == 202
    assert statuses(response) == ["accepted", "rejected", "accepted"]
    rejected = response.json()["results"][1]
    assert (rejected["index"], rejected["id"]) == (1, "2")
    assert rejected["errors"] == [
        {
            "field": "type",
            "message": "This type is not known.",
            "remedy": "Send one of: steward.device.reading.v1, steward.device.state.v1, steward.facility.status.v1, "
            "steward.facility.maintenance.v1, steward.round.scan.v1.",
        }
    ]
    assert await kept() == ["1", "3"]


async def test_an_empty_batch_is_fine(sender: Sender) -> None:
    response = await sender.send_all([])
    assert (response.status_code, response.json()) == (202, {"results": []})


async def test_what_is_stored_says_whose_and_where(sender: Sender) -> None:
    time = datetime.now(UTC) - timedelta(hours=3)
    await sender.send(sender.reading(time=time.isoformat()))
    event = await Event.get()
    assert (event.device_id, event.facility_id) == (sender.device.id, sender.facility.id)
    assert (event.compound_id, event.street_id) == (sender.compound.id, sender.compound.street_id)
    assert (event.organisation_id, event.subject) == (sender.company.id, sender.device.code)
    assert (event.source, event.type) == ("//iot.example/hydrants", "steward.device.reading.v1")
    assert event.time == time
    assert datetime.now(UTC) - event.received_at < timedelta(minutes=1)


async def test_an_event_of_every_type_is_taken(sender: Sender) -> None:
    response = await sender.send_all(
        [
            sender.reading("1", data={"readings": {"tilt_degrees": 2.5, "battery_percent": 7, "signal_dbm": -90}}),
            sender.reading("2", type="steward.device.state.v1", data={"online": False, "note": "断电"}),
            sender.reading(
                "3",
                type="steward.facility.status.v1",
                subject=sender.facility.code,
                data={"status": "OUT_OF_SERVICE", "note": None},
            ),
            sender.reading("4", type="steward.facility.maintenance.v1", subject=sender.facility.code, data={"action": "STARTED"}),
        ]
    )
    assert statuses(response) == ["accepted"] * 4
    stored = {event.event_id: event for event in await Event.all()}
    assert stored["3"].device_id is None
    assert stored["3"].facility_id == sender.facility.id


async def test_a_scan_of_a_point_is_taken_and_kept_under_the_point_s_id_so_that_nobody_reads_its_code(sender: Sender) -> None:
    point = await a_round_point(sender.compound)
    scan = {"type": "steward.round.scan.v1", "subject": point.code}
    fault = {"item": "exits", "answer": "NOT_OK", "note": "杂物"}
    response = await sender.send_all(
        [
            sender.reading("1", **scan, data={"answers": [fault]}),
            sender.reading("2", **scan, data={}),
            sender.reading("3", **scan, data={"answers": [{"item": "exits", "answer": "FINE"}]}),
            sender.reading("4", **scan, data={"answers": [], "at": [29.3, 105.9]}),
            sender.reading("5", **(scan | {"subject": point.id}), data={}),
            sender.reading("6", type="steward.facility.status.v1", subject=point.code, data={"status": "RETIRED"}),
            sender.reading("7", **scan, data={"answers": [fault] * 31}),
        ]
    )
    assert statuses(response) == ["accepted", "accepted", *["rejected"] * 5]
    fields = [result["errors"][0]["field"] for result in response.json()["results"][2:]]
    assert fields == ["data.answers.0.answer", "data.at", "subject", "subject", "data.answers"]
    event = await Event.get(event_id="1")
    assert (event.subject, event.compound_id, event.facility_id) == (point.id, sender.compound.id, None)
    assert point.code not in str(await Event.all().values())
    await RoundPoint.filter(id=point.id).update(ended_at=datetime.now(UTC))
    assert (await sender.send(sender.reading("8", **scan, data={}))).status_code == 422


async def test_time_may_be_left_out_and_is_then_when_it_came(sender: Sender) -> None:
    before = datetime.now(UTC)
    assert (await sender.send(sender.reading(time=...))).status_code == 202
    assert before <= (await Event.get()).time <= datetime.now(UTC)


@pytest.mark.parametrize("time", ["{:%Y-%m-%dT%H:%M:%S}Z", "{:%Y-%m-%dt%H:%M:%S}z", "{:%Y-%m-%dT%H:%M:%S.123456789}+00:00"])
async def test_time_is_taken_in_the_forms_of_rfc_3339(sender: Sender, time: str) -> None:
    now = datetime.now(UTC)
    assert (await sender.send(sender.reading(time=time.format(now)))).status_code == 202
    assert abs((await Event.get()).time - now) < timedelta(seconds=2)


async def test_an_offset_is_reckoned_with(sender: Sender) -> None:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    local = (at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")
    assert (await sender.send(sender.reading(time=local))).status_code == 202
    assert (await Event.get()).time == at


async def test_data_may_come_in_base64_when_it_is_json(sender: Sender) -> None:
    encoded = base64.b64encode(b'{"readings":{"tamper":true}}').decode()
    assert (await sender.send(sender.reading(data=..., data_base64=encoded))).status_code == 202
    assert (await Event.get()).data == {"readings": {"tamper": True}}


async def test_duplicate_names_in_an_object_are_no_trouble(sender: Sender) -> None:
    body = orjson.dumps(sender.reading()).replace(b'"id":"1"', b'"id":"0","id":"1"')
    assert (await sender.post(body)).status_code == 202
    assert await kept() == ["1"]


async def test_optional_attributes_may_be_null_and_extensions_simple(sender: Sender) -> None:
    event = sender.reading(dataschema=None, datacontenttype=None, time=None, sequence=7, urgent=True, trace="a-b", gone=None)
    assert (await sender.send(event)).status_code == 202


async def test_a_redelivery_is_answered_like_the_first_and_does_nothing(sender: Sender) -> None:
    first = await sender.send(sender.reading())
    again = await sender.send(sender.reading())
    assert first.status_code == again.status_code == 202
    assert (statuses(first), statuses(again)) == (["accepted"], ["duplicate"])
    assert await kept() == ["1"]


async def test_a_batch_of_nothing_but_redeliveries_is_taken(sender: Sender) -> None:
    events = [sender.reading(str(n)) for n in range(3)]
    await sender.send_all(events)
    response = await sender.send_all(events)
    assert (response.status_code, statuses(response)) == (202, ["duplicate"] * 3)
    assert await kept() == ["0", "1", "2"]


async def test_a_duplicate_within_a_batch_is_stored_once(sender: Sender) -> None:
    response = await sender.send_all([sender.reading("1"), sender.reading("2"), sender.reading("1")])
    assert (response.status_code, statuses(response)) == (202, ["accepted", "accepted", "duplicate"])
    assert await kept() == ["1", "2"]


async def test_the_same_id_of_another_source_is_another_event(sender: Sender) -> None:
    response = await sender.send_all([sender.reading(), sender.reading(source="//iot.example/other")])
    assert statuses(response) == ["accepted", "accepted"]


async def test_a_redelivery_is_still_known_when_it_is_too_old_to_be_new(sender: Sender) -> None:
    await sender.send(sender.reading("1"))
    old = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    response = await sender.send_all([sender.reading("1", time=old), sender.reading("2", time=old)])
    assert statuses(response) == ["duplicate", "rejected"]
    assert response.json()["results"][1]["errors"][0]["field"] == "time"
    assert await kept() == ["1"]


async def test_a_thousand_events_fit_in_a_batch_and_in_work_rows_of_five_hundred(sender: Sender) -> None:
    response = await sender.send_all([sender.reading(str(n)) for n in range(1_000)])
    assert (response.status_code, set(statuses(response))) == (202, {"accepted"})
    assert len(await kept()) == 1_000
    assert [len(work.payload["events"]) for work in await Work.all()] == [500, 500]


async def test_a_batch_in_chunks_is_read_to_its_end(sender: Sender) -> None:
    body = orjson.dumps([sender.reading("1"), sender.reading("2")])

    async def chunks():
        for start in range(0, len(body), 50):
            yield body[start : start + 50]
            await asyncio.sleep(0)

    response = await sender.post(chunks(), BATCH)
    assert statuses(response) == ["accepted", "accepted"]


async def test_what_nobody_watches_is_kept_and_the_sender_is_told(sender: Sender) -> None:
    tank = await a_device(sender.compound, kind=DeviceKind.TANK_LEVEL)
    smoke = await a_device(sender.compound, kind=DeviceKind.SMOKE)
    level, fire = {"readings": {"water_level_cm": 180}}, {"readings": {"smoke_alarm": False}}
    for off, told in (("parking", False), ("fire_safety", False), ("equipment", True)):
        await ModuleSwitch.create(
            module=off,
            reason="Nothing of it is here.",
            switched_off_at=datetime.now(UTC),
            compound_id=sender.compound.id,
            street_id=sender.compound.street_id,
        )
        sent = [a_reading(tank.code, f"level {off}", data=level), a_reading(smoke.code, f"smoke {off}", data=fire)]
        of_tank, of_smoke = (await sender.send_all(sent)).json()["results"]
        assert (of_tank["status"], of_smoke["status"]) == ("accepted", "accepted")
        assert ("note" in of_tank, "note" in of_smoke) == (told, False), "smoke is watched whatever is switched off"
    assert of_tank["note"]["field"] == "subject"
    assert "switched off" in of_tank["note"]["message"]
    assert of_tank["note"]["remedy"].startswith("Ask the street office")
    assert len(await kept()) == 6
    elsewhere = await a_device(await a_compound(), kind=DeviceKind.TANK_LEVEL)
    assert statuses(await sender.send_all([a_reading(elsewhere.code, "far", data=level)])) == ["rejected"]

"""Events that are not taken, and how the sender is told why."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest

from domain.facilities import DeviceKind
from models import Event
from tests.api.events.conftest import BATCH, SINGLE, Sender, a_reading, fields, kept, statuses
from tests.builders import a_device

BINARY = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "//iot.example/a", "ce_type": "steward.device.reading.v1"}
DATA = b'{"readings":{"tamper":false}}'


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"specversion": ...}, "specversion"),
        ({"specversion": "0.3"}, "specversion"),
        ({"specversion": 1.0}, "specversion"),
        ({"id": ...}, "id"),
        ({"id": ""}, "id"),
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"id": "a\0b"}, "id"),
        ({"id": "line\nbreak"}, "id"),
        ({"source": ...}, "source"),
        ({"source": ""}, "source"),
        ({"source": "has space"}, "source"),
        ({"source": "//x/%zz"}, "source"),
        ({"source": "//x/\0"}, "source"),
        ({"source": "//例子/设备"}, "source"),
        ({"source": "/" * 301}, "source"),
        ({"type": ...}, "type"),
        ({"type": ["a"]}, "type"),
        ({"subject": 5}, "subject"),
        ({"subject": "x" * 101}, "subject"),
        ({"subject": "D\0"}, "subject"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2026-03-01T08:00:00"}, "time"),
        ({"time": "2026-03-01 08:00:00+08:00"}, "time"),
        ({"time": "2026-02-30T08:00:00+08:00"}, "time"),
        ({"time": "2026-03-01T08:00:00+25:00"}, "time"),
        ({"time": "0001-01-01T00:00:00+23:59"}, "time"),
        ({"time": 1_772_000_000}, "time"),
        ({"dataschema": "not a uri"}, "dataschema"),
        ({"datacontenttype": 1}, "datacontenttype"),
        ({"Upper": "x"}, "Upper"),
        ({"with-dash": "x"}, "with-dash"),
        ({"": "x"}, ""),
        ({"extra": {"an": "object"}}, "extra"),
        ({"extra": ["a", "list"]}, "extra"),
        ({"extra": 1.5}, "extra"),
        ({"extra": 2**31}, "extra"),
        ({"extra": "a\0b"}, "extra"),
        ({"data_base64": "e30="}, "data_base64"),
        ({"data_base64": 5}, "data_base64"),
    ],
)
async def test_what_is_no_cloudevent_is_a_bad_request(sender: Sender, changes: dict[str, Any], field: str) -> None:
    response = await sender.send(sender.reading(**changes))
    assert response.status_code == 400
    assert fields(response) == [field]
    assert response.json()["errors"][0]["index"] == 0
    assert await kept() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "steward.device.reading.v2"}, "type"),
        ({"type": "com.example.made.up"}, "type"),
        ({"subject": ...}, "subject"),
        ({"subject": None}, "subject"),
        ({"data": ...}, "data"),
        ({"data": None}, "data"),
        ({"data": []}, "data"),
        ({"data": "readings"}, "data"),
        ({"data": {}}, "data.readings"),
        ({"data": {"readings": {}}}, "data.readings"),
        ({"data": {"readings": []}}, "data.readings"),
        ({"data": {"readings": None}}, "data.readings"),
        ({"data": {"readings": {"tamper": True}, "more": 1}}, "data.more"),
        ({"data": {"readings": {"mood": 1}}}, "data.readings.mood"),
        ({"data": {"readings": {"pressure_kpa": "140"}}}, "data.readings.pressure_kpa"),
        ({"data": {"readings": {"pressure_kpa": True}}}, "data.readings.pressure_kpa"),
        ({"data": {"readings": {"pressure_kpa": None}}}, "data.readings.pressure_kpa"),
        ({"data": {"readings": {"pressure_kpa": 1e300}}}, "data.readings.pressure_kpa"),
        ({"data": {"readings": {"battery_percent": -1}}}, "data.readings.battery_percent"),
        ({"data": {"readings": {"smoke_alarm": 1}}}, "data.readings.smoke_alarm"),
        ({"datacontenttype": "text/plain"}, "datacontenttype"),
        ({"data": ..., "data_base64": "not base64!"}, "data_base64"),
        ({"data": ..., "data_base64": base64.b64encode(b"{").decode()}, "data_base64"),
        ({"type": "steward.device.state.v1", "data": {"online": "yes"}}, "data.online"),
        ({"type": "steward.device.state.v1", "data": {"online": True, "note": "a\0b"}}, "data.note"),
        ({"type": "steward.device.state.v1", "data": {"online": True, "note": "x" * 501}}, "data.note"),
        ({"type": "steward.facility.status.v1", "data": {"status": "BROKEN"}}, "data.status"),
        ({"type": "steward.facility.maintenance.v1", "data": {"action": "started"}}, "data.action"),
    ],
)
async def test_an_event_with_wrong_content_names_the_field_and_the_remedy(
    sender: Sender, changes: dict[str, Any], field: str
) -> None:
    response = await sender.send(sender.reading(**changes))
    assert response.status_code == 422
    assert fields(response) == [field]
    assert await kept() == []


async def test_all_that_is_wrong_is_told_at_once(sender: Sender) -> None:
    event = sender.reading(type="nonsense", subject=..., time=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert fields(await sender.send(event)) == ["type", "subject", "time"]


async def test_an_event_more_than_five_minutes_ahead_is_rejected(sender: Sender) -> None:
    now = datetime.now(UTC)
    assert (await sender.send(sender.reading("1", time=(now + timedelta(seconds=290)).isoformat()))).status_code == 202
    response = await sender.send(sender.reading("2", time=(now + timedelta(seconds=310)).isoformat()))
    assert (response.status_code, fields(response)) == (422, ["time"])
    assert await kept() == ["1"]


async def test_an_event_older_than_a_month_is_rejected(sender: Sender) -> None:
    now = datetime.now(UTC)
    assert (await sender.send(sender.reading("1", time=(now - timedelta(days=30)).isoformat()))).status_code == 202
    response = await sender.send(sender.reading("2", time=(now - timedelta(days=32)).isoformat()))
    assert (response.status_code, fields(response)) == (422, ["time"])
    assert await kept() == ["1"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null x",
        b"\xff\xfe",
        b'\xef\xbb\xbf{"specversion":"1.0"}',
        b'{"id":"\\ud800"}',
        b'{"data":NaN}',
        b'{"data":-Infinity}',
        b'{"data":1e999}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
async def test_a_body_that_is_no_json_is_a_bad_request(sender: Sender, body: bytes) -> None:
    for content_type in (SINGLE, BATCH):
        response = await sender.post(body, content_type)
        assert response.status_code == 400
        assert fields(response) == ["body"]


async def test_deep_json_is_refused_with_a_sentence(sender: Sender) -> None:
    body = orjson.dumps(sender.reading(data=...))[:-1] + b',"data":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    response = await sender.post(body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "The JSON is nested too deeply."


@pytest.mark.parametrize("body", [b"null", b"1", b'"event"', b"[]", b"[1]"])
async def test_one_event_is_an_object(sender: Sender, body: bytes) -> None:
    assert (await sender.post(body)).status_code == 400


@pytest.mark.parametrize("body", [b"null", b"1", b'"event"', b"{}"])
async def test_a_batch_is_an_array(sender: Sender, body: bytes) -> None:
    response = await sender.post(body, BATCH)
    assert (response.status_code, fields(response)) == (400, ["body"])


async def test_a_batch_of_which_nothing_can_be_taken_is_rejected_as_a_whole(sender: Sender) -> None:
    response = await sender.send_all([sender.reading("1", type="nonsense"), None, 3, [], {"id": "5"}])
    assert response.status_code == 422
    assert statuses(response) == ["rejected"] * 5
    assert [result["id"] for result in response.json()["results"]] == ["1", None, None, None, "5"]
    assert sorted({error["index"] for error in response.json()["errors"]}) == [0, 1, 2, 3, 4]


async def test_an_error_shows_no_more_than_a_little_of_what_was_sent(sender: Sender) -> None:
    response = await sender.send(sender.reading(data={"readings": {"m" * 100_000: 1}}))
    assert response.status_code == 422
    assert len(response.content) < 2_000
    response = await sender.send(sender.reading(data={f"field{n}": 1 for n in range(20_000)}))
    assert len(response.json()["errors"]) == 10


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "",
        "application/xml",
        "application/json",
        "application/cloudevents",
        "application/cloudevents+avro",
        "application/cloudevents+json; charset=gbk",
    ],
)
async def test_another_content_type_is_unsupported(sender: Sender, content_type: str) -> None:
    response = await sender.post(orjson.dumps(sender.reading()), content_type)
    assert (response.status_code, fields(response)) == (415, ["content-type"])


async def test_a_compressed_body_is_unsupported(sender: Sender) -> None:
    response = await sender.post(b"\x1f\x8b", content_encoding="gzip")
    assert (response.status_code, fields(response)) == (415, ["content-encoding"])


async def test_the_charset_may_be_said(sender: Sender) -> None:
    assert (await sender.post(orjson.dumps(sender.reading()), f"{SINGLE}; charset=UTF-8")).status_code == 202


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"ce_id": "%ff"}, "id"),
        ({"ce_id": ""}, "id"),
        ({"ce_specversion": "0.3"}, "specversion"),
        ({"ce_data": "{}"}, "data"),
        ({"ce_datacontenttype": "application/json"}, "datacontenttype"),
        ({"ce_source": "%00"}, "source"),
        ({"ce_Bad_name": "x"}, "bad-name"),
    ],
)
async def test_a_binary_event_with_bad_headers_is_a_bad_request(sender: Sender, headers: dict[str, str], field: str) -> None:
    given = BINARY | {"ce_subject": sender.device.code} | headers
    response = await sender.post(DATA, "application/json", **given)
    assert (response.status_code, fields(response)) == (400, [field])


async def test_a_binary_event_without_its_headers_names_them(sender: Sender) -> None:
    response = await sender.post(DATA, "application/json", ce_id="1")
    assert (response.status_code, fields(response)) == (400, ["specversion", "source", "type"])


async def test_a_header_given_twice_is_a_bad_request(sender: Sender) -> None:
    headers = [("authorization", f"Bearer {sender.secret}"), ("content-type", "application/json")]
    headers += [(name.replace("_", "-"), value) for name, value in BINARY.items()]
    headers += [("ce-subject", sender.device.code), ("ce-id", "2")]
    response = await sender.client.post("/events", content=DATA, headers=headers)
    assert (response.status_code, fields(response)) == (400, ["id"])


@pytest.mark.parametrize(("body", "status"), [(b"", 422), (b"{", 400), (b"NaN", 400)])
async def test_a_binary_event_without_good_data_is_rejected(sender: Sender, body: bytes, status: int) -> None:
    response = await sender.post(body, "application/json", **BINARY, ce_subject=sender.device.code)
    assert (response.status_code, fields(response)) == (status, ["data"])


async def test_a_body_over_the_limit_is_too_large(sender: Sender) -> None:
    body = orjson.dumps(sender.reading())
    response = await sender.post(body + b" " * (1_048_577 - len(body)))
    assert (response.status_code, fields(response)) == (413, ["body"])
    assert (await sender.post(body + b" " * (1_048_576 - len(body)))).status_code == 202


async def test_reading_a_chunked_body_stops_at_the_limit(sender: Sender) -> None:
    given = 0

    async def chunks():
        nonlocal given
        for _ in range(100):
            given += 1
            yield b" " * 65_536
            await asyncio.sleep(0)

    response = await sender.post(chunks())
    assert response.status_code == 413
    assert given <= 18


async def test_a_promise_of_too_much_is_refused_before_anything_is_read(sender: Sender) -> None:
    for promise in ("1048577", "9" * 5_000):
        assert (await sender.post(b"{}", content_length=promise)).status_code == 413


async def test_too_many_events_in_one_batch_are_too_large(sender: Sender) -> None:
    response = await sender.post(b"[" + b"1," * 1_000 + b"1]", BATCH)
    assert (response.status_code, fields(response)) == (413, ["body"])


async def test_limits_are_settings(sender: Sender, start: Callable[..., Any]) -> None:
    sender.client = await start(event_max_batch=2, event_max_bytes=2_000)
    assert (await sender.send_all([sender.reading(str(n)) for n in range(3)])).status_code == 413
    assert (await sender.post(b" " * 2_001)).status_code == 413


async def test_only_post_is_for_events(sender: Sender) -> None:
    response: httpx2.Response = await sender.client.get("/events")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert await Event.all().count() == 0


async def test_a_body_that_does_not_come_is_given_up(sender: Sender, start: Callable[..., Any]) -> None:
    sender.client = await start(body_timeout_seconds=0.05)

    async def slowly() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    response = await sender.post(slowly())
    assert (response.status_code, fields(response), response.headers["connection"]) == (408, ["body"], "close")


async def test_a_reading_of_a_device_of_another_kind_is_refused_by_metric_and_nothing_of_it_is_kept(sender: Sender) -> None:
    readings = {"pressure_kpa": 140, "smoke_alarm": True, "gas_lel_percent": 3, "battery_percent": 80}
    response = await sender.send(sender.reading(data={"readings": readings}))
    assert response.status_code == 422
    smoke, gas = response.json()["errors"]
    assert (smoke["field"], gas["field"]) == ("data.readings.smoke_alarm", "data.readings.gas_lel_percent")
    assert smoke["message"] == "The device with this code is of the kind HYDRANT_PRESSURE, which does not measure this."
    assert smoke["remedy"] == (
        "Check the subject, or send of: pressure_kpa, tilt_degrees, battery_percent, signal_dbm, tamper, online."
    )
    assert await kept() == []


async def test_one_such_reading_does_not_sink_its_batch_and_comes_again_once_it_is_mended(sender: Sender) -> None:
    wrong = sender.reading("2", data={"readings": {"pressure_kpa": 140, "smoke_alarm": False}})
    response = await sender.send_all([sender.reading("1"), wrong, sender.reading("3")])
    assert statuses(response) == ["accepted", "rejected", "accepted"]
    mended = sender.reading("2", data={"readings": {"pressure_kpa": 140}})
    assert [statuses(await sender.send_all([event])) for event in (mended, wrong)] == [["accepted"], ["duplicate"]]
    assert await kept() == ["1", "3", "2"]


async def test_whose_device_it_is_comes_before_its_kind_and_so_does_its_age(sender: Sender) -> None:
    foreign = a_reading((await a_device()).code)
    old = sender.reading("2", data={"readings": {"smoke_alarm": True}}, time="2020-01-01T00:00:00Z")
    assert [fields(await sender.send(event)) for event in (foreign, old)] == [["subject"], ["time"]]


async def test_what_any_device_tells_of_itself_is_taken_of_a_gateway_too(sender: Sender) -> None:
    gateway = await a_device(sender.compound, kind=DeviceKind.GATEWAY)
    readings = {"online": True, "battery_percent": 50, "signal_dbm": -80, "tamper": False}
    assert (await sender.send(a_reading(gateway.code, data={"readings": readings}))).status_code == 202
    refused = await sender.send(a_reading(gateway.code, "2", data={"readings": {"lift_fault": True}}))
    assert fields(refused) == ["data.readings.lift_fault"]

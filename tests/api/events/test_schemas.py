"""The JSON Schemas that are served and those in docs/events are what the models check."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.events.envelope import DATA, EVENTS
from domain.events import EVENT_TYPES, METRICS
from domain.facilities import FacilityStatus
from tests.api.events.conftest import Sender

FOLDER = Path(__file__).parents[3] / "docs" / "events"


def test_every_event_type_has_a_model_and_a_schema() -> None:
    assert set(EVENTS) == set(DATA) == set(EVENT_TYPES)


def test_every_schema_that_lies_beside_the_page_is_of_a_type() -> None:
    assert {path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("event_type", list(EVENT_TYPES))
async def test_a_schema_is_served_by_its_types_name(sender: Sender, event_type: str) -> None:
    response = await sender.client.get(f"/events/schemas/{event_type}.json")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/schema+json")
    schema = response.json()
    assert schema["properties"]["type"]["const"] == event_type
    assert set(schema["required"]) == {"specversion", "id", "source", "type", "subject", "data"}


async def test_the_schema_of_readings_tells_each_metrics_range(sender: Sender) -> None:
    schema = (await sender.client.get("/events/schemas/steward.device.reading.v1.json")).json()
    told = schema["$defs"]["ReadingData"]["properties"]["readings"]["properties"]
    assert set(told) == set(METRICS)
    assert (told["pressure_kpa"]["minimum"], told["pressure_kpa"]["maximum"]) == (-100, 10_000)
    assert told["smoke_alarm"]["type"] == "boolean"


async def test_the_schema_of_a_status_lists_every_status(sender: Sender) -> None:
    schema = (await sender.client.get("/events/schemas/steward.facility.status.v1.json")).json()
    assert schema["$defs"]["FacilityStatus"]["enum"] == list(FacilityStatus)


@pytest.mark.parametrize("name", ["steward.device.reading.v1", "nothing.json", ".json", "..%2Fsecret.json"])
async def test_any_other_name_is_not_found(sender: Sender, name: str) -> None:
    assert (await sender.client.get(f"/events/schemas/{name}")).status_code == 404


def test_the_page_on_events_names_every_type() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in EVENT_TYPES)
    assert "[devices.md](devices.md)" in page

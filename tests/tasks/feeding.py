"""Feeding events to the worker's handler, as the intake leaves them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import tasks.registry  # noqa: F401
from domain.events import DEVICE_READING, DEVICE_STATE, FACILITY_MAINTENANCE, FACILITY_STATUS
from models import Alert, AlertOccurrence, Device, Event, Facility, Fact, Notice, RuleState, Ticket, Work
from models.ids import new_id
from models.work import add
from tasks.work import perform

#: When the stories begin: an hour ago, on a whole second.
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def minute(minutes: float) -> datetime:
    """So many minutes into the story."""
    return START + timedelta(minutes=minutes)


async def _event(kind: str, about: Device | Facility, time: datetime, data: dict[str, Any]) -> str:
    event = await Event.create(
        source="//iot.example",
        event_id=new_id("xxx"),
        type=kind,
        subject=about.code,
        time=time,
        received_at=datetime.now(UTC),
        data=data,
        organisation_id=new_id("org"),
        street_id=about.street_id,
        compound_id=about.compound_id,
        device_id=about.id if isinstance(about, Device) else None,
        facility_id=about.id if isinstance(about, Facility) else None,
    )
    return event.id


async def a_reading(device: Device, minutes: float, **readings: float | bool) -> str:
    """A stored reading event, not taken in yet; its id."""
    return await _event(DEVICE_READING, device, minute(minutes), {"readings": readings})


async def a_state(device: Device, minutes: float, *, online: bool) -> str:
    return await _event(DEVICE_STATE, device, minute(minutes), {"online": online})


async def a_status(facility: Facility, minutes: float, status: str, **more: Any) -> str:
    return await _event(FACILITY_STATUS, facility, minute(minutes), {"status": status, **more})


async def a_maintenance(facility: Facility, minutes: float, action: str) -> str:
    return await _event(FACILITY_MAINTENANCE, facility, minute(minutes), {"action": action})


async def take_in(*event_ids: str) -> None:
    """Leave the work of these events and do it; fails if the work failed."""
    work_id = await add("events", {"events": list(event_ids)})
    await perform(work_id)
    left = await Work.filter(kind="events").values_list("last_error", flat=True)
    assert not left, f"the work is not done: {left}"


async def read(device: Device, readings: Sequence[tuple[float, dict[str, float | bool]]]) -> list[str]:
    """One event and one piece of work for each (minutes, readings), one after the other; the events' ids."""
    ids = [await a_reading(device, minutes, **values) for minutes, values in readings]
    for event_id in ids:
        await take_in(event_id)
    return ids


async def everything() -> dict[str, list[Any]]:
    """All that events can change, to compare before and after."""
    tables = (Alert, AlertOccurrence, Device, Facility, Fact, Notice, RuleState, Ticket, Work)
    return {table.__name__: await table.all().order_by("id").values() for table in tables}

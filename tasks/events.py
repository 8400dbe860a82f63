"""Events become readings, facility statuses and what the steward makes of them; everything in the work row's transaction.

Once in effect: a reading that is stored already is not fresh, and only what is fresh is judged. Batches that speak of the
same device take turns, because each locks its devices (in the order of their ids) before it does anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from tortoise.fields.data import JSON_DUMPS

from domain.alerts.conditions import Sample
from domain.audit import Door
from domain.events import (
    DEVICE_READING,
    DEVICE_STATE,
    FACILITY_MAINTENANCE,
    FACILITY_STATUS,
    METRICS,
    ONLINE,
    ROUND_SCAN,
    MaintenanceAction,
)
from domain.facilities import DeviceKind, FacilityStatus
from domain.rounds import Answered, RoundAnswer
from models.alerts import rules_of
from models.connection import query
from models.facilities import Facility, report_status
from models.facts import Actor, acting
from models.rounds import Heard as Scanned
from models.rounds import hear
from tasks.steward import watch
from tasks.steward.batch import Batch, Heard, Stream
from tasks.work import handles

#: The kind of the work rows that the intake leaves; payload ``{"events": [id, …]}``.
KIND = "events"

_SYSTEM = Actor("system:events")
_MAINTAINED = {
    MaintenanceAction.STARTED: FacilityStatus.UNDER_MAINTENANCE,
    MaintenanceAction.FINISHED: FacilityStatus.IN_SERVICE,
}

_EVENTS = (
    "SELECT type, subject, time, data, device_id, facility_id, organisation_id FROM event WHERE id = ANY($1) ORDER BY time, id"
)
_LOCK = """
SELECT id, kind, street_id, compound_id, facility_id, retired_at, last_seen_at, last_reading
FROM device WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE
"""
_NEWEST = """
SELECT k.device_id, k.metric, (SELECT max(time) FROM reading r WHERE r.device_id = k.device_id AND r.metric = k.metric) AS time
FROM unnest($1::text[], $2::text[]) AS k (device_id, metric)
"""
_STORE = """
INSERT INTO reading (device_id, metric, time, value)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[])
ON CONFLICT DO NOTHING
RETURNING device_id, metric, time, value
"""
_SEEN = """
UPDATE device d SET last_seen_at = k.last_seen_at, last_reading = k.last_reading
FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[]) AS k (id, last_seen_at, last_reading) WHERE d.id = k.id
"""


@dataclass(frozen=True, slots=True)
class _Event:
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    device_id: str | None
    facility_id: str | None
    organisation_id: str

    def readings(self) -> Mapping[str, float]:
        """What the event says of its device, as numbers."""
        values: dict[str, Any] = self.data["readings"] if self.type == DEVICE_READING else {ONLINE: self.data["online"]}
        return {metric: float(value) for metric, value in values.items() if metric in METRICS}


@handles(KIND, splits="events")
async def handle(payload: dict[str, Any]) -> None:
    """Take in the events with these ids. Those that are gone (dropped by retention) are passed over."""
    with acting(Door.EVENTS):
        await take_in(payload["events"], datetime.now(UTC))


async def take_in(event_ids: Sequence[str], now: datetime) -> None:
    """Take in the events with these ids, at ``now``; call it inside a transaction."""
    events = [_Event(**(row | {"data": orjson.loads(row["data"])})) for row in await query(_EVENTS, list(event_ids))]
    of_devices = [event for event in events if event.type in {DEVICE_READING, DEVICE_STATE} and event.device_id]
    if of_devices:
        batch = await _read(of_devices, now)
        if batch.fresh:
            await watch(batch)
    await _report([event for event in events if event.type in {FACILITY_STATUS, FACILITY_MAINTENANCE}])
    await hear(_SYSTEM, [_scan(event) for event in events if event.type == ROUND_SCAN])


def _scan(event: _Event) -> Scanned:
    answers = [
        Answered(each["item"], RoundAnswer(each["answer"]), each.get("note", "")) for each in event.data.get("answers", ())
    ]
    return Scanned(event.subject, event.time, event.organisation_id, answers)


async def _read(events: Sequence[_Event], now: datetime) -> Batch:
    """Store the events' readings and bring the devices' rows up to date."""
    samples: dict[tuple[str, str, datetime], float] = {}
    times: dict[str, list[datetime]] = {}
    for event in events:
        device_id = event.device_id or ""
        times.setdefault(device_id, []).append(event.time)
        for metric, value in event.readings().items():
            samples.setdefault((device_id, metric, event.time), value)
    seen = {device_id: max(of_device) for device_id, of_device in times.items()}
    rows = {row["id"]: row for row in await query(_LOCK, sorted(seen))}
    samples = {key: value for key, value in samples.items() if key[0] in rows}
    newest = await _newest(samples, rows)
    fresh = await _store(samples)
    await _update(rows, seen, fresh, newest)
    devices = {
        row["id"]: Heard(
            row["id"],
            DeviceKind(row["kind"]),
            row["street_id"],
            row["compound_id"],
            row["facility_id"],
            max(seen[row["id"]], row["last_seen_at"] or seen[row["id"]]),
            times[row["id"]],
        )
        for row in rows.values()
        if row["retired_at"] is None
    }
    rules = await rules_of(device.street_id for device in devices.values())
    return Batch(now, rules, devices, {stream: of for stream, of in fresh.items() if stream[0] in devices}, newest)


async def _newest(
    samples: Iterable[tuple[str, str, datetime]], devices: Mapping[str, Mapping[str, Any]]
) -> dict[Stream, datetime | None]:
    """What ``Batch.newest`` says; only streams with something late are looked up."""
    newest: dict[Stream, datetime | None] = {}
    late: set[Stream] = set()
    for device_id, metric, time in samples:
        known = newest.setdefault((device_id, metric), devices[device_id]["last_seen_at"])
        if known is not None and time <= known:
            late.add((device_id, metric))
    if late:
        for row in await query(_NEWEST, *zip(*sorted(late), strict=True)):
            newest[row["device_id"], row["metric"]] = row["time"]
    return newest


async def _store(samples: Mapping[tuple[str, str, datetime], float]) -> dict[Stream, list[Sample]]:
    """Store the samples; answers those that were not known, by stream and oldest first."""
    fresh: dict[Stream, list[Sample]] = {}
    if samples:
        device_ids, metrics, times = zip(*samples, strict=True)
        for row in await query(_STORE, device_ids, metrics, times, list(samples.values())):
            fresh.setdefault((row["device_id"], row["metric"]), []).append(Sample(row["time"], row["value"]))
    for of in fresh.values():
        of.sort()
    return fresh


async def _update(
    devices: Mapping[str, Mapping[str, Any]],
    seen: Mapping[str, datetime],
    fresh: Mapping[Stream, Sequence[Sample]],
    newest: Mapping[Stream, datetime | None],
) -> None:
    """Bring ``last_seen_at`` and ``last_reading`` up to date, by event time."""
    last: dict[str, dict[str, Any]] = {}
    for stream, samples in fresh.items():
        (device_id, metric), known = stream, newest[stream]
        if known is None or samples[-1].time > known:
            value = samples[-1].value
            last.setdefault(device_id, {})[metric] = bool(value) if METRICS[metric].boolean else value
    changed = [
        (
            device_id,
            max(seen[device_id], row["last_seen_at"] or seen[device_id]),
            _merged(row["last_reading"], last.get(device_id)),
        )
        for device_id, row in devices.items()
        if device_id in last or row["last_seen_at"] is None or seen[device_id] > row["last_seen_at"]
    ]
    if changed:
        await query(_SEEN, *zip(*changed, strict=True))


def _merged(stored: str, values: Mapping[str, Any] | None) -> str:
    return JSON_DUMPS(orjson.loads(stored) | values) if values else stored


async def _report(events: Sequence[_Event]) -> None:
    """Report what events say of facilities. A facility that was taken out for good stays so, whatever they say."""
    ids = {event.facility_id for event in events if event.facility_id}
    if not ids:
        return
    locked = Facility.filter(id__in=sorted(ids)).exclude(status=FacilityStatus.RETIRED).order_by("id").select_for_update()
    facilities = {facility.id: facility for facility in await locked}
    for event in events:
        facility = facilities.get(event.facility_id or "")
        if facility is not None:
            data = event.data
            status = FacilityStatus(data["status"]) if "status" in data else _MAINTAINED[MaintenanceAction(data["action"])]
            await report_status(_SYSTEM, facility, status, event.time, data.get("note") or "")

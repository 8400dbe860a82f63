"""The register: what stands in a compound is added, amended, moved and retired by acts."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import ATTRIBUTES, FacilityKind, FacilityStatus, checked, scrap_date
from domain.facilities.imports import CODE_MAX, NAME_MAX
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import UPKEEP_WORK
from domain.words import Text
from models.calendar import now, zone
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, permit, permitted, unchanged
from models.territory import Building, Compound, Unit
from models.work import add as add_work

from .rows import Device, Facility, FacilityStatusChange, ZoneCamera
from .status import report_status

_OPEN_ALERTS = """
SELECT count(*)::int AS alerts FROM alert WHERE state = 'OPEN'
    AND (facility_id = $1 OR device_id IN (SELECT id FROM device WHERE facility_id = $1))
"""
#: A gateway stays the gateway only of what goes along with it.
_PART = """
UPDATE device d SET parent_id = NULL FROM device p
WHERE p.id = d.parent_id AND (d.facility_id IS NOT DISTINCT FROM $1) <> (p.facility_id IS NOT DISTINCT FROM $1)
"""
_GO_ALONG = """
WITH devices AS (UPDATE device SET compound_id = $2 WHERE facility_id = $1 RETURNING id),
    history AS (UPDATE facility_status_change SET compound_id = $2 WHERE facility_id = $1)
UPDATE threshold SET compound_id = $2 WHERE facility_id = $1 OR device_id IN (SELECT id FROM devices)
"""


async def add(
    viewer: Viewer,
    compound_id: str,
    *,
    code: str,
    kind: FacilityKind,
    name: str,
    attributes: object = None,
    building_id: str | None = None,
    unit_id: str | None = None,
) -> Facility:
    """Enter something that stands in a compound; in service since its day of first use, or from now on.

    Refuses NOT_FOUND (compound, building, unit), FORBIDDEN, INVALID (texts, attributes, a building or unit elsewhere) and
    CONFLICT (the code is taken).
    """
    async with in_transaction():
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        permit(viewer, "facilityAdd", compound)
        building, unit = await _place(viewer, compound, building_id, unit_id)
        code = written(code, "code", CODE_MAX)
        moment = now()
        values = checked(ATTRIBUTES[kind], {} if attributes is None else attributes, moment.astimezone(zone()).date())
        if await Facility.exists(code=code):
            raise code_taken()
        columns = entered(compound, code, kind, written(name, "name", NAME_MAX), values, moment)
        try:
            facility = await Facility.create(**columns, building_id=building and building.id, unit_id=unit and unit.id)
        except IntegrityError:
            raise code_taken() from None
        await FacilityStatusChange.create(**begun(facility))
        await record(actor_of(viewer), "facilityAdd", facility, after={"kind": kind, "code": code})
        await add_work(UPKEEP_WORK, {"facilities": [facility.id]})
        return facility


def entered(
    compound: Compound,
    code: str,
    kind: FacilityKind,
    name: str,
    values: dict[str, Any],
    moment: datetime,
) -> dict[str, Any]:
    """The columns of a facility that is new to the register, but for building and unit."""
    first = values.get("in_use_since") or values.get("made_on")
    since = datetime.combine(datetime.fromisoformat(first).date(), time(), zone()) if first else moment
    return {
        "code": code,
        "kind": kind,
        "name": name,
        "status": FacilityStatus.IN_SERVICE,
        "status_since": since,
        "attributes": values,
        "scrap_on": scrap_date(kind, values),
        "compound_id": compound.id,
        "street_id": compound.street_id,
    }


def begun(facility: Facility) -> dict[str, Any]:
    """The first entry of a new facility's history."""
    return {
        "status": facility.status,
        "since": facility.status_since,
        "facility_id": facility.id,
        "compound_id": facility.compound_id,
        "street_id": facility.street_id,
    }


async def amend(
    viewer: Viewer,
    facility_id: str,
    *,
    code: str | None = None,
    name: str | None = None,
    attributes: object = None,
    expected_version: int | None = None,
) -> Facility:
    """Put right what is written of a facility. ``attributes``: those to change by name, null to take one away.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, attributes), CONFLICT (the code is taken), ILLEGAL_MOVE (it was taken out for
    good) and STALE_VERSION.
    """
    async with in_transaction():
        facility = await _standing(viewer, facility_id, "facilityAmend", expected_version)
        values = merged(facility, {} if attributes is None else attributes)
        changes: dict[str, Any] = {"attributes": values, "scrap_on": scrap_date(facility.kind, values)}
        if code is not None:
            changes["code"] = written(code, "code", CODE_MAX)
            if await Facility.filter(code=changes["code"]).exclude(id=facility.id).exists():
                raise code_taken()
        if name is not None:
            changes["name"] = written(name, "name", NAME_MAX)
        try:
            return await _changed(viewer, facility, "facilityAmend", changes)
        except IntegrityError:
            raise code_taken() from None


def merged(facility: Facility, attributes: object) -> dict[str, Any]:
    """The facility's attributes with those that are given. Refuses INVALID."""
    table, today = ATTRIBUTES[facility.kind], now().astimezone(zone()).date()
    if not isinstance(attributes, Mapping):
        return checked(table, attributes, today)
    known = {attribute.key for attribute in table}
    kept = {key: value for key, value in facility.attributes.items() if key in known}
    given: dict[str, object] = {str(key): value for key, value in attributes.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return checked(table, {**kept, **given}, today) if given else kept


async def move(
    viewer: Viewer,
    facility_id: str,
    compound_id: str,
    *,
    building_id: str | None = None,
    unit_id: str | None = None,
    expected_version: int | None = None,
) -> Facility:
    """Move a facility to another place of its compound, or to another compound of the street; ``building_id`` None: outdoors.

    Its devices, its history and its own figures go along; tickets and past alerts stay where they happened. A camera
    covers nothing there before somebody says what. Who moves it must be
    allowed to here and there. Refuses NOT_FOUND, FORBIDDEN, INVALID (a compound of another street; a building or unit elsewhere),
    CONFLICT (an alert about it is open), ILLEGAL_MOVE (it was taken out for good) and STALE_VERSION.
    """
    async with in_transaction():
        facility = await _standing(viewer, facility_id, "facilityMove", expected_version)
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        if compound.street_id != facility.street_id:
            raise Refused(
                RefusalCode.INVALID,
                Text("The compound is of another street.", "该小区属于其他街道。"),
                path=("compound_id",),
                hint=Text("Retire it here, and have it added there.", "请在本街道报废，并由对方街道重新登记。"),
            )
        permit(viewer, "facilityMove", compound)
        building, unit = await _place(viewer, compound, building_id, unit_id)
        if compound.id != facility.compound_id:
            await _leave(facility)
        place = {"compound_id": compound.id, "building_id": building and building.id, "unit_id": unit and unit.id}
        moved = await _changed(viewer, facility, "facilityMove", place)
        await query(_GO_ALONG, facility.id, compound.id)
        return moved


async def _leave(facility: Facility) -> None:
    (row,) = await query(_OPEN_ALERTS, facility.id)
    if row["alerts"]:
        raise Refused(
            RefusalCode.CONFLICT,
            Text(f"{row['alerts']} alerts about it are open.", f"该设施有 {row['alerts']} 条未解除的告警。"),
            path=("id",),
            hint=Text("Clear them first.", "请先处理并解除告警。"),
        )
    # As in attaching devices: no ring of gateways is closed by two at once.
    await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", facility.compound_id)
    await Device.filter(facility_id=facility.id).select_for_update().order_by("id")
    await query(_PART, facility.id)
    await ZoneCamera.filter(facility_id=facility.id).delete()


async def retire(
    viewer: Viewer, facility_id: str, note: str = "", *, since: datetime | None = None, expected_version: int | None = None
) -> Facility:
    """Take a facility out for good; ``since`` None: now. Its history stays, and its code stays taken.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (time, note), ILLEGAL_MOVE (it was taken out before) and STALE_VERSION.
    """
    async with in_transaction():
        facility = await _standing(viewer, facility_id, "facilityRetire", expected_version)
        if since is not None and since < facility.status_since:
            raise Refused(
                RefusalCode.INVALID,
                Text("Something else was reported of it later than that.", "该时间之后还有其他状态记录。"),
                path=("since",),
                hint=Text(f"Give a time after {facility.status_since.isoformat()}.", "请填写最近一次状态变更之后的时间。"),
            )
        moment = since or max(now(), facility.status_since)
        await report_status(actor_of(viewer), facility, FacilityStatus.RETIRED, moment, note, act="facilityRetire")
        return await Facility.get(id=facility.id)


async def _standing(viewer: Viewer, facility_id: str, act: str, expected_version: int | None) -> Facility:
    """The facility, locked, on which the viewer may do ``act`` and which was not taken out for good."""
    facility = await permitted(Facility, facility_id, viewer, act)
    unchanged(facility.version, expected_version)
    if facility.status is FacilityStatus.RETIRED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("It was taken out for good.", "该设施已报废。"),
            path=("id",),
            hint=Text("Add what stands there now.", "请登记现有设施。"),
        )
    return facility


async def _place(
    viewer: Viewer, compound: Compound, building_id: str | None, unit_id: str | None
) -> tuple[Building | None, Unit | None]:
    """Building and unit of the compound. Refuses NOT_FOUND, and INVALID for what is elsewhere."""
    unit = await found(Unit, unit_id, viewer, path=("unit_id",)) if unit_id is not None else None
    if unit is not None and (unit.compound_id != compound.id or building_id not in {None, unit.building_id}):
        raise _elsewhere("unit_id", Text("The unit is not of this building and compound.", "该单元不属于该小区的该楼栋。"))
    building_id = unit.building_id if unit is not None else building_id
    building = await found(Building, building_id, viewer, path=("building_id",)) if building_id is not None else None
    if building is not None and building.compound_id != compound.id:
        raise _elsewhere("building_id", Text("The building is not of this compound.", "该楼栋不属于该小区。"))
    return building, unit


def _elsewhere(field: str, message: Text) -> Refused:
    hint = Text("Choose among the compound's own, or none if it stands outdoors.", "请从该小区内选择；在室外则留空。")
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


def code_taken() -> Refused:
    """The answer to a code that another facility has."""
    return Refused(
        RefusalCode.CONFLICT,
        Text("Another facility has this code.", "该编码已被使用。"),
        path=("code",),
        hint=Text("Choose another code.", "请更换编码。"),
    )


async def _changed(viewer: Viewer, facility: Facility, act: str, changes: Mapping[str, Any]) -> Facility:
    """The facility with the changes; the same again changes nothing."""
    changes = {name: value for name, value in changes.items() if getattr(facility, name) != value}
    if not changes:
        return facility
    before = {name: _json(getattr(facility, name)) for name in changes}
    facility.update_from_dict(dict(changes))
    facility.version += 1
    await facility.save(update_fields=[*changes, "version"])
    after = {name: _json(value) for name, value in changes.items()}
    await record(actor_of(viewer), act, facility, before=before, after=after)
    await add_work(UPKEEP_WORK, {"facilities": [facility.id]})
    return facility


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value

"""Zones that cameras are to cover, which of them do, and what is not covered. Cameras have a state; no image is kept or asked."""

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityKind, FacilityStatus, ZoneKind
from domain.permits import sees
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, not_found, permitted
from models.territory import Compound

from .rows import Facility, Zone, ZoneCamera

ZONES_MAX, NAME_MAX = 500, 60

#: A camera covers while it is in service, and no device that knows says it is off line.
COVERED = """EXISTS (
    SELECT FROM zone_camera zc JOIN facility cf ON cf.id = zc.facility_id
    WHERE zc.zone_id = {row}.id AND cf.status IN ('IN_SERVICE', 'DEGRADED') AND NOT EXISTS (
        SELECT FROM device cd WHERE cd.facility_id = cf.id AND cd.kind = 'CAMERA_STATE' AND cd.retired_at IS NULL
            AND cd.last_reading->>'online' = 'false'
    )
)"""
_BARE = f"SELECT id FROM zone z WHERE compound_id = $1 AND ended_at IS NULL AND NOT {COVERED.format(row='z')}"


@dataclass(frozen=True)
class Coverage:
    """Of the zones that a compound declared: how many are covered, and those that are not."""

    declared: int
    missing: list[Zone]

    @property
    def covered(self) -> int:
        return self.declared - len(self.missing)


async def coverage(viewer: Viewer, compound_id: str) -> Coverage:
    """How far the cameras of a compound reach. Refuses NOT_FOUND, also to whoever does not see its zones."""
    compound = await found(Compound, compound_id, viewer, path=("compound_id",))
    place = Zone(compound_id=compound.id, street_id=compound.street_id)
    if not sees(viewer, "Zone", place.belongs()):
        raise not_found(("compound_id",))
    zones = await Zone.filter(compound_id=compound.id, ended_at=None).order_by("kind", "name", "id")
    missing = {row["id"] for row in await query(_BARE, compound.id)}
    return Coverage(len(zones), [zone for zone in zones if zone.id in missing])


async def declare(viewer: Viewer, compound_id: str, kind: ZoneKind, name: str) -> Zone:
    """Declare a zone of a compound that cameras are to cover.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (name) and CONFLICT (it is declared, or there are 500).
    """
    name = written(name, "name", NAME_MAX)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "zoneDeclare", path=("compound_id",))
        if await Zone.filter(compound_id=compound.id, ended_at=None).count() >= ZONES_MAX:
            raise _conflict(f"The compound has {ZONES_MAX} zones.", f"该小区已有 {ZONES_MAX} 个区域。", "compound_id")
        try:
            zone = await Zone.create(
                kind=kind, name=name, declared_at=now(), compound_id=compound.id, street_id=compound.street_id
            )
        except IntegrityError:
            raise _conflict("This zone is declared already.", "该区域已登记。", "name") from None
        await record(actor_of(viewer), "zoneDeclare", compound, after={"zone": zone.id, "kind": kind})
        return zone


async def withdraw(viewer: Viewer, zone_id: str) -> Zone:
    """Ask no more that a zone be covered; which cameras do is kept. Again changes nothing. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        zone = await permitted(Zone, zone_id, viewer, "zoneWithdraw")
        if zone.ended_at is None:
            zone.ended_at = now()
            await zone.save(update_fields=["ended_at"])
            compound = await Compound.get(id=zone.compound_id)
            await record(actor_of(viewer), "zoneWithdraw", compound, after={"zone": zone.id, "kind": zone.kind})
        return zone


async def cover(viewer: Viewer, camera_id: str, zone_ids: list[str]) -> Facility:
    """Say which zones of its compound a camera covers: these and no others.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no camera; a zone elsewhere or withdrawn) and ILLEGAL_MOVE (it was taken out).
    """
    async with in_transaction():
        camera = await permitted(Facility, camera_id, viewer, "cameraCover")
        if camera.kind is not FacilityKind.CAMERA:
            raise _invalid("id", "It is no camera.", "该设施不是摄像头。")
        if camera.status is FacilityStatus.RETIRED:
            raise Refused(RefusalCode.ILLEGAL_MOVE, Text("It was taken out for good.", "该设施已报废。"), path=("id",))
        if len(zone_ids) > ZONES_MAX:
            raise _invalid("zone_ids", "Too many zones.", "区域过多。")
        zones: dict[str, Zone] = {}
        for zone_id in zone_ids:
            zones[zone_id] = zone = await found(Zone, zone_id, viewer, path=("zone_ids",))
            if zone.compound_id != camera.compound_id or zone.ended_at is not None:
                raise _invalid("zone_ids", "The zone is elsewhere, or withdrawn.", "该区域不在此小区，或已撤销。")
        before = sorted(str(each) for each in await ZoneCamera.filter(facility_id=camera.id).values_list("zone_id", flat=True))
        if before != sorted(zones):
            await ZoneCamera.filter(facility_id=camera.id).exclude(zone_id__in=list(zones) or [""]).delete()
            for zone in zones.values():
                if zone.id not in before:
                    await ZoneCamera.create(
                        since=now(),
                        zone_id=zone.id,
                        facility_id=camera.id,
                        compound_id=camera.compound_id,
                        street_id=camera.street_id,
                    )
            after = {"zones": sorted(zones)}
            await record(actor_of(viewer), "cameraCover", camera, before={"zones": before}, after=after)
        return camera


def _conflict(en: str, zh: str, field: str) -> Refused:
    hint = Text("Look at the zones that are there.", "请查看已登记的区域。")
    return Refused(RefusalCode.CONFLICT, Text(en, zh), path=(field,), hint=hint)


def _invalid(field: str, en: str, zh: str) -> Refused:
    hint = Text("Choose zones of the camera's own compound.", "请选择摄像头所在小区的区域。")
    return Refused(RefusalCode.INVALID, Text(en, zh), path=(field,), hint=hint)

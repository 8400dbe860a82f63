"""Furnishing and equipment of stations, and how it is."""

from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.stations import EquipmentKind, EquipmentState, check_amount
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted

from .keeping import NAME_MAX, NOTE_MAX, going_on
from .rows import Station, StationEquipment


async def furnish(viewer: Viewer, station_id: str, *, kind: EquipmentKind, name: str, amount: int = 1) -> StationEquipment:
    """Put something into the station, in good state.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (name, amount) and ILLEGAL_MOVE (the station has ended).
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationFurnish")
        made = await StationEquipment.create(
            kind=kind,
            name=written(name, "name", NAME_MAX),
            amount=check_amount(amount),
            state=EquipmentState.GOOD,
            state_since=now(),
            **station.keepers,
        )
        await record(actor_of(viewer), "stationFurnish", station, after={"equipment": made.id, "kind": kind, "amount": amount})
        return made


async def report_equipment(viewer: Viewer, equipment_id: str, state: EquipmentState, note: str = "") -> StationEquipment:
    """Report how something is; the same again changes the note only.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (note) and ILLEGAL_MOVE (it was removed).
    """
    async with in_transaction():
        equipment = await permitted(StationEquipment, equipment_id, viewer, "stationEquipmentReport")
        _check_there(equipment)
        before = equipment.state
        equipment.note = written(note, "note", NOTE_MAX, least=0)
        if state is not before:
            equipment.state, equipment.state_since = state, now()
        await equipment.save(update_fields=["state", "state_since", "note"])
        told = {"equipment": equipment.id}
        await _record(viewer, equipment, "stationEquipmentReport", {**told, "state": before}, {**told, "state": state})
        return equipment


async def remove_equipment(viewer: Viewer, equipment_id: str) -> StationEquipment:
    """Take something out of the station for good. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it was removed already)."""
    async with in_transaction():
        equipment = await permitted(StationEquipment, equipment_id, viewer, "stationEquipmentRemove")
        _check_there(equipment)
        equipment.removed_at = moment = now()
        await equipment.save(update_fields=["removed_at"])
        after = {"equipment": equipment.id, "removed_at": moment.isoformat()}
        await _record(viewer, equipment, "stationEquipmentRemove", None, after)
        return equipment


async def _record(
    viewer: Viewer, equipment: StationEquipment, act: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    await record(actor_of(viewer), act, await Station.get(id=equipment.station_id), before=before, after=after)


def _check_there(equipment: StationEquipment) -> None:
    if equipment.removed_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("It is no longer in the station.", "该设施已移出驿站。"),
            path=("id",),
            hint=Text("Put it in anew with stationFurnish.", "请重新登记。"),
        )

"""Mutations on stations themselves: opening, hours, closures, equipment; the acts are in models/stations/."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.stations import ClosureReason, EquipmentKind, EquipmentState, Point
from models import stations

for _word in (ClosureReason, EquipmentKind, EquipmentState):
    graphql_enum(_word)

#: What inputs say of hours.
OPENS = 'When it opens every day (开放时间), such as "08:00"; neither: round the clock.'
CLOSES = 'When it closes every day (关闭时间), such as "20:00" or, after midnight, "02:00".'
#: What payloads say of the station.
STATION = "The station as it is now (驿站); null when refused."
_CLOSURE = "The closure as it is now (停用); null when refused."
_EQUIPMENT = "The thing as it is now (设施); null when refused."


@strawberry.input(description="A station to open.")
class StationOpenInput(OnceInput):
    grid_id: strawberry.ID = strawberry.field(description="Business grid (商圈网格).")
    organisation_id: strawberry.ID = strawberry.field(description="Organisation that runs it (运营单位).")
    code: str = strawberry.field(description="Code of its own (编码), 1 to 40 characters.")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    address: str = strawberry.field(description="Address (地址), 1 to 200 characters.")
    latitude: float = strawberry.field(description="Latitude in degrees (纬度), WGS 84.")
    longitude: float = strawberry.field(description="Longitude in degrees (经度), WGS 84.")
    opens: str | None = strawberry.field(description=OPENS, default=strawberry.UNSET)
    closes: str | None = strawberry.field(description=CLOSES, default=strawberry.UNSET)
    police_point: bool = strawberry.field(description="Whether there is a police point (警务点) in it.", default=False)


@bound("What stationOpen answers.")
class StationOpenPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("Open a warm station in a business grid (设立驿站).")
async def station_open(context: Context, given: StationOpenInput) -> StationOpenPayload:
    done = await stations.open_station(
        context.viewer,
        given.grid_id,
        given.organisation_id,
        code=given.code,
        name=given.name,
        address=given.address,
        point=Point(given.latitude, given.longitude),
        opens=given.opens,
        closes=given.closes,
        police_point=given.police_point,
    )
    return StationOpenPayload(subject_id=done.id)


@strawberry.input(description="A station and who runs it from now on.")
class StationHandOverInput(ChangeInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation that runs it (运营单位).")


@bound("What stationHandOver answers.")
class StationHandOverPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("Let another organisation run a station (变更运营单位); all that is the station's goes along.")
async def station_hand_over(context: Context, given: StationHandOverInput) -> StationHandOverPayload:
    done = await stations.hand_over(context.viewer, given.id, given.organisation_id, expected_version=given.expected_version)
    return StationHandOverPayload(subject_id=done.id)


@strawberry.input(description="A station and its hours.")
class StationSetHoursInput(ChangeInput):
    opens: str | None = strawberry.field(description=OPENS, default=strawberry.UNSET)
    closes: str | None = strawberry.field(description=CLOSES, default=strawberry.UNSET)


@bound("What stationSetHours answers.")
class StationSetHoursPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("Set the hours of every day at which a station is open (设置开放时间); neither: round the clock.")
async def station_set_hours(context: Context, given: StationSetHoursInput) -> StationSetHoursPayload:
    done = await stations.set_hours(context.viewer, given.id, given.opens, given.closes, expected_version=given.expected_version)
    return StationSetHoursPayload(subject_id=done.id)


@strawberry.input(description="A station with a police point, or without.")
class StationSetPolicePointInput(ChangeInput):
    police_point: bool = strawberry.field(description="Whether there is one (警务点).")


@bound("What stationSetPolicePoint answers.")
class StationSetPolicePointPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("Say whether there is a police point in a station (更新警务点).")
async def station_set_police_point(context: Context, given: StationSetPolicePointInput) -> StationSetPolicePointPayload:
    done = await stations.set_police_point(context.viewer, given.id, given.police_point, expected_version=given.expected_version)
    return StationSetPolicePointPayload(subject_id=done.id)


@strawberry.input(description="A station to end.")
class StationEndInput(ChangeInput):
    pass


@bound("What stationEnd answers.")
class StationEndPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("End a station for good (撤销驿站), its service points and services with it; what is lent may still be brought back.")
async def station_end(context: Context, given: StationEndInput) -> StationEndPayload:
    done = await stations.end(context.viewer, given.id, expected_version=given.expected_version)
    return StationEndPayload(subject_id=done.id)


@strawberry.input(description="A time for which a station is closed.")
class StationCloseInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    reason: ClosureReason = strawberry.field(description="Why (原因).")
    starts_at: datetime | None = strawberry.field(
        description="When it begins (开始时间); default: now.", default=strawberry.UNSET
    )
    ends_at: datetime | None = strawberry.field(
        description="When it ends (结束时间), not included; none: until further notice.", default=strawberry.UNSET
    )
    note: str = strawberry.field(description="More of it (说明), at most 500 characters.", default="")


@bound("What stationClose answers.")
class StationClosePayload(Payload):
    closure = by_id("StationClosure", "subject_id", description=_CLOSURE)


@mutation("Close a station for a time (登记停用). Closures of one station do not overlap.")
async def station_close(context: Context, given: StationCloseInput) -> StationClosePayload:
    done = await stations.close(
        context.viewer, given.station_id, reason=given.reason, starts_at=given.starts_at, ends_at=given.ends_at, note=given.note
    )
    return StationClosePayload(subject_id=done.id)


@strawberry.input(description="A closure to end.")
class StationReopenInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Closure (停用).")


@bound("What stationReopen answers.")
class StationReopenPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("End a closure now, or take back one that is to come (恢复开放).")
async def station_reopen(context: Context, given: StationReopenInput) -> StationReopenPayload:
    done = await stations.reopen(context.viewer, given.id)
    return StationReopenPayload(subject_id=done.id)


@strawberry.input(description="Something to put into a station.")
class StationFurnishInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    kind: EquipmentKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    amount: int = strawberry.field(description="How many (数量).", default=1)


@bound("What stationFurnish answers.")
class StationFurnishPayload(Payload):
    equipment = by_id("StationEquipment", "subject_id", description=_EQUIPMENT)


@mutation("Put furnishing or equipment into a station (登记设施), in good state.")
async def station_furnish(context: Context, given: StationFurnishInput) -> StationFurnishPayload:
    done = await stations.furnish(context.viewer, given.station_id, kind=given.kind, name=given.name, amount=given.amount)
    return StationFurnishPayload(subject_id=done.id)


@strawberry.input(description="Furnishing or equipment and how it is.")
class StationEquipmentReportInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Thing (设施).")
    state: EquipmentState = strawberry.field(description="How it is (状态).")
    note: str = strawberry.field(description="More of it (说明), at most 500 characters.", default="")


@bound("What stationEquipmentReport answers.")
class StationEquipmentReportPayload(Payload):
    equipment = by_id("StationEquipment", "subject_id", description=_EQUIPMENT)


@mutation("Report how furnishing or equipment of a station is (上报设施状态).")
async def station_equipment_report(context: Context, given: StationEquipmentReportInput) -> StationEquipmentReportPayload:
    done = await stations.report_equipment(context.viewer, given.id, given.state, given.note)
    return StationEquipmentReportPayload(subject_id=done.id)


@strawberry.input(description="Furnishing or equipment to take out.")
class StationEquipmentRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Thing (设施).")


@bound("What stationEquipmentRemove answers.")
class StationEquipmentRemovePayload(Payload):
    equipment = by_id("StationEquipment", "subject_id", description=_EQUIPMENT)


@mutation("Take furnishing or equipment out of a station for good (移出设施).")
async def station_equipment_remove(context: Context, given: StationEquipmentRemoveInput) -> StationEquipmentRemovePayload:
    done = await stations.remove_equipment(context.viewer, given.id)
    return StationEquipmentRemovePayload(subject_id=done.id)

"""Mutations on what surrounds the register of facilities: zones and cameras; the acts are in models/facilities/."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import ZoneKind
from models.facilities import zones

from .payloads import OnceInput, Payload, mutation

graphql_enum(ZoneKind)

_ZONE = "The zone as it is now (监控区域); null when refused."


@strawberry.input(description="A part of a compound that cameras are to cover.")
class ZoneDeclareInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    kind: ZoneKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")


@bound("What zoneDeclare answers.")
class ZoneDeclarePayload(Payload):
    zone = by_id("Zone", "subject_id", description=_ZONE)


@mutation("Declare a zone of a compound that cameras are to cover (登记监控区域).")
async def zone_declare(context: Context, given: ZoneDeclareInput) -> ZoneDeclarePayload:
    made = await zones.declare(context.viewer, given.compound_id, given.kind, given.name)
    return ZoneDeclarePayload(subject_id=made.id)


@strawberry.input(description="A zone.")
class ZoneWithdrawInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Zone (监控区域).")


@bound("What zoneWithdraw answers.")
class ZoneWithdrawPayload(Payload):
    zone = by_id("Zone", "subject_id", description=_ZONE)


@mutation("Ask no more that a zone be covered (撤销监控区域).")
async def zone_withdraw(context: Context, given: ZoneWithdrawInput) -> ZoneWithdrawPayload:
    done = await zones.withdraw(context.viewer, given.id)
    return ZoneWithdrawPayload(subject_id=done.id)


@strawberry.input(description="A camera and what it covers.")
class CameraCoverInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Camera (摄像头), a facility.")
    zone_ids: list[strawberry.ID] = strawberry.field(description="Zones (监控区域) of its compound: these and no others.")


@bound("What cameraCover answers.")
class CameraCoverPayload(Payload):
    facility = by_id("Facility", "subject_id", description="The camera as it is now (摄像头); null when refused.")


@mutation("Say which zones a camera covers (设置摄像头覆盖区域).")
async def camera_cover(context: Context, given: CameraCoverInput) -> CameraCoverPayload:
    done = await zones.cover(context.viewer, given.id, [str(id_) for id_ in given.zone_ids])
    return CameraCoverPayload(subject_id=done.id)

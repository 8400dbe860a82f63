"""Mutations on what surrounds the register of facilities: sheets, zones and cameras; the acts are in models/facilities/."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityKind, ZoneKind
from domain.sheets import ImportState
from models.facilities import importing, zones

from .payloads import OnceInput, Payload, mutation

for _word in (FacilityKind, ImportState, ZoneKind):
    graphql_enum(_word)

_IMPORT = "The import as it is now (导入); null when refused."
_ZONE = "The zone as it is now (监控区域); null when refused."


@strawberry.input(description="A sheet of facilities of one kind.")
class FacilityImportCheckInput(OnceInput):
    file_id: strawberry.ID = strawberry.field(
        description="The sheet (文件): what POST /files?subject=<compound>&name=<name> answered."
    )
    kind: FacilityKind = strawberry.field(description="Of which kind its facilities are (类别).")


@bound("What facilityImportCheck answers.")
class FacilityImportCheckPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have a sheet of facilities checked (检查设施表格): nothing is entered, and all that is wrong is told.")
async def facility_import_check(context: Context, given: FacilityImportCheckInput) -> FacilityImportCheckPayload:
    made = await importing.check(context.viewer, given.file_id, given.kind)
    return FacilityImportCheckPayload(subject_id=made.id)


@strawberry.input(description="A checked import.")
class FacilityImportCommitInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Import (导入), in state READY.")


@bound("What facilityImportCommit answers.")
class FacilityImportCommitPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have all of a checked sheet entered (导入设施表格), or nothing: if something is wrong by now, it becomes FAULTY.")
async def facility_import_commit(context: Context, given: FacilityImportCommitInput) -> FacilityImportCommitPayload:
    done = await importing.commit(context.viewer, given.id)
    return FacilityImportCommitPayload(subject_id=done.id)


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

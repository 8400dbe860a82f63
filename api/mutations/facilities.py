"""Mutations on facilities; the acts are in models/facilities/."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityKind, FacilityStatus
from models import facilities

from .payloads import ChangeInput, OnceInput, Payload, mutation

graphql_enum(FacilityKind)
graphql_enum(FacilityStatus)

_FACILITY = "The facility as it is now (设施); null when refused."
_CODE, _NAME = "Code of its own (编码), 1 to 60 characters.", "Name (名称), 1 to 120 characters."
_BUILDING = "Building (楼栋) of that compound; none: outdoors."
_UNIT = "Unit (单元) of that building."
_VALUES = 'by name, as `facilityKinds` lists them: `{"stops": 18, "rated_load_kg": {"value": 1000, "unit": "kg"}}`.'


@strawberry.input(description="Something that stands in a compound.")
class FacilityAddInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    code: str = strawberry.field(description=_CODE)
    kind: FacilityKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description=_NAME)
    attributes: JSON | None = strawberry.field(
        description=f"What is kept of its kind (属性), {_VALUES}", default=strawberry.UNSET
    )
    building_id: strawberry.ID | None = strawberry.field(description=_BUILDING, default=strawberry.UNSET)
    unit_id: strawberry.ID | None = strawberry.field(description=_UNIT, default=strawberry.UNSET)


@bound("What facilityAdd answers.")
class FacilityAddPayload(Payload):
    facility = by_id("Facility", "subject_id", description=_FACILITY)


@mutation("Enter a facility in the register of a compound (登记设施); in service since its day of first use, or from now on.")
async def facility_add(context: Context, given: FacilityAddInput) -> FacilityAddPayload:
    made = await facilities.add(
        context.viewer,
        given.compound_id,
        code=given.code,
        kind=given.kind,
        name=given.name,
        attributes=given.attributes,
        building_id=given.building_id,
        unit_id=given.unit_id,
    )
    return FacilityAddPayload(subject_id=made.id)


@strawberry.input(description="A facility and what is to be written of it.")
class FacilityAmendInput(ChangeInput):
    code: str | None = strawberry.field(description=f"{_CODE} None: as it is.", default=strawberry.UNSET)
    name: str | None = strawberry.field(description=f"{_NAME} None: as it is.", default=strawberry.UNSET)
    attributes: JSON | None = strawberry.field(
        description=f"Attributes (属性) to change, null to take one away, {_VALUES} The others stay.", default=strawberry.UNSET
    )


@bound("What facilityAmend answers.")
class FacilityAmendPayload(Payload):
    facility = by_id("Facility", "subject_id", description=_FACILITY)


@mutation("Put right what is written of a facility (更正设施信息).")
async def facility_amend(context: Context, given: FacilityAmendInput) -> FacilityAmendPayload:
    done = await facilities.amend(
        context.viewer,
        given.id,
        code=given.code,
        name=given.name,
        attributes=given.attributes,
        expected_version=given.expected_version,
    )
    return FacilityAmendPayload(subject_id=done.id)


@strawberry.input(description="A facility and where it stands from now on.")
class FacilityMoveInput(ChangeInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区) of the same street; perhaps the one it is in.")
    building_id: strawberry.ID | None = strawberry.field(description=_BUILDING, default=strawberry.UNSET)
    unit_id: strawberry.ID | None = strawberry.field(description=_UNIT, default=strawberry.UNSET)


@bound("What facilityMove answers.")
class FacilityMovePayload(Payload):
    facility = by_id("Facility", "subject_id", description=_FACILITY)


@mutation("Move a facility within its street (迁移设施): its devices and its history go along, its tickets stay.")
async def facility_move(context: Context, given: FacilityMoveInput) -> FacilityMovePayload:
    done = await facilities.move(
        context.viewer,
        given.id,
        given.compound_id,
        building_id=given.building_id,
        unit_id=given.unit_id,
        expected_version=given.expected_version,
    )
    return FacilityMovePayload(subject_id=done.id)


@strawberry.input(description="A facility to take out.")
class FacilityRetireInput(ChangeInput):
    since: datetime | None = strawberry.field(description="Since when (报废时间); default: now.", default=strawberry.UNSET)
    note: str = strawberry.field(description="Why (说明), at most 500 characters.", default="")


@bound("What facilityRetire answers.")
class FacilityRetirePayload(Payload):
    facility = by_id("Facility", "subject_id", description=_FACILITY)


@mutation("Take a facility out for good (报废设施); its history stays.")
async def facility_retire(context: Context, given: FacilityRetireInput) -> FacilityRetirePayload:
    done = await facilities.retire(
        context.viewer, given.id, given.note, since=given.since, expected_version=given.expected_version
    )
    return FacilityRetirePayload(subject_id=done.id)


@strawberry.input(description="A facility and how it is.")
class FacilityReportStatusInput(ChangeInput):
    status: FacilityStatus = strawberry.field(description="Whether it can be used (状态).")
    since: datetime | None = strawberry.field(description="Since when (起始时间); default: now.", default=strawberry.UNSET)
    note: str = strawberry.field(description="Why (说明), at most 500 characters.", default="")


@bound("What facilityReportStatus answers.")
class FacilityReportStatusPayload(Payload):
    facility = by_id("Facility", "subject_id", description=_FACILITY)


@mutation("Report whether a facility can be used (上报设施状态); its history keeps every report.")
async def facility_report_status(context: Context, given: FacilityReportStatusInput) -> FacilityReportStatusPayload:
    changed = await facilities.report_status_of(
        context.viewer, given.id, given.status, given.since, given.note, expected_version=given.expected_version
    )
    return FacilityReportStatusPayload(subject_id=changed.id)

"""Mutations on plans, inspections and suspensions; the acts are in models/upkeep/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityKind
from domain.upkeep import Cadence, CadenceMeasure, InspectionResult, Plan, UpkeepKind
from models import upkeep

for _word in (FacilityKind, UpkeepKind, CadenceMeasure, InspectionResult):
    graphql_enum(_word)


@strawberry.input(description="How often something is done, and where that holds.")
class UpkeepPlanSetInput(OnceInput):
    place_id: strawberry.ID = strawberry.field(description="Street, compound or facility (街道、小区或设施) for which it holds.")
    facility_kind: FacilityKind = strawberry.field(description="Kind of facilities (设施类别).")
    kind: UpkeepKind = strawberry.field(description="What is done (事项).")
    measure: CadenceMeasure | None = strawberry.field(
        description="What it counts in (计量方式); required unless reset.", default=strawberry.UNSET
    )
    every: int = strawberry.field(
        description="With DAYS and MONTHS: every how many (间隔). With ANNIVERSARIES: years after the last number.",
        default=0,
    )
    numbers: list[int] = strawberry.field(
        description="With WEEKDAYS 1 to 7, with MONTH_DAYS 1 to 31, with ANNIVERSARIES years (日期或年限).",
        default_factory=list[int],
    )
    months: list[int] = strawberry.field(
        description="With MONTH_DAYS: of which months (月份), 1 to 12; none: of all.", default_factory=list[int]
    )
    ahead_days: int = strawberry.field(description="How many days ahead its work order is made (提前生成天数).", default=7)
    warn_days: int = strawberry.field(description="How many days ahead people are warned (预警天数).", default=3)
    asks_location: bool = strawberry.field(
        description="Whether whoever does it must say where they stand (是否要求位置).", default=False
    )
    off: bool = strawberry.field(description="Whether it is not done here (是否停用).", default=False)
    clause: str = strawberry.field(
        description="By which clause (依据条款), 1 to 120 characters; required unless reset.", default=""
    )
    reset: bool = strawberry.field(
        description="Take back what was set, so that what is above holds again (恢复默认).", default=False
    )


@bound("What upkeepPlanSet answers.")
class UpkeepPlanSetPayload(Payload):
    upkeep_plan = by_id("UpkeepPlan", "subject_id", description="What holds now (维保计划); null when refused or reset.")


@mutation("Set how often something is done to facilities (设置维保计划); all that is due is worked out anew.")
async def upkeep_plan_set(context: Context, given: UpkeepPlanSetInput) -> UpkeepPlanSetPayload:
    plan = None
    if given.measure is not None:
        cadence = Cadence(given.measure, given.every, tuple(given.numbers), tuple(given.months))
        plan = Plan(cadence, given.clause, given.ahead_days, given.warn_days, given.asks_location, given.off)
    row = await upkeep.set_plan(context.viewer, given.place_id, given.facility_kind, given.kind, plan, reset=given.reset)
    return UpkeepPlanSetPayload(subject_id=row and row.id)


@strawberry.input(description="An inspection, test or assessment, as its report says.")
class InspectionRecordInput(OnceInput):
    facility_id: strawberry.ID = strawberry.field(description="Facility (设施).")
    kind: UpkeepKind = strawberry.field(description="What was done (事项).")
    result: InspectionResult = strawberry.field(description="What came of it (结论).")
    done_on: date = strawberry.field(description="When it was done (检验日期).")
    until: date | None = strawberry.field(
        description="Until when the report says that it holds (有效期至). Default: the calendar says when it is due next.",
        default=strawberry.UNSET,
    )
    body: str = strawberry.field(description="Who inspected, an institution (检验机构), 1 to 120 characters.")
    report_number: str = strawberry.field(description="Number of the report (报告编号), 1 to 60 characters.")


@bound("What inspectionRecord answers.")
class InspectionRecordPayload(Payload):
    inspection = by_id("Inspection", "subject_id", description="What is on record (检验检测); null when refused.")


@mutation("Record an inspection, test or assessment (登记检验检测); its report is attached to it as a file.")
async def inspection_record(context: Context, given: InspectionRecordInput) -> InspectionRecordPayload:
    made = await upkeep.record_inspection(
        context.viewer,
        given.facility_id,
        given.kind,
        result=given.result,
        done_on=given.done_on,
        until=given.until,
        body=given.body,
        report_number=given.report_number,
    )
    return InspectionRecordPayload(subject_id=made.id)


_SUSPENSION = "The suspension as it is now (停用记录); null when refused."


@strawberry.input(description="A lift that was reported to its registrar as suspended.")
class FacilitySuspendInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Facility (设施), a lift.")
    starts_on: date = strawberry.field(description="From when on it stands (停用日期).")
    filed_on: date = strawberry.field(description="When the registrar was told (告知日期).")
    filing: str = strawberry.field(description="Number of the notice (告知编号), 1 to 60 characters.")
    reason: str = strawberry.field(description="Why (原因), at most 500 characters.", default="")


@bound("What facilitySuspend answers.")
class FacilitySuspendPayload(Payload):
    suspension = by_id("Suspension", "subject_id", description=_SUSPENSION)


@mutation("Note that a lift was reported to its registrar as suspended (登记停用告知); its clocks stand still.")
async def facility_suspend(context: Context, given: FacilitySuspendInput) -> FacilitySuspendPayload:
    made = await upkeep.suspend(
        context.viewer,
        given.id,
        starts_on=given.starts_on,
        filed_on=given.filed_on,
        filing=given.filing,
        reason=given.reason,
    )
    return FacilitySuspendPayload(subject_id=made.id)


@strawberry.input(description="A suspension that is over.")
class FacilityResumeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Suspension (停用记录).")
    ends_on: date | None = strawberry.field(
        description="From when on the lift is used again (启用日期). Default: today.", default=strawberry.UNSET
    )


@bound("What facilityResume answers.")
class FacilityResumePayload(Payload):
    suspension = by_id("Suspension", "subject_id", description=_SUSPENSION)


@mutation("Note that a suspended lift is used again (登记启用); maintenance is due before that.")
async def facility_resume(context: Context, given: FacilityResumeInput) -> FacilityResumePayload:
    changed = await upkeep.resume(context.viewer, given.id, ends_on=given.ends_on)
    return FacilityResumePayload(subject_id=changed.id)

"""Mutations on hazards; the acts are in models/hazards/."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.hazards import HazardGrade, HazardOutcome
from models import hazards

for _word in (HazardGrade, HazardOutcome):
    graphql_enum(_word)

_HAZARD = "The hazard as it is now (隐患); null when refused."
_MEASURE = "What keeps people safe until it is put right (临时措施), at most 500 characters; a major hazard in hand needs one."


@strawberry.input(description="A hazard that was seen, or to which an alert led.")
class HazardReportInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    what: str = strawberry.field(description="What it is (隐患内容), 1 to 500 characters.")
    spot: str = strawberry.field(description="Where, in words (具体位置), at most 200 characters.", default="")
    grade: HazardGrade = strawberry.field(description="How bad it is (等级).", default=HazardGrade.GENERAL)
    interim_measure: str = strawberry.field(description=_MEASURE, default="")
    facility_id: strawberry.ID | None = strawberry.field(
        description="Facility (设施) of the compound that it is about.", default=strawberry.UNSET
    )
    building_id: strawberry.ID | None = strawberry.field(
        description="Building (楼栋) of the compound that it is in.", default=strawberry.UNSET
    )
    alert_id: strawberry.ID | None = strawberry.field(
        description="Alert (告警) that led to it: of one alert it stays one hazard.", default=strawberry.UNSET
    )


@bound("What hazardReport answers.")
class HazardReportPayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Report a hazard (上报隐患); it goes to whoever handles the compound, with the deadline of its grade.")
async def hazard_report(context: Context, given: HazardReportInput) -> HazardReportPayload:
    made = await hazards.report(
        context.viewer,
        given.compound_id,
        what=given.what,
        spot=given.spot,
        grade=given.grade,
        interim_measure=given.interim_measure,
        facility_id=given.facility_id,
        building_id=given.building_id,
        alert_id=given.alert_id,
    )
    return HazardReportPayload(subject_id=made.id)


@strawberry.input(description="Who puts a hazard right, and by when.")
class HazardAssignInput(ChangeInput):
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Who puts it right (整改单位), which serves the compound or is an office. Default: as it is.",
        default=strawberry.UNSET,
    )
    assignee_id: strawberry.ID | None = strawberry.field(description="Who of them (整改人).", default=strawberry.UNSET)
    due_at: datetime | None = strawberry.field(
        description="By when (整改期限); only an office sets a later one. Default: as it is.", default=strawberry.UNSET
    )
    interim_measure: str | None = strawberry.field(description=f"{_MEASURE} Default: as it is.", default=strawberry.UNSET)


@bound("What hazardAssign answers.")
class HazardAssignPayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Say who puts a hazard right, and by when (派发隐患).")
async def hazard_assign(context: Context, given: HazardAssignInput) -> HazardAssignPayload:
    changed = await hazards.assign(
        context.viewer,
        given.id,
        organisation_id=given.organisation_id,
        assignee_id=given.assignee_id,
        due_at=given.due_at,
        interim_measure=given.interim_measure,
        expected_version=given.expected_version,
    )
    return HazardAssignPayload(subject_id=changed.id)


@strawberry.input(description="A hazard and how bad it is.")
class HazardSetGradeInput(ChangeInput):
    grade: HazardGrade = strawberry.field(description="How bad it is (等级).")
    interim_measure: str = strawberry.field(description=f"{_MEASURE} Default: as it is.", default="")


@bound("What hazardSetGrade answers.")
class HazardSetGradePayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Say how bad a hazard is (隐患定级); its deadline follows. Milder only by an office that does not put it right.")
async def hazard_set_grade(context: Context, given: HazardSetGradeInput) -> HazardSetGradePayload:
    changed = await hazards.set_grade(
        context.viewer,
        given.id,
        given.grade,
        interim_measure=given.interim_measure,
        expected_version=given.expected_version,
    )
    return HazardSetGradePayload(subject_id=changed.id)


@strawberry.input(description="A hazard that was put right.")
class HazardRectifyInput(ChangeInput):
    remedy: str = strawberry.field(description="How it was put right (整改说明), 1 to 500 characters.")


@bound("What hazardRectify answers.")
class HazardRectifyPayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Report a hazard put right (报告整改), as who is to do so; a major one with a file that shows it.")
async def hazard_rectify(context: Context, given: HazardRectifyInput) -> HazardRectifyPayload:
    changed = await hazards.rectify(context.viewer, given.id, given.remedy, expected_version=given.expected_version)
    return HazardRectifyPayload(subject_id=changed.id)


@strawberry.input(description="What was seen when a hazard was looked at again.")
class HazardRecheckInput(ChangeInput):
    passed: bool = strawberry.field(description="Whether it is gone (是否通过); else it is open again.")
    note: str = strawberry.field(
        description="What is still there (复查意见), 1 to 500 characters; not needed when it is gone.", default=""
    )


@bound("What hazardRecheck answers.")
class HazardRecheckPayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Look at a hazard again (复查隐患): never by who put it right; of a major one, by an office that did not.")
async def hazard_recheck(context: Context, given: HazardRecheckInput) -> HazardRecheckPayload:
    changed = await hazards.recheck(
        context.viewer, given.id, passed=given.passed, note=given.note, expected_version=given.expected_version
    )
    return HazardRecheckPayload(subject_id=changed.id)


@strawberry.input(description="A hazard that is none, or on record already.")
class HazardDismissInput(ChangeInput):
    outcome: HazardOutcome = strawberry.field(description="NONE or DUPLICATE (结论).")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What hazardDismiss answers.")
class HazardDismissPayload(Payload):
    hazard = by_id("Hazard", "subject_id", description=_HAZARD)


@mutation("Dismiss a hazard (撤销隐患), as an office that is not to put it right.")
async def hazard_dismiss(context: Context, given: HazardDismissInput) -> HazardDismissPayload:
    changed = await hazards.dismiss(
        context.viewer, given.id, given.outcome, given.reason, expected_version=given.expected_version
    )
    return HazardDismissPayload(subject_id=changed.id)


#: Every mutation on hazards, in the order of the schema.
HAZARDS = [hazard_report, hazard_assign, hazard_set_grade, hazard_rectify, hazard_recheck, hazard_dismiss]

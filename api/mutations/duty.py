"""Mutations on duty rosters; the acts are in models/duty.py."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.duty import DutyLevel
from models import duty

from .payloads import OnceInput, Payload, mutation

graphql_enum(DutyLevel)

_ROSTER = "The roster as it is now (值班表); null when refused."
_SHIFT = "The shift as it is now (班次); null when refused."


@strawberry.input(description="A duty roster to keep.")
class DutyRosterCreateInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Whose people are on it (单位).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    level: DutyLevel = strawberry.field(description="For what those on it are called (级别).")
    compound_ids: list[strawberry.ID] = strawberry.field(
        description="The compounds (小区) that it is for, at most 100; empty: all that the organisation looks after.",
        default_factory=list,
    )


@bound("What dutyRosterCreate answers.")
class DutyRosterCreatePayload(Payload):
    roster = by_id("DutyRoster", "subject_id", description=_ROSTER)


@mutation("Make a duty roster of an organisation (新建值班表).")
async def duty_roster_create(context: Context, given: DutyRosterCreateInput) -> DutyRosterCreatePayload:
    roster = await duty.create_roster(
        context.viewer, given.organisation_id, name=given.name, level=given.level, compound_ids=given.compound_ids
    )
    return DutyRosterCreatePayload(subject_id=roster.id)


@strawberry.input(description="A duty roster to end.")
class DutyRosterEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Roster (值班表).")


@bound("What dutyRosterEnd answers.")
class DutyRosterEndPayload(Payload):
    roster = by_id("DutyRoster", "subject_id", description=_ROSTER)


@mutation("End a duty roster now (停用值班表); the shifts to come are gone.")
async def duty_roster_end(context: Context, given: DutyRosterEndInput) -> DutyRosterEndPayload:
    roster = await duty.end_roster(context.viewer, given.id)
    return DutyRosterEndPayload(subject_id=roster.id)


@strawberry.input(description="A shift to plan.")
class DutyShiftAddInput(OnceInput):
    roster_id: strawberry.ID = strawberry.field(description="Roster (值班表).")
    account_id: strawberry.ID = strawberry.field(description="Somebody of its organisation who sees the place (值班人员).")
    starts_at: datetime = strawberry.field(description="When it begins (开始时间).")
    ends_at: datetime = strawberry.field(description="When it ends (结束时间), not included; seven days later at most.")


@bound("What dutyShiftAdd answers.")
class DutyShiftAddPayload(Payload):
    shift = by_id("DutyShift", "subject_id", description=_SHIFT)


@mutation("Put somebody on duty (排班). Shifts of one roster do not overlap.")
async def duty_shift_add(context: Context, given: DutyShiftAddInput) -> DutyShiftAddPayload:
    shift = await duty.add_shift(context.viewer, given.roster_id, given.account_id, given.starts_at, given.ends_at)
    return DutyShiftAddPayload(subject_id=shift.id)


@strawberry.input(description="A shift to take off its roster.")
class DutyShiftRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Shift (班次).")


@bound("What dutyShiftRemove answers.")
class DutyShiftRemovePayload(Payload):
    roster = by_id("DutyRoster", "subject_id", description=_ROSTER)


@mutation("Take a shift off its roster (取消班次): one to come is gone, one that runs ends now.")
async def duty_shift_remove(context: Context, given: DutyShiftRemoveInput) -> DutyShiftRemovePayload:
    roster = await duty.remove_shift(context.viewer, given.id)
    return DutyShiftRemovePayload(subject_id=roster.id)


@strawberry.input(description="Two shifts whose people change places.")
class DutyShiftSwapInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="A shift (班次) to come.")
    other_id: strawberry.ID = strawberry.field(description="Another (另一班次) to come.")


@bound("What dutyShiftSwap answers.")
class DutyShiftSwapPayload(Payload):
    shift = by_id("DutyShift", "subject_id", description=_SHIFT)


@mutation("Let two people do each other's shift (换班).")
async def duty_shift_swap(context: Context, given: DutyShiftSwapInput) -> DutyShiftSwapPayload:
    shift = await duty.swap_shifts(context.viewer, given.id, given.other_id)
    return DutyShiftSwapPayload(subject_id=shift.id)

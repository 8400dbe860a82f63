"""Mutations on duties for compounds; the acts are in models/compound_duties.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.compound_duties import CompoundDutyState
from models import compound_duties

graphql_enum(CompoundDutyState)

_DUTY = "The duty as it is now (村社区职责); null when refused."


@strawberry.input(description="A duty for a compound.")
class CompoundDutySetInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    organisation_id: strawberry.ID = strawberry.field(
        description="Whose it is (责任单位): the village, the community, or another."
    )
    what: str = strawberry.field(description="What is to be done (职责内容), 1 to 500 characters.")
    due_on: date = strawberry.field(description="Last day (期限), that day included.")


@bound("What compoundDutySet answers.")
class CompoundDutySetPayload(Payload):
    compound_duty = by_id("CompoundDuty", "subject_id", description=_DUTY)


@mutation("Say what a village, a community or somebody else has to do for a compound (明确村社区职责).")
async def compound_duty_set(context: Context, given: CompoundDutySetInput) -> CompoundDutySetPayload:
    done = await compound_duties.set_duty(context.viewer, given.compound_id, given.organisation_id, given.what, given.due_on)
    return CompoundDutySetPayload(subject_id=done.id)


@strawberry.input(description="A duty that was done.")
class CompoundDutyDoInput(ChangeInput):
    note: str | None = strawberry.field(description="How (履行情况), 500 characters at most.", default=strawberry.UNSET)


@bound("What compoundDutyDo answers.")
class CompoundDutyDoPayload(Payload):
    compound_duty = by_id("CompoundDuty", "subject_id", description=_DUTY)


@mutation("Say that a duty was done (履行职责).")
async def compound_duty_do(context: Context, given: CompoundDutyDoInput) -> CompoundDutyDoPayload:
    done = await compound_duties.do_duty(context.viewer, given.id, given.note or "", expected_version=given.expected_version)
    return CompoundDutyDoPayload(subject_id=done.id)


@strawberry.input(description="A duty that need not be done.")
class CompoundDutyDropInput(ChangeInput):
    reason: str = strawberry.field(description="Why (取消原因), 1 to 500 characters.")


@bound("What compoundDutyDrop answers.")
class CompoundDutyDropPayload(Payload):
    compound_duty = by_id("CompoundDuty", "subject_id", description=_DUTY)


@mutation("Say that a duty need not be done any more (取消职责).")
async def compound_duty_drop(context: Context, given: CompoundDutyDropInput) -> CompoundDutyDropPayload:
    done = await compound_duties.drop_duty(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return CompoundDutyDropPayload(subject_id=done.id)


@strawberry.input(description="A duty that is to be done after all.")
class CompoundDutyRenewInput(ChangeInput):
    due_on: date = strawberry.field(description="Its last day (期限), that day included.")


@bound("What compoundDutyRenew answers.")
class CompoundDutyRenewPayload(Payload):
    compound_duty = by_id("CompoundDuty", "subject_id", description=_DUTY)


@mutation("Say that a duty is to be done after all, or once more (重新明确职责).")
async def compound_duty_renew(context: Context, given: CompoundDutyRenewInput) -> CompoundDutyRenewPayload:
    done = await compound_duties.renew_duty(context.viewer, given.id, given.due_on, expected_version=given.expected_version)
    return CompoundDutyRenewPayload(subject_id=done.id)


COMPOUND_DUTIES = (compound_duty_set, compound_duty_do, compound_duty_drop, compound_duty_renew)

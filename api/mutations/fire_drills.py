"""Mutations on fire drills and trainings; the acts are in models/fire_drills.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.fire_drills import FireDrillKind, Held
from models import fire_drills

graphql_enum(FireDrillKind)

_DRILL = "The drill or training as it is now (演练、培训); null when refused."


@strawberry.input(description="A drill or training that is to be held, or was.")
class FireDrillPlanInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    kind: FireDrillKind = strawberry.field(description="What is practised (类别).")
    planned_on: date = strawberry.field(description="For which day (计划日期); of one that was held, the day on which it was.")
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Who holds it (组织单位). Default: whoever handles what happens in the compound.", default=strawberry.UNSET
    )


@bound("What fireDrillPlan answers.")
class FireDrillPlanPayload(Payload):
    fire_drill = by_id("FireDrill", "subject_id", description=_DRILL)


@mutation("Plan a fire drill or training (计划演练、培训).")
async def fire_drill_plan(context: Context, given: FireDrillPlanInput) -> FireDrillPlanPayload:
    made = await fire_drills.plan_drill(
        context.viewer, given.compound_id, given.kind, given.planned_on, organisation_id=given.organisation_id
    )
    return FireDrillPlanPayload(subject_id=made.id)


@strawberry.input(description="A drill or training that was held. Heads only: nobody is named.")
class FireDrillHoldInput(ChangeInput):
    held_on: date = strawberry.field(description="When (开展日期).")
    participants: int = strawberry.field(description="How many took part (参加人数).")
    residents: int = strawberry.field(description="How many of them live there (其中居民).")
    minutes: int = strawberry.field(description="How long it took, in minutes (用时); of a drill, until everybody was out.")
    lessons: str = strawberry.field(description="What was learnt (总结), at most 1,000 characters.", default="")


@bound("What fireDrillHold answers.")
class FireDrillHoldPayload(Payload):
    fire_drill = by_id("FireDrill", "subject_id", description=_DRILL)


@mutation("Record that a fire drill or training was held (登记演练、培训).")
async def fire_drill_hold(context: Context, given: FireDrillHoldInput) -> FireDrillHoldPayload:
    held = Held(given.held_on, given.participants, given.residents, given.minutes)
    changed = await fire_drills.hold_drill(context.viewer, given.id, held, given.lessons, expected_version=given.expected_version)
    return FireDrillHoldPayload(subject_id=changed.id)


@strawberry.input(description="A drill or training that will not be held, and why.")
class FireDrillCancelInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 1,000 characters.")


@bound("What fireDrillCancel answers.")
class FireDrillCancelPayload(Payload):
    fire_drill = by_id("FireDrill", "subject_id", description=_DRILL)


@mutation("Call a fire drill or training off (取消演练、培训).")
async def fire_drill_cancel(context: Context, given: FireDrillCancelInput) -> FireDrillCancelPayload:
    changed = await fire_drills.cancel_drill(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return FireDrillCancelPayload(subject_id=changed.id)

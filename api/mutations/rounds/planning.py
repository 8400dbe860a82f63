"""Mutations on plans of rounds; the acts are in models/rounds/plans.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.rounds import RoundKind, RoundMeasure
from models import rounds

from .points import RoundPointInput, as_point

for _word in (RoundKind, RoundMeasure):
    graphql_enum(_word)

_PLAN = "The plan as it is now (巡查计划); null when refused."


@strawberry.input(description="How often, and what is asked.")
class RoundFiguresInput:
    measure: RoundMeasure | None = strawberry.field(
        description="What it counts in (计量方式), from the first day on.", default=strawberry.UNSET
    )
    every: int | None = strawberry.field(
        description="Every how many (间隔): 1 to 366 days, 53 weeks or 24 months.", default=strawberry.UNSET
    )
    times: list[str] | None = strawberry.field(
        description='At which times of day (时间点), 24 at most, such as "08:00".', default=strawberry.UNSET
    )
    window_minutes: int | None = strawberry.field(
        description="For how many minutes a round is open (时段，分钟): 5 at least, and until the next one opens at most.",
        default=strawberry.UNSET,
    )
    ordered: bool | None = strawberry.field(
        description="Whether points are scanned in their order (是否按顺序).", default=strawberry.UNSET
    )
    asks_photo: bool | None = strawberry.field(
        description="Whether a photo is taken at each point (是否要求照片); only where a rule asks for it.",
        default=strawberry.UNSET,
    )
    within_m: int | None = strawberry.field(
        description="How near a point one must stand (距离要求), 20 to 2000 metres; 0: nobody is asked where they stand.",
        default=strawberry.UNSET,
    )
    clause: str | None = strawberry.field(
        description="By which clause (依据条款), 1 to 120 characters.", default=strawberry.UNSET
    )


def _figures(given: RoundFiguresInput | None) -> rounds.Figures:
    names = ("measure", "every", "times", "window_minutes", "ordered", "asks_photo", "within_m", "clause")
    return rounds.Figures(**{name: getattr(given, name) for name in names}) if given else rounds.Figures()


@strawberry.input(description="Rounds to be planned.")
class RoundPlanMakeInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    kind: RoundKind = strawberry.field(description="What is gone round (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    points: list[RoundPointInput] = strawberry.field(description="Its points (点位), 1 to 50, in their order.")
    figures: RoundFiguresInput | None = strawberry.field(
        description="How often, and what is asked (频次与要求). Default: as roundDefaults has it.", default=strawberry.UNSET
    )
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Who goes (责任单位). Default: whoever does such work there, else the community.", default=strawberry.UNSET
    )
    starts_on: date | None = strawberry.field(description="First day (开始日期). Default: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期). Default: it goes on.", default=strawberry.UNSET)


@bound("What roundPlanMake answers.")
class RoundPlanMakePayload(Payload):
    round_plan = by_id("RoundPlan", "subject_id", description=_PLAN)


@mutation("Plan rounds of a compound (制定巡查计划).")
async def round_plan_make(context: Context, given: RoundPlanMakeInput) -> RoundPlanMakePayload:
    made = await rounds.make_plan(
        context.viewer,
        given.compound_id,
        given.kind,
        name=given.name,
        points=[as_point(point, ("points", str(number))) for number, point in enumerate(given.points)],
        figures=_figures(given.figures),
        organisation_id=given.organisation_id,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return RoundPlanMakePayload(subject_id=made.id)


@strawberry.input(description="What is changed of a plan; what is left out stays as it is.")
class RoundPlanAmendInput(ChangeInput):
    name: str | None = strawberry.field(description="Name (名称), 1 to 60 characters.", default=strawberry.UNSET)
    figures: RoundFiguresInput | None = strawberry.field(
        description="How often, and what is asked (频次与要求).", default=strawberry.UNSET
    )
    organisation_id: strawberry.ID | None = strawberry.field(description="Who goes (责任单位).", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期), today at the earliest.", default=strawberry.UNSET)


@bound("What roundPlanAmend answers.")
class RoundPlanAmendPayload(Payload):
    round_plan = by_id("RoundPlan", "subject_id", description=_PLAN)


@mutation("Change a plan of rounds (调整巡查计划): what the fire code asks for, only as the community or the street.")
async def round_plan_amend(context: Context, given: RoundPlanAmendInput) -> RoundPlanAmendPayload:
    changed = await rounds.amend_plan(
        context.viewer,
        given.id,
        figures=_figures(given.figures),
        name=given.name,
        organisation_id=given.organisation_id,
        ends_on=given.ends_on,
        expected_version=given.expected_version,
    )
    return RoundPlanAmendPayload(subject_id=changed.id)


@strawberry.input(description="A plan that ends.")
class RoundPlanEndInput(ChangeInput):
    ends_on: date | None = strawberry.field(description="Last day (结束日期). Default: today.", default=strawberry.UNSET)


@bound("What roundPlanEnd answers.")
class RoundPlanEndPayload(Payload):
    round_plan = by_id("RoundPlan", "subject_id", description=_PLAN)


@mutation("End a plan of rounds (结束巡查计划); one that was made by itself does not come back.")
async def round_plan_end(context: Context, given: RoundPlanEndInput) -> RoundPlanEndPayload:
    changed = await rounds.end_plan(context.viewer, given.id, ends_on=given.ends_on, expected_version=given.expected_version)
    return RoundPlanEndPayload(subject_id=changed.id)

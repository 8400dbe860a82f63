"""Mutations of a round on a phone; the acts are in models/rounds/walking.py."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.rounds import Answered, RoundAnswer
from models import rounds

from .points import as_place

graphql_enum(RoundAnswer)

_ROUND = "The round as it is now (巡查); null when refused."


@strawberry.input(description="A round to be opened beyond its plan.")
class RoundOpenInput(OnceInput):
    plan_id: strawberry.ID = strawberry.field(description="Plan (巡查计划).")


@bound("What roundOpen answers.")
class RoundOpenPayload(Payload):
    round = by_id("Round", "subject_id", description=_ROUND)


@mutation("Open a round from now on, to make up for one that was missed (补巡).")
async def round_open(context: Context, given: RoundOpenInput) -> RoundOpenPayload:
    made = await rounds.open_round(context.viewer, given.plan_id)
    return RoundOpenPayload(subject_id=made.id)


@strawberry.input(description="A round to set out on.")
class RoundStartInput(ChangeInput):
    pass


@bound("What roundStart answers.")
class RoundStartPayload(Payload):
    round = by_id("Round", "subject_id", description=_ROUND)


@mutation("Set out on a round (开始巡查), in its time, as the organisation that goes it.")
async def round_start(context: Context, given: RoundStartInput) -> RoundStartPayload:
    changed = await rounds.start(context.viewer, given.id, expected_version=given.expected_version)
    return RoundStartPayload(subject_id=changed.id)


@strawberry.input(description="What is answered to one item of a point's checklist.")
class RoundAnswerInput:
    item: str = strawberry.field(description="Code of the item (检查项编码).")
    answer: RoundAnswer = strawberry.field(description="What is so (结果).")
    note: str = strawberry.field(
        description="What is said of it (说明), at most 500 characters; required with NOT_OK.", default=""
    )


@strawberry.input(description="A point that is scanned.")
class RoundScanInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Round (巡查).")
    code: str = strawberry.field(description="What the QR code of the point holds (巡查点编码).")
    answers: list[RoundAnswerInput] = strawberry.field(
        description="The whole checklist of the point (检查项).", default_factory=list[RoundAnswerInput]
    )
    photo_id: strawberry.ID | None = strawberry.field(
        description="Photo (照片) that was attached to the round; only where the plan asks for one.", default=strawberry.UNSET
    )
    latitude: float | None = strawberry.field(
        description="Where the phone is: degrees, WGS 84 (纬度); only where the plan asks for it. Only the distance is kept.",
        default=strawberry.UNSET,
    )
    longitude: float | None = strawberry.field(description="The same (经度).", default=strawberry.UNSET)


@bound("What roundScan answers.")
class RoundScanPayload(Payload):
    round_scan = by_id("RoundScan", "subject_id", description="What was scanned (扫描记录): the first scan of the point.")


@mutation("Scan a point of the round that is under way (扫描巡查点); again answers the first scan.")
async def round_scan(context: Context, given: RoundScanInput) -> RoundScanPayload:
    scan = rounds.Scan(
        code=given.code,
        answers=[Answered(each.item, each.answer, each.note) for each in given.answers],
        photo_id=given.photo_id,
        at=as_place(given.latitude, given.longitude),
    )
    made = await rounds.scan(context.viewer, given.id, scan)
    return RoundScanPayload(subject_id=made.id)


@strawberry.input(description="A round to come back from.")
class RoundFinishInput(ChangeInput):
    left_out: str = strawberry.field(
        description="Why points were left out (未到原因), at most 500 characters; required where some were.", default=""
    )


@bound("What roundFinish answers.")
class RoundFinishPayload(Payload):
    round = by_id("Round", "subject_id", description=_ROUND)


@mutation("Come back from a round (结束巡查): done, or incomplete where points were left out.")
async def round_finish(context: Context, given: RoundFinishInput) -> RoundFinishPayload:
    changed = await rounds.finish(context.viewer, given.id, left_out=given.left_out, expected_version=given.expected_version)
    return RoundFinishPayload(subject_id=changed.id)


@strawberry.input(description="A round that need not be gone.")
class RoundCancelInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What roundCancel answers.")
class RoundCancelPayload(Payload):
    round = by_id("Round", "subject_id", description=_ROUND)


@mutation("Say that a round need not be gone (取消巡查), as the community or the street: it counts neither as done nor missed.")
async def round_cancel(context: Context, given: RoundCancelInput) -> RoundCancelPayload:
    changed = await rounds.cancel(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return RoundCancelPayload(subject_id=changed.id)

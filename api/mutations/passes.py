"""Mutations on visitor passes; the acts are in models/passes/."""

from datetime import datetime

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import passes

from .payloads import OnceInput, Payload, mutation, private_mutation

_VISIT = "The pass as it is now (通行码); null when refused, or when it is not of today."
_PEOPLE = "How many come (人数), 1 to 20."
_BY_VEHICLE = "Whether they come by vehicle (是否驾车); its plate is not asked."
_FROM = "From when it is good (生效时间), within 30 days; default: now."
_UNTIL = "Until when (失效时间), at most 7 days later; default: 12 hours later."


@strawberry.input(description="What a pass is for.")
class _Visit(OnceInput):
    people: int = strawberry.field(description=_PEOPLE, default=1)
    by_vehicle: bool = strawberry.field(description=_BY_VEHICLE, default=False)
    valid_from: datetime | None = strawberry.field(description=_FROM, default=strawberry.UNSET)
    valid_until: datetime | None = strawberry.field(description=_UNTIL, default=strawberry.UNSET)


@strawberry.type(description="What a pass comes with.")
class _CodePayload(Payload):
    code: str | None = strawberry.field(
        description="Code (通行码) to show at the gate: told this once, null on a retry and when refused.", default=None
    )


@strawberry.input(description="Visitors whom a home expects.")
class VisitorPassIssueInput(_Visit):
    home_id: strawberry.ID = strawberry.field(description="The home you live in (房屋).")


@bound("What visitorPassIssue answers.")
class VisitorPassIssuePayload(_CodePayload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@mutation("Make a pass for visitors to your home (开具访客通行码). It names nobody.")
async def visitor_pass_issue(context: Context, given: VisitorPassIssueInput) -> VisitorPassIssuePayload:
    made, code = await passes.issue(
        context.viewer,
        given.home_id,
        people=given.people,
        by_vehicle=given.by_vehicle,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
    )
    return VisitorPassIssuePayload(subject_id=made.id, code=code)


@strawberry.input(description="Visitors whom a guard post lets in.")
class VisitorPassHandOutInput(_Visit):
    post_id: strawberry.ID = strawberry.field(description="Post (岗位).")


@bound("What visitorPassHandOut answers.")
class VisitorPassHandOutPayload(_CodePayload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@mutation("Hand out a pass at a post to visitors who have none (门岗发放通行码). It names nobody and no home.")
async def visitor_pass_hand_out(context: Context, given: VisitorPassHandOutInput) -> VisitorPassHandOutPayload:
    made, code = await passes.hand_out(
        context.viewer,
        given.post_id,
        people=given.people,
        by_vehicle=given.by_vehicle,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
    )
    return VisitorPassHandOutPayload(subject_id=made.id, code=code)


@strawberry.input(description="A pass.")
class _OnePass(OnceInput):
    id: strawberry.ID = strawberry.field(description="Pass (通行码).")


@strawberry.input(description="A pass to take back.")
class VisitorPassCancelInput(_OnePass):
    pass


@bound("What visitorPassCancel answers.")
class VisitorPassCancelPayload(Payload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@mutation("Take a pass back before anybody has come with it (取消通行码). A home's is taken back by whoever issued it.")
async def visitor_pass_cancel(context: Context, given: VisitorPassCancelInput) -> VisitorPassCancelPayload:
    made = await passes.cancel(context.viewer, given.id)
    return VisitorPassCancelPayload(subject_id=made.id)


@strawberry.input(description="A pass that is open though its visitors have left.")
class VisitorPassCloseInput(_OnePass):
    pass


@bound("What visitorPassClose answers.")
class VisitorPassClosePayload(Payload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@mutation("Note that visitors have left though nobody scanned their pass (补登离开).")
async def visitor_pass_close(context: Context, given: VisitorPassCloseInput) -> VisitorPassClosePayload:
    made = await passes.close(context.viewer, given.id)
    return VisitorPassClosePayload(subject_id=made.id)


@strawberry.input(description="A pass that is shown at a gate.")
class VisitorPassLeaveInput:
    code: str = strawberry.field(description="Code (通行码); small letters, spaces and hyphens do not matter.")
    gate_id: strawberry.ID = strawberry.field(
        description="The gate (出入口), a facility of kind GATE, BARRIER or GUARD_BOX: compared, and not kept with the pass."
    )


@strawberry.input(description="Visitors who show a pass at a gate.")
class VisitorPassAdmitInput(VisitorPassLeaveInput):
    people: int | None = strawberry.field(
        description="How many stand there (实到人数): more than the pass is for are refused; left out: nobody counted.",
        default=None,
    )


@strawberry.type(description="What a scan of a pass answers.")
class _ScanPayload(Payload):
    again: bool = strawberry.field(
        description="Whether that was noted before (是否重复): nothing was changed, and the pass tells when it was.",
        default=False,
    )


@bound("What visitorPassAdmit answers.")
class VisitorPassAdmitPayload(_ScanPayload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@private_mutation("Let the visitors of a pass in at a gate (扫码进入): once, however often it is scanned.")
async def visitor_pass_admit(context: Context, given: VisitorPassAdmitInput) -> VisitorPassAdmitPayload:
    made, again = await passes.admit(context.viewer, given.code, given.gate_id, people=given.people)
    return VisitorPassAdmitPayload(subject_id=made.id, again=again)


@bound("What visitorPassLeave answers.")
class VisitorPassLeavePayload(_ScanPayload):
    visitor_pass = by_id("VisitorPass", "subject_id", description=_VISIT)


@private_mutation("Note at a gate that the visitors of a pass have left (扫码离开), also after its time.")
async def visitor_pass_leave(context: Context, given: VisitorPassLeaveInput) -> VisitorPassLeavePayload:
    made, again = await passes.leave(context.viewer, given.code, given.gate_id)
    return VisitorPassLeavePayload(subject_id=made.id, again=again)


PASSES = (
    visitor_pass_issue,
    visitor_pass_hand_out,
    visitor_pass_cancel,
    visitor_pass_close,
    visitor_pass_admit,
    visitor_pass_leave,
)

"""Mutations on handovers of mandates; the acts are in models/handovers.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.handovers import HandoverItem
from models import handovers

from .payloads import OnceInput, Payload, mutation

graphql_enum(HandoverItem)

_HANDOVER = "The handover as it is now (交接); null when refused."
_HANDED = "What was handed over (已移交)."
_POINTS = "What is left to be settled (遗留问题), 2,000 characters at most."


@strawberry.input(description="A handover to record.")
class MandateHandOverInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="The mandate that ends (服务与治理关系).")
    handed_over_on: date | None = strawberry.field(description="Day (交接日期); none: today.", default=strawberry.UNSET)
    to_organisation_id: strawberry.ID | None = strawberry.field(
        description="Who comes (接收方); none: whoever has such a mandate next, else the community's office.",
        default=strawberry.UNSET,
    )
    handed: list[HandoverItem] = strawberry.field(description=_HANDED)
    open_points: str | None = strawberry.field(description=_POINTS, default=strawberry.UNSET)


@bound("What mandateHandOver answers.")
class MandateHandOverPayload(Payload):
    handover = by_id("MandateHandover", "subject_id", description=_HANDOVER)


@mutation("Record how a mandate that ends was handed over (登记交接); open tickets go to whoever comes.")
async def mandate_hand_over(context: Context, given: MandateHandOverInput) -> MandateHandOverPayload:
    made = await handovers.hand_over(
        *(context.viewer, given.id),
        handed_over_on=given.handed_over_on,
        to_organisation_id=given.to_organisation_id,
        handed=given.handed,
        open_points=given.open_points or "",
    )
    return MandateHandOverPayload(subject_id=made.id)


@strawberry.input(description="What was handed over, said anew.")
class HandoverAmendInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Handover (交接).")
    handed: list[HandoverItem] = strawberry.field(description=_HANDED)
    open_points: str | None = strawberry.field(description=_POINTS, default=strawberry.UNSET)


@bound("What handoverAmend answers.")
class HandoverAmendPayload(Payload):
    handover = by_id("MandateHandover", "subject_id", description=_HANDOVER)


@mutation("Say anew what was handed over (补充交接); whoever has signed signs anew.")
async def handover_amend(context: Context, given: HandoverAmendInput) -> HandoverAmendPayload:
    made = await handovers.amend(context.viewer, given.id, handed=given.handed, open_points=given.open_points or "")
    return HandoverAmendPayload(subject_id=made.id)


@strawberry.input(description="A handover to sign.")
class HandoverSignInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Handover (交接).")


@bound("What handoverSign answers.")
class HandoverSignPayload(Payload):
    handover = by_id("MandateHandover", "subject_id", description=_HANDOVER)


@mutation("Sign a handover (签署交接) for the side that you work for.")
async def handover_sign(context: Context, given: HandoverSignInput) -> HandoverSignPayload:
    made = await handovers.sign(context.viewer, given.id)
    return HandoverSignPayload(subject_id=made.id)

"""Mutations on what people think of the work; the acts are in models/tickets."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.tickets.satisfaction import CallBackOutcome, RatingReason
from models import tickets

from .payloads import OnceInput, Payload, mutation

graphql_enum(RatingReason)
graphql_enum(CallBackOutcome)


@strawberry.input(description="What you think of the work on a ticket that you reported.")
class TicketRateInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    score: int = strawberry.field(description="1 (bad) to 5 (good) (评分).")
    reasons: list[RatingReason] = strawberry.field(
        description="Why (原因): at least one for a score of 1 or 2.", default_factory=list
    )
    note: str = strawberry.field(description="In your own words (说明), at most 1,000 characters.", default="")


@bound("What ticketRate answers.")
class TicketRatePayload(Payload):
    ticket = by_id("Ticket", "about_id", description="The ticket as it is now (工单); null when refused.")
    rating = by_id("TicketRating", "subject_id", description="The rating (评价); null when refused.")


@mutation("Rate the work on a ticket that you reported, once (评价).")
async def ticket_rate(context: Context, given: TicketRateInput) -> TicketRatePayload:
    made = await tickets.rate(context.viewer, given.id, given.score, reasons=given.reasons, note=given.note)
    return TicketRatePayload(subject_id=made.id)


@strawberry.input(description="What came of calling back.")
class CallBackRecordInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Call-back (回访).")
    outcome: CallBackOutcome = strawberry.field(description="What came of it (回访结果).")
    score: int | None = strawberry.field(
        description="1 (bad) to 5 (good), as told (评分); only when somebody was reached.", default=strawberry.UNSET
    )
    note: str = strawberry.field(description="A remark among those on duty (回访备注), at most 1,000 characters.", default="")


@bound("What callBackRecord answers.")
class CallBackRecordPayload(Payload):
    call_back = by_id("CallBack", "subject_id", description="The call-back as it is now (回访); null when refused.")


@mutation("Write down what came of calling back (登记回访); who was not reached is to be called again, three times at most.")
async def call_back_record(context: Context, given: CallBackRecordInput) -> CallBackRecordPayload:
    changed = await tickets.record_call(context.viewer, given.id, given.outcome, score=given.score, note=given.note)
    return CallBackRecordPayload(subject_id=changed.id)

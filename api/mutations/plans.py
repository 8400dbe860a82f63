"""Mutations on instalment plans and disputes of bills; the acts are in models/arrears/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.arrears.disputes import DisputeReason
from domain.arrears.instalments import Part
from domain.money import Money
from models import arrears

graphql_enum(DisputeReason)

_PLAN = "The plan as it is now (分期); null when refused."
_DISPUTE = "The dispute as it is now (账单异议); null when refused."


@strawberry.input(description="One part of a plan (分期款).")
class InstalmentInput:
    due_on: date = strawberry.field(description="By when (应缴日).")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.input(description="Bills of a home to be paid in parts: either `instalments`, or `count` equal ones a month apart.")
class InstalmentPlanAgreeInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    home_id: strawberry.ID = strawberry.field(description="Home (房屋).")
    bill_ids: list[strawberry.ID] | None = strawberry.field(
        description="Open bills of the home (账单). Default: all that are past due.", default=strawberry.UNSET
    )
    count: int | None = strawberry.field(description="How many equal parts (期数), 2 to 36.", default=strawberry.UNSET)
    first_on: date | None = strawberry.field(
        description="When the first is due (首期应缴日). Default: a month from today.", default=strawberry.UNSET
    )
    instalments: list[InstalmentInput] | None = strawberry.field(
        description="The parts (各期); they sum to what is open, to the fen.", default=strawberry.UNSET
    )


@bound("What instalmentPlanAgree answers.")
class InstalmentPlanAgreePayload(Payload):
    instalment_plan = by_id("InstalmentPlan", "subject_id", description=_PLAN)


@mutation("Agree with a home to pay in parts (约定分期); while it is kept nobody is reminded, and no late fee grows.")
async def instalment_plan_agree(context: Context, given: InstalmentPlanAgreeInput) -> InstalmentPlanAgreePayload:
    plan = await arrears.agree(
        context.viewer,
        given.book_id,
        given.home_id,
        bill_ids=given.bill_ids,
        count=given.count,
        first_on=given.first_on,
        instalments=None if given.instalments is None else [Part(each.due_on, each.amount) for each in given.instalments],
    )
    return InstalmentPlanAgreePayload(subject_id=plan.id)


@strawberry.input(description="A plan to give up.")
class InstalmentPlanCancelInput(ChangeInput):
    pass


@bound("What instalmentPlanCancel answers.")
class InstalmentPlanCancelPayload(Payload):
    instalment_plan = by_id("InstalmentPlan", "subject_id", description=_PLAN)


@mutation("Give a running instalment plan up (取消分期).")
async def instalment_plan_cancel(context: Context, given: InstalmentPlanCancelInput) -> InstalmentPlanCancelPayload:
    plan = await arrears.cancel(context.viewer, given.id, expected_version=given.expected_version)
    return InstalmentPlanCancelPayload(subject_id=plan.id)


@strawberry.input(description="What a home has against a bill.")
class BillDisputeOpenInput(OnceInput):
    bill_id: strawberry.ID = strawberry.field(description="Bill (账单).")
    reason: DisputeReason = strawberry.field(description="Why (理由).")
    text: str = strawberry.field(description="In own words (说明), 1 to 1,000 characters.")


@bound("What billDisputeOpen answers.")
class BillDisputeOpenPayload(Payload):
    bill_dispute = by_id("BillDispute", "subject_id", description=_DISPUTE)


@mutation("Dispute a bill (提出账单异议): until it is settled nobody is reminded of it, and no late fee grows.")
async def bill_dispute_open(context: Context, given: BillDisputeOpenInput) -> BillDisputeOpenPayload:
    row = await arrears.open_dispute(context.viewer, given.bill_id, given.reason, given.text)
    return BillDisputeOpenPayload(subject_id=row.id)


@strawberry.input(description="What is answered to a dispute.")
class BillDisputeAnswerInput(ChangeInput):
    text: str = strawberry.field(description="The answer (答复), 1 to 1,000 characters.")


@bound("What billDisputeAnswer answers.")
class BillDisputeAnswerPayload(Payload):
    bill_dispute = by_id("BillDispute", "subject_id", description=_DISPUTE)


@mutation("Answer a dispute that is not settled (答复异议).")
async def bill_dispute_answer(context: Context, given: BillDisputeAnswerInput) -> BillDisputeAnswerPayload:
    row = await arrears.answer(context.viewer, given.id, given.text, expected_version=given.expected_version)
    return BillDisputeAnswerPayload(subject_id=row.id)


@strawberry.input(description="A dispute that is right.")
class BillDisputeUpholdInput(ChangeInput):
    text: str = strawberry.field(description="The answer (答复), 1 to 1,000 characters; its first 500 stand on the credit note.")
    amount: Money | None = strawberry.field(
        description="What is credited of the bill (冲减金额). Default: all that is open.", default=strawberry.UNSET
    )


@bound("What billDisputeUphold answers.")
class BillDisputeUpholdPayload(Payload):
    bill_dispute = by_id("BillDispute", "subject_id", description=_DISPUTE)


@mutation("Agree with a dispute, and credit the bill (认定异议成立).")
async def bill_dispute_uphold(context: Context, given: BillDisputeUpholdInput) -> BillDisputeUpholdPayload:
    row = await arrears.uphold(context.viewer, given.id, given.amount, given.text, expected_version=given.expected_version)
    return BillDisputeUpholdPayload(subject_id=row.id)


@strawberry.input(description="A dispute that is not right.")
class BillDisputeRejectInput(ChangeInput):
    text: str = strawberry.field(description="Why the bill stands (答复), 1 to 1,000 characters.")


@bound("What billDisputeReject answers.")
class BillDisputeRejectPayload(Payload):
    bill_dispute = by_id("BillDispute", "subject_id", description=_DISPUTE)


@mutation("Let a disputed bill stand, and say why (认定异议不成立).")
async def bill_dispute_reject(context: Context, given: BillDisputeRejectInput) -> BillDisputeRejectPayload:
    row = await arrears.reject(context.viewer, given.id, given.text, expected_version=given.expected_version)
    return BillDisputeRejectPayload(subject_id=row.id)


@strawberry.input(description="A dispute to take back.")
class BillDisputeWithdrawInput(ChangeInput):
    pass


@bound("What billDisputeWithdraw answers.")
class BillDisputeWithdrawPayload(Payload):
    bill_dispute = by_id("BillDispute", "subject_id", description=_DISPUTE)


@mutation("Take a dispute back (撤回异议).")
async def bill_dispute_withdraw(context: Context, given: BillDisputeWithdrawInput) -> BillDisputeWithdrawPayload:
    row = await arrears.withdraw(context.viewer, given.id, expected_version=given.expected_version)
    return BillDisputeWithdrawPayload(subject_id=row.id)


#: Every mutation on plans and disputes, in the order of the schema.
PLANS = [
    *(instalment_plan_agree, instalment_plan_cancel),
    *(bill_dispute_open, bill_dispute_answer, bill_dispute_uphold, bill_dispute_reject, bill_dispute_withdraw),
]

"""Mutations on ladders, reminders, files for courts and write-offs; the acts are in models/arrears/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.arrears.cases import DeliveryWay
from domain.arrears.ladder import LadderStep, ReminderKind
from domain.money import Money
from models import arrears

for _word in (DeliveryWay, ReminderKind):
    graphql_enum(_word)


@strawberry.input(description="A step of a ladder (催缴步骤).")
class ReminderStepInput:
    kind: ReminderKind = strawberry.field(description="How firmly it speaks (种类).")
    after_days: int = strawberry.field(description="From so many days past due on (逾期天数), 1 to 1095.")
    period_days: int = strawberry.field(description="Days to pay (限期天数): 7 to 180, of a demand 15 to 180.")


@strawberry.input(description="How homes that are behind are reminded.")
class ReminderLadderSetInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    steps: list[ReminderStepInput] | None = strawberry.field(
        description="Its steps (步骤), the mildest first, the last a demand. Default: as before, at first the product's.",
        default=strawberry.UNSET,
    )
    running: bool = strawberry.field(description="Whether reminders are sent (是否启用).", default=True)
    expected_version: int | None = strawberry.field(
        description="The version you read (0: none was set); when it has changed since, the answer is STALE_VERSION.",
        default=strawberry.UNSET,
    )


@bound("What reminderLadderSet answers.")
class ReminderLadderSetPayload(Payload):
    reminder_ladder = by_id("ReminderLadder", "subject_id", description="The ladder as it is now (催缴阶梯); null when refused.")


@mutation("Set how homes that are behind are reminded (设置催缴阶梯): on working days, by day, each step once.")
async def reminder_ladder_set(context: Context, given: ReminderLadderSetInput) -> ReminderLadderSetPayload:
    steps = None if given.steps is None else [LadderStep(s.kind, s.after_days, s.period_days) for s in given.steps]
    row = await arrears.set_ladder(
        context.viewer, given.book_id, steps=steps, running=given.running, expected_version=given.expected_version
    )
    return ReminderLadderSetPayload(subject_id=row.id)


@strawberry.input(description="How a reminder came to the home on paper.")
class ReminderRecordDeliveryInput(ChangeInput):
    way: DeliveryWay = strawberry.field(description="How (送达方式).")
    delivered_on: date | None = strawberry.field(description="When (送达日期). Default: today.", default=strawberry.UNSET)
    slip: str = strawberry.field(description="Number of the post's slip (邮寄单号); registered mail needs it.", default="")


@bound("What reminderRecordDelivery answers.")
class ReminderRecordDeliveryPayload(Payload):
    reminder = by_id("Reminder", "subject_id", description="The reminder as it is now (催缴记录); null when refused.")


@mutation("Record that a reminder came to the home on paper (登记书面送达).")
async def reminder_record_delivery(context: Context, given: ReminderRecordDeliveryInput) -> ReminderRecordDeliveryPayload:
    row = await arrears.record_delivery(
        context.viewer,
        given.id,
        given.way,
        delivered_on=given.delivered_on,
        slip=given.slip,
        expected_version=given.expected_version,
    )
    return ReminderRecordDeliveryPayload(subject_id=row.id)


@strawberry.input(description="A case to hand over.")
class ArrearsHandOverInput(ChangeInput):
    pass


@bound("What arrearsHandOver answers.")
class ArrearsHandOverPayload(Payload):
    court_file = by_id("CourtFile", "subject_id", description="The file that was made (移交材料); null when refused.")
    arrears_case = by_id("ArrearsCase", "about_id", description="The case as it is now (欠费催缴); null when refused.")


@mutation("Make the file of a case for a court or an arbitration (移交法院或仲裁), once the last demand's period is over.")
async def arrears_hand_over(context: Context, given: ArrearsHandOverInput) -> ArrearsHandOverPayload:
    file = await arrears.hand_over(context.viewer, given.id, expected_version=given.expected_version)
    return ArrearsHandOverPayload(subject_id=file.id, about_id=file.case_id)


@strawberry.input(description="A bill of which something is lost.")
class BillWriteOffInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Bill (账单).")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")
    amount: Money | None = strawberry.field(description="How much (金额). Default: all that is open.", default=strawberry.UNSET)


@bound("What billWriteOff answers.")
class BillWriteOffPayload(Payload):
    bill = by_id("Bill", "subject_id", description="The bill as it is now (账单); null when refused.")


@mutation("Write off what is lost of a bill (核销坏账): the home owes it no more.")
async def bill_write_off(context: Context, given: BillWriteOffInput) -> BillWriteOffPayload:
    bill = await arrears.write_off(context.viewer, given.id, given.reason, amount=given.amount)
    return BillWriteOffPayload(subject_id=bill.id)

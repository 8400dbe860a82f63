"""Mutations on bills and bill runs; the acts are in models/bills and models/bill_runs."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.bills import CreditKind
from domain.ledger import AccountCode
from domain.money import Money
from models import bill_runs
from models.bills import acts

for _word in (AccountCode, CreditKind):
    graphql_enum(_word)

_RUN = "The run as it is now (出账批次); null when refused."
_DUE = "By when it is to be paid (到期日)."


@strawberry.input(description="A run to be tried out.")
class BillRunPreviewInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    month: date = strawberry.field(description="First day of the month (计费月份).")
    item_ids: list[strawberry.ID] | None = strawberry.field(
        description="Items (收费项目). Default: all of which a period begins then.", default=strawberry.UNSET
    )
    issued_on: date | None = strawberry.field(
        description="What day its bills bear (开具日期). Default: today.", default=strawberry.UNSET
    )
    due_on: date | None = strawberry.field(description=_DUE + " Default: 15 days later.", default=strawberry.UNSET)


@bound("What billRunPreview answers.")
class BillRunPreviewPayload(Payload):
    bill_run = by_id("BillRun", "subject_id", description=_RUN)


@mutation("Reckon what a bill run would bill, and issue nothing (出账试算). Its job tells how far it is.")
async def bill_run_preview(context: Context, given: BillRunPreviewInput) -> BillRunPreviewPayload:
    run = await bill_runs.preview(
        context.viewer,
        given.book_id,
        given.month,
        item_ids=given.item_ids,
        issued_on=given.issued_on,
        due_on=given.due_on,
    )
    return BillRunPreviewPayload(subject_id=run.id)


@strawberry.input(description="A bill run that was tried out.")
class BillRunStartInput(ChangeInput): ...


@bound("What billRunStart answers.")
class BillRunStartPayload(Payload):
    bill_run = by_id("BillRun", "subject_id", description=_RUN)


@mutation("Issue the bills of a run that was tried out (出账). Homes that were billed before are left out.")
async def bill_run_start(context: Context, given: BillRunStartInput) -> BillRunStartPayload:
    run = await bill_runs.start(context.viewer, given.id, expected_version=given.expected_version)
    return BillRunStartPayload(subject_id=run.id)


@strawberry.input(description="A bill run to leave.")
class BillRunCancelInput(ChangeInput): ...


@bound("What billRunCancel answers.")
class BillRunCancelPayload(Payload):
    bill_run = by_id("BillRun", "subject_id", description=_RUN)


@mutation("Leave a bill run that issued nothing (取消出账批次).")
async def bill_run_cancel(context: Context, given: BillRunCancelInput) -> BillRunCancelPayload:
    run = await bill_runs.cancel(context.viewer, given.id, expected_version=given.expected_version)
    return BillRunCancelPayload(subject_id=run.id)


@strawberry.input(description="A bill run to take back.")
class BillRunReverseInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters: its credit notes say so.")


@bound("What billRunReverse answers.")
class BillRunReversePayload(Payload):
    bill_run = by_id("BillRun", "subject_id", description=_RUN)


@mutation("Take all bills of a run back (撤销出账), but those of which something was paid. They can be billed again.")
async def bill_run_reverse(context: Context, given: BillRunReverseInput) -> BillRunReversePayload:
    run = await bill_runs.reverse(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return BillRunReversePayload(subject_id=run.id)


@strawberry.input(description="A line of a bill by hand.")
class ChargeInput:
    account: AccountCode = strawberry.field(description="What income it is (收入科目).")
    what: str = strawberry.field(description="What for (说明), 1 to 200 characters; it names nobody.")
    amount: Money = strawberry.field(description="How much (金额).")
    period_from: date | None = strawberry.field(
        description="First day it is about (起始日). Default: today.", default=strawberry.UNSET
    )
    period_to: date | None = strawberry.field(
        description="Last day it is about (截止日). Default: the first.", default=strawberry.UNSET
    )


@strawberry.input(description="A bill for what no run bills.")
class BillIssueInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    home_id: strawberry.ID = strawberry.field(description="Home (住房).")
    charges: list[ChargeInput] = strawberry.field(description="Its lines (明细), one at least.")
    due_on: date | None = strawberry.field(description=_DUE + " Default: in 15 days.", default=strawberry.UNSET)


@bound("What billIssue answers.")
class BillIssuePayload(Payload):
    bill = by_id("Bill", "subject_id", description="The bill (账单); null when refused.")


@mutation("Issue a bill for what no run bills (手工开单).")
async def bill_issue(context: Context, given: BillIssueInput) -> BillIssuePayload:
    charges = [
        acts.Charge(charge.account, charge.what, charge.amount, charge.period_from, charge.period_to) for charge in given.charges
    ]
    bill = await acts.issue_by_hand(context.viewer, given.book_id, given.home_id, charges, due_on=given.due_on)
    return BillIssuePayload(subject_id=bill.id)


@strawberry.input(description="How much of a line is taken back.")
class BillLineCreditInput:
    line_id: strawberry.ID = strawberry.field(description="Line of the bill (账单明细).")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.input(description="A bill of which something is taken back.")
class BillCreditInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Bill (账单).")
    kind: CreditKind = strawberry.field(description="On what ground (类别): CORRECTION, REVERSAL or WAIVER.")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")
    amount: Money | None = strawberry.field(
        description="How much (金额), shared over what stands. Default: all that is open.", default=strawberry.UNSET
    )
    lines: list[BillLineCreditInput] | None = strawberry.field(
        description="Or how much of which line (明细).", default=strawberry.UNSET
    )


@bound("What billCredit answers.")
class BillCreditPayload(Payload):
    credit_note = by_id("CreditNote", "subject_id", description="The credit note (冲减单); null when refused.")


@mutation("Take back of a bill what is still open, or some of it (冲减账单).")
async def bill_credit(context: Context, given: BillCreditInput) -> BillCreditPayload:
    note = await acts.credit_bill(
        context.viewer,
        given.id,
        given.kind,
        given.reason,
        amount=given.amount,
        lines=None if given.lines is None else {line.line_id: line.amount for line in given.lines},
    )
    return BillCreditPayload(subject_id=note.id)


@strawberry.input(description="A bill to be issued anew.")
class BillCorrectInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Bill (账单): of a run, and of which nothing was paid.")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")
    due_on: date | None = strawberry.field(description=_DUE + " Default: as the old one.", default=strawberry.UNSET)


@bound("What billCorrect answers.")
class BillCorrectPayload(Payload):
    bill = by_id("Bill", "subject_id", description="The new bill, or the old one if nothing is charged any more (账单).")


@mutation("Take a bill back, and issue it anew by what is known of the home now (更正账单).")
async def bill_correct(context: Context, given: BillCorrectInput) -> BillCorrectPayload:
    bill = await bill_runs.correct_bill(context.viewer, given.id, given.reason, due_on=given.due_on)
    return BillCorrectPayload(subject_id=bill.id)

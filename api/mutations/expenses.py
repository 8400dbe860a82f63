"""Mutations on suppliers and expenses; the acts are in models/expenses."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.expenses import ExpenseCategory
from domain.ledger import AccountCode, Fund
from domain.money import Money
from models import expenses

for _word in (ExpenseCategory, Fund, AccountCode):
    graphql_enum(_word)

_SUPPLIER = "The supplier as it is now (供应商); null when refused."
_EXPENSE = "The expense as it is now (支出); null when refused."


@strawberry.input(description="A supplier to add.")
class SupplierAddInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Whose supplier (所属单位): your organisation.")
    name: str = strawberry.field(description="Name of the body (名称), 2 to 120 characters; no person.")
    credit_code: str | None = strawberry.field(
        description="Unified social credit code (统一社会信用代码).", default=strawberry.UNSET
    )


@bound("What supplierAdd answers.")
class SupplierAddPayload(Payload):
    supplier = by_id("Supplier", "subject_id", description=_SUPPLIER)


@mutation("Add a supplier to your organisation's list (登记供应商).")
async def supplier_add(context: Context, given: SupplierAddInput) -> SupplierAddPayload:
    made = await expenses.add_supplier(context.viewer, given.organisation_id, given.name, credit_code=given.credit_code)
    return SupplierAddPayload(subject_id=made.id)


@strawberry.input(description="A supplier, and what is to be kept of it.")
class SupplierAmendInput(ChangeInput):
    name: str = strawberry.field(description="Name of the body (名称), 2 to 120 characters; no person.")
    credit_code: str | None = strawberry.field(
        description="Unified social credit code (统一社会信用代码); none: it has none.", default=strawberry.UNSET
    )


@bound("What supplierAmend answers.")
class SupplierAmendPayload(Payload):
    supplier = by_id("Supplier", "subject_id", description=_SUPPLIER)


@mutation("Put right what is kept of a supplier (更正供应商信息).")
async def supplier_amend(context: Context, given: SupplierAmendInput) -> SupplierAmendPayload:
    changed = await expenses.amend_supplier(
        context.viewer, given.id, given.name, credit_code=given.credit_code, expected_version=given.expected_version
    )
    return SupplierAmendPayload(subject_id=changed.id)


@strawberry.input(description="A supplier to end.")
class SupplierEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Supplier (供应商).")


@bound("What supplierEnd answers.")
class SupplierEndPayload(Payload):
    supplier = by_id("Supplier", "subject_id", description=_SUPPLIER)


@mutation("Buy nothing more of a supplier (停用供应商).")
async def supplier_end(context: Context, given: SupplierEndInput) -> SupplierEndPayload:
    changed = await expenses.end_supplier(context.viewer, given.id)
    return SupplierEndPayload(subject_id=changed.id)


@strawberry.input(description="What is said of an expense.")
class ExpenseContentInput:
    category: ExpenseCategory = strawberry.field(description="What was spent on (支出类别).")
    amount: Money = strawberry.field(description="How much (金额), in yuan, above 0.")
    what: str = strawberry.field(description="What it was for (事由), 2 to 200 characters. Names nobody.")
    fund: Fund = strawberry.field(description="Out of whose money (资金归属).", default=Fund.COMPANY)
    spent_on: date | None = strawberry.field(description="Day of the books (记账日期). Default: today.", default=strawberry.UNSET)
    supplier_id: strawberry.ID | None = strawberry.field(description="Of whom (供应商).", default=strawberry.UNSET)
    invoice_number: str | None = strawberry.field(
        description="Number of the invoice (发票号码): of a supplier it is entered once.", default=strawberry.UNSET
    )
    invoice_on: date | None = strawberry.field(description="Day of the invoice (开票日期).", default=strawberry.UNSET)
    basis: str | None = strawberry.field(
        description="Number of the vote or resolution (依据) by which the owners' money is spent.", default=strawberry.UNSET
    )
    ticket_id: strawberry.ID | None = strawberry.field(description="Ticket (工单) of the compound.", default=strawberry.UNSET)
    work_order_id: strawberry.ID | None = strawberry.field(
        description="Work order (作业单) of the compound.", default=strawberry.UNSET
    )


def _said(given: ExpenseContentInput) -> expenses.ExpenseDraft:
    return expenses.ExpenseDraft(
        category=given.category,
        amount=given.amount,
        what=given.what,
        fund=given.fund,
        spent_on=given.spent_on,
        supplier_id=given.supplier_id,
        invoice_number=given.invoice_number or "",
        invoice_on=given.invoice_on,
        basis=given.basis or "",
        ticket_id=given.ticket_id,
        work_order_id=given.work_order_id,
    )


@strawberry.input(description="An expense to enter.")
class ExpenseDraftInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    expense: ExpenseContentInput = strawberry.field(description="What is said of it (支出内容).")


@bound("What expenseDraft answers.")
class ExpenseDraftPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Enter an expense, to be submitted later (录入支出).")
async def expense_draft(context: Context, given: ExpenseDraftInput) -> ExpenseDraftPayload:
    made = await expenses.draft(context.viewer, given.book_id, _said(given.expense))
    return ExpenseDraftPayload(subject_id=made.id)


@strawberry.input(description="An expense, and what is said of it instead.")
class ExpenseAmendInput(ChangeInput):
    expense: ExpenseContentInput = strawberry.field(description="What is said of it (支出内容), all of it.")


@bound("What expenseAmend answers.")
class ExpenseAmendPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Write an expense anew that is a draft or was sent back (修改支出).")
async def expense_amend(context: Context, given: ExpenseAmendInput) -> ExpenseAmendPayload:
    changed = await expenses.amend(context.viewer, given.id, _said(given.expense), expected_version=given.expected_version)
    return ExpenseAmendPayload(subject_id=changed.id)


@strawberry.input(description="An expense to submit.")
class ExpenseSubmitInput(ChangeInput):
    pass


@bound("What expenseSubmit answers.")
class ExpenseSubmitPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation(
    "Submit an expense (提交支出): it is approved and posted at once, or waits for another person above the book's limit, out of"
    " the owners' funds, or where it may be there already."
)
async def expense_submit(context: Context, given: ExpenseSubmitInput) -> ExpenseSubmitPayload:
    changed = await expenses.submit(context.viewer, given.id, expected_version=given.expected_version)
    return ExpenseSubmitPayload(subject_id=changed.id)


@strawberry.input(description="An expense to withdraw.")
class ExpenseWithdrawInput(ChangeInput):
    pass


@bound("What expenseWithdraw answers.")
class ExpenseWithdrawPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Take a submitted expense back before it is approved (撤回支出).")
async def expense_withdraw(context: Context, given: ExpenseWithdrawInput) -> ExpenseWithdrawPayload:
    changed = await expenses.withdraw(context.viewer, given.id, expected_version=given.expected_version)
    return ExpenseWithdrawPayload(subject_id=changed.id)


@strawberry.input(description="An expense to approve.")
class ExpenseApproveInput(ChangeInput):
    booked_on: date | None = strawberry.field(
        description="Day of the books (记账日期). Default: the day it was spent on.", default=strawberry.UNSET
    )


@bound("What expenseApprove answers.")
class ExpenseApprovePayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Approve an expense that another entered and submitted (批准支出).")
async def expense_approve(context: Context, given: ExpenseApproveInput) -> ExpenseApprovePayload:
    changed = await expenses.approve(context.viewer, given.id, booked_on=given.booked_on, expected_version=given.expected_version)
    return ExpenseApprovePayload(subject_id=changed.id)


@strawberry.input(description="An expense to send back.")
class ExpenseRejectInput(ChangeInput):
    why: str = strawberry.field(description="Why (驳回原因), 2 to 200 characters.")


@bound("What expenseReject answers.")
class ExpenseRejectPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Send an expense back that another entered and submitted (驳回支出).")
async def expense_reject(context: Context, given: ExpenseRejectInput) -> ExpenseRejectPayload:
    changed = await expenses.reject(context.viewer, given.id, given.why, expected_version=given.expected_version)
    return ExpenseRejectPayload(subject_id=changed.id)


@strawberry.input(description="An expense that was paid.")
class ExpensePayInput(ChangeInput):
    paid_on: date | None = strawberry.field(description="When (付款日期). Default: today.", default=strawberry.UNSET)
    paid_from: AccountCode | None = strawberry.field(
        description="From which account (付款账户). Default: the bank account of its fund.", default=strawberry.UNSET
    )


@bound("What expensePay answers.")
class ExpensePayPayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Record that an approved expense was paid (支付支出).")
async def expense_pay(context: Context, given: ExpensePayInput) -> ExpensePayPayload:
    changed = await expenses.pay(
        context.viewer,
        given.id,
        paid_on=given.paid_on,
        source=given.paid_from,
        expected_version=given.expected_version,
    )
    return ExpensePayPayload(subject_id=changed.id)


@strawberry.input(description="An expense to take back.")
class ExpenseReverseInput(ChangeInput):
    why: str = strawberry.field(description="Why (冲销原因), 2 to 200 characters.")
    booked_on: date | None = strawberry.field(
        description="Day of the books (记账日期). Default: today.", default=strawberry.UNSET
    )


@bound("What expenseReverse answers.")
class ExpenseReversePayload(Payload):
    expense = by_id("Expense", "subject_id", description=_EXPENSE)


@mutation("Take an approved or paid expense back: what was posted is posted the other way round (冲销支出).")
async def expense_reverse(context: Context, given: ExpenseReverseInput) -> ExpenseReversePayload:
    changed = await expenses.reverse_expense(
        context.viewer, given.id, given.why, booked_on=given.booked_on, expected_version=given.expected_version
    )
    return ExpenseReversePayload(subject_id=changed.id)


#: Every mutation on suppliers and expenses, in the order of the schema.
EXPENSES = (
    supplier_add,
    supplier_amend,
    supplier_end,
    expense_draft,
    expense_amend,
    expense_submit,
    expense_withdraw,
    expense_approve,
    expense_reject,
    expense_pay,
    expense_reverse,
)

"""Mutations on budgets; the acts are in models/budgets.py."""

from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.ledger import AccountCode
from domain.money import Money
from models import budgets

graphql_enum(AccountCode)

_BOOK = "The book (账套), whose budgetLines tell what is planned now; null when refused."
_YEAR = "Which year (年度)."


@strawberry.input(description="What a year of an account is planned to come to: give either the amount or the months.")
class BudgetSetInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    year: int = strawberry.field(description=_YEAR)
    account: AccountCode = strawberry.field(description="Account of income or expenses (科目).")
    amount: Money | None = strawberry.field(
        description="Of the whole year (全年金额), shared by the months in equal parts.", default=strawberry.UNSET
    )
    months: list[Money] | None = strawberry.field(
        description="Each of the twelve months (各月金额), January first.", default=strawberry.UNSET
    )
    resolution: str = strawberry.field(description="By which resolution or notice (依据), up to 120 characters.", default="")


@bound("What budgetSet answers.")
class BudgetSetPayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Plan a year of an account; what was planned of it before is replaced (设置预算).")
async def budget_set(context: Context, given: BudgetSetInput) -> BudgetSetPayload:
    book = await budgets.set_budget(
        context.viewer,
        given.book_id,
        given.year,
        given.account,
        amount=None if given.amount is strawberry.UNSET else given.amount,
        months=None if given.months is strawberry.UNSET else given.months,
        resolution=given.resolution,
    )
    return BudgetSetPayload(subject_id=book.id)


@strawberry.input(description="A year to plan like the one before.")
class BudgetDrawInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    year: int = strawberry.field(description=_YEAR)
    percent: Decimal = strawberry.field(description="So many percent more, -50 to 100 (增长比例).", default=Decimal(0))


@strawberry.type(description="How much was planned.")
class _DrawnPayload(Payload):
    accounts: int = strawberry.field(
        description="Of how many accounts something is planned now that was not (科目数).", default=0
    )


@bound("What budgetDraw answers.")
class BudgetDrawPayload(_DrawnPayload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Plan a year like the one before, wherever nothing is planned yet (按上年编制预算).")
async def budget_draw(context: Context, given: BudgetDrawInput) -> BudgetDrawPayload:
    book, accounts = await budgets.draw_budget(context.viewer, given.book_id, given.year, given.percent)
    return BudgetDrawPayload(subject_id=book.id, accounts=accounts)


@strawberry.input(description="What is planned of an account in a year.")
class BudgetRemoveInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    year: int = strawberry.field(description=_YEAR)
    account: AccountCode = strawberry.field(description="Account (科目).")


@bound("What budgetRemove answers.")
class BudgetRemovePayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Take back what is planned of an account in a year (删除预算).")
async def budget_remove(context: Context, given: BudgetRemoveInput) -> BudgetRemovePayload:
    book = await budgets.remove_budget(context.viewer, given.book_id, given.year, given.account)
    return BudgetRemovePayload(subject_id=book.id)


#: In the order of the schema.
BUDGETS = (budget_set, budget_draw, budget_remove)

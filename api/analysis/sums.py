"""Income and expenses added up, beside the budget, the year before and other compounds."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.analysis import AnalysisBy, SizeBand, change_percent, first_day, month_of, per, percent_of, sizes
from domain.ledger import AccountCode, Fund
from domain.money import Money
from models.analysis import Beside, Books, FundMoved, Summed, TooMany, beside_peers, collected, fund_moved, income_and_expense

for _word in (AnalysisBy, SizeBand, AccountCode, Fund):
    graphql_enum(_word)

MONTHS_MAX = 60
_PERIODS = (AnalysisBy.MONTH, AnalysisBy.QUARTER, AnalysisBy.YEAR)

OF = strawberry.argument(
    description="A book (账套), a compound; or a grid, community, village or street, whose books are added up."
)


@strawberry.type(description="What came in and what was spent (收支).")
class IncomeAndExpenseLine:
    period: date | None = strawberry.field(description="First day of the period (期间); null where they are not told apart.")
    account: AccountCode | None = strawberry.field(description="Account (科目); null where they are not told apart.")
    compound_id: strawberry.ID | None = strawberry.field(description="Compound (小区); null where they are not told apart.")
    compound_name: str | None = strawberry.field(description="Its name (小区名称).")
    income: Money = strawberry.field(description="What came in (收入).")
    expense: Money = strawberry.field(description="What was spent (支出).")
    net: Money = strawberry.field(description="Income less expense (结余).")
    income_budget: Money | None = strawberry.field(description="Planned to come in (收入预算); null: nothing is planned.")
    expense_budget: Money | None = strawberry.field(description="Planned to be spent (支出预算); null: nothing is planned.")
    expense_of_budget: Decimal | None = strawberry.field(description="Spent, of what was planned, percent (预算执行率).")
    income_year_before: Money = strawberry.field(description="Income of the year before (上年同期收入).")
    expense_year_before: Money = strawberry.field(description="Expense of the year before (上年同期支出).")
    income_change: Decimal | None = strawberry.field(description="More than in the year before, percent (收入同比).")
    expense_change: Decimal | None = strawberry.field(description="More than in the year before, percent (支出同比).")
    income_per_m2: Money | None = strawberry.field(description="Income per square metre of homes (每平方米收入).")
    expense_per_m2: Money | None = strawberry.field(description="Expense per square metre of homes (每平方米支出).")
    income_per_home: Money | None = strawberry.field(description="Income per home (户均收入).")
    expense_per_home: Money | None = strawberry.field(description="Expense per home (户均支出).")


@strawberry.type(description="How a fund of the owners moved in the period (业主资金).")
class FundMovement:
    fund: Fund = strawberry.field(description="Which fund (资金).")
    opening: Money = strawberry.field(description="What was there before (期初).")
    income: Money = strawberry.field(description="What came in (收入).")
    cost: Money = strawberry.field(description="What earning it cost (成本).")
    used: Money = strawberry.field(description="What it was used for (使用).")
    closing: Money = strawberry.field(description="What is left (期末).")


@strawberry.type(description="Whether bills are paid (收缴).")
class Collection:
    billed: Money = strawberry.field(description="Billed in the period, less what was credited (应收).")
    paid: Money = strawberry.field(description="What of it has been paid until now (已收).")
    rate: Decimal | None = strawberry.field(description="So many percent (收缴率); null: nothing was billed.")


@strawberry.type(description="An account beside compounds of the same kind and size (同类小区比较), yuan per square metre.")
class PeerComparison:
    account: AccountCode | None = strawberry.field(description="Account (科目); null: all expenses.")
    own: Money = strawberry.field(description="What it costs here (本小区).")
    count: int = strawberry.field(description="How many others there are, five at least (同类小区数).")
    lower: Money = strawberry.field(description="A quarter of them spend so much at most (下四分位).")
    median: Money = strawberry.field(description="Half of them spend so much at most (中位数).")
    upper: Money = strawberry.field(description="A quarter of them spend so much or more (上四分位).")


@strawberry.type(
    description="Income and expenses (收支分析) of the books of which the viewer sees lines, and of these lines only."
)
class IncomeAndExpense:
    since: date = strawberry.field(description="First day (起始日期).")
    until: date = strawberry.field(description="Last day (截止日期): the months asked for, whole.")
    compounds: int = strawberry.field(description="Of how many compounds there are books (小区数).")
    homes: int = strawberry.field(description="Their homes (户数).")
    area_m2: Decimal = strawberry.field(description="Square metres of their homes (建筑面积).")
    size: SizeBand | None = strawberry.field(description="How large the compound is (规模); null for several.")
    total: IncomeAndExpenseLine = strawberry.field(description="All of it (合计).")
    lines: list[IncomeAndExpenseLine] = strawberry.field(description="Its parts (明细), as `by` tells them apart.")
    collection: Collection | None = strawberry.field(description="Whether bills are paid (收缴); null: fees are not seen.")
    funds: list[FundMovement] = strawberry.field(description="The owners' common-area income and maintenance fund (业主资金).")
    peers: list[PeerComparison] = strawberry.field(
        description="Accounts beside others of the street, kind and size (同类比较); empty for several compounds, or fewer than"
        " five others."
    )


async def _income_and_expense(
    info: strawberry.Info[Context, Any],
    of: Annotated[strawberry.ID, OF],
    since: Annotated[date, strawberry.argument(description="A day of the first month (起始月份).")],
    until: Annotated[date, strawberry.argument(description=f"A day of the last month (截止月份), at most {MONTHS_MAX} in all.")],
    by: Annotated[
        list[AnalysisBy],
        strawberry.argument(description="What to tell apart by (分组), one kind of period at most; empty: all in one."),
    ] = [],  # noqa: B006
    funds: Annotated[
        list[Fund] | None, strawberry.argument(description="Whose money (资金归属); none: all that is seen.")
    ] = None,
) -> IncomeAndExpense | None:
    months = month_of(until) - month_of(since) + 1
    if not 1 <= months <= MONTHS_MAX:
        raise refuse("BAD_USER_INPUT", f"until: 1 to {MONTHS_MAX} months from since; there are {months}.")
    if sum(each in by for each in _PERIODS) > 1:
        raise refuse("BAD_USER_INPUT", "by: give one of MONTH, QUARTER and YEAR.")
    kinds = sorted(set(funds if funds is not None else Fund), key=list(Fund).index)
    try:
        found = await income_and_expense(
            info.context.viewer, of, since.replace(day=1), first_day(month_of(until) + 1), frozenset(by), kinds
        )
    except TooMany:
        raise refuse("BAD_USER_INPUT", "by: there are too many lines; ask for fewer months, or tell less apart.") from None
    return await _told(found, kinds) if found else None


async def _told(found: Books, kinds: list[Fund]) -> IncomeAndExpense:
    places = {book.compound_id: book for book in found.books}
    fees = Fund.COMPANY in kinds and any(book.shows(Fund.COMPANY) for book in found.books)
    moved = [await fund_moved(found.books, fund, found.first, found.after) for fund in kinds if fund is not Fund.COMPANY]
    size = found.size
    return IncomeAndExpense(
        since=found.first,
        until=date.fromordinal(found.after.toordinal() - 1),
        compounds=len(places),
        homes=sum(place.homes for place in places.values()),
        area_m2=sum((place.area_m2 for place in places.values()), Decimal(0)),
        size=size,
        total=_line(found.total),
        lines=[_line(each) for each in found.parts],
        collection=await _collection(found) if fees else None,
        funds=[_fund(each) for each in moved],
        peers=[_peers(each) for each in await beside_peers(found, sizes(size), kinds)] if size else [],
    )


def _line(of: Summed) -> IncomeAndExpenseLine:
    return IncomeAndExpenseLine(
        period=of.period,
        account=of.account,
        compound_id=strawberry.ID(of.compound_id) if of.compound_id else None,
        compound_name=of.compound_name,
        income=Money(of.income),
        expense=Money(of.expense),
        net=Money(of.income - of.expense),
        income_budget=_money(of.income_planned),
        expense_budget=_money(of.expense_planned),
        expense_of_budget=percent_of(of.expense, of.expense_planned) if of.expense_planned else None,
        income_year_before=Money(of.income_before),
        expense_year_before=Money(of.expense_before),
        income_change=change_percent(of.income, of.income_before),
        expense_change=change_percent(of.expense, of.expense_before),
        income_per_m2=_money(per(of.income, of.area_m2)),
        expense_per_m2=_money(per(of.expense, of.area_m2)),
        income_per_home=_money(per(of.income, of.homes)),
        expense_per_home=_money(per(of.expense, of.homes)),
    )


async def _collection(found: Books) -> Collection:
    fees = [book.book_id for book in found.books if book.shows(Fund.COMPANY)]
    told = await collected(fees, found.first, found.after)
    return Collection(billed=Money(told.billed), paid=Money(told.paid), rate=percent_of(told.paid, told.billed))


def _fund(of: FundMoved) -> FundMovement:
    return FundMovement(
        fund=of.fund,
        opening=Money(of.opening),
        income=Money(of.income),
        cost=Money(of.cost),
        used=Money(of.used),
        closing=Money(of.closing),
    )


def _peers(of: Beside) -> PeerComparison:
    others = of.peers
    return PeerComparison(
        account=of.account,
        own=Money(of.own),
        count=others.count,
        lower=Money(per(others.lower, 1) or 0),
        median=Money(per(others.median, 1) or 0),
        upper=Money(per(others.upper, 1) or 0),
    )


def _money(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount)


income_and_expense_field = strawberry.field(
    _income_and_expense,
    name="incomeAndExpense",
    description="Income and expenses (收支分析) beside the budget, the year before, and other compounds; null: no book of which"
    " the viewer sees anything.",
)

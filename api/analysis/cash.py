"""How the cash of a book goes on, and what if."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.analysis import WhatIf, first_day
from domain.ledger import Fund
from domain.money import Money
from domain.refusals import Refused
from models.analysis import foretell, seen_books
from models.calendar import today

graphql_enum(Fund)
MONTHS_MAX = 24


@strawberry.input(description="What if (情景测算); nothing is changed by asking.")
class WhatIfInput:
    price_percent: Decimal | None = strawberry.field(
        description="Fees so many percent dearer, -50 to 100 (收费标准变动).", default=None
    )
    collection_rate: Decimal | None = strawberry.field(
        description="So many percent of what is billed are paid, 1 to 100 (收缴率).", default=None
    )
    costs_percent: Decimal | None = strawberry.field(
        description="Costs so many percent higher, -50 to 100 (支出变动).", default=None
    )


@strawberry.type(description="A month to come (预测月份).")
class CashForecastMonth:
    month: date = strawberry.field(description="First day of the month (月份).")
    comes_in: Money = strawberry.field(description="What is expected to come in (预计流入).")
    goes_out: Money = strawberry.field(description="What is expected to go out (预计流出).")
    closing: Money = strawberry.field(
        description="What is there at its end (期末余额): what was, and came in, less what went out."
    )
    low: Money = strawberry.field(description="Low end of the interval (区间下限).")
    high: Money = strawberry.field(description="High end of the interval (区间上限).")


@strawberry.type(description="How the cash of a book goes on (资金预测).")
class CashForecast:
    fund: Fund = strawberry.field(description="Whose money (资金归属).")
    opening: Money = strawberry.field(description="What was there at the beginning of this month (期初余额).")
    months: list[CashForecastMonth] = strawberry.field(description="The months to come (各月), this one first.")
    known_months: int = strawberry.field(description="By how many months of the past (依据月数).")
    interval_percent: int = strawberry.field(description="In so many of a hundred futures it lies within the interval (置信度).")
    runs_dry_in: date | None = strawberry.field(
        description="First month at whose end nothing is left (预计不足月份); null: none."
    )
    runs_dry_earliest: date | None = strawberry.field(description="The same by the low end (最早).")
    runs_dry_latest: date | None = strawberry.field(description="The same by the high end (最晚).")


async def _cash_forecast(
    info: strawberry.Info[Context, Any],
    book_id: Annotated[strawberry.ID, strawberry.argument(description="Book (账套).")],
    fund: Annotated[Fund, strawberry.argument(description="Whose money (资金归属).")] = Fund.COMPANY,
    months: Annotated[int, strawberry.argument(description=f"How many months (月数), 1 to {MONTHS_MAX}.")] = 12,
    interval_percent: Annotated[int, strawberry.argument(description="How sure the interval is (置信度), 50 to 95.")] = 80,
    what_if: Annotated[WhatIfInput | None, strawberry.argument(description="What if (情景); none: as it goes.")] = None,
) -> CashForecast | None:
    if not 1 <= months <= MONTHS_MAX:
        raise refuse("BAD_USER_INPUT", f"months: from 1 to {MONTHS_MAX}; it is {months}.")
    if not 50 <= interval_percent <= 95:
        raise refuse("BAD_USER_INPUT", f"intervalPercent: from 50 to 95; it is {interval_percent}.")
    book = next((each for each in await seen_books(info.context.viewer, book_id) if each.book_id == book_id), None)
    if book is None or not book.shows(fund):
        return None
    asked = WhatIf(what_if.price_percent, what_if.collection_rate, what_if.costs_percent) if what_if else None
    try:
        told = await foretell(book.book_id, fund, today(), months=months, percent=interval_percent, what_if=asked)
    except Refused as refused:
        field = ".".join(refused.path)
        raise refuse("BAD_USER_INPUT", f"{field}: {refused} {refused.hint.say(info.context.language)}") from refused
    if told is None:
        return None
    return CashForecast(
        fund=fund,
        opening=Money(told.opening),
        months=[
            CashForecastMonth(
                month=first_day(each.month),
                comes_in=Money(each.comes_in),
                goes_out=Money(each.goes_out),
                closing=Money(each.closing),
                low=Money(each.low),
                high=Money(each.high),
            )
            for each in told.months
        ],
        known_months=told.known,
        interval_percent=told.percent,
        runs_dry_in=_day(told.runs_dry),
        runs_dry_earliest=_day(told.earliest),
        runs_dry_latest=_day(told.latest),
    )


def _day(month: int | None) -> date | None:
    return None if month is None else first_day(month)


cash_forecast = strawberry.field(
    _cash_forecast,
    description="How the cash of a book goes on (资金预测), by its past; null: no book that the viewer sees, not its money, or"
    " fewer than six months are known.",
)

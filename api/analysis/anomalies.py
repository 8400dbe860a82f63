"""What strays from what is usual in the books, each with its reason."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.analysis import AnomalyKind, InvoiceFault, first_day
from domain.ledger import AccountCode
from domain.money import Money
from domain.steward.revenue import OF_KIND, spending_bounds
from models.analysis import doubtful_invoices, limits_of, seen_books, strays
from models.calendar import today

from .sums import OF

for _word in (AnomalyKind, InvoiceFault, AccountCode):
    graphql_enum(_word)

MONTHS_MAX, _BOOKS_MAX = 24, 200


@strawberry.type(description="Spending that strays from what is usual (支出异常).")
class SpendingAnomaly:
    kind: AnomalyKind = strawberry.field(description="How it strays (异常类别).")
    rule: str = strawberry.field(description="The rule by whose figures it is told, and may be an alert (规则).")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    compound_name: str = strawberry.field(description="Its name (小区名称).")
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    account_id: strawberry.ID = strawberry.field(description="Account of the book (账户): ask `node` for its lines.")
    account: AccountCode = strawberry.field(description="Which account (科目).")
    month: date = strawberry.field(description="First day of the month (月份).")
    amount: Money = strawberry.field(description="What was spent (支出).")
    usual: Money = strawberry.field(description="What is usual (往常), an estimate by the months before.")
    times: Decimal = strawberry.field(description="How many times that is (倍数); of a first time: times all that a month costs.")
    reason: str = strawberry.field(description="The reason in words (原因).")


async def _spending_anomalies(
    info: strawberry.Info[Context, Any],
    of: Annotated[strawberry.ID, OF],
    months: Annotated[
        int, strawberry.argument(description=f"How many months (月数), 1 to {MONTHS_MAX}, the last that is over first.")
    ] = 3,
    until: Annotated[
        date | None, strawberry.argument(description="A day of the last month (截止月份); none: the last that is over.")
    ] = None,
) -> list[SpendingAnomaly]:
    if not 1 <= months <= MONTHS_MAX:
        raise refuse("BAD_USER_INPUT", f"months: from 1 to {MONTHS_MAX}; it is {months}.")
    books = {book.book_id: book for book in await seen_books(info.context.viewer, of)}
    _check_few(books)
    last = today().replace(day=1) - timedelta(days=1)
    limits = await limits_of([(book.compound_id, book.street_id) for book in books.values()])
    found: list[SpendingAnomaly] = []
    for each in await strays(books, min(until or last, last), months=months):
        book, rule = books[each.book_id], OF_KIND[each.strayed.kind]
        bounds = spending_bounds(limits[book.compound_id][rule.key])
        if book.shows(each.fund) and each.strayed.told(bounds):
            found.append(
                SpendingAnomaly(
                    kind=each.strayed.kind,
                    rule=rule.key,
                    compound_id=strawberry.ID(book.compound_id),
                    compound_name=book.compound_name,
                    book_id=strawberry.ID(book.book_id),
                    account_id=strawberry.ID(each.account_id),
                    account=each.account,
                    month=first_day(each.month),
                    amount=Money(each.strayed.amount),
                    usual=Money(each.strayed.usual),
                    times=Decimal(f"{each.strayed.times:.1f}"),
                    reason=each.reason().say(info.context.language),
                )
            )
    return found


spending_anomalies = strawberry.field(
    _spending_anomalies,
    description="Spending that strays from what is usual (支出异常), by the figures that hold there, the newest month first.",
)


@strawberry.type(description="Expenses that look as if they were entered twice, or split (疑似问题支出).")
class DoubtfulInvoices:
    fault: InvoiceFault = strawberry.field(description="What may be wrong (问题类别).")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    compound_name: str = strawberry.field(description="Its name (小区名称).")
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    expense_ids: list[strawberry.ID] = strawberry.field(
        description="The expenses (支出), the earliest first: ask `nodes` for them."
    )
    amount: Money = strawberry.field(description="What is at stake (涉及金额).")
    reason: str = strawberry.field(description="The reason in words (原因).")


async def _doubtful_invoices(info: strawberry.Info[Context, Any], of: Annotated[strawberry.ID, OF]) -> list[DoubtfulInvoices]:
    books = {book.book_id: book for book in await seen_books(info.context.viewer, of) if book.whole}
    _check_few(books)
    limits = await limits_of([(book.compound_id, book.street_id) for book in books.values()])
    told = await doubtful_invoices(books, today(), {id_: limits[book.compound_id] for id_, book in books.items()})
    return [
        DoubtfulInvoices(
            fault=each.doubtful.fault,
            compound_id=strawberry.ID(books[each.book_id].compound_id),
            compound_name=books[each.book_id].compound_name,
            book_id=strawberry.ID(each.book_id),
            expense_ids=[strawberry.ID(invoice.expense_id) for invoice in each.doubtful.invoices],
            amount=Money(each.doubtful.amount),
            reason=each.doubtful.reason().say(info.context.language),
        )
        for each in told
    ]


def _check_few(books: Collection[str]) -> None:
    if len(books) > _BOOKS_MAX:
        raise refuse("BAD_USER_INPUT", f"of: it has {len(books)} books; ask of fewer than {_BOOKS_MAX}, or read the alerts.")


doubtful_invoices_field = strawberry.field(
    _doubtful_invoices,
    name="doubtfulInvoices",
    description="Expenses of a year that look as if they were entered twice, or split (疑似重复或拆分的支出), for whoever sees"
    " expenses.",
)

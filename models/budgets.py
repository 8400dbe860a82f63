"""Budgets of books: set for a year and an account, drawn from the year before, taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.budgets import PLANNED, RESOLUTION_MAX, check_account, check_percent, check_year, grown, planned
from domain.ledger import CHART, AccountCode, AccountType, Fund, owners_money
from domain.money import Money
from domain.texts import written

from .calendar import today
from .connection import query
from .facts import record
from .ids import new_id
from .ledger import Book
from .permits import actor_of, permitted
from .rows import MoneyField, Row


class BudgetLine(Row):
    """What one month (its first day) of an account is planned to come to. One of an account, book and month.

    ``resolution``: by which resolution or notice it was set. ``owners_compound_id``: the compound, where it is its owners' money.
    """

    prefix = "bdg"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.OUTSIDE: "owners_compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharEnumField(AccountCode, max_length=40)
    fund = fields.CharEnumField(Fund, max_length=40)
    month = fields.DateField()
    amount = MoneyField()
    resolution = fields.CharField(max_length=RESOLUTION_MAX, db_default="")
    set_at = fields.DatetimeField(auto_now_add=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    owners_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "budget_line"


#: $1: book; $2 to $7: columns of the lines. ``{otherwise}``: what happens to one that is there.
_ENTER = """
INSERT INTO budget_line (id, code, fund, month, amount, resolution, set_at, book_id, compound_id, organisation_id, street_id,
    owners_compound_id)
SELECT l.id, l.code, l.fund, l.month, l.amount, $8, now(), b.id, b.compound_id, b.organisation_id, b.street_id,
    CASE WHEN l.owners THEN b.compound_id END
FROM unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::numeric[], $7::bool[])
    AS l (id, code, fund, month, amount, owners)
JOIN book b ON b.id = $1
ON CONFLICT (book_id, code, month) DO {otherwise} RETURNING 1 AS done
"""
_REPLACED = "UPDATE SET amount = excluded.amount, resolution = excluded.resolution, set_at = excluded.set_at"
_REMOVE = "DELETE FROM budget_line WHERE book_id = $1 AND code = $2 AND month >= $3 AND month < $4 RETURNING 1 AS done"
#: $1: book, $2: accounts, $3: a year's first day. What moved on them in the year before, less what is planned of the year.
_LAST_YEAR = """
SELECT l.code, extract(month FROM l.booked_on)::int AS month, sum(l.debit - l.credit) AS debit
FROM journal_line l
WHERE l.book_id = $1 AND l.code = ANY($2::text[]) AND l.booked_on >= $3::date - interval '1 year' AND l.booked_on < $3
    AND NOT EXISTS (
        SELECT FROM budget_line b WHERE b.book_id = $1 AND b.code = l.code AND b.month >= $3
            AND b.month < $3::date + interval '1 year'
    )
GROUP BY 1, 2
"""


async def set_budget(
    viewer: Viewer,
    book_id: str,
    year: int,
    account: AccountCode,
    *,
    amount: Decimal | None = None,
    months: Sequence[Decimal] | None = None,
    resolution: str = "",
) -> Book:
    """Plan a year of an account: by its ``amount``, in equal months, or by each of its twelve ``months``. What was planned of it
    before is replaced.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (the year, an account of neither income nor expense, the amounts, the resolution).
    """
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "budgetSet", path=("book_id",))
        check_year(year, today())
        plan = planned(amount, months)
        why = written(resolution, "resolution", RESOLUTION_MAX, least=0)
        await _enter(book, year, {check_account(account): plan}, why, _REPLACED)
        total = str(sum(plan, Decimal(0)))
        await record(actor_of(viewer), "budgetSet", book, after={"year": year, "account": account, "total": total})
        return book


async def draw_budget(viewer: Viewer, book_id: str, year: int, percent: Decimal) -> tuple[Book, int]:
    """Plan a year like the one before, so many ``percent`` more, wherever nothing is planned yet; of how many accounts it was.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (the year, the percent).
    """
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "budgetDraw", path=("book_id",))
        check_year(year, today())
        check_percent(percent)
        plans: dict[AccountCode, list[Money]] = {}
        for row in await query(_LAST_YEAR, book.id, sorted(PLANNED), date(year, 1, 1)):
            code = AccountCode(row["code"])
            moved = row["debit"] if CHART[code].type is AccountType.EXPENSE else -row["debit"]
            plans.setdefault(code, [Money("0.00")] * 12)[row["month"] - 1] = grown(moved, percent)
        await _enter(book, year, plans, "", "NOTHING")
        if plans:
            told = {"year": year, "percent": str(percent), "count": len(plans)}
            await record(actor_of(viewer), "budgetDraw", book, after=told)
        return book, len(plans)


async def remove_budget(viewer: Viewer, book_id: str, year: int, account: AccountCode) -> Book:
    """Take back what is planned of an account in a year; nothing happens where nothing is. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "budgetRemove", path=("book_id",))
        first = date(check_year(year, today()), 1, 1)
        if await query(_REMOVE, book.id, account, first, date(year + 1, 1, 1)):
            await record(actor_of(viewer), "budgetRemove", book, after={"year": year, "account": account})
        return book


async def _enter(book: Book, year: int, plans: Mapping[AccountCode, Sequence[Money]], resolution: str, otherwise: str) -> None:
    rows = [
        (new_id(BudgetLine.prefix), code.value, CHART[code].fund, date(year, month, 1), amount)
        for code, plan in plans.items()
        for month, amount in enumerate(plan, 1)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(5)]
    owners = [owners_money(book.regime, fund) for *_, fund, _, _ in rows]
    await query(_ENTER.format(otherwise=otherwise), book.id, *columns, owners, resolution)

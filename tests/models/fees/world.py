"""A book with the items that most compounds have, and homes that have a part in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.bills import FeeUnit
from domain.charges import FeeBasis, FeeKind, ShareBy, Tier
from domain.ledger import AccountCode
from domain.territory import HomeUse
from models import Bill, BillRun, FeeItem
from models.bill_runs import preview, start, step, take_back
from models.calendar import today
from models.connection import query
from models.fees import add_item, assign_all, set_price
from tests.models.ledger.world import BookWorld, a_book_world

#: The month that is billed, and the day on which everything began.
MONTH = today().replace(day=1)
BEGAN = today().replace(year=today().year - 1, month=1, day=1)


class FeeWorld:
    """A lift of homes of 89.50 m²; the manager is a leader, the cashier is not."""

    books: BookWorld
    service: FeeItem


async def an_item(books: BookWorld, code: str, kind: FeeKind, **how: object) -> FeeItem:
    given = {"name": f"{code} fee", "account": AccountCode.SERVICE_INCOME, "starts_on": BEGAN} | how
    return await add_item(books.manager, books.book.id, code=code, kind=kind, **given)  # pyright: ignore[reportArgumentType]


async def priced(
    books: BookWorld,
    item: FeeItem,
    price: str,
    *,
    starts_on: date = BEGAN,
    tiers: tuple[Tier, ...] = (),
    basis: FeeBasis | None = None,
) -> None:
    fit = FeeBasis.SUPPLIER_BILL if item.account is AccountCode.COLLECTED_FOR_OTHERS else FeeBasis.OWNERS_VOTE
    await set_price(
        books.manager,
        item.id,
        Decimal(price),
        starts_on=starts_on,
        basis=basis or fit,
        basis_number="2026-1",
        basis_on=starts_on,
        tiers=tiers,
    )


async def a_fee_world() -> FeeWorld:
    """A service fee of 1.85 a month and m² for every home."""
    made = FeeWorld()
    made.books = await a_book_world()
    made.service = await an_item(made.books, "A1", FeeKind.AREA)
    await priced(made.books, made.service, "1.85")
    await assign_all(made.books.manager, made.service.id, list(HomeUse))
    return made


async def water(books: BookWorld) -> FeeItem:
    """Water at 4 a cubic metre, collected for the supplier."""
    item = await an_item(books, "W1", FeeKind.METERED, account=AccountCode.COLLECTED_FOR_OTHERS, unit=FeeUnit.M3)
    await priced(books, item, "4")
    return item


async def common_power(books: BookWorld) -> FeeItem:
    """Power of the common parts, shared by area."""
    return await an_item(books, "P1", FeeKind.SHARED, account=AccountCode.COLLECTED_FOR_OTHERS, share_by=ShareBy.AREA)


async def went_on(run: BillRun) -> BillRun:
    """The run after all its work was done."""
    while await in_one(run.id):
        pass
    return await BillRun.get(id=run.id)


async def in_one(run_id: str) -> bool:
    """One piece of the run's work."""
    async with in_transaction():
        return await step(run_id)


async def billed(books: BookWorld) -> tuple[BillRun, list[Bill]]:
    """A run of the month, previewed, started and through; and its bills."""
    run = await went_on(await preview(books.cashier, books.book.id, MONTH))
    run = await went_on(await start(books.manager, run.id))
    return run, await Bill.filter(run_id=run.id).order_by("number")


async def taken_back(run: BillRun) -> BillRun:
    """The run after all its bills were taken back, as far as they can be."""
    after = ""
    while True:
        async with in_transaction():
            if not await take_back(run.id, "system:test", after):
                break
        left = await Bill.filter(run_id=run.id, id__gt=after).order_by("id").limit(500)
        after = left[-1].id if left else after
    return await BillRun.get(id=run.id)


async def sums(books: BookWorld) -> dict[str, Decimal]:
    """What each account of the book comes to, in debit; those at nought left out."""
    rows = await query(
        "SELECT code, sum(debit - credit) AS balance FROM journal_line WHERE book_id = $1 GROUP BY code", books.book.id
    )
    return {row["code"]: row["balance"] for row in rows if row["balance"]}

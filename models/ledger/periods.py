"""Closing months and books, and opening the last month again."""

from datetime import date
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import AccountCode, check_over, next_to_close
from domain.money import fen
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.facts import record
from models.permits import actor_of, permitted, unchanged

from .by_hand import TEXT_MAX
from .rows import Book, JournalEntry, LedgerPeriod

#: $1: book. What is open of one of the accounts that bills, payments and expenses keep, and by home, for one may owe what another
#: has paid in advance.
_LEFT = """
SELECT code, sum(debit - credit) AS amount FROM journal_line
WHERE book_id = $1 AND code IN ('RECEIVABLE', 'PREPAID', 'SUSPENSE', 'ONLINE', 'PAYABLE')
GROUP BY code, home_id HAVING sum(debit - credit) <> 0 ORDER BY code, home_id LIMIT 1
"""


async def _last_closed(book: Book) -> LedgerPeriod | None:
    return await LedgerPeriod.filter(book_id=book.id, reopened_at=None).order_by("-month").first()


async def close_month(viewer: Viewer, book_id: str, month: date) -> LedgerPeriod:
    """Close the month of that day, and all before it that are open: nothing is posted in them any more.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (not over, or not of the book) and CONFLICT (closed already).
    """
    first = check_over(month, today())
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "monthClose", path=("book_id",))
        last = await _last_closed(book)
        if last is not None and first <= last.month:
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"{first:%Y-%m} is closed already.", f"{first:%Y-%m} 已结账。"),
                path=("month",),
                hint=Text("Close a later month, or open this one again: monthReopen.", "请选择之后的月份，或先反结账。"),
            )
        if first < book.opened_on.replace(day=1) or (book.closed_on is not None and first > book.closed_on):
            raise Refused(
                RefusalCode.INVALID,
                Text(f"The book has no {first:%Y-%m}.", f"账套没有 {first:%Y-%m} 的账期。"),
                path=("month",),
                hint=Text("Give a month between the book's first and last day.", "请填写账套启用与停用之间的月份。"),
            )
        place: dict[str, Any] = {"book_id": book.id, "compound_id": book.compound_id, "organisation_id": book.organisation_id}
        shut = [
            await LedgerPeriod.create(
                month=each, closed_at=now(), closed_by_id=viewer.account_id or "", street_id=book.street_id, **place
            )
            for each in next_to_close(book.opened_on, last.month if last else None, first)
        ]
        await record(actor_of(viewer), "monthClose", book, after={"until": first.isoformat(), "count": len(shut)})
        return shut[-1]


async def reopen_month(viewer: Viewer, book_id: str, month: date, why: str) -> LedgerPeriod:
    """Open the last month that is closed again, with the reason for it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason) and ILLEGAL_MOVE (it is not the last one).
    """
    reason = written(why, "why", TEXT_MAX, least=2)
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "monthReopen", path=("book_id",))
        last = await _last_closed(book)
        if last is None or last.month != month.replace(day=1):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"{month:%Y-%m} is not the last month that is closed.", f"{month:%Y-%m} 不是最近结账的月份。"),
                path=("month",),
                hint=Text(f"The last one is {last.month:%Y-%m}.", f"最近结账月份为 {last.month:%Y-%m}。")
                if last
                else Text("None is closed.", "尚无已结账月份。"),
            )
        last.reopened_at, last.reopened_by_id, last.reopened_why = now(), viewer.account_id, reason
        await last.save(update_fields=["reopened_at", "reopened_by_id", "reopened_why"])
        await record(actor_of(viewer), "monthReopen", book, after={"starts_on": last.month.isoformat()})
        return last


async def close_book(viewer: Viewer, book_id: str, closed_on: date, *, expected_version: int | None = None) -> Book:
    """The book with its last day, after which it has no entries: another may be opened then.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID (a day to come, before the first, or before its last entry) and
    ILLEGAL_MOVE (closed already; something is open of bills, payments or expenses, which could not be booked any more).
    """
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "bookClose")
        unchanged(book.version, expected_version)
        if book.closed_on is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The book is closed since {book.closed_on}.", f"账套已于 {book.closed_on} 停用。"),
                path=("id",),
                hint=Text("Open a new one: bookOpen.", "请新建账套（bookOpen）。"),
            )
        latest = await JournalEntry.filter(book_id=book.id).order_by("-booked_on").first()
        least = max(book.opened_on, latest.booked_on) if latest else book.opened_on
        if not least <= closed_on <= today():
            raise Refused(
                RefusalCode.INVALID,
                Text(f"The book cannot end on {closed_on}.", f"停用日期 {closed_on} 无效。"),
                path=("closed_on",),
                hint=Text(f"Give a day from {least}, its last entry's, to today.", f"请填写 {least}（末笔凭证）至今天的日期。"),
            )
        if left := await query(_LEFT, book.id):
            code, amount = AccountCode(left[0]["code"]), left[0]["amount"]
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"{code} of the book still comes to {amount} yuan.", f"账套“{code.zh}”尚有余额 {amount} 元。"),
                path=("id",),
                hint=Text(
                    "Have bills paid, credited or written off, money matched and given back, and expenses paid first: a closed"
                    " book takes nothing any more.",
                    "请先收清、冲减或核销账单，认领并退还款项，付清支出；停用后不能再记账。",
                ),
            )
        book.closed_on, book.version = closed_on, book.version + 1
        await book.save(update_fields=["closed_on", "version"])
        await record(actor_of(viewer), "bookClose", book, after={"ends_on": closed_on.isoformat()})
        return book


async def set_limit(viewer: Viewer, book_id: str, limit: Decimal, *, expected_version: int | None = None) -> Book:
    """The book with another approval limit: what is spent above it needs another person's approval; 0: all of it.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and INVALID (an amount).
    """
    amount = fen(limit, "limit", least=Decimal(0))
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "bookSetLimit")
        unchanged(book.version, expected_version)
        book.approval_limit, book.version = amount, book.version + 1
        await book.save(update_fields=["approval_limit", "version"])
        await record(actor_of(viewer), "bookSetLimit", book, after={"version": book.version})
        return book

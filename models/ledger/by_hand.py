"""What people post by hand: entries with a reason, what there was when the book was opened, and taking either back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import BY_HAND, AccountCode, EntryKind, Line, by_hand, check_balanced, opening
from domain.money import fen
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, permit

from .books import kept
from .posting import post, reverse
from .rows import JournalEntry

TEXT_MAX = 300


async def post_by_hand(
    viewer: Viewer, book_id: str, lines: Sequence[Line], text: str, *, booked_on: date | None = None
) -> JournalEntry:
    """An entry by hand on ``booked_on`` (default: today), with the reason for it, which names nobody.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (it does not balance, an account that bills and payments keep, an amount, no reason) and
    ILLEGAL_MOVE (a day outside the book's, or in a closed month).
    """
    by_hand(lines)
    reason = written(text, "text", TEXT_MAX, least=2)
    for line in lines:
        fen(max(line.debit, line.credit), "lines")
    check_balanced(lines)
    async with in_transaction():
        book = await kept(viewer, book_id, "journalPost")
        entry_id = await post(actor_of(viewer), book.id, EntryKind.MANUAL, lines, booked_on=booked_on, text=reason)
        return await _told(viewer, "journalPost", entry_id)


async def open_balances(viewer: Viewer, book_id: str, balances: Mapping[AccountCode, Decimal]) -> JournalEntry:
    """What was on accounts when the book was opened, posted on that day: above 0 is what the account grows by.

    What a fund had follows, where it is not told: see ``opening`` of domain/ledger. What homes owed or had paid comes by bills
    and payments. An account is told once, until that entry is reversed. Refuses NOT_FOUND, FORBIDDEN, INVALID (none, an account
    that bills and payments keep, an amount), CONFLICT (told already) and ILLEGAL_MOVE (the first month is closed).
    """
    lines = opening(balances)
    async with in_transaction():
        book = await kept(viewer, book_id, "balancesOpen")
        await query("SELECT 1 FROM book WHERE id = $1 FOR NO KEY UPDATE", book.id)
        told = await query(_OPENED, book.id, [line.account.value for line in lines if line.account in balances])
        if told:
            code = AccountCode(told[0]["code"])
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"The opening balance of {code} is posted.", f"“{code.zh}”的期初余额已录入。"),
                path=("balances",),
                hint=Text("Reverse that entry first: journalReverse.", "如需更正，请先冲销原凭证（journalReverse）。"),
            )
        entry_id = await post(actor_of(viewer), book.id, EntryKind.OPENING, lines, booked_on=book.opened_on)
        return await _told(viewer, "balancesOpen", entry_id)


#: $1: book, $2: accounts. Those that an entry tells that nobody took back.
_OPENED = """
SELECT l.code FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
WHERE e.book_id = $1 AND e.kind = 'OPENING' AND l.code = ANY($2::text[])
    AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)
ORDER BY l.code LIMIT 1
"""


async def reverse_by_hand(viewer: Viewer, entry_id: str, text: str, *, booked_on: date | None = None) -> JournalEntry:
    """The entry that takes back one that was posted by hand, on ``booked_on`` (default: today), with the reason for it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason), ILLEGAL_MOVE (it follows from a bill, a payment or an expense, and is
    undone there; a closed month) and CONFLICT (taken back already).
    """
    reason = written(text, "text", TEXT_MAX, least=2)
    async with in_transaction():
        entry = await found(JournalEntry, entry_id, viewer)
        permit(viewer, "journalReverse", entry)
        if entry.kind not in BY_HAND:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It was not posted by hand.", "该凭证非手工录入，不能手工冲销。"),
                path=("id",),
                hint=Text(
                    "Undo what it is about: credit the bill, undo the payment, reverse the expense.",
                    "请在来源处撤销：冲减账单、撤销收款或冲销支出。",
                ),
            )
        if await JournalEntry.filter(reverses_id=entry.id).exists():
            raise Refused(
                RefusalCode.CONFLICT,
                Text("It is taken back already.", "该凭证已冲销。"),
                path=("id",),
                hint=Text("Post it anew if it was right.", "如原凭证无误，请重新录入。"),
            )
        back = await reverse(actor_of(viewer), entry.id, booked_on=booked_on, text=reason)
        return await _told(viewer, "journalReverse", back)


async def _told(viewer: Viewer, act: str, entry_id: str) -> JournalEntry:
    entry = await JournalEntry.get(id=entry_id)
    await record(actor_of(viewer), act, entry, after={"kind": entry.kind, "number": entry.number})
    return entry

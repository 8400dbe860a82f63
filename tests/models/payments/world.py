"""A company's book with bills of two homes, and what must hold of it whatever was paid."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.bills import BillDraft, LineDraft
from domain.ledger import AccountCode
from domain.payments import PaymentMethod
from domain.words import Text
from models import Bill, Home, Payment, Receipt
from models.bills import issue
from models.calendar import today
from models.connection import query
from models.facts import Actor
from models.payments.receiving import receive_at_desk
from tests.models.ledger.world import BookWorld, a_book_world
from tests.models.ticket_world import somebody

_UNEVEN = """
SELECT 'bill ' || b.id AS wrong FROM bill b
WHERE b.paid <> (SELECT coalesce(sum(a.amount), 0) FROM payment_allocation a WHERE a.bill_id = b.id AND a.undone_at IS NULL)
    OR b.open <> (SELECT coalesce(sum(debit - credit), 0) FROM journal_line WHERE bill_id = b.id AND code = 'RECEIVABLE')
UNION ALL
SELECT 'payment ' || p.id FROM payment p
WHERE p.allocated <> (
    SELECT coalesce(sum(a.amount), 0) FROM payment_allocation a WHERE a.payment_id = p.id AND a.undone_at IS NULL
)
UNION ALL
SELECT 'prepaid ' || h.id FROM home h
WHERE (SELECT coalesce(sum(p.unallocated), 0) FROM payment p WHERE p.home_id = h.id)
    <> (SELECT coalesce(sum(l.credit - l.debit), 0) FROM journal_line l WHERE l.home_id = h.id AND l.code = 'PREPAID')
UNION ALL
SELECT 'suspense' WHERE (SELECT coalesce(sum(unallocated), 0) FROM payment WHERE home_id IS NULL)
    <> (SELECT coalesce(sum(credit - debit), 0) FROM journal_line WHERE code = 'SUSPENSE')
UNION ALL
SELECT 'receipts of ' || organisation_id FROM receipt GROUP BY organisation_id HAVING count(*) <> max(number)
UNION ALL
SELECT 'trial balance' WHERE (SELECT coalesce(sum(debit - credit), 0) FROM journal_line) <> 0
"""


class Paying(BookWorld):
    """``bills``: two of the first home, of 100.00 (due first) and 50.25; one of the second, of 80.00."""

    bills: list[Bill]
    resident: Viewer

    @property
    def home(self) -> Home:
        return self.homes[0]

    async def pay(self, amount: str, method: PaymentMethod = PaymentMethod.CASH, **how: Any) -> Payment:
        """What the cashier enters for the first home."""
        home_id = how.pop("home_id", self.home.id)
        return await receive_at_desk(self.cashier, self.book.id, home_id, Decimal(amount), method, **how)

    async def bill(self, amount: str, *, home: Home | None = None, due: int = 30) -> Bill:
        """One more bill, due in so many days."""
        async with in_transaction():
            (id_,) = await issue(Actor("system:test"), self.book, [_draft(home or self.home, amount, due)])
        return await Bill.get(id=id_)

    async def open(self) -> list[str]:
        """What is open of each bill."""
        return [str((await Bill.get(id=bill.id)).open) for bill in self.bills]


def _draft(home: Home, amount: str, due: int) -> BillDraft:
    line = LineDraft(AccountCode.SERVICE_INCOME, Text("Service", "物业费"), Decimal(amount), date(2025, 1, 1), date(2025, 12, 31))
    return BillDraft(home.id, [line], today() + timedelta(days=due))


async def a_paying_world() -> Paying:
    made = Paying()
    made.__dict__.update((await a_book_world()).__dict__)
    drafts = [_draft(made.home, "100.00", 10), _draft(made.home, "50.25", 20), _draft(made.homes[1], "80.00", 10)]
    async with in_transaction():
        ids = await issue(Actor("system:test"), made.book, drafts)
    made.bills = [await Bill.get(id=id_) for id_ in ids]
    made.resident = await somebody(Role.RESIDENT, home=made.home)
    return made


async def uneven() -> list[str]:
    """What does not add up; nothing, ever."""
    return [row["wrong"] for row in await query(_UNEVEN)]


async def receipts() -> list[tuple[int, str]]:
    """Every receipt: its number, and whether it holds."""
    return [(receipt.number, receipt.state.value) for receipt in await Receipt.all().order_by("number")]

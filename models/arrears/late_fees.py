"""Late fees: reckoned of bills from what the books say was open on each day, and billed once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.late_fees import NONE, LateFee, late_fee
from domain.bills import BillDraft, BillKind, LineDraft
from domain.ledger import AccountCode
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.bills import Bill, issue
from models.calendar import today, zone
from models.connection import query
from models.facts import Actor, record
from models.ids import new_id
from models.ledger import Book
from models.permits import actor_of, found, permit
from models.work import add, ringing

from .late_terms import terms_of
from .rows import BillDispute, InstalmentPlan, LateFeeCharge

#: The kind of the work rows that bill late fees; payload ``{"book": id, "until": day, "actor": id, "bills": [id, …]}``.
KIND = "arrears.late_fees"

#: Homes of one transaction; and days that a home has to pay a late fee.
_AT_ONCE, DUE_DAYS = 200, 30

#: $1: book, $2: until. Bills of fees that were open after their due day, by home.
_LATE = """
SELECT b.id, b.home_id FROM bill b
WHERE b.book_id = $1 AND b.kind = 'FEES' AND b.due_on < $2::date AND (b.open > 0 OR EXISTS (
    SELECT FROM journal_line l
    WHERE l.home_id = b.home_id AND l.code = 'RECEIVABLE' AND l.bill_id = b.id AND l.booked_on > b.due_on
)) ORDER BY b.home_id, b.id
"""
#: $1: bills, $2: their homes. What was open of each at the end of each day on which that changed.
_UNPAID = """
SELECT bill_id, booked_on, sum(sum(debit - credit)) OVER (PARTITION BY bill_id ORDER BY booked_on) AS open
FROM journal_line WHERE home_id = ANY($2::text[]) AND code = 'RECEIVABLE' AND bill_id = ANY($1::text[])
GROUP BY bill_id, booked_on ORDER BY bill_id, booked_on
"""
_CHARGED = "SELECT bill_id, sum(amount) AS amount FROM late_fee_charge WHERE bill_id = ANY($1::text[]) GROUP BY bill_id"


@dataclass(frozen=True)
class Owed:
    """What is owed for late payment of one bill, and not billed yet."""

    bill: Bill
    amount: Decimal
    days: int


async def owed_of(bills: Sequence[Bill], until: date) -> list[Owed]:
    """What is owed for late payment of these bills of one book up to a day, less what was billed; none that is nothing.

    Of bills of fees only: no late fee grows on a late fee.
    """
    fees = [bill for bill in bills if bill.kind is BillKind.FEES]
    terms = await terms_of(fees[0].book_id) if fees else []
    if not terms:
        return []
    ids = [bill.id for bill in fees]
    unpaid: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in await query(_UNPAID, ids, sorted({bill.home_id for bill in fees})):
        unpaid[row["bill_id"]].append((row["booked_on"], row["open"]))
    charged = {row["bill_id"]: row["amount"] for row in await query(_CHARGED, ids)}
    pauses = await _pauses(fees)
    found_: list[Owed] = []
    for bill in fees:
        fee: LateFee = late_fee(bill.due_on, bill.total - bill.credited, unpaid[bill.id], terms, pauses[bill.id], until) or NONE
        amount = fee.amount - charged.get(bill.id, Decimal(0))
        if amount > 0:
            found_.append(Owed(bill, amount, fee.days))
    return found_


async def _pauses(bills: Sequence[Bill]) -> dict[str, list[tuple[date, date | None]]]:
    """The days that cost nothing of each bill: of its disputes, and of the plans that covered it."""
    pauses: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for dispute in await BillDispute.filter(bill_id__in=[bill.id for bill in bills]):
        closed = dispute.closed_at and dispute.closed_at.astimezone(zone()).date()
        pauses[dispute.bill_id].append((dispute.opened_at.astimezone(zone()).date(), closed))
    plans = InstalmentPlan.filter(book_id=bills[0].book_id, home_id__in=sorted({bill.home_id for bill in bills}))
    for plan in await plans:
        ended = plan.ended_on and plan.ended_on - timedelta(days=1)
        for bill_id in plan.bill_ids:
            pauses[bill_id].append((plan.agreed_on, ended))
    return pauses


async def charge(viewer: Viewer, book_id: str, *, until: date | None = None) -> tuple[Book, int]:
    """Have the late fees of a book billed for all days up to ``until`` (default: yesterday); how many of its bills were late.

    The work is done a few hundred homes at a time; what was billed before is not billed again. Refuses NOT_FOUND, FORBIDDEN,
    INVALID (a day that is not over) and ILLEGAL_MOVE (no contract of the book has late fees).
    """
    last = today() - timedelta(days=1)
    day = until or last
    if day > last:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{day} is not over.", f"{day} 尚未结束。"),
            path=("until",),
            hint=Text("Give yesterday, or a day before.", "请填写昨天或更早的日期。"),
        )
    async with ringing(), in_transaction():
        book = await found(Book, book_id, viewer, path=("book_id",))
        permit(viewer, "lateFeesCharge", book)
        if not await terms_of(book.id):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("No contract of this book has late fees.", "该账套没有违约金约定，不能收取违约金。"),
                path=("book_id",),
                hint=Text(
                    "Record what the contract says, with its number: lateFeeTermsSet.",
                    "请先登记合同约定及合同编号（lateFeeTermsSet）。",
                ),
            )
        homes: dict[str, list[str]] = defaultdict(list)
        for row in await query(_LATE, book.id, day):
            homes[row["home_id"]].append(row["id"])
        every = list(homes.values())
        for start in range(0, len(every), _AT_ONCE):
            bills = [bill_id for ids in every[start : start + _AT_ONCE] for bill_id in ids]
            payload = {"book": book.id, "until": day.isoformat(), "actor": actor_of(viewer).id, "bills": bills}
            await add(KIND, payload)
        count = sum(len(ids) for ids in every)
        await record(actor_of(viewer), "lateFeesCharge", book, after={"until": day.isoformat(), "bills": count})
        return book, count


async def charge_bills(actor: Actor, book_id: str, bill_ids: Sequence[str], until: date) -> int:
    """Bill what is owed for late payment of these bills up to a day, a bill to each home; how many, in the caller's transaction.

    Whoever comes second finds nothing to do. A bill that is open again since it was charged up to that day, as when a payment was
    taken back, is charged for the rest with a later day.
    """
    bills = await Bill.filter(book_id=book_id, id__in=list(bill_ids)).order_by("id").select_for_update()
    done = {charge.bill_id for charge in await LateFeeCharge.filter(bill_id__in=[bill.id for bill in bills], until=until)}
    by_home: dict[str, list[Owed]] = defaultdict(list)
    for owed in await owed_of([bill for bill in bills if bill.id not in done], until):
        by_home[owed.bill.home_id].append(owed)
    if not by_home:
        return 0
    book = await Book.get(id=book_id)
    drafts = [_draft(home_id, owed, until) for home_id, owed in by_home.items()]
    ids = await issue(actor, book, drafts)
    place = {"book_id": book.id, "organisation_id": book.organisation_id, "street_id": book.street_id}
    await LateFeeCharge.bulk_create(
        LateFeeCharge(
            id=new_id(LateFeeCharge.prefix),
            until=until,
            days=each.days,
            amount=each.amount,
            bill_id=each.bill.id,
            late_bill_id=late_bill_id,
            home_id=each.bill.home_id,
            **place,
        )
        for late_bill_id, owed in zip(ids, by_home.values(), strict=True)
        for each in owed
    )
    return len(ids)


def _draft(home_id: str, owed: Sequence[Owed], until: date) -> BillDraft:
    lines = [
        LineDraft(
            account=AccountCode.LATE_FEE_INCOME,
            description=Text(f"Late fee on bill {each.bill.number}", f"账单 {each.bill.number} 违约金"),
            amount=each.amount,
            period_from=each.bill.due_on + timedelta(days=1),
            period_to=until,
        )
        for each in owed
    ]
    return BillDraft(home_id=home_id, lines=lines, due_on=today() + timedelta(days=DUE_DAYS), kind=BillKind.LATE_FEE)

"""What people do to bills by hand: issue one that no run does, and take some of one back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bill_runs import DUE_DAYS
from domain.bills import DESCRIPTION_MAX, BillDraft, CreditKind, LineDraft
from domain.charges import check_account
from domain.ledger import AccountCode
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.facts import record
from models.ledger import kept
from models.permits import actor_of, found, permitted
from models.territory import Home

from .crediting import credit
from .issuing import issue
from .rows import Bill, CreditNote

#: Why people may take a bill back; what is lost is written off where its debts are kept.
BY_HAND = frozenset({CreditKind.CORRECTION, CreditKind.REVERSAL, CreditKind.WAIVER})


@dataclass(frozen=True)
class Charge:
    """A line of a bill by hand. ``what``: what for. The days are both included; default: the day of issue."""

    account: AccountCode
    what: str
    amount: Decimal
    period_from: date | None = None
    period_to: date | None = None


async def issue_by_hand(
    viewer: Viewer, book_id: str, home_id: str, charges: Sequence[Charge], *, due_on: date | None = None
) -> Bill:
    """A bill to a home for what no run bills: a card that was lost, a work that was asked for.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (an account that is no income of fees, texts, amounts, days, a home elsewhere).
    """
    day = today()
    lines: list[LineDraft] = []
    for charge in charges:
        check_account(charge.account)
        what = written(charge.what, "charges", DESCRIPTION_MAX)
        first = charge.period_from or charge.period_to or day
        lines.append(LineDraft(charge.account, Text(what, what), charge.amount, first, charge.period_to or first))
    async with in_transaction():
        book = await kept(viewer, book_id, "billIssue")  # not held: that comes last, after the numbers
        home = await found(Home, home_id, viewer, path=("home_id",))
        draft = BillDraft(home.id, lines, due_on or day + timedelta(days=DUE_DAYS))
        (bill_id,) = await issue(actor_of(viewer), book, [draft], issued_on=day)
        bill = await Bill.get(id=bill_id)
        await record(actor_of(viewer), "billIssue", bill, after={"kind": bill.kind})
        return bill


async def credit_bill(
    viewer: Viewer,
    bill_id: str,
    kind: CreditKind,
    reason: str,
    *,
    amount: Decimal | None = None,
    lines: Mapping[str, Decimal] | None = None,
) -> CreditNote:
    """Take back of a bill ``lines``, or ``amount`` shared over what stands of them (default: all that is open).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason, amounts, lines of another bill, a write-off) and ILLEGAL_MOVE (more than is
    open).
    """
    if kind not in BY_HAND:
        raise Refused(
            RefusalCode.INVALID,
            Text("What is lost is written off, and not credited.", "坏账应办理核销，不开具冲减。"),
            path=("kind",),
            hint=Text("Choose another ground.", "请选择其他原因。"),
        )
    async with in_transaction():
        bill = await permitted(Bill, bill_id, viewer, "billCredit")
        note = await credit(actor_of(viewer), bill, kind, reason, amount=amount, lines=lines)
        await record(actor_of(viewer), "billCredit", bill, after={"kind": kind})
        return note

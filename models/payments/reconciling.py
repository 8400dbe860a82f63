"""Each day our online payments are compared with the provider's file, and what it pays out is booked."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import AccountCode, EntryKind, Line
from domain.payments import DifferenceKind, Movement, ReconciliationState, differences
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now, today, zone
from models.connection import query
from models.facts import record
from models.ledger import post
from models.permits import actor_of, permitted
from models.work import add, ringing

from .orders import ASK, SYSTEM
from .rows import PaymentMerchant, Reconciliation
from .settling import booking_day

#: The kind of the work rows that compare a day; payload ``{"merchant": id, "day": date}``.
KIND = "payment.reconcile"
#: A day with differences is compared again so many days long: late callbacks come.
LOOK_BACK = 7

#: $1: merchant, $2: day, $3: time zone. What came, what went back, and what was taken back.
_OURS = """
SELECT p.trade AS key, coalesce(p.order_id, '') AS order_id, p.amount FROM payment p
WHERE p.merchant_id = $1 AND p.received_on = $2::date
UNION ALL
SELECT r.id, coalesce(p.order_id, ''), -r.amount FROM refund r JOIN payment p ON p.id = r.payment_id
WHERE p.merchant_id = $1 AND r.state = 'DONE' AND (r.done_at AT TIME ZONE $3)::date = $2::date
UNION ALL
SELECT p.trade || '-B', coalesce(p.order_id, ''), -(SELECT sum(l.credit) FROM journal_line l WHERE l.entry_id = e.id)
FROM journal_entry e JOIN payment p ON p.id = e.source_id
WHERE e.kind = 'CHARGEBACK' AND p.merchant_id = $1
    AND (CASE WHEN e.key LIKE 'bank%' THEN e.posted_at ELSE e.key::timestamptz END AT TIME ZONE $3)::date = $2::date
"""
_DUE = """
SELECT m.id FROM payment_merchant m
WHERE (m.ended_at IS NULL OR m.ended_at > now() - interval '8 days') AND (m.set_at AT TIME ZONE $2)::date <= $1::date
    AND NOT EXISTS (SELECT FROM reconciliation r WHERE r.merchant_id = m.id AND r.day = $1::date AND r.state = 'MATCHED')
ORDER BY m.id
"""


async def leave_days() -> int:
    """Leave work to compare the last days that are not even yet, of every merchant; how many."""
    left = 0
    for back in range(1, LOOK_BACK + 1):
        day = today() - timedelta(days=back)
        for row in await query(_DUE, day, zone().key):
            await add(KIND, {"merchant": row["id"], "day": day.isoformat()})
            left += 1
    return left


async def ask_to_compare(viewer: Viewer, merchant_id: str, day: date) -> PaymentMerchant:
    """Have a day compared again now. Refuses NOT_FOUND, FORBIDDEN and INVALID (today, or a day to come)."""
    async with ringing(), in_transaction():
        merchant = await permitted(PaymentMerchant, merchant_id, viewer, "reconciliationRun", path=("merchant_id",))
        if day >= today():
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{day} is not over.", f"{day} 尚未结束。"),
                path=("day",),
                hint=Text("Give a day before today.", "请填写今天之前的日期。"),
            )
        await add(KIND, {"merchant": merchant.id, "day": day.isoformat()})
        await record(actor_of(viewer), "reconciliationRun", merchant, after={"day": day.isoformat()})
        return merchant


async def compare(
    merchant: PaymentMerchant, day: date, theirs: Sequence[Movement], fee: Decimal, settled: Decimal
) -> Reconciliation:
    """Compare a day with what the provider's file says, and keep what came of it; in place of what an earlier run kept.

    Where both are the same and its payout adds up, the payout is booked, once. What only the provider has is asked after.
    """
    async with ringing(), in_transaction():
        await PaymentMerchant.filter(id=merchant.id).select_for_update().get()
        ours = [Movement(row["key"], row["order_id"], row["amount"]) for row in await query(_OURS, merchant.id, day, zone().key)]
        found = differences(theirs, ours)
        total = sum((each.amount for each in theirs), Decimal("0.00"))
        even = not found and settled == total - fee
        known = await Reconciliation.get_or_none(merchant_id=merchant.id, day=day)
        if known is not None and known.state is ReconciliationState.MATCHED:
            return known
        kept = known or Reconciliation(merchant_id=merchant.id, day=day, **_place(merchant))
        kept.state = ReconciliationState.MATCHED if even else ReconciliationState.DIFFERENT
        kept.their_count, kept.our_count = len(theirs), len(ours)
        kept.their_total, kept.our_total = total, sum((each.amount for each in ours), Decimal("0.00"))
        kept.fee, kept.settled, kept.compared_at = fee, settled, now()
        kept.differences = [each.told() for each in found]
        await kept.save(force_create=known is None)
        for each in found:
            if each.kind is DifferenceKind.MISSING_HERE and each.order:
                await add(ASK, {"order": each.order})
        if even:
            await _book(merchant, kept)
        return kept


async def _book(merchant: PaymentMerchant, kept: Reconciliation) -> None:
    """What the provider pays out leaves what it owes us; its fee is an expense."""
    paid_out = [Line(AccountCode.BANK, debit=kept.settled)] if kept.settled > 0 else []
    if kept.settled < 0:
        paid_out = [Line(AccountCode.BANK, credit=-kept.settled)]
    fee = [Line(AccountCode.OTHER_EXPENSE, debit=kept.fee)] if kept.fee > 0 else []
    gross = kept.their_total
    owed = [Line(AccountCode.ONLINE, credit=gross)] if gross > 0 else []
    if gross < 0:
        owed = [Line(AccountCode.ONLINE, debit=-gross)]
    lines = [*paid_out, *fee, *owed]
    if lines:
        booked = await booking_day(merchant.book_id, today())
        await post(SYSTEM, merchant.book_id, EntryKind.SETTLEMENT, lines, source_id=kept.id, booked_on=booked)


def _place(merchant: PaymentMerchant) -> dict[str, str]:
    return {
        "book_id": merchant.book_id,
        "compound_id": merchant.compound_id,
        "organisation_id": merchant.organisation_id,
        "street_id": merchant.street_id,
    }

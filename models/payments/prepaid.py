"""Prepayments go to the bills that come after them."""

from tortoise.transactions import in_transaction

from domain.payments import RefundState
from models.calendar import today
from models.connection import query
from models.facts import Actor, record
from models.work import add

from .rows import Payment, Refund
from .settling import booking_day, post_allocation, settle

#: The kind of the work rows that use one; payload ``{"payment": id}``.
KIND = "payment.prepaid"
_ACTOR = Actor("system:payments")

#: $1: book, or null for all. Payments of homes that have something open, the oldest first.
_WAITING = """
SELECT p.id FROM payment p
WHERE p.state = 'OPEN' AND ($1::text IS NULL OR p.book_id = $1)
    AND EXISTS (SELECT FROM bill b WHERE b.book_id = p.book_id AND b.home_id = p.home_id AND b.open > 0)
    AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = p.id AND r.state = 'REQUESTED')
ORDER BY p.book_id, p.received_on, p.id LIMIT $2
"""
_MOST = 5_000


async def leave_prepayments(book_id: str | None = None) -> int:
    """Leave work for each prepayment that can go to open bills of its home, 5,000 at most; how many.

    ``book_id``: of this book only, as after its bills were issued. What somebody asked to have back is left alone.
    """
    rows = await query(_WAITING, book_id, _MOST)
    for row in rows:
        await add(KIND, {"payment": row["id"]})
    return len(rows)


async def use_prepayment(payment_id: str) -> None:
    """Let what is left of a payment go to open bills of its home, those due first; in a transaction of its own."""
    async with in_transaction():
        payment = await Payment.filter(id=payment_id).select_for_update().get_or_none()
        if payment is None or payment.home_id is None or payment.unallocated <= 0:
            return
        if await Refund.exists(payment_id=payment.id, state=RefundState.REQUESTED):
            return
        if lines := await settle(payment, None):
            await post_allocation(_ACTOR, payment, lines, await booking_day(payment.book_id, today()))
            await record(_ACTOR, "paymentAllocate", payment)

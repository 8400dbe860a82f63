"""Receipts: numbered without gaps per organisation, one for a payment while it holds."""

from domain.payments import ReceiptState
from models.calendar import now
from models.connection import query

from .rows import Payment, Receipt

#: $1: organisation. Held until the transaction ends: so no number is lost.
_NUMBER = """
INSERT INTO receipt_counter (organisation_id, receipts) VALUES ($1, 1)
ON CONFLICT (organisation_id) DO UPDATE SET receipts = receipt_counter.receipts + 1 RETURNING receipts AS last
"""


async def issue_receipt(payment: Payment) -> Receipt | None:
    """The receipt of a payment whose home is known; None for one in suspense. After bills, before the book."""
    if payment.home_id is None:
        return None
    number: int = (await query(_NUMBER, payment.organisation_id))[0]["last"]
    return await Receipt.create(
        number=number,
        state=ReceiptState.ISSUED,
        amount=payment.amount,
        issued_at=now(),
        payment_id=payment.id,
        book_id=payment.book_id,
        home_id=payment.home_id,
        compound_id=payment.compound_id,
        organisation_id=payment.organisation_id,
        street_id=payment.street_id,
    )


async def void_receipt(payment: Payment, why: str) -> None:
    """The payment's receipt, if it has one, holds no more."""
    await Receipt.filter(payment_id=payment.id, state=ReceiptState.ISSUED).update(
        state=ReceiptState.VOID, voided_at=now(), void_reason=why
    )

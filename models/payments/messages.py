"""What providers tell: on disk before it is answered, and worked on once."""

from datetime import timedelta
from typing import Any

from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.payments import Message, message_of
from models.calendar import now
from models.connection import query
from models.ids import ID
from models.work import add, ringing

from .orders import take_message
from .rows import PaymentMerchant, PaymentMessage

#: The kind of the work rows that work on one; payload ``{"message": id}``.
KIND = "payment.message"
#: For so long it is waited for what a message is about; messages come in any order.
_PATIENCE, _AGAIN = timedelta(days=1), timedelta(seconds=30)

_KEEP = """
INSERT INTO payment_message (merchant_id, message, told, received_at) VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (merchant_id, message) DO NOTHING RETURNING id
"""


async def merchant_called(merchant_id: str) -> PaymentMerchant | None:
    """The merchant that a provider calls for; None: there is none."""
    match = ID.match(merchant_id)
    return await PaymentMerchant.get_or_none(id=merchant_id) if match and match[1] == PaymentMerchant.prefix else None


async def keep_message(merchant: PaymentMerchant, name: str, message: Message) -> bool:
    """Keep a message whose signature was proven, and leave work for it; False: it is here already."""
    async with ringing(), in_transaction():
        rows = await query(_KEEP, merchant.id, name, JSON_DUMPS(message.told()), now())
        if rows:
            await add(KIND, {"message": rows[0]["id"]})
        return bool(rows)


async def work_on(payload: dict[str, Any]) -> timedelta | None:
    """Work on a message in the transaction of its work row; a wait where what it is about may still come."""
    kept = await PaymentMessage.filter(id=payload["message"]).select_for_update().get_or_none()
    if kept is None or kept.handled_at is not None:
        return None
    problem = await take_message(kept.merchant_id, message_of(kept.told))
    if problem == "UNKNOWN_TRADE" and now() < kept.received_at + _PATIENCE:
        return _AGAIN
    kept.handled_at, kept.problem = now(), problem
    await kept.save(update_fields=["handled_at", "problem"])
    return None

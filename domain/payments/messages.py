"""What a payment provider tells us: by callback, when asked, and in the file of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.words import Word

from .kinds import DifferenceKind

#: Longest number or id that a provider gives.
TOLD_MAX = 64
_MOST = Decimal("999999999999.99")
_FEN = Decimal("0.01")


class MessageKind(Word):
    """What a provider tells of."""

    PAID = "PAID", "已支付", "An order was paid."
    CLOSED = "CLOSED", "已关闭", "An order can no longer be paid."
    REFUNDED = "REFUNDED", "已退款", "A refund reached whoever had paid."
    REFUND_FAILED = "REFUND_FAILED", "退款失败", "A refund could not be done."
    CHARGED_BACK = "CHARGED_BACK", "已拒付", "Whoever had paid took the money back through their bank."


class Malformed(Exception):
    """A provider said something that is not understood. Says what is wrong, without the values."""


@dataclass(frozen=True)
class Message:
    """One thing that a provider told. ``order``: our id of the order; ``trade``: the provider's number of the payment.

    ``refund``: our id of a refund, "" for what is about none. ``amount`` in yuan.
    """

    kind: MessageKind
    order: str
    trade: str
    amount: Decimal
    at: datetime
    refund: str = ""

    def told(self) -> dict[str, str]:
        """As stored, and as sent."""
        return {
            "kind": self.kind.value,
            "order": self.order,
            "trade": self.trade,
            "amount": str(self.amount),
            "at": self.at.isoformat(),
            "refund": self.refund,
        }


def amount_of(value: object) -> Decimal:
    """A sum that came as text, in yuan to the fen and not below nothing. Raises Malformed."""
    try:
        amount = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount <= _MOST or amount != amount.quantize(_FEN):
        raise Malformed("an amount is not understood")
    return amount.quantize(_FEN)


def _text(value: object, name: str, *, least: int = 1) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable() and least <= len(value) <= TOLD_MAX:
        return value
    raise Malformed(f"{name} is not understood")


def message_of(given: object) -> Message:
    """The message that parsed JSON holds. Raises Malformed."""
    if not isinstance(given, Mapping):
        raise Malformed("it is not an object")
    told: Mapping[Any, Any] = given  # pyright: ignore[reportUnknownVariableType]
    try:
        kind, at = MessageKind(str(told.get("kind"))), datetime.fromisoformat(_text(told.get("at"), "at"))
    except ValueError:
        raise Malformed("kind or at is not understood") from None
    if at.tzinfo is None:
        raise Malformed("at has no offset")
    refund = _text(told.get("refund", ""), "refund", least=0)
    order, trade = _text(told.get("order"), "order"), _text(told.get("trade", ""), "trade", least=0)
    if not trade and kind is not MessageKind.CLOSED:
        raise Malformed("trade is missing")
    return Message(kind, order, trade, amount_of(told.get("amount")), at, refund)


@dataclass(frozen=True)
class Movement:
    """A payment, refund or chargeback of a day, as one side has it. ``key``: the provider's number, or the refund's id.

    ``amount``: what came, below nothing for what went back.
    """

    key: str
    order: str
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """What the two sides do not have alike; the amounts are zero on the side that does not have it."""

    kind: DifferenceKind
    key: str
    order: str
    theirs: Decimal
    ours: Decimal

    def told(self) -> dict[str, str]:
        """As stored."""
        return {
            "kind": self.kind.value,
            "key": self.key,
            "order": self.order,
            "theirs": str(self.theirs),
            "ours": str(self.ours),
        }


def differences(theirs: Sequence[Movement], ours: Sequence[Movement]) -> list[Difference]:
    """How the two sides of a day differ, by key; nothing: they have the same. A key that comes twice is added up."""
    there, here = _summed(theirs), _summed(ours)
    found = list[Difference]()
    for key in sorted({*there, *here}):
        (their_order, their_sum), (our_order, our_sum) = there.get(key, ("", Decimal(0))), here.get(key, ("", Decimal(0)))
        if key not in here:
            found.append(Difference(DifferenceKind.MISSING_HERE, key, their_order, their_sum, our_sum))
        elif key not in there:
            found.append(Difference(DifferenceKind.MISSING_THERE, key, our_order, their_sum, our_sum))
        elif their_sum != our_sum:
            found.append(Difference(DifferenceKind.AMOUNT, key, our_order, their_sum, our_sum))
    return found


def _summed(movements: Sequence[Movement]) -> dict[str, tuple[str, Decimal]]:
    summed: dict[str, tuple[str, Decimal]] = {}
    for each in movements:
        order, amount = summed.get(each.key, (each.order, Decimal(0)))
        summed[each.key] = (order, amount + each.amount)
    return summed

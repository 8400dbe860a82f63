"""What the sandbox keeps in memory: merchants, orders, refunds, and the movements of each day."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from domain.payments import Message, MessageKind, Movement
from domain.payments.signing import SECRET_LEAST, SECRET_MOST

_FEN = Decimal("0.01")


class Refuses(Exception):
    """The sandbox does not do it: an HTTP status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class Order:
    """An order of a merchant. ``token``: what its page is found by. ``trade``: the number of its payment, "" before."""

    merchant: str
    id: str
    title: str
    amount: Decimal
    expires_at: datetime
    notify_url: str
    number: str = field(default_factory=lambda: f"SB{secrets.randbelow(10**14):014}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    state: str = "OPEN"
    trade: str = ""
    paid: Decimal = Decimal("0.00")
    paid_at: datetime | None = None
    returned: Decimal = Decimal("0.00")


@dataclass
class Refund:
    """Money that goes back. ``state``: DONE or FAILED."""

    id: str
    order: str
    amount: Decimal
    state: str
    at: datetime


@dataclass(frozen=True)
class Day:
    """What moved on a day, and what of it is paid out to the merchant's bank account: the sum less the fee."""

    day: date
    movements: Sequence[Movement]
    fee: Decimal

    @property
    def settled(self) -> Decimal:
        return sum((each.amount for each in self.movements), Decimal("0.00")) - self.fee


def merchants_of(words: str) -> dict[str, str]:
    """Secrets by merchant number, of words like ``M1=secret`` with commas between them. Raises ValueError."""
    found: dict[str, str] = {}
    for word in filter(None, words.split(",")):
        number, _, secret = word.strip().partition("=")
        if not number.isalnum() or not SECRET_LEAST <= len(secret) <= SECRET_MOST or not secret.isascii():
            raise ValueError(f"A merchant is NUMBER=SECRET, the secret {SECRET_LEAST} to {SECRET_MOST} characters")
        found[number] = secret
    return found


class Till:
    """All orders and refunds of all merchants. ``fee_permille``: what the provider keeps of what came, in thousandths."""

    def __init__(self, merchants: dict[str, str], fee_permille: Decimal = Decimal(0)) -> None:
        self.merchants = merchants
        self._fee = fee_permille
        self._orders: dict[tuple[str, str], Order] = {}
        self._refunds: dict[tuple[str, str], Refund] = {}
        self._moved: list[tuple[str, datetime, Movement]] = []
        #: Refunds fail from now on: a lever.
        self.refunds_fail = False

    def open(self, made: Order) -> Order:
        """The order, opened once: the same again answers the first. Refuses one of that id with another amount."""
        known = self._orders.setdefault((made.merchant, made.id), made)
        if known.amount != made.amount:
            raise Refuses(409, "ORDER_DIFFERS")
        return known

    def order(self, merchant: str, id_: str, now: datetime) -> Order:
        """The merchant's order, expired if its time is over. Refuses what there is none of."""
        order = self._orders.get((merchant, id_))
        if order is None:
            raise Refuses(404, "NO_SUCH_ORDER")
        return self._aged(order, now)

    def at_page(self, token: str, now: datetime) -> Order:
        """The order whose page it is."""
        for order in self._orders.values():
            if secrets.compare_digest(order.token.encode(), token.encode()):
                return self._aged(order, now)
        raise Refuses(404, "NO_SUCH_ORDER")

    def _aged(self, order: Order, now: datetime) -> Order:
        if order.state == "OPEN" and now >= order.expires_at:
            order.state = "CLOSED"
        return order

    def pay(self, order: Order, amount: Decimal, now: datetime, *, late: bool = False) -> Message:
        """Somebody pays; ``late``: though it is closed (the money was on its way). What is to be told of it."""
        if order.state == "PAID" or (order.state != "OPEN" and not late):
            raise Refuses(409, f"ORDER_{order.state}")
        order.state, order.paid, order.paid_at = "PAID", amount, now
        order.trade = f"T{secrets.randbelow(10**16):016}"
        self._moved.append((order.merchant, now, Movement(order.trade, order.id, amount)))
        return self.paid(order)

    def paid(self, order: Order) -> Message:
        """What is told of a paid order."""
        if order.paid_at is None:
            raise Refuses(409, f"ORDER_{order.state}")
        return Message(MessageKind.PAID, order.id, order.trade, order.paid, order.paid_at)

    def close(self, order: Order) -> None:
        """It cannot be paid any more; one that was paid stays so."""
        if order.state == "OPEN":
            order.state = "CLOSED"

    def refund(self, merchant: str, id_: str, trade: str, amount: Decimal, now: datetime) -> tuple[Order, Message]:
        """Money goes back, once per id. Refuses more than is left of the payment."""
        order = next((each for each in self._orders.values() if (each.merchant, each.trade) == (merchant, trade)), None)
        if order is None or not trade:
            raise Refuses(404, "NO_SUCH_TRADE")
        refund = self._refunds.get((merchant, id_))
        if refund is None:
            if amount <= 0 or amount > order.paid - order.returned:
                raise Refuses(409, "TOO_MUCH")
            refund = Refund(id_, order.id, amount, "FAILED" if self.refunds_fail else "DONE", now)
            self._refunds[merchant, id_] = refund
            if refund.state == "DONE":
                order.returned += amount
                self._moved.append((merchant, now, Movement(id_, order.id, -amount)))
        elif refund.amount != amount:
            raise Refuses(409, "REFUND_DIFFERS")
        kind = MessageKind.REFUNDED if refund.state == "DONE" else MessageKind.REFUND_FAILED
        return order, Message(kind, order.id, trade, refund.amount, refund.at, id_)

    def charge_back(self, order: Order, now: datetime) -> Message:
        """Whoever paid takes back through their bank what is left of the payment."""
        left = order.paid - order.returned
        if order.state != "PAID" or left <= 0:
            raise Refuses(409, "NOTHING_LEFT")
        order.returned += left
        self._moved.append((order.merchant, now, Movement(f"{order.trade}-B", order.id, -left)))
        return Message(MessageKind.CHARGED_BACK, order.id, order.trade, left, now)

    def day(self, merchant: str, day: date) -> Day:
        """What moved on a day, by the date that the moments have."""
        moved = [movement for whose, at, movement in self._moved if whose == merchant and at.date() == day]
        came = sum((each.amount for each in moved if each.amount > 0), Decimal("0.00"))
        return Day(day, moved, (came * self._fee / 1000).quantize(_FEN, ROUND_HALF_UP))

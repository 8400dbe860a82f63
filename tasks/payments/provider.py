"""Payment providers, behind a port: what each of them is asked, and how one that is not heard differs from one that says no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
import orjson

from domain.payments import Malformed, Message, MessageKind, Movement, Provider, amount_of
from domain.payments.signing import headers
from models.calendar import now
from models.ids import new_id
from models.payments import PaymentMerchant, PaymentOrder, secrets_of
from settings import Settings

#: Seconds that a call may take; an answer has so many bytes at most.
_TIMEOUT, _ANSWER_MAX = httpx2.Timeout(10, connect=5), 4_194_304


class Unheard(Exception):
    """The provider did not answer, or answered that it cannot now: what it did is not known, and it is to be asked again."""


class Declined(Exception):
    """The provider said no, for good: a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Created:
    """An order as the provider took it: its number there, and the page at which it is paid."""

    number: str
    pay_url: str


@dataclass(frozen=True)
class DayFile:
    """What the provider says of a day: what moved, what it keeps as a fee, and what it pays out."""

    movements: Sequence[Movement]
    fee: Decimal
    settled: Decimal


class PaymentProvider(Protocol):
    """What a payment provider does for a merchant. All raise Unheard and Declined; each may be asked again without harm."""

    async def create(self, order: PaymentOrder, notify_url: str) -> Created:
        """Take an order, once by its id."""
        ...

    async def query(self, order_id: str) -> Message | None:
        """How an order stands: paid, closed, or (None) still to be paid. Raises Declined for one that it never took."""
        ...

    async def close(self, order_id: str) -> None:
        """Let an order not be paid any more."""
        ...

    async def refund(self, refund_id: str, trade: str, amount: Decimal) -> None:
        """Give money of a payment back, once by the refund's id; what came of it is told by a message."""
        ...

    async def day(self, day: date) -> DayFile:
        """What moved on a day of the street."""
        ...


class Sandbox:
    """The sandbox (``steward payments-sandbox``), for one merchant."""

    def __init__(self, settings: Settings, merchant: PaymentMerchant, secret: str) -> None:
        self._url, self._merchant, self._secret = settings.payments_url.rstrip("/"), merchant, secret

    async def create(self, order: PaymentOrder, notify_url: str) -> Created:
        told = await self._ask(
            "POST",
            "/v1/orders",
            {
                "order": order.id,
                "amount": str(order.amount),
                "expires_at": order.expires_at.isoformat(),
                "notify_url": notify_url,
                "title": "物业服务费用",
            },
        )
        url = told.get("pay_url")
        if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"} or len(url) > 500:
            raise Unheard("no page to pay at")
        return Created(str(told.get("number", ""))[:64], url)

    async def query(self, order_id: str) -> Message | None:
        told = await self._ask("GET", f"/v1/orders/{order_id}")
        match told.get("state"):
            case "PAID":
                at = datetime.fromisoformat(str(told["paid_at"]))
                return Message(MessageKind.PAID, order_id, str(told["trade"]), amount_of(told["paid"]), at)
            case "CLOSED":
                return Message(MessageKind.CLOSED, order_id, "", amount_of(told["amount"]), now())
            case _:
                return None

    async def close(self, order_id: str) -> None:
        await self._ask("POST", f"/v1/orders/{order_id}/close", {})

    async def refund(self, refund_id: str, trade: str, amount: Decimal) -> None:
        await self._ask("POST", "/v1/refunds", {"refund": refund_id, "trade": trade, "amount": str(amount)})

    async def day(self, day: date) -> DayFile:
        told = await self._ask("GET", f"/v1/files/{day.isoformat()}")
        movements = [
            Movement(str(each["key"]), str(each["order"]), _signed(each["amount"])) for each in told.get("movements", ())
        ]
        return DayFile(movements, amount_of(told.get("fee")), _signed(told.get("settled")))

    async def _ask(self, method: str, path: str, told: dict[str, str] | None = None) -> dict[str, Any]:
        body = b"" if told is None else orjson.dumps(told)
        url = f"{self._url}{path}"
        proof = headers(self._secret, self._merchant.number, method, urlsplit(url).path, new_id("ask"), body, now())
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
                answer = await client.request(method, url, content=body, headers={"content-type": "application/json", **proof})
        except httpx2.HTTPError as problem:
            raise Unheard(type(problem).__name__) from None
        return _read(answer.status_code, answer.content)


def _read(status: int, content: bytes) -> dict[str, Any]:
    if len(content) > _ANSWER_MAX:
        raise Unheard("too long an answer")
    try:
        told = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError:
        raise Unheard(f"HTTP {status}, no JSON") from None
    if not isinstance(told, dict):
        raise Unheard(f"HTTP {status}, no object")
    known: dict[str, Any] = told  # pyright: ignore[reportUnknownVariableType]
    if 200 <= status < 300:
        return known
    if status in {404, 409, 422}:
        raise Declined(str(known.get("code", status))[:60])
    raise Unheard(f"HTTP {status}")


def _signed(value: object) -> Decimal:
    """An amount that may lie below nothing."""
    text = value if isinstance(value, str) else ""
    return -amount_of(text[1:]) if text.startswith("-") else amount_of(text)


async def provider_of(merchant: PaymentMerchant, settings: Settings) -> PaymentProvider:
    """The provider of a merchant. Raises Unheard where none is set."""
    if not settings.payments_url:
        raise Unheard("no provider is set")
    match merchant.provider:
        case Provider.SANDBOX:
            return Sandbox(settings, merchant, (await secrets_of(merchant))[0])


__all__ = ["Created", "DayFile", "Declined", "Malformed", "PaymentProvider", "Sandbox", "Unheard", "provider_of"]

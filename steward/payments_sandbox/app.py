"""The sandbox's doors: for merchants (signed), for whoever pays (a page), and levers for those who test."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from domain.payments import Malformed, amount_of
from domain.payments.signing import MERCHANT, proven
from models.calendar import now
from settings import load

from .calls import Calls
from .till import Order, Refuses, Till, merchants_of

_BODY_MAX = 16_384
_LONGEST = timedelta(days=7)
_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>沙箱支付</title>
<body><h1>沙箱支付 <small>Sandbox: no money moves</small></h1><p>{title}</p><p>¥ {amount}</p>{below}</body></html>"""
_BUTTON = '<form method="post"><button>支付 Pay</button></form>'

Handle = Callable[[Request, str, Any], Awaitable[Response]]


class _Doors:
    def __init__(self, till: Till, calls: Calls) -> None:
        self._till, self._calls = till, calls

    def signed(self, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
        """A door for merchants: what is not signed by one is 401."""

        async def door(request: Request) -> Response:
            body = await request.body()
            merchant = request.headers.get(MERCHANT, "")
            secret = self._till.merchants.get(merchant)
            given = {name: value for name, value in request.headers.items() if name.startswith("pay-")}
            if secret is None or not proven(secret, request.method, request.url.path, given, body, now()):
                return JSONResponse({"code": "NOT_SIGNED"}, 401)
            return await _answered(handle, request, merchant, _json(body))

        return door

    async def order_open(self, request: Request, merchant: str, told: Any) -> Response:
        expires_at = datetime.fromisoformat(told["expires_at"])
        amount = amount_of(told["amount"])
        if amount <= 0 or not now() < expires_at < now() + _LONGEST:
            raise Refuses(422, "NOT_POSSIBLE")
        made = Order(merchant, told["order"], str(told.get("title", ""))[:200], amount, expires_at, str(told["notify_url"]))
        order = self._till.open(made)
        return JSONResponse({**_told(order), "pay_url": str(request.url_for("page", token=order.token))})

    async def order_query(self, request: Request, merchant: str, _: Any) -> Response:
        return JSONResponse(_told(self._till.order(merchant, request.path_params["order"], now())))

    async def order_close(self, request: Request, merchant: str, _: Any) -> Response:
        order = self._till.order(merchant, request.path_params["order"], now())
        self._till.close(order)
        return JSONResponse(_told(order))

    async def refund(self, _: Request, merchant: str, told: Any) -> Response:
        order, message = self._till.refund(merchant, told["refund"], told["trade"], amount_of(told["amount"]), now())
        self._calls.tell(merchant, order.notify_url, message)
        return JSONResponse({"state": "ACCEPTED"})

    async def file(self, request: Request, merchant: str, _: Any) -> Response:
        day = self._till.day(merchant, date.fromisoformat(request.path_params["day"]))
        moved = [{"key": each.key, "order": each.order, "amount": str(each.amount)} for each in day.movements]
        return JSONResponse({"day": day.day.isoformat(), "movements": moved, "fee": str(day.fee), "settled": str(day.settled)})

    async def page(self, request: Request) -> Response:
        """What whoever pays sees, and what the button does."""

        async def shown(asked: Request, token: str, _: Any) -> Response:
            order = self._till.at_page(token, now())
            if asked.method == "POST":
                self._calls.tell(order.merchant, order.notify_url, self._till.pay(order, order.amount, now()))
            below = _BUTTON if order.state == "OPEN" else f"<p>{'已支付 Paid' if order.state == 'PAID' else '已关闭 Closed'}</p>"
            return HTMLResponse(_PAGE.format(title=escape(order.title), amount=order.amount, below=below))

        return await _answered(shown, request, request.path_params["token"], None)

    async def lever(self, request: Request) -> Response:
        """For tests: what people and banks do. ``pay`` (``amount``, ``times``, ``late``), ``charge_back``, ``tell_again``."""

        async def pulled(_: Request, do: str, told: Any) -> Response:
            if do == "hold":
                self._calls.hold = True
                return JSONResponse({})
            if do == "release":
                return JSONResponse({"released": self._calls.release()})
            if do == "refunds_fail":
                self._till.refunds_fail = bool(told["on"])
                return JSONResponse({})
            order, times = self._till.order(told["merchant"], told["order"], now()), int(told.get("times", 1))
            if do == "pay":
                amount = amount_of(told["amount"]) if "amount" in told else order.amount
                message = self._till.pay(order, amount, now(), late=bool(told.get("late")))
            elif do == "charge_back":
                message = self._till.charge_back(order, now())
            else:
                message = self._till.paid(order)
            if not told.get("silent"):
                self._calls.tell(order.merchant, order.notify_url, message, times=times)
            return JSONResponse(_told(order))

        return await _answered(pulled, request, request.path_params["do"], _json(await request.body()))


def _json(body: bytes) -> Any:
    return orjson.loads(body) if 0 < len(body) <= _BODY_MAX else {}


async def _answered(handle: Handle, request: Request, first: str, told: Any) -> Response:
    try:
        return await handle(request, first, told)
    except Refuses as refused:
        return JSONResponse({"code": refused.code}, refused.status)
    except (KeyError, ValueError, TypeError, Malformed):
        return JSONResponse({"code": "NOT_UNDERSTOOD"}, 422)


def _told(order: Order) -> dict[str, str]:
    return {
        "order": order.id,
        "number": order.number,
        "state": order.state,
        "amount": str(order.amount),
        "trade": order.trade,
        "paid": str(order.paid),
        "paid_at": order.paid_at.isoformat() if order.paid_at else "",
    }


async def _healthz(_: Request) -> Response:
    return Response(status_code=204)


def create_app() -> Starlette:
    """The sandbox for the merchants of the settings. All that it keeps is in memory."""
    settings = load()
    merchants = merchants_of(settings.payments_sandbox_merchants.get_secret_value())
    till, calls = Till(merchants, settings.payments_sandbox_fee_permille), Calls(merchants)
    doors = _Doors(till, calls)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        yield
        await calls.stop()

    return Starlette(
        routes=[
            Route("/v1/orders", doors.signed(doors.order_open), methods=["POST"]),
            Route("/v1/orders/{order}", doors.signed(doors.order_query)),
            Route("/v1/orders/{order}/close", doors.signed(doors.order_close), methods=["POST"]),
            Route("/v1/refunds", doors.signed(doors.refund), methods=["POST"]),
            Route("/v1/files/{day}", doors.signed(doors.file)),
            Route("/pay/{token}", doors.page, methods=["GET", "POST"], name="page"),
            Route("/levers/{do}", doors.lever, methods=["POST"]),
            Route("/healthz", _healthz),
        ],
        lifespan=lifespan,
    )

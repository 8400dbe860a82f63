"""The door at which payment providers call: POST /payments/callbacks/<merchant>. Signed, on disk before it is answered."""

from datetime import UTC, datetime

import orjson
import structlog
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.answers import send_answer
from api.parameters import read_body
from api.problems import Problem
from domain.payments import TOLD_MAX, Malformed, message_of
from domain.payments.signing import MESSAGE, proven
from models.connection import AWAY
from models.payments import secrets_of
from models.payments.messages import keep_message, merchant_called
from settings import Settings

log = structlog.stdlib.get_logger(__name__)

#: Longest message, in bytes.
_MOST = 16_384


class Callbacks:
    """The ASGI application at ``/payments/callbacks/{merchant}``.

    204: it is kept (or was); 401: not signed by this merchant's provider, or no such merchant, which is not told apart; 422: not
    understood; 503: it could not be kept, and is to be told again.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status = await self._taken(Request(scope), receive)
        except Problem as problem:
            status = problem.status
        except AWAY:
            status = 503
        await send_answer(send, status, b"", "")

    async def _taken(self, request: Request, receive: Receive) -> int:
        if request.method != "POST":
            return 405
        body = await read_body(
            receive,
            request.headers.get("content-length", ""),
            limit=_MOST,
            seconds=self._settings.body_timeout_seconds,
        )
        merchant = await merchant_called(request.path_params["merchant"])
        given = {name: value for name, value in request.headers.items() if name.startswith("pay-")}
        moment, path = datetime.now(UTC), request.url.path
        if merchant is None or not any(
            proven(secret, "POST", path, given, body, moment) for secret in await secrets_of(merchant)
        ):
            return 401
        name = given[MESSAGE]
        try:
            message = message_of(orjson.loads(body))
        except (Malformed, orjson.JSONDecodeError) as problem:
            log.warning("a provider's message was not understood", merchant=merchant.id, problem=str(problem))
            return 422
        if len(name) > TOLD_MAX or not name.isascii():
            return 422
        await keep_message(merchant, name, message)
        return 204

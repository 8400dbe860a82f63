"""``GET /export/me``: all that is held about whoever asks, as one JSON file. Once in some minutes, and on record."""

import asyncpg
from starlette.types import Message, Receive, Scope, Send
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.negotiation import JSON, language
from api.operations import as_problem
from api.problems import Problem, method_not_allowed, unauthenticated, unavailable
from domain.access import Scope as Good
from domain.access import Viewer
from domain.accounts import AccountKind
from domain.audit import Door as CameBy
from domain.refusals import Refused
from domain.words import Text
from models import Account
from models.attempts import Quota, spend
from models.export import personal_data
from models.facts import acting, record
from models.permits import actor_of

_HEADERS = [
    (b"content-type", f"{JSON}; charset=utf-8".encode()),
    (b"content-disposition", b'attachment; filename="steward-export.json"'),
    (b"cache-control", b"no-store"),
]


#: How a database shows that it does not answer.
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException)


class Export:
    """The ASGI application at ``/export/me``."""

    def __init__(self, door: Door) -> None:
        self._door, self._settings = door, door.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (a body is not read)
        headers = headers_of(scope)
        spoken, address = language(headers.get("accept-language", "")), address_of(scope, headers, self._settings)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._send(await self._asked(scope, headers, address), watched)
        except Exception as error:
            if started:
                raise
            problem = self._door.rates.told(unavailable() if isinstance(error, _AWAY) else as_problem(error), address)
            told = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
            listed = [(b"content-type", JSON.encode()), (b"cache-control", b"no-store"), *told]
            await send({"type": "http.response.start", "status": problem.status, "headers": listed})
            await send({"type": "http.response.body", "body": problem.body(spoken)})

    async def _asked(self, scope: Scope, headers: dict[str, str], address: str) -> Account:
        """Whose data are asked for. Refuses 401, 403, 405 and 429."""
        if scope["method"] != "GET":
            raise method_not_allowed("GET", "Fetch your data by GET.", "请使用 GET 导出本人数据。")
        session = Session(self._door, await identify(headers.get("authorization"), self._door), "", address)
        session.count()
        with acting(CameBy.GRAPHQL, address):
            return await self._allowed(await session.viewer())

    async def _allowed(self, viewer: Viewer) -> Account:
        """The person's account, with the export on record. Refuses 401, 403 and 429."""
        account = await Account.get_or_none(id=viewer.account_id) if viewer.account_id else None
        if account is None:
            raise unauthenticated()
        if account.kind is not AccountKind.PERSON or viewer.scope is not Good.WRITE:
            raise Problem(403, "FORBIDDEN", Text("A person's own log-in is needed for this.", "须以本人账号登录后操作。"))
        seconds = self._settings.export_minutes * 60
        try:
            await spend(Quota("export", most=1, seconds=seconds), account.id)
        except Refused as refused:
            raise Problem(429, refused.code, refused.message, {"retry-after": str(seconds)}) from None
        async with in_transaction():
            await record(actor_of(viewer), "dataExport", account)
        return account

    async def _send(self, account: Account, send: Send) -> None:
        pieces = personal_data(account, self._settings)
        first = await anext(pieces)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": first.encode(), "more_body": True})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

"""``GET /export/me``: all that is held about whoever asks, as one JSON file. Once in some minutes, and on record."""

from starlette.types import Message, Receive, Scope, Send

from api.answers import send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.negotiation import JSON
from api.operations import as_problem
from api.problems import method_not_allowed, refusal, unauthenticated, unavailable
from domain.access import Viewer
from domain.audit import Door as CameBy
from domain.refusals import RefusalCode, Refused
from models import Account
from models.connection import AWAY
from models.export import export_data, personal_data
from models.facts import acting

_HEADERS = [
    (b"content-type", f"{JSON}; charset=utf-8".encode()),
    (b"content-disposition", b'attachment; filename="steward-export.json"'),
    (b"cache-control", b"no-store"),
]


class Export:
    """The ASGI application at ``/export/me``."""

    def __init__(self, door: Door) -> None:
        self._door, self._settings = door, door.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (a body is not read)
        headers = headers_of(scope)
        address = address_of(scope, headers, self._settings)
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
            problem = self._door.rates.told(unavailable() if isinstance(error, AWAY) else as_problem(error), address)
            await send_problem(scope, send, problem)

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
        if viewer.account_id is None:
            raise unauthenticated()
        try:
            return await export_data(viewer, settings=self._settings)
        except Refused as refused:
            wait = {"retry-after": str(self._settings.export_minutes * 60)}
            raise refusal(refused, wait if refused.code is RefusalCode.RATE_LIMITED else None) from None

    async def _send(self, account: Account, send: Send) -> None:
        pieces = personal_data(account, self._settings)
        first = await anext(pieces)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": first.encode(), "more_body": True})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

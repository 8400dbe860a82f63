"""``GET /statements/<id>.pdf`` and ``.xlsx``: a statement as a file, for whoever sees it."""

import asyncio
from urllib.parse import quote

from starlette.types import Message, Receive, Scope, Send

from api.answers import send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.operations import as_problem
from api.problems import Problem, method_not_allowed, unauthenticated, unavailable
from domain.printed import Printed
from domain.refusals import Refused
from domain.words import Text
from models import Statement
from models.connection import AWAY
from models.permits import found
from models.printing import PDF, pdf_of, workbook_of
from models.sheets import XLSX
from models.statements import page_of

_KINDS = {"pdf": PDF, "xlsx": XLSX}


class StatementFiles:
    """The ASGI application below ``/statements``."""

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
            await self._send(scope, headers, address, watched)
        except Exception as error:
            if started:
                raise
            problem = self._door.rates.told(unavailable() if isinstance(error, AWAY) else as_problem(error), address)
            await send_problem(scope, send, problem)

    async def _send(self, scope: Scope, headers: dict[str, str], address: str, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            raise method_not_allowed("GET, HEAD", "Fetch a statement by GET.", "请使用 GET 下载公示表。")
        session = Session(self._door, await identify(headers.get("authorization"), self._door), "", address)
        session.count()
        viewer = await session.viewer()
        if viewer.account_id is None:
            raise unauthenticated()
        name, _, ending = scope["path_params"]["name"].partition(".")
        if ending not in _KINDS:
            raise _nothing()
        try:
            statement = await found(Statement, name, viewer)
        except Refused:
            raise _nothing() from None
        page, content = page_of(statement), b""
        if scope["method"] == "GET":
            self._door.enter(session.key)
            try:
                content = await asyncio.to_thread(_made, page, statement, ending)
            finally:
                self._door.leave(session.key)
        await send({"type": "http.response.start", "status": 200, "headers": _headers(page, statement, ending)})
        await send({"type": "http.response.body", "body": content})


def _made(page: Printed, statement: Statement, ending: str) -> bytes:
    return pdf_of(page, statement.published_at or statement.drafted_at) if ending == "pdf" else workbook_of(page)


def _nothing() -> Problem:
    return Problem(404, "NOT_FOUND", Text("There is no such statement.", "没有该公示表。"))


def _headers(page: Printed, statement: Statement, ending: str) -> list[tuple[bytes, bytes]]:
    plain, shown = f"{statement.id}.{ending}", quote(f"{page.title}.{ending}", safe="")
    return [
        (b"content-type", _KINDS[ending].encode()),
        (b"content-disposition", f"attachment; filename=\"{plain}\"; filename*=UTF-8''{shown}".encode()),
        (b"cache-control", b"no-store"),
    ]

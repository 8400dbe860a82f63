"""Lists that are taken away as sheets: ``GET /exports/<list>.xlsx|csv?compound=<id>``.

The rows are read a page at a time through the engine that answers /graphql, for who asks as of that moment, and are sent as they
come: nothing is held. Whatever ends their right to read ends the sheet, broken off.
"""

from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.types import Message, Receive, Scope, Send

from api.answers import send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.negotiation import language
from api.operations import as_problem
from api.problems import Problem, bad_request, method_not_allowed, refusal, unauthenticated, unavailable
from api.read.engine import Request
from domain.audit import Door as CameBy
from domain.refusals import Refused
from domain.words import Text
from models.connection import AWAY
from models.facts import acting
from models.sheets import CSV, XLSX
from models.sheets.exporting import listed

from .lists import LISTS, Listed
from .writing import CsvWriter, Value, Writer, XlsxWriter

_KINDS: dict[str, tuple[str, type[CsvWriter] | type[XlsxWriter]]] = {
    "csv": (f"{CSV}; charset=utf-8", CsvWriter),
    "xlsx": (XLSX, XlsxWriter),
}


_BOOKS = "query ($c: ID!) { books(first: 100, filter: {compound: {eq: $c}}) { nodes { id } } }"


class BrokenOff(Exception):
    """The rows cannot be read to their end."""


class Exports:
    """The ASGI application below ``/exports``."""

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
            await self._answer(scope, headers, address, watched)
        except Exception as error:
            if started:
                raise
            problem = self._door.rates.told(unavailable() if isinstance(error, AWAY) else as_problem(error), address)
            await send_problem(scope, send, problem)

    async def _answer(self, scope: Scope, headers: dict[str, str], address: str, send: Send) -> None:
        if scope["method"] != "GET":
            raise method_not_allowed("GET", "Fetch a list by GET.", "请使用 GET 导出列表。")
        name, _, ending = scope["path_params"]["name"].partition(".")
        if name not in LISTS or ending not in _KINDS:
            raise Problem(404, "NOT_FOUND", Text("There is no such list.", "没有该列表。"))
        compounds = parse_qs(scope["query_string"].decode("latin-1")).get("compound", [])
        if len(compounds) != 1:
            raise bad_request("Say of which compound: ?compound=<id>.", "请指定一个小区：?compound=<编号>。")
        spoken = language(headers.get("accept-language", ""))
        session = Session(self._door, await identify(headers.get("authorization"), self._door), spoken, address)
        session.count()
        viewer = await session.viewer()
        if viewer.account_id is None:
            raise unauthenticated()
        self._door.enter(session.key)
        try:
            with acting(CameBy.GRAPHQL, address):
                try:
                    code = await listed(viewer, compounds[0], name)
                except Refused as refused:
                    raise refusal(refused) from None
            await self._send(session, LISTS[name], compounds[0], f"{name}-{code}.{ending}", ending, send)
        finally:
            self._door.leave(session.key)

    async def _send(self, session: Session, of: Listed, compound_id: str, saved: str, ending: str, send: Send) -> None:
        media_type, made = _KINDS[ending]
        writer: Writer = made()
        where = await self._books(session, compound_id) if of.of_books else [compound_id]
        safe = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in saved)
        headers = {"content-type": media_type, "content-disposition": f'attachment; filename="{safe}"'}
        headers["cache-control"] = "no-store"
        raw = [(key.encode(), value.encode()) for key, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        spoken = session.language
        await send(
            {
                "type": "http.response.body",
                "body": writer.begin(of.words.say(spoken), [field.title.say(spoken) for field in of.fields]),
                "more_body": True,
            }
        )
        for place in where:
            after: str | None = ""
            while after is not None:
                rows, after = await self._page(session, of, place, after or None)
                if piece := writer.rows(rows):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": writer.end()})

    async def _page(
        self, session: Session, of: Listed, compound_id: str, after: str | None
    ) -> tuple[list[list[Value]], str | None]:
        """The next rows as who asks may see them now. Raises BrokenOff and Problem."""
        data = await self._asked(session, of.document, {"c": compound_id, "a": after})
        return of.page(data, session.language)

    async def _books(self, session: Session, compound_id: str) -> list[str]:
        """The books of the compound that who asks may see."""
        data = await self._asked(session, _BOOKS, {"c": compound_id})
        return [book["id"] for book in data["books"]["nodes"]]

    async def _asked(self, session: Session, document: str, variables: dict[str, str | None]) -> dict[str, Any]:
        """The data of an answer. Raises BrokenOff and Problem."""
        request = Request(document, variables)
        response = await self._door.engine.execute(request, await session.context(), mutations=False)
        answer = orjson.loads(response.body)
        if answer.get("errors") or not answer.get("data"):
            raise BrokenOff
        return answer["data"]

"""Contents of files on their way in and out: ``POST /files`` and ``GET /files/{id}``.

A file comes as the body of a request with a bearer token, whatever its content type says: no form of another site's page can
send one. It goes out by a link (api/links.py), to be saved and not to be shown. Whatever is wrong with a link, the answer is 404
in the same words.
"""

import asyncio
from contextlib import aclosing
from pathlib import Path
from urllib.parse import parse_qsl, quote

import asyncpg
import orjson
from starlette.types import Message, Receive, Scope, Send
from tortoise.exceptions import BaseORMException

from api import links
from api.answers import send_answer, send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.mutations.payloads import require_account
from api.negotiation import language
from api.operations import as_problem
from api.parameters import read_pieces
from api.problems import Problem, bad_request, method_not_allowed, refusal, unauthenticated, unavailable
from domain.audit import Door as CameBy
from domain.refusals import Refused
from domain.words import Text
from models.facts import acting
from models.files import Attached, File, Folder, Missing, NoRoom, attach, may_attach, megapixels, readable

_MOST_PARAMETERS = 8
#: Bytes that are written at a time.
_PIECE = 1_048_576
#: Nothing of a content runs, or loads anything, where somebody opens it from here all the same.
_SANDBOX = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox")


class Transfers:
    """The ASGI application at ``/files`` and below."""

    def __init__(self, door: Door) -> None:
        self._door, self._settings = door, door.settings
        self._store = Folder(door.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        address = address_of(scope, headers, self._settings)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            file_id: str | None = scope["path_params"].get("id")
            if file_id is None:
                await self._post(scope, headers, address, receive, watched)
            else:
                await self._get(scope, file_id, watched)
        except Exception as error:
            if started:
                raise
            problem = self._door.rates.told(as_problem(_problem(error)), address)
            await send_problem(scope, send, problem)

    # in

    async def _post(self, scope: Scope, headers: dict[str, str], address: str, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            raise method_not_allowed("POST", "Send a file by POST.", "请使用 POST 上传文件。")
        spoken, client = language(headers.get("accept-language", "")), headers.get("user-agent", "")
        session = Session(self._door, await identify(headers.get("authorization"), self._door), spoken, address, client)
        if session.identity.key is None:
            raise unauthenticated()
        session.count()
        viewer = await session.viewer()
        account_id = require_account("fileAttach", viewer)
        self._door.rates.upload(account_id)
        given = _parameters(scope["query_string"])
        subject, name = given.get("subject", ""), given.get("name", "")
        await may_attach(viewer, subject)
        self._door.enter(session.key)
        try:
            with self._store.spooled() as path:
                await self._spool(path, receive, headers.get("content-length", ""))
                self._door.rates.picture(account_id, await asyncio.to_thread(megapixels, path))
                with acting(CameBy.GRAPHQL, address):
                    attached = await attach(await session.viewer(), subject, name, path, self._store)
        finally:
            self._door.leave(session.key)
        await send_answer(send, 201 if attached.anew else 200, _told(attached))

    async def _spool(self, path: Path, receive: Receive, content_length: str) -> None:
        limit, seconds = self._settings.file_max_bytes, self._settings.file_timeout_seconds
        size = 0
        with path.open("wb") as file:
            waiting = bytearray()
            async for piece in read_pieces(receive, content_length, limit=limit, seconds=seconds):
                waiting += piece
                size += len(piece)
                if len(waiting) >= _PIECE:
                    await asyncio.to_thread(file.write, waiting)
                    waiting = bytearray()
            await asyncio.to_thread(file.write, waiting)
        if not size:
            raise bad_request("The file is empty: send its content as the body.", "文件为空：请将文件内容作为请求体发送。")
        if content_length.isdecimal() and int(content_length) != size:
            raise bad_request("The body is incomplete.", "请求体不完整。")

    # out

    async def _get(self, scope: Scope, file_id: str, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            raise method_not_allowed("GET, HEAD", "Fetch a file by GET.", "请使用 GET 下载文件。")
        given = _parameters(scope["query_string"])
        account_id = given.get("account", "")
        if not links.holds(file_id, account_id, given.get("expires", ""), given.get("signature", ""), self._settings):
            raise no_file()
        self._door.rates.asked(account_id)
        viewer = await self._door.viewers.of(account_id)
        file = None if viewer is None else (await readable(viewer, [file_id])).get(file_id)
        if file is None:
            raise no_file()
        async with aclosing(self._store.read(file_id)) as pieces:
            try:
                piece = await anext(pieces)
            except Missing:
                raise no_file() from None
            await send({"type": "http.response.start", "status": 200, "headers": _headers(file)})
            while piece and scope["method"] == "GET":
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await anext(pieces, b"")
        await send({"type": "http.response.body", "body": b""})


def no_file() -> Problem:
    """404, in the same words whatever is wrong with a link."""
    return Problem(404, "NOT_FOUND", Text("There is no such file, or the link has ended.", "文件不存在，或链接已失效。"))


def _problem(error: Exception) -> Exception:
    match error:
        case Refused():
            return refusal(error)
        case NoRoom():
            return Problem(503, "UNAVAILABLE", Text("There is no room for files now.", "存储空间不足，暂时无法上传。"))
        case ConnectionError() | TimeoutError() | asyncpg.PostgresError() | asyncpg.InterfaceError() | BaseORMException():
            return unavailable()
        case _:
            return error


def _parameters(query_string: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise bad_request("The URL's query is not valid: encode it as UTF-8.", "URL 查询参数无效：请使用 UTF-8 编码。") from None
    return dict(pairs)


def _told(attached: Attached) -> bytes:
    file = attached.file
    return orjson.dumps({"id": file.id, "name": file.name, "mediaType": file.media_type, "size": file.size})


def _headers(file: File) -> list[tuple[bytes, bytes]]:
    plain = f"{file.id}{Path(file.name).suffix}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return [
        (b"content-type", file.media_type.encode()),
        (b"content-length", str(file.size).encode()),
        (b"content-disposition", name.encode()),
        (b"cache-control", b"no-store"),
        _SANDBOX,
    ]

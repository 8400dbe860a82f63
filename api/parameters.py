"""The parameters of a GraphQL request, from a JSON body or a URL, within limits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive

from api.problems import Problem, bad_request
from api.read.engine import Request
from domain.words import Text

_MAX_DEPTH = 64
_MAX_FIELDS = 16


async def read_pieces(receive: Receive, content_length: str, *, limit: int, seconds: float) -> AsyncIterator[bytes]:
    """The body as it comes. Refuses over ``limit`` bytes (413), over ``seconds`` of waiting (408), and half a body (400)."""
    if content_length.isdecimal() and int(content_length[:20]) > limit:
        raise _too_large(limit)
    size, ends = 0, asyncio.get_running_loop().time() + seconds
    more = True
    while more:
        try:
            async with asyncio.timeout_at(ends):
                message = await receive()
        except TimeoutError:
            raise Problem(
                408,
                "REQUEST_TIMEOUT",
                Text(f"The body did not arrive within {seconds:g} s.", f"请求体未在 {seconds:g} 秒内送达。"),
                {"connection": "close"},
            ) from None
        if message["type"] != "http.request":
            raise bad_request("The body is incomplete.", "请求体不完整。")
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        yield chunk
        more = message.get("more_body", False)


async def read_body(receive: Receive, content_length: str, *, limit: int, seconds: float) -> bytes:
    """The whole body; refuses as ``read_pieces`` does."""
    return b"".join([piece async for piece in read_pieces(receive, content_length, limit=limit, seconds=seconds)])


def _too_large(limit: int) -> Problem:
    return Problem(
        413,
        "PAYLOAD_TOO_LARGE",
        Text(f"A request body may have {limit} bytes at most.", f"请求体不得超过 {limit} 字节。"),
        {"connection": "close"},
        limit=limit,
    )


def from_body(body: bytes) -> Request:
    """The request of a JSON body. Refuses (400) what is not one well-formed GraphQL request."""
    return from_json(parse_json(body, "body"))


def from_json(value: object) -> Request:
    """The request of a JSON value, which must be an object: batches are not answered."""
    if not isinstance(value, dict):
        raise bad_request(
            "The body must be one JSON object with `query`; arrays (batches) are not answered.",
            "请求体必须是一个含 `query` 的 JSON 对象；不支持数组（批量请求）。",
        )
    fields = cast("dict[str, Any]", value)
    _object(fields.get("extensions"), "extensions")
    document_id = _document_id(fields)
    return Request(
        query=_query(fields.get("query")) if document_id is None else "",
        variables=_object(fields.get("variables"), "variables"),
        operation_name=_name(fields.get("operationName")),
        document_id=document_id,
    )


def from_url(query_string: bytes) -> Request:
    """The request of a URL's query. ``variables`` and ``extensions`` are JSON there; an empty value counts as none."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise bad_request("The URL's query is not valid: encode it as UTF-8.", "URL 查询参数无效：请使用 UTF-8 编码。") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise bad_request("A parameter is given twice.", "参数重复。")
    variables, extensions = (parse_json(fields[name].encode(), name) if name in fields else None for name in _JSON_FIELDS)
    return from_json(
        {
            "query": fields.get("query"),
            "documentId": fields.get("documentId"),
            "variables": variables,
            "operationName": fields.get("operationName"),
            "extensions": extensions,
        }
    )


_JSON_FIELDS = ("variables", "extensions")


def parse_json(text: bytes, name: str) -> object:
    """A JSON value at most 64 levels deep. Refuses (400); ``name`` says what was wrong."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad_request(f"The {name} is not valid JSON in UTF-8.", f"{name} 不是有效的 UTF-8 JSON。") from None
    if text.count(b"{") + text.count(b"[") > _MAX_DEPTH and deeper_than(value, _MAX_DEPTH):
        raise bad_request(
            f"The {name} is nested more than {_MAX_DEPTH} levels deep.", f"{name} 的嵌套层数不得超过 {_MAX_DEPTH} 层。"
        )
    return value


def deeper_than(value: object, levels: int) -> bool:
    """Whether objects and arrays are nested more than ``levels`` deep; itself without recursion."""
    layer: list[object] = [value]
    for _ in range(levels + 1):
        inner: list[object] = []
        for item in layer:
            if isinstance(item, dict):
                inner.extend(cast("dict[str, object]", item).values())
            elif isinstance(item, list):
                inner.extend(cast("list[object]", item))
        if not inner:
            return False
        layer = inner
    return any(isinstance(item, dict | list) for item in layer)


def _query(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise bad_request("`query` must be the text of a GraphQL document.", "`query` 必须是 GraphQL 文档文本。")
    return value


def _document_id(fields: dict[str, Any]) -> str | None:
    value = fields.get("documentId")
    if value is not None and not isinstance(value, str):
        raise bad_request("`documentId` must be a string.", "`documentId` 必须是字符串。")
    if value and fields.get("query"):
        raise bad_request("Send either `query` or `documentId`, not both.", "`query` 与 `documentId` 只能发送其一。")
    return value or None


def _name(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise bad_request("`operationName` must be a string.", "`operationName` 必须是字符串。")
    return value or None


def _object(value: object, name: str) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise bad_request(f"`{name}` must be an object.", f"`{name}` 必须是对象。")
    return cast("dict[str, Any] | None", value)

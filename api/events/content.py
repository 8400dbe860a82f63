"""From a request's headers and body to parsed events: CloudEvents over HTTP in its three content modes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import unquote

import orjson
from starlette.types import Receive

from domain.events import Fault

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_CHARSET = re.compile(r"charset=\"?([^\";\s]+)", re.IGNORECASE)
_MOST_DIGITS = 18
_RESERVED = frozenset({"data", "data_base64", "datacontenttype"})
_CONTENT_TYPE = Fault(
    "content-type",
    "The body is not said to be a CloudEvent in JSON.",
    f"Send {STRUCTURED} (one event), {BATCH} (a list), or application/json with the attributes as ce- headers.",
)


class Problem(Exception):
    """A request that cannot be taken as a whole: an HTTP status, what is wrong, and headers that tell what to do."""

    def __init__(self, status: int, *faults: Fault, index: int | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(faults[0].message)
        self.status = status
        self.faults = faults
        self.index = index
        self.headers = headers or {}


class Disconnected(Exception):
    """The client went away before its body had come."""


class Content(NamedTuple):
    """What a request's headers say of its body. ``attributes``: those given as headers in binary mode."""

    mode: str
    length: int | None
    media_type: str
    attributes: Mapping[str, str] = {}


def _decoded(value: bytes) -> str:
    text = value.decode("ascii").strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return unquote(text, errors="strict")


def _attributes(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The ``ce-`` headers. Raises Problem for one that is reserved, given twice, or not percent-encoded UTF-8."""
    attributes: dict[str, str] = {}
    for header, value in headers:
        if not header.startswith(b"ce-"):
            continue
        name = header[3:].decode("latin-1")
        try:
            text = _decoded(value)
        except UnicodeDecodeError:
            fault = Fault(name, "The header is not percent-encoded UTF-8.", "Percent-encode what is not printable ASCII.")
            raise Problem(400, fault, index=0) from None
        if name in _RESERVED:
            raise Problem(400, Fault(name, "This is no header.", "Send data in the body, its type as content-type."), index=0)
        if name in attributes:
            raise Problem(400, Fault(name, "The header is given twice.", "Send it once."), index=0)
        attributes[name] = text
    return attributes


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> Content:
    """Find out the content mode. Raises Problem 415 for a body that is no CloudEvent in JSON, 400 for bad headers."""
    headers = list(headers)
    given = {name: value for name, value in headers if name in {b"content-type", b"content-encoding", b"content-length"}}
    encoding = given.get(b"content-encoding", b"identity")
    if encoding.lower() != b"identity":
        raise Problem(415, Fault("content-encoding", "Compressed bodies are not taken.", "Send the body as it is."))
    content_type = given.get(b"content-type", b"").decode("latin-1")
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in {"utf-8", "us-ascii"}:
        raise Problem(415, Fault("content-type", "The body is not said to be UTF-8.", "Encode JSON as UTF-8."))
    length = given.get(b"content-length", b"")
    size = int(length[:_MOST_DIGITS]) if length.isdigit() else None
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in {STRUCTURED, BATCH}:
        return Content(media_type, size, media_type)
    if media_type.startswith("application/cloudevents") or not (media_type == "application/json" or media_type.endswith("+json")):
        raise Problem(415, _CONTENT_TYPE)
    attributes = _attributes(headers)
    if not attributes:
        raise Problem(415, _CONTENT_TYPE)
    return Content("binary", size, media_type, attributes)


async def read_body(receive: Receive, length: int | None, limit: int, seconds: float) -> bytes:
    """The request's body of at most ``limit`` bytes, in ``seconds`` at most. Reading stops there, whatever the headers promised.

    Raises Problem 413 and 408, and Disconnected.
    """
    too_large = Problem(413, Fault("body", f"The body is larger than {limit} bytes.", "Send fewer events at once."))
    if length is not None and length > limit:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                part = cast("bytes", message.get("body", b""))
                size += len(part)
                if size > limit:
                    raise too_large
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts) if len(parts) > 1 else part
    except TimeoutError:
        late = Fault("body", f"The body did not arrive within {seconds:g} s.", "Send it at once; nothing is doubled.")
        raise Problem(408, late, headers={"connection": "close"}) from None


def _parsed(body: bytes, name: str, index: int | None) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message, remedy = f"It is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno}).", "Send JSON in UTF-8."
        if "depth" in error.msg:
            message, remedy = "The JSON is nested too deeply.", "Send data as flat as the event type's schema."
        raise Problem(400, Fault(name, message, remedy), index=index) from None


def read_events(content: Content, body: bytes, most: int) -> list[Any]:
    """The events of a body, parsed and not yet checked. Raises Problem 400, and 413 for more than ``most`` events."""
    if content.mode == STRUCTURED:
        return [_parsed(body, "body", 0)]
    if content.mode == BATCH:
        events = _parsed(body, "body", None)
        if not isinstance(events, list):
            raise Problem(
                400, Fault("body", "A batch is a JSON array of events.", f"Send an array, or one event as {STRUCTURED}.")
            )
        if len(cast("list[Any]", events)) > most:
            raise Problem(413, Fault("body", f"The batch has more than {most} events.", "Send fewer events at once."))
        return cast("list[Any]", events)
    data = _parsed(body, "data", 0) if body else None
    return [{**content.attributes, "data": data, "datacontenttype": content.media_type}]

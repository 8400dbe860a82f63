"""The messages of graphql-transport-ws: what a client may say, read strictly, and what the server says."""

from dataclasses import dataclass
from typing import Any, cast

import orjson

from api.parameters import deeper_than, from_json
from api.problems import Problem
from api.read.engine import Request

SUBPROTOCOL = "graphql-transport-ws"
_MAX_ID = 128
_MAX_DEPTH = 70


class Closed(Exception):
    """The socket must be closed with this code. ``reason`` is ASCII and short: a close frame holds 123 bytes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason[:120]


@dataclass(frozen=True, slots=True)
class Init:
    """``connection_init``. ``authorization``: what its payload says, None when it says nothing."""

    authorization: str | None


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    request: Request


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Heard = Init | Ping | Pong | Subscribe | Complete


def _invalid(why: str) -> Closed:
    return Closed(4400, f"Invalid message: {why}")


def read(text: str) -> Heard:
    """The client's message. Raises Closed (4400) for anything that is not one of the protocol."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _invalid("not JSON") from None
    if not isinstance(value, dict):
        raise _invalid("not an object")
    message = cast("dict[str, Any]", value)
    if deeper_than(message, _MAX_DEPTH):
        raise _invalid("nested too deeply")
    match message.get("type"):
        case "connection_init":
            return Init(_authorization(_payload(message)))
        case "ping":
            return Ping(_payload(message))
        case "pong":
            _payload(message)
            return Pong()
        case "subscribe":
            return Subscribe(_id(message), _request(message.get("payload")))
        case "complete":
            return Complete(_id(message))
        case str():
            raise _invalid("unknown type")
        case _:
            raise _invalid("type must be a string")


def _payload(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise _invalid("payload must be an object")
    return cast("dict[str, Any] | None", payload)


def _id(message: dict[str, Any]) -> str:
    given = message.get("id")
    if not isinstance(given, str) or not 0 < len(given) <= _MAX_ID:
        raise _invalid(f"id must be a string of 1 to {_MAX_ID} characters")
    return given


def _request(payload: object) -> Request:
    if not isinstance(payload, dict):
        raise _invalid("payload must be an object")
    try:
        return from_json(cast("object", payload))
    except Problem as problem:
        raise _invalid(str(problem)) from None


def _authorization(payload: dict[str, Any] | None) -> str | None:
    for name, value in (payload or {}).items():
        if name.lower() == "authorization" and value is not None:
            if not isinstance(value, str):
                raise _invalid("Authorization must be a string")
            return value
    return None


ACK = '{"type":"connection_ack"}'
PING = '{"type":"ping"}'


def pong(payload: dict[str, Any] | None) -> str:
    """The answer to a ping, with what came with it."""
    return orjson.dumps({"type": "pong"} if payload is None else {"type": "pong", "payload": payload}).decode()


def next_(operation: str, body: bytes) -> str:
    """``body`` is a whole GraphQL response."""
    return '{"id":' + orjson.dumps(operation).decode() + ',"type":"next","payload":' + body.decode() + "}"


def error(operation: str, errors: object) -> str:
    """The operation never ran: why. Nothing follows for it."""
    return orjson.dumps({"id": operation, "type": "error", "payload": errors}).decode()


def complete(operation: str) -> str:
    """The operation is over."""
    return orjson.dumps({"id": operation, "type": "complete"}).decode()

"""What goes back: the JSON of a whole response, and errors as the client sees them."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import orjson
import structlog
from graphql import FieldNode, GraphQLError

from .errors import unquoted

log = structlog.get_logger()


@dataclass(frozen=True)
class Response:
    """The whole JSON response.

    ``has_data`` is false when the request could not be run at all; ``unavailable`` says that the database was the reason.
    """

    body: bytes
    has_data: bool
    kind: str | None
    unavailable: bool = False


def refusal(errors: list[GraphQLError], kind: str | None, *, unavailable: bool = False) -> Response:
    """The response to a request that is not run."""
    return Response(orjson.dumps({"errors": [_shown(e) for e in errors]}), has_data=False, kind=kind, unavailable=unavailable)


def respond(data: Any, errors: list[GraphQLError], kind: str) -> Response:
    """The response with ``data``; without it where the database's absence left nothing of a query."""
    if kind == "query" and errors and _nothing(data) and all(code_of(error) == "UNAVAILABLE" for error in errors):
        return refusal(errors, kind, unavailable=True)
    body: dict[str, Any] = {"errors": [_shown(error) for error in errors]} if errors else {}
    return Response(orjson.dumps({**body, "data": data}, default=str), has_data=True, kind=kind)


def code_of(error: GraphQLError) -> object:
    """The code that clients can rely on; None for a fault of ours."""
    return (error.extensions or {}).get("code")


def located(error: GraphQLError, nodes: list[FieldNode], path: list[str | int]) -> GraphQLError:
    """The error at the place in the document where it came up."""
    return GraphQLError(error.message, nodes=nodes, path=path, extensions=error.extensions, original_error=error.original_error)


def _nothing(data: object) -> bool:
    return data is None or (isinstance(data, dict) and all(value is None for value in cast("dict[str, Any]", data).values()))


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error as the client sees it; a fault of ours is logged and shown as an id only."""
    original = error.original_error
    if original is not None and not isinstance(original, GraphQLError):
        fault = uuid4().hex
        log.error("request failed", fault=fault, path=error.path, exc_info=original)
        return {
            "message": f"Something went wrong on our side; report it with the id {fault}.",
            "path": error.path,
            "extensions": {"code": "INTERNAL", "id": fault},
        }
    shown: dict[str, Any] = {**error.formatted, "message": unquoted(error.message)}
    shown.setdefault("extensions", {"code": "BAD_USER_INPUT"})
    return shown

"""Whole HTTP answers: short, and for nobody to store."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Scope, Send

from api.negotiation import JSON, language
from api.problems import Problem


async def send_answer(
    send: Send,
    status: int,
    body: bytes,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
    *,
    head_only: bool = False,
) -> None:
    """Send a whole answer. ``media_type`` "": it has no content. ``head_only``: the headers without the body, for HEAD."""
    listed = [(b"cache-control", b"no-store"), (b"vary", b"accept, accept-language, authorization")]
    if media_type:
        listed.append((b"content-type", f"{media_type}; charset=utf-8".encode()))
    if status != 204:
        listed.append((b"content-length", str(len(body)).encode()))
    listed.extend((name.encode(), value.encode()) for name, value in (headers or {}).items())
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": b"" if head_only else body})


async def send_problem(scope: Scope, send: Send, problem: Problem, media_type: str = JSON) -> None:
    """Answer a request with why it is not answered, in the language that it asks for."""
    body = problem.body(language(Headers(scope=scope).get("accept-language", "")))
    await send_answer(send, problem.status, body, media_type, problem.headers, head_only=scope["method"] == "HEAD")

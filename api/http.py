"""GraphQL over HTTP (the GraphQL foundation's specification): POST and GET, media types, status codes."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from api import sse
from api.answers import send_answer, send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.graphiql import page
from api.negotiation import JSON, Accepted, accepted, language, not_acceptable, require_json
from api.operations import as_problem, run
from api.parameters import from_body, from_url, read_body
from api.problems import method_not_allowed, unavailable
from api.read.engine import Request

ALLOW = "GET, HEAD, OPTIONS, POST"


class GraphQLEndpoint:
    """The ASGI application at ``/graphql``."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        spoken = language(headers.get("accept-language", ""))
        wanted = accepted(headers.get("accept", ""))
        if scope["method"] == "HEAD":
            wanted = replace(wanted, stream=False, stream_first=False)
        answer = Answer(send, head_only=scope["method"] == "HEAD")
        try:
            await self._handle(scope, headers, wanted, spoken, receive, answer)
        except Exception as error:
            if answer.started:
                raise
            problem = self._door.rates.told(as_problem(error), address_of(scope, headers, self._door.settings))
            await send_problem(scope, answer.raw, problem, wanted.json or JSON)

    async def _handle(
        self, scope: Scope, headers: dict[str, str], wanted: Accepted, spoken: str, receive: Receive, answer: "Answer"
    ) -> None:
        method: str = scope["method"]
        if method == "OPTIONS":
            await answer.send(204, b"", "", {"allow": ALLOW})
            return
        if method not in {"GET", "HEAD", "POST"}:
            raise method_not_allowed(ALLOW, "Use POST, or GET for queries.", "请使用 POST；查询也可使用 GET。")
        if method != "POST" and wanted.page and not self._door.settings.production:
            await answer.page(headers)
            return
        if not wanted.json and not wanted.stream:
            raise not_acceptable()
        identity = await identify(headers.get("authorization"), self._door)
        address = address_of(scope, headers, self._door.settings)
        session = Session(self._door, identity, spoken, address, headers.get("user-agent", ""))
        request = await self._request(method, scope, headers, receive)
        if wanted.stream_first:
            await sse.stream(session, request, receive, answer.raw, mutations=method == "POST")
            return
        response = await run(session, request, mutations=method == "POST")
        if response.kind == "subscription":
            if not wanted.stream:
                raise not_acceptable(
                    "A subscription is answered as text/event-stream, or over WebSocket.",
                    "订阅须使用 text/event-stream 或 WebSocket。",
                )
            await sse.stream(session, request, receive, answer.raw, mutations=False)
            return
        if response.kind == "mutation" and method != "POST":
            raise method_not_allowed("POST", "A mutation needs POST.", "变更操作须使用 POST。")
        if response.unavailable:
            away = unavailable()
            await answer.send(away.status, response.body, wanted.json, away.headers)
            return
        status = 200 if response.has_data or wanted.json == JSON else 400
        await answer.send(status, response.body, wanted.json)

    async def _request(self, method: str, scope: Scope, headers: dict[str, str], receive: Receive) -> Request:
        if method != "POST":
            return from_url(scope["query_string"])
        require_json(headers.get("content-type", ""), headers.get("content-encoding", ""))
        settings = self._door.settings
        body = await read_body(
            receive,
            headers.get("content-length", ""),
            limit=settings.graphql_max_bytes,
            seconds=settings.body_timeout_seconds,
        )
        return from_body(body)


class Answer:
    """One HTTP answer. ``head_only``: headers without the body, for HEAD."""

    def __init__(self, send: Send, *, head_only: bool) -> None:
        self._send = send
        self._head_only = head_only
        self.started = False

    async def raw(self, message: Mapping[str, object]) -> None:
        """Send an ASGI message of somebody who makes the whole answer."""
        self.started = True
        await self._send(dict(message))

    async def send(self, status: int, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer that nobody may store."""
        await send_answer(self.raw, status, body, media_type, headers, head_only=self._head_only)

    async def page(self, headers: Mapping[str, str]) -> None:
        """Send GraphiQL, or 304 to who has it."""
        response = page(headers.get("if-none-match", ""))
        await self.raw({"type": "http.response.start", "status": response.status, "headers": response.headers})
        await self.raw({"type": "http.response.body", "body": b"" if self._head_only else response.body})

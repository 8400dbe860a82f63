"""``POST /events``: key, content mode, checks, storing, answer. ``202`` means that the events are on disk."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.context import address_of, headers_of
from api.metrics import count_events
from api.rates import Exceeded, Rates
from domain.events import Fault
from models.events import Incoming, Outcome, Stored
from models.keys import IntakePass
from settings import Settings

from .content import BATCH, Disconnected, Problem, read_body, read_events, read_headers
from .door import Door
from .envelope import EVENTS
from .judge import Rejected, Window, judge
from .lines import Unavailable
from .results import UNWATCHED, refusals
from .schemas import schema_text
from .storing import Storing

_UNAUTHORISED = Fault(
    "authorization",
    "There is no valid intake key in the request.",
    "Send the header Authorization: Bearer ink_… with a key that has not expired or been revoked.",
)
_MOST_SHOWN = 200


class Intake:
    """The intake of one process: ``start`` and ``stop`` it around the server's life."""

    def __init__(self, settings: Settings, rates: Rates) -> None:
        self._settings, self._rates = settings, rates
        self._door = Door(settings)
        self._storing = Storing(settings, self._door.ring)

    async def start(self) -> None:
        """Start the tasks that store. The database need not be there yet: until then the answer is 503."""
        self._door.start()
        self._storing.start()

    async def stop(self) -> None:
        """Store what was taken, ring for it, and close the connections."""
        await self._storing.stop()
        await self._door.stop()

    def routes(self) -> list[Route]:
        """``POST /events`` and ``GET /events/schemas/{type}.json``."""
        return [
            Route("/events", _Post(self._settings, self._door, self._storing, self._rates), methods=["POST"], name="events"),
            Route("/events/schemas/{name}", _schema, methods=["GET"], name="event schema"),
        ]


class _Post:
    """The endpoint as a bare ASGI application: at thousands of requests a second a Request object is felt."""

    def __init__(self, settings: Settings, door: Door, storing: Storing, rates: Rates) -> None:
        self._settings, self._rates = settings, rates
        self._door = door
        self._storing = storing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[str, str] = {}
        try:
            status, answer = await self._answer(scope, receive)
        except Disconnected:
            return
        except Exceeded as exceeded:
            status, headers = exceeded.status, exceeded.headers
            answer = {"errors": [_error(None, Fault("event", exceeded.text.en, "Send it again then; nothing is doubled."))]}
        except Problem as problem:
            status, headers = problem.status, problem.headers
            answer = {"errors": [_error(problem.index, fault) for fault in problem.faults]}
        except Unavailable as away:
            status, headers = 429 if away.full else 503, {"retry-after": str(away.retry_after)}
            fault = Fault("event", f"The event cannot be stored now: {away}.", "Send it again after a while; nothing is doubled.")
            answer = {"errors": [_error(None, fault)]}
        body = orjson.dumps(answer)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(body)).encode()),
                    *[(name.encode(), value.encode()) for name, value in headers.items()],
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        key = await self._door.admit([value for name, value in scope["headers"] if name == b"authorization"])
        if key is None:
            self._rates.stranger(address_of(scope, headers_of(scope), self._settings))
            raise _unauthorised()
        content = read_headers(scope["headers"])
        self._storing.check_room()
        body = await read_body(receive, content.length, self._settings.event_max_bytes, self._settings.body_timeout_seconds)
        events = read_events(content, body, self._settings.event_max_batch)
        self._rates.events(key.id, max(1, len(events)))
        window = Window.of(self._settings)
        judged = [judge(event, key, window) for event in events]
        results = await self._store(judged, key, window)
        count_events(result["status"] for result in results)
        return _told(judged, results, batch=content.mode == BATCH)

    async def _store(self, judged: list[Incoming | Rejected], key: IntakePass, window: Window) -> list[dict[str, Any]]:
        """Store what can be stored; the result of each event, in order."""
        good = [event for event in judged if isinstance(event, Incoming)]
        if good:
            stored = await self._storing.store(good)
        else:
            stored = []
            if await self._door.ask(key.digest) is None:
                raise _unauthorised()
        outcomes = {each.outcome for each in stored}
        if Outcome.KEY_CLOSED in outcomes:
            self._door.forget(key)
            raise _unauthorised()
        if Outcome.UNDECIDED in outcomes:
            raise Unavailable
        became = iter(stored)
        return [
            _result(index, event, next(became), window)
            if isinstance(event, Incoming)
            else _rejected(index, event.id, event.faults)
            for index, event in enumerate(judged)
        ]


def _unauthorised() -> Problem:
    return Problem(401, _UNAUTHORISED, headers={"www-authenticate": 'Bearer realm="events"'})


def _error(index: int | None, fault: Fault) -> dict[str, Any]:
    return {"index": index, **_shown(fault)}


def _shown(fault: Fault) -> dict[str, str]:
    return {"field": fault.field[:_MOST_SHOWN], "message": fault.message, "remedy": fault.remedy}


def _rejected(index: int, event_id: str | None, faults: list[Fault]) -> dict[str, Any]:
    return {"index": index, "id": event_id, "status": "rejected", "errors": [_shown(fault) for fault in faults]}


def _result(index: int, event: Incoming, stored: Stored, window: Window) -> dict[str, Any]:
    outcome = stored.outcome
    if outcome is Outcome.ACCEPTED:
        told = {} if stored.kind is None else {"note": _shown(UNWATCHED)}
        return {"index": index, "id": event.event_id, "status": "accepted", **told}
    if outcome is Outcome.DUPLICATE:
        return {"index": index, "id": event.event_id, "status": "duplicate"}
    return _rejected(index, event.event_id, refusals(event, stored, window))


def _told(judged: list[Incoming | Rejected], results: list[dict[str, Any]], *, batch: bool) -> tuple[int, dict[str, Any]]:
    """Status and body: 202 when anything was taken, 422 when nothing was, 400 when a lone event is no CloudEvent."""
    if not results or any(result["status"] != "rejected" for result in results):
        return 202, {"results": results}
    errors = [{"index": result["index"], **error} for result in results for error in result["errors"]]
    if batch:
        return 422, {"errors": errors, "results": results}
    malformed = isinstance(judged[0], Rejected) and judged[0].malformed
    return 400 if malformed else 422, {"errors": errors}


async def _schema(request: Request) -> Response:
    name: str = request.path_params["name"]
    event_type = name.removesuffix(".json")
    if event_type == name or event_type not in EVENTS:
        fault = Fault("name", "There is no such schema.", "Ask for an event type's name followed by .json.")
        return Response(orjson.dumps({"errors": [_error(None, fault)]}), 404, media_type="application/json")
    return Response(schema_text(event_type), media_type="application/schema+json")

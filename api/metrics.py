"""What is counted, and ``GET /metrics``. Labels come from closed sets and never hold personal data."""

import time
from collections import Counter as Tally
from collections.abc import Iterable
from functools import cache
from weakref import WeakSet

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.read import Engine
from models.connection import AWAY
from models.work import backlog

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_ROUTES = frozenset({"/", "/graphql", "/events", "/export/me", "/files", "/healthz", "/readyz", "/metrics"})

HTTP_REQUESTS = Counter("steward_http_requests", "HTTP requests answered.", ["route", "method", "status"])
HTTP_SECONDS = Histogram("steward_http_seconds", "Time to the start of the answer.", ["route"], buckets=_SECONDS)
OPERATIONS = Counter("steward_graphql_operations", "GraphQL operations.", ["kind", "outcome"])
OPERATION_SECONDS = Histogram("steward_graphql_seconds", "Time to run a query or mutation.", ["kind"], buckets=_SECONDS)
SOCKETS_OPEN = Gauge("steward_sockets_open", "WebSocket connections open.")
SUBSCRIPTIONS_OPEN = Gauge("steward_subscriptions_open", "Subscriptions open.", ["transport"])
FEED_CONNECTED = Gauge("steward_feed_connected", "1 while the live feed listens to the database.")
FEED_CHANGES = Counter("steward_feed_changes", "Changes heard by the live feed.")
FEED_MISSED = Counter("steward_feed_missed", "Subscriptions ended because changes may have been missed.")
WORK = Gauge("steward_work", "Work rows in the database, at the time of asking.", ["state"])
WORK_WAITING = Gauge("steward_work_waiting_seconds", "How long the work that is longest due has waited.")
EVENTS = Counter("steward_events", "Events received by the intake.", ["outcome"])
#: The read engines whose caches are shown.
ENGINES: WeakSet[Engine] = WeakSet()


class _Ready(Collector):
    """What read engines keep ready; read when asked for, so that no request pays for it."""

    def collect(self) -> Iterable[Metric]:
        lookups = CounterMetricFamily(
            "steward_graphql_lookups", "Documents and statements wanted: kept ready or made.", labels=["kind", "outcome"]
        )
        for kind, found in (("document", [e.documents.lookups for e in ENGINES]), ("statement", [e.statements for e in ENGINES])):
            lookups.add_metric([kind, "hit"], sum(each.hits for each in found))
            lookups.add_metric([kind, "miss"], sum(each.misses for each in found))
        yield lookups
        yield GaugeMetricFamily("steward_graphql_documents", "Documents kept ready.", sum(len(e.documents) for e in ENGINES))
        yield GaugeMetricFamily(
            "steward_graphql_documents_bytes", "Memory for them and their statements.", sum(e.documents.bytes for e in ENGINES)
        )


REGISTRY.register(_Ready())


@cache
def _answers(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """The two metrics under their labels: looking labels up is slow, and there are few."""
    return HTTP_REQUESTS.labels(route, method, str(status)), HTTP_SECONDS.labels(route)


def count_answer(route: str, method: str, status: int, seconds: float) -> None:
    """One answer whose head was sent ``seconds`` after its request came. ``route``: a path as it is declared, no client's."""
    requests, durations = _answers(route, method, status)
    requests.inc()
    durations.observe(seconds)


@cache
def _operations(kind: str, outcome: str) -> tuple[Counter, Histogram]:
    return OPERATIONS.labels(kind, outcome), OPERATION_SECONDS.labels(kind)


def count_operation(kind: str, outcome: str, seconds: float) -> None:
    """One query or mutation that was ``run`` or ``refused``."""
    operations, durations = _operations(kind, outcome)
    operations.inc()
    durations.observe(seconds)


def count_events(outcomes: Iterable[str]) -> None:
    """Events of one request that the intake ``accepted``, found to be ``duplicate`` or ``rejected``."""
    for outcome, number in Tally(outcomes).items():
        EVENTS.labels(outcome).inc(number)


async def metrics(_: Request) -> Response:
    """All metrics of this process in Prometheus' text format, and the backlog of work as it is now."""
    try:
        now = await backlog()
    except AWAY:
        WORK_WAITING.set(float("nan"))
    else:
        for state, rows in (("due", now.due), ("later", now.later), ("failed", now.failed)):
            WORK.labels(state).set(rows)
        WORK_WAITING.set(now.waiting_seconds)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def route_of(path: str) -> str:
    """The route that a path belongs to, out of a closed set."""
    if path in _ROUTES:
        return path
    first = "/" + path.split("/", 2)[1] if path.startswith("/") else path
    return first if first in {"/events", "/files", "/graphiql"} else "other"


class Counted:
    """Counts every HTTP answer of ``app``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        route = route_of(scope["path"])
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count_answer(route, method, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, counted)

"""The API's ASGI application: its routes, and what starts and stops with it."""

import gc
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import graphiql, templates
from api.answers import send_problem
from api.callbacks import Callbacks
from api.closing import told_to_stop
from api.context import Door, networks
from api.court_files import CourtFiles
from api.events import Intake
from api.export import Export
from api.exports import Exports
from api.feed import Feed
from api.health import Readiness, healthz
from api.hosts import Hosts, listed
from api.http import GraphQLEndpoint
from api.metrics import ENGINES, Counted, metrics
from api.oidc import Issuers
from api.operations import as_problem
from api.persisted import PersistedDocuments
from api.rates import Rates
from api.read.engine import Engine
from api.registers import Registers
from api.schema import SCHEMA
from api.statement_files import StatementFiles
from api.transfers import Transfers
from api.viewers import Viewers
from api.ws import SocketEndpoint
from models import database
from models.viewers import STILL_SQL
from settings import Settings, load

_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_NOTHING_LOADS = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
#: A browser that was here over TLS comes back over TLS for a year.
_ONLY_TLS = (b"strict-transport-security", b"max-age=31536000")


class Guarded:
    """Adds the security headers to every HTTP answer of ``app``, and answers where it fails to."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = [*_SECURITY, _ONLY_TLS] if settings.production else _SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = [*message.get("headers", []), *self._headers]
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append(_NOTHING_LOADS)
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as error:
            if started:
                raise
            await send_problem(scope, guarded, as_problem(error))


async def home(request: Request) -> Response:
    """A browser that comes to ``/`` wants GraphiQL."""
    return RedirectResponse(request.url_for("graphql").path, 307)


@cache
def settle() -> None:
    """Once a process: what is there by now stays, so the collector need not look at it; nor so often at what passes.

    A request makes few cycles but many objects: otherwise a third of its time goes into looking at them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # rarer, and documents that are no longer kept (they are cycles) pile up


def create_app(settings: Settings | None = None) -> Starlette:
    """The application, with the given settings or those of the environment. Nothing is opened before its lifespan."""
    settings = settings or load()
    networks(settings.trusted_proxies)
    rates = Rates(settings)
    engine = Engine(SCHEMA, settings, still=STILL_SQL, toll=rates)
    ENGINES.add(engine)
    persisted = PersistedDocuments(settings, lambda text: engine.documents.get(text).errors)
    door = Door(settings, engine, Feed(settings), Viewers(settings, engine), persisted, Issuers(settings), rates)
    intake = Intake(settings, rates)
    transfers = Transfers(door)
    registers = Registers(settings)
    routes: Sequence[BaseRoute] = [
        Route("/graphql", GraphQLEndpoint(door), name="graphql"),
        WebSocketRoute("/graphql", SocketEndpoint(door)),
        *intake.routes(),
        Route("/payments/callbacks/{merchant}", Callbacks(settings)),
        Route("/files", transfers),
        Route("/files/{id}", transfers),
        Route("/facilities/{id}/qr.svg", registers.qr),
        Route("/facilities/{id}", registers.page),
        Route("/sheets/{name}", templates.template),
        Route("/exports/{name}", Exports(door)),
        Route("/court-files/{id}.html", CourtFiles(door)),
        Route("/export/me", Export(door)),
        Route("/statements/{name}", StatementFiles(door)),
        Route("/healthz", healthz),
        Route("/readyz", Readiness(settings).__call__),
        Route("/metrics", metrics),
        Route("/graphiql/{name}", graphiql.asset),
        Route("/", home),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            await database.connect(settings, "steward api")
            stack.push_async_callback(database.disconnect)
            stack.push_async_callback(door.issuers.stop)
            stack.push_async_callback(rates.stop)
            for part in (door.engine, intake, door.feed):
                await part.start()
                stack.push_async_callback(part.stop)
            stack.enter_context(told_to_stop(door.closing))
            settle()
            yield

    middleware = [Middleware(Counted), Middleware(Guarded, settings), Middleware(Hosts, settings)]
    if settings.cors_origins:
        origins = sorted(listed(settings.cors_origins))
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type", "accept-language"],
                expose_headers=["retry-after"],
                max_age=3600,
            )
        )
    app = Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
    app.state.door = door
    return app

"""``/healthz``: the process is alive. ``/readyz``: what it needs is there."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import asyncpg
import orjson
import redis.asyncio
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response

from models.connection import AWAY
from models.database import applied_migrations, known_migrations
from settings import Settings

_SECONDS = 2.0
_REMEMBERED_SECONDS = 1.0


async def healthz(_: Request) -> Response:
    """200 while the process answers at all."""
    return Response(b'{"alive":true}', media_type="application/json")


class Readiness:
    """Answers ``/readyz``: 200 when every part is "ok", else 503; the body names each part.

    Many askers share one check a second, so that asking cannot load the database.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._parts: dict[str, str] = {}
        self._checked_at = float("-inf")

    async def __call__(self, _: Request) -> Response:
        async with self._lock:
            if time.monotonic() - self._checked_at > _REMEMBERED_SECONDS:
                self._parts = await self.check()
                self._checked_at = time.monotonic()
        ready = all(state == "ok" for state in self._parts.values())
        body = orjson.dumps({"ready": ready, **self._parts})
        return Response(body, 200 if ready else 503, {"cache-control": "no-store"}, "application/json")

    async def check(self) -> dict[str, str]:
        """The state of each part: "ok", or a word on what is wrong."""
        database, (valkey,) = await asyncio.gather(database_state(self._settings), _within(self._redis, ("unreachable",)))
        return {**database, "redis": valkey}

    async def _redis(self) -> tuple[str, ...]:
        client = redis.asyncio.from_url(self._settings.redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
        async with aclosing(client):
            await client.ping()
        return ("ok",)


async def database_state(settings: Settings) -> dict[str, str]:
    """The state of the database and of its schema: "ok", or a word on what is wrong."""

    async def look() -> tuple[str, ...]:
        connection = await asyncpg.connect(settings.database_url, timeout=_SECONDS)
        try:
            applied, known = await applied_migrations(connection), known_migrations()
        finally:
            connection.terminate()
        if applied == known:
            return ("ok", "ok")
        return ("ok", f"missing {', '.join(sorted(known - applied))}" if known - applied else "newer than this program")

    database, migrations = await _within(look, ("unreachable", "unknown"))
    return {"database": database, "migrations": migrations}


async def _within(check: Callable[[], Awaitable[tuple[str, ...]]], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    try:
        async with asyncio.timeout(_SECONDS):
            return await check()
    except (*AWAY, RedisError):
        return otherwise

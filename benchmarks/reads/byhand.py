"""The limit: the very SQL that Steward sends, with its values, in an ASGI application that does nothing else.

``STATEMENTS`` names a pickle: query → list of (response key, SQL, values). The query is the last part of the path.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import asyncpg
from starlette.types import Receive, Scope, Send

import settings


async def _text_as_bytes(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")


async def _no_reset(_: asyncpg.Connection[Any]) -> None:
    pass


class ByHand:
    """A bare ASGI application."""

    def __init__(self) -> None:
        self.statements: dict[str, list[tuple[str, str, list[Any]]]] = pickle.loads(Path(os.environ["STATEMENTS"]).read_bytes())
        self.settings = settings.load()
        self.pool: asyncpg.Pool[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        assert self.pool is not None
        parts: list[bytes] = []
        async with self.pool.acquire() as connection:
            for key, sql, values in self.statements[scope["path"].rpartition("/")[2]]:
                parts.append(b'"' + key.encode() + b'":' + await connection.fetchval(sql, *values))
        body = b'{"data":{' + b",".join(parts) + b"}}"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.pool = await asyncpg.create_pool(
            self.settings.database_url,
            min_size=1,
            max_size=self.settings.read_connections,
            init=_text_as_bytes,
            reset=_no_reset,
            max_cached_statement_lifetime=0,
            server_settings={"timezone": self.settings.timezone, "jit": "off"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})


def create_app() -> ByHand:
    return ByHand()

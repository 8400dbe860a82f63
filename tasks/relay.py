"""The relay: rings in Redis for every row of work that is due. Any number of relays may run."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

from models.connection import AWAY
from models.work import CHANNEL
from settings import Settings

from .broker import BACKGROUND, QUEUE, Doorbell
from .work import background_kinds

log = structlog.stdlib.get_logger(__name__)

#: A row that was rung for and is still there after this long is rung for again.
RING_AGAIN = timedelta(seconds=5)
#: Only so many rows at the head of each queue are rung for at a time, and none while the queue is full: however long no worker
#: is there, Redis holds no more, and whoever comes back has not to answer all that was rung meanwhile.
_HEAD = 500
#: Seconds until the next look when nobody notifies: while there is something to ring for, and while there is nothing.
_SOON, _IDLE = 0.05, 1.0
#: Seconds between attempts to reach a server that is away: the first and the longest.
_FIRST, _LONGEST = 0.1, 2.0

#: $3: the kinds of work that are done in the background; $4: whether it is they that are claimed.
_CLAIM = """
WITH head AS (
    SELECT id FROM work WHERE failed_at IS NULL AND not_before <= now() AND (kind = ANY($3::text[])) = $4
    ORDER BY not_before, id LIMIT $1
), due AS (
    SELECT work.id FROM work JOIN head USING (id)
    WHERE work.failed_at IS NULL AND work.not_before <= now() AND (work.rung_at IS NULL OR work.rung_at < now() - $2::interval)
    FOR UPDATE OF work SKIP LOCKED
), rung AS (
    UPDATE work SET rung_at = now() FROM due WHERE work.id = due.id RETURNING work.id
)
SELECT array(SELECT id FROM rung ORDER BY id) AS ids, (SELECT count(*) FROM head) AS head
"""


async def relay(settings: Settings) -> None:
    """Ring until cancelled. Outlives restarts of the database and of Redis, and loses nothing by them."""
    doorbell = Doorbell(settings)
    wait = _FIRST
    while True:
        try:
            connection = await connect(settings, "steward relay")
            try:
                log.info("relay listens")
                wait = _FIRST
                await _serve(connection, doorbell)
            finally:
                connection.terminate()
        except AWAY as problem:
            log.warning("relay waits for the database", problem=type(problem).__name__)
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST)


async def connect(settings: Settings, name: str) -> asyncpg.Connection[Any]:
    """A connection of one's own, which gives up on a server that does not answer."""
    return await asyncpg.connect(settings.database_url, timeout=5, command_timeout=10, server_settings={"application_name": name})


async def _serve(connection: asyncpg.Connection[Any], doorbell: Doorbell) -> None:
    heard = asyncio.Event()

    def hear(*_: object) -> None:
        heard.set()

    await connection.add_listener(CHANNEL, hear)
    reached = True
    while True:
        heard.clear()
        due: list[int] = []
        unrung: list[int] = []
        more = False
        for queue in (QUEUE, BACKGROUND):
            if await asyncio.to_thread(doorbell.is_full, queue):
                more = True
                continue
            claimed = await connection.fetchrow(_CLAIM, _HEAD, RING_AGAIN, background_kinds(), queue == BACKGROUND)
            assert claimed is not None
            ids: list[int] = claimed["ids"]
            if ids:
                unrung += await asyncio.to_thread(doorbell.ring, ids, queue)
            due, more = due + ids, more or claimed["head"] == _HEAD
        if due and reached == bool(unrung):
            reached = not unrung
            if reached:
                log.info("Redis answers")
            else:
                log.warning("relay waits for Redis")
        if unrung:
            await connection.execute("UPDATE work SET rung_at = NULL WHERE id = ANY($1::bigint[])", unrung)
            await asyncio.sleep(_IDLE)
        try:
            async with asyncio.timeout(_SOON if due or more else _IDLE):
                await heard.wait()
        except TimeoutError:
            pass

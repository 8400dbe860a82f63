"""How often may be asked: counts per minute and key, kept by every process and added up in Redis.

Reads, acts, events and uploads never wait for Redis. They are counted here, and what was counted goes to Redis every 200 ms,
all keys in one round trip that answers the totals. A decision rests on the total that Redis told last and on what was counted
since, so n processes together let through too much what n - 1 of them let through within those 200 ms. Without Redis each
counts for itself: it fails open.

Log-ins, refreshes and registrations are counted in Redis before they begin, and refused (503) when it cannot be asked: they
fail closed. What holds guesses back in any case is counted in PostgreSQL (models/attempts.py).

A minute is one of the clock's. Keys are hashed: who asked, and from where, is not kept.
"""

import asyncio
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from time import time
from typing import Protocol

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.problems import Problem, bad_request, too_fast, uncounted
from domain.access import Viewer
from domain.addresses import origin
from domain.policy import OPEN_ACTS
from settings import Settings

#: Seconds between two reports to Redis, and after one that failed.
_REPORT, _AGAIN = 0.2, 2.0
_MINUTE = 60
#: Keys of one kind that are counted in one minute; further ones are let through.
_MOST = 50_000
#: What proves who somebody is: one of these in an operation.
CREDENTIALS = OPEN_ACTS | {"passwordChange"}

log = structlog.get_logger()


class Asker(Protocol):
    """Of a request: who asks, and from where."""

    viewer: Viewer
    address: str


class Exceeded(Problem):
    """429: more than the settings allow in this minute, with ``wait`` seconds until the next."""

    def __init__(self, wait: int) -> None:
        told = too_fast(wait)
        super().__init__(told.status, told.code, told.text, told.headers)


@dataclass(slots=True)
class _Count:
    """``told``: what Redis has added up; ``new``: what it has not heard of."""

    told: int = 0
    new: int = 0


class Rates:
    """The counts of one process. Nothing is opened before it is needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._minute = 0
        self._counts: dict[str, _Count] = {}
        self._room: defaultdict[str, int] = defaultdict(lambda: _MOST)
        self._redis: redis.asyncio.Redis | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._away = False

    # what is counted

    def asked(self, holder: str) -> None:
        """Somebody with a token asks once. Refuses (429)."""
        self._count("request", holder, 1, self._settings.rate_requests)

    def charge(self, context: Asker, rows: int) -> None:
        """An operation may read so many rows. Refuses (429) once its account's rows of this minute are spent."""
        self._count("row", context.viewer.account_id or "", rows, self._settings.rate_rows)

    def stranger(self, address: str) -> None:
        """Somebody without a token that is good asks once. Refuses (429)."""
        self._count("stranger", origin(address), 1, self._settings.rate_strangers)

    def told(self, problem: Problem, address: str) -> Problem:
        """What a client is told of a problem: that it tries too often, where its tokens are good for nothing again and again."""
        try:
            if problem.status == 401:
                self.stranger(address)
        except Exceeded as exceeded:
            return exceeded
        return problem

    def events(self, key_id: str, number: int) -> None:
        """An intake key brings events. Refuses (429)."""
        self._count("event", key_id, number, self._settings.rate_events)

    def upload(self, account_id: str) -> None:
        """An account brings a file. Refuses (429)."""
        self._count("upload", account_id, 1, self._settings.rate_uploads)

    def picture(self, account_id: str, megapixels: int) -> None:
        """An account's picture is about to be decoded. Refuses (429)."""
        if megapixels:
            self._count("picture", account_id, megapixels, self._settings.rate_megapixels)

    async def admit(self, context: Asker, fields: Sequence[str]) -> None:
        """The root fields of a mutation. Refuses (429) what takes credentials too often from one address, (503) while nobody
        can count it, and (400) more than one of it in an operation, after counting each."""
        taking = sum(name in CREDENTIALS for name in fields)
        if taking and self._settings.rate_log_ins:
            key = f"credential {origin(context.address)}"
            totals = await self._added(int(time()) // _MINUTE, {key: taking})
            if not totals:
                raise uncounted()
            if totals[key] > self._settings.rate_log_ins:
                raise Exceeded(self._left())
        if taking > 1:
            raise bad_request(
                "One operation may log in, refresh, register or change a password once; send several requests.",
                "一次操作只能包含一项登录、续期、注册或修改密码；请分别发送请求。",
            )

    # counting

    def _count(self, kind: str, of: str, amount: int, limit: int) -> None:
        if not limit or not of:
            return
        if (minute := int(time()) // _MINUTE) != self._minute:
            self._minute, self._counts, self._room = minute, {}, defaultdict(lambda: _MOST)
        key = f"{kind} {of}"
        count = self._counts.get(key)
        if count is None:
            if self._room[kind] <= 0:
                return
            self._room[kind] -= 1
            count = self._counts[key] = _Count()
        if count.told + count.new >= limit:
            raise Exceeded(self._left())
        count.new += amount
        if self._reporting is None:
            self._reporting = asyncio.create_task(self._report(), name="rates")

    @staticmethod
    def _left() -> int:
        """Seconds that are left of this minute, 1 at least."""
        return max(1, math.ceil(_MINUTE - time() % _MINUTE))

    async def _report(self) -> None:
        """Tell Redis what was counted, as long as there is something to tell."""
        try:
            while True:
                await asyncio.sleep(_AGAIN if self._away else _REPORT)
                fresh = {key: count for key, count in self._counts.items() if count.new}
                if not fresh:
                    return
                added = {key: count.new for key, count in fresh.items()}
                for count in fresh.values():  # told once, even if the answer is lost: rather too little than twice
                    count.told, count.new = count.told + count.new, 0
                for key, total in (await self._added(self._minute, added)).items():
                    fresh[key].told = max(fresh[key].told, total)
        finally:
            self._reporting = None

    async def _added(self, minute: int, amounts: dict[str, int]) -> dict[str, int]:
        """Add amounts in Redis, in one round trip; the totals, none when it cannot be asked."""
        try:
            async with asyncio.timeout(self._settings.rate_wait_ms / 1000), self._connected().pipeline(transaction=False) as line:
                for key, amount in amounts.items():
                    name = "rate:" + blake2b(f"{minute} {key}".encode(), digest_size=16).hexdigest()
                    line.incrby(name, amount)
                    line.expire(name, 2 * _MINUTE)
                totals = (await line.execute())[::2]
        except (RedisError, OSError, TimeoutError) as error:
            if not self._away:
                log.warning("requests are counted without redis", error=type(error).__name__)
            self._away = True
            return {}
        self._away = False
        return dict(zip(amounts, totals, strict=True))

    def _connected(self) -> redis.asyncio.Redis:
        if self._redis is None:
            wait = self._settings.rate_wait_ms / 1000
            retry = Retry(NoBackoff(), 1)  # a connection that has broken since it was used last is made anew
            url = self._settings.redis_url
            self._redis = redis.asyncio.Redis.from_url(url, socket_timeout=wait, socket_connect_timeout=wait, retry=retry)
        return self._redis

    async def stop(self) -> None:
        """Close the connection; what was not told yet is forgotten."""
        if self._reporting is not None:
            self._reporting.cancel()
            await asyncio.gather(self._reporting, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

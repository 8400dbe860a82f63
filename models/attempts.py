"""Attempts at a secret, and uses of what is given out sparingly: counted before each, however many processes are asked."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil

from tortoise import connections, fields

from domain.addresses import origin
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .rows import Row


class Attempt(Row):
    """How often one thing was tried in vain or used. ``key`` is a hash: what was tried, or by whom, is not kept."""

    key = fields.CharField(max_length=64, primary_key=True)
    count = fields.IntField()
    last_at = fields.DatetimeField()
    open_at = fields.DatetimeField()

    class Meta:
        table = "attempt"


@dataclass(frozen=True)
class Limit:
    """``free`` attempts in vain cost nothing; each further one doubles the wait, from 1 second to ``longest`` seconds.

    After ``quiet`` seconds without an attempt the count begins anew.
    """

    name: str
    free: int
    longest: int = 900
    quiet: int = 3_600

    def key(self, of: str) -> str:
        return _key(self.name, of)


@dataclass(frozen=True)
class Quota:
    """``most`` uses within ``seconds`` of the first of them."""

    name: str
    most: int
    seconds: int

    def key(self, of: str) -> str:
        return _key(self.name, of)


def _key(name: str, of: str) -> str:
    return sha256(f"{name}\0{of}".encode(errors="replace")).hexdigest()


#: Log-ins with one name from one address (see ``guess``), whether or not there is such an account.
BY_LOGIN = Limit("login", free=5)
#: Log-ins with one name from wherever: so many that nobody is kept out by whoever knows their log-in name and has one address.
BY_NAME = Limit("name", free=100)
#: Changes of an account's password.
BY_ACCOUNT = Limit("account", free=5)
#: Log-ins and codes from one address, which many people may share.
BY_ADDRESS = Limit("address", free=50)
#: Codes of invitations from one address.
BY_CODE = Limit("code", free=10)

#: $1 key, $2 free, $3 longest, $4 quiet. No row: it may not be tried yet.
_COUNT = """
INSERT INTO attempt AS a (key, count, last_at, open_at) VALUES ($1, 1, now(), now())
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN a.last_at < now() - make_interval(secs => $4) THEN 1 ELSE a.count + 1 END,
    last_at = now(),
    open_at = now() + make_interval(secs => CASE
        WHEN a.last_at < now() - make_interval(secs => $4) OR a.count + 1 < $2 THEN 0
        ELSE least($3, 2 ^ least(a.count + 1 - $2, 20)) END)
WHERE a.open_at <= now()
RETURNING count
"""
#: $1 key, $2 most, $3 seconds. ``open_at``: when the count begins anew. No row: all are used.
_SPEND = """
INSERT INTO attempt AS a (key, count, last_at, open_at) VALUES ($1, 1, now(), now() + make_interval(secs => $3))
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN a.open_at <= now() THEN 1 ELSE a.count + 1 END,
    last_at = now(),
    open_at = CASE WHEN a.open_at <= now() THEN now() + make_interval(secs => $3) ELSE a.open_at END
WHERE a.open_at <= now() OR a.count < $2
RETURNING count
"""
_GIVE_BACK = "UPDATE attempt SET count = greatest(count - 1, 0), open_at = now() WHERE key = $1"


def guess(login: str, address: str) -> str:
    """What BY_LOGIN counts."""
    return f"{login}\0{origin(address)}"


async def count_attempt(limit: Limit, of: str) -> None:
    """Count one attempt at ``of`` before it is made; call it outside of any transaction, so that a refusal keeps the count.

    Refuses (RATE_LIMITED) while the wait of an earlier one lasts; such a call counts for nothing.
    """
    if not of:
        return
    given = [limit.key(of), limit.free, float(limit.longest), float(limit.quiet)]
    if await connections.get("default").execute_query_dict(_COUNT, given):
        return
    seconds = await _wait(limit.key(of))
    raise Refused(
        RefusalCode.RATE_LIMITED,
        Text(f"Too many attempts: wait {seconds} s.", f"尝试次数过多，请在 {seconds} 秒后重试。"),
        hint=Text("Wait, and try again; the wait grows with each failure.", "请稍候再试；连续失败会延长等待时间。"),
    )


async def spend(quota: Quota, of: str) -> None:
    """Count one use by ``of``; call it outside of any transaction, so that a refusal of what follows keeps the count.

    Refuses (RATE_LIMITED) while all uses are spent.
    """
    given = [quota.key(of), quota.most, float(quota.seconds)]
    if await connections.get("default").execute_query_dict(_SPEND, given):
        return
    minutes = ceil(await _wait(quota.key(of)) / 60)
    raise Refused(
        RefusalCode.RATE_LIMITED,
        Text(f"That was too often: wait {minutes} min.", f"操作过于频繁，请在 {minutes} 分钟后重试。"),
        hint=Text("Wait, and try again.", "请稍候再试。"),
    )


async def _wait(key: str) -> int:
    """The seconds until it may be tried again."""
    rows = await connections.get("default").execute_query_dict(
        "SELECT extract(epoch FROM open_at - now())::float AS seconds FROM attempt WHERE key = $1", [key]
    )
    return max(1, ceil(rows[0]["seconds"])) if rows else 1


async def forget_attempts(limit: Limit, of: str) -> None:
    """The right secret was given: nothing is held against ``of`` any more."""
    await Attempt.filter(key=limit.key(of)).delete()


async def give_attempt_back(limit: Limit, of: str) -> None:
    """The attempt that was counted was not in vain; earlier ones stay counted."""
    await connections.get("default").execute_query(_GIVE_BACK, [limit.key(of)])


async def forget_old_attempts(before: datetime) -> int:
    """Drop what was last tried before that moment; returns how many."""
    return await Attempt.filter(last_at__lt=before).delete()

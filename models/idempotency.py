"""A retry of a mutation gets the first answer: keys are remembered per account, with what was asked and what came of it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from tortoise import connections, fields
from tortoise.transactions import in_transaction

from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .rows import Row

KEY_MAX = 100


class IdempotencyKey(Row):
    """The first answer to a mutation sent with an ``idempotencyKey``: unique on (account, key)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    account_id = fields.CharField(max_length=30)
    key = fields.CharField(max_length=100)
    act = fields.CharField(max_length=60)
    request_digest = fields.CharField(max_length=64)
    subject_id = fields.CharField(max_length=30)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "idempotency_key"


_CLAIM = """
INSERT INTO idempotency_key (account_id, key, act, request_digest, subject_id) VALUES ($1, $2, $3, $4, '')
ON CONFLICT (account_id, key) DO NOTHING
RETURNING id
"""


def request_digest(act: str, request: Mapping[str, Any]) -> str:
    """The fingerprint of what was asked: the act's name and its input as JSON values, in any order."""
    return sha256(json.dumps([act, request], sort_keys=True).encode()).hexdigest()


async def once(account_id: str, key: str, act: str, request: Mapping[str, Any], do: Callable[[], Awaitable[str]]) -> str:
    """The id of the subject of the act that ``do`` performs, performed once per (account, key).

    A repetition of the same request answers the first one's subject id and does nothing, also while the first is still
    running (it waits). The key with another request is refused (CONFLICT). A refusal or failure of ``do`` forgets the key.
    """
    key = written(key, "idempotency_key", KEY_MAX)
    digest = request_digest(act, request)
    async with in_transaction():
        connection = connections.get("default")
        if await connection.execute_query_dict(_CLAIM, [account_id, key, act, digest]):
            subject_id = await do()
            await IdempotencyKey.filter(account_id=account_id, key=key).update(subject_id=subject_id)
            return subject_id
        first = await IdempotencyKey.get(account_id=account_id, key=key)
    if (first.act, first.request_digest) != (act, digest):
        raise Refused(
            RefusalCode.CONFLICT,
            Text("This idempotency key was used for another request.", "该幂等键已用于另一个请求。"),
            path=("idempotency_key",),
            hint=Text("Use a new key for every new request.", "每个新请求请使用新的幂等键。"),
        )
    return first.subject_id


async def forget(before: datetime) -> int:
    """Drop the keys made before that moment; returns how many."""
    return await IdempotencyKey.filter(created_at__lt=before).delete()

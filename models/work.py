"""Work: rows that say what is still to be done. A message in Redis is only a doorbell for one of them."""

from typing import Any

from tortoise import fields

from .rows import Row


class Work(Row):
    """Something to be done by the actor ``kind``; deleted in the transaction that does it.

    ``rung_at``: when the relay last rang for it. ``failed_at``: given up after too many attempts, kept to be seen.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharField(max_length=40)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    created_at = fields.DatetimeField(auto_now_add=True)
    not_before = fields.DatetimeField(auto_now_add=True)
    rung_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(db_default=0)
    failed_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=500, db_default="")

    class Meta:
        table = "work"


class ClockSlot(Row):
    """One due moment of one check: unique on (name, slot), so that it runs once however many clocks there are."""

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=60)
    slot = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "clock_slot"


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

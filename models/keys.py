"""Intake keys: with one, an organisation's machines bring events.

The secret is shown once; only its hash is stored. A key for the broker has no secret: there the broker knows who speaks.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.events import EventDoor
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .facts import Actor, record
from .organisations import Organisation
from .permits import actor_of, found, permit, permitted
from .rows import Row
from .tokens import check_overlap, over

#: The shape of a secret: 256 random bits, so that a plain hash is enough to store.
SECRET = re.compile(r"ink_[A-Za-z0-9_-]{43}")
_SYSTEM = Actor("system:keys")
_LONGEST_PREFIX = 200
_NO_SECRET = Text("A key for the broker has no secret to replace.", "MQTT 密钥没有密文，无需轮换。")
_ADMITTED = Text("The organisation may speak through the broker already.", "该组织已获准经 MQTT 代理上报。")
_REVOKE = Text("Close its key first (keyRevoke).", "请先吊销其密钥（keyRevoke）。")
_EXPIRED = Text("The key would have expired already.", "密钥的到期时间已过。")


class IntakeKey(Row):
    """A key with which an organisation's machines bring events, by one door. Only its hash is stored."""

    prefix = "key"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.BinaryField()
    hint = fields.CharField(max_length=12)
    door = fields.CharEnumField(EventDoor, max_length=10, db_default=EventDoor.HTTP.value)
    source_prefix = fields.CharField(max_length=200, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "intake_key"

    def valid(self, now: datetime) -> bool:
        """Whether the key opens at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def digest(secret: str) -> bytes:
    """What is stored of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()


async def create_intake_key(
    organisation: Organisation,
    *,
    source_prefix: str | None = None,
    expires_at: datetime | None = None,
    actor: Actor = _SYSTEM,
    action: str = "keyCreate",
    door: EventDoor = EventDoor.HTTP,
    **more: str,
) -> tuple[IntakeKey, str]:
    """A new key of ``organisation`` and its secret, which cannot be had again.

    ``source_prefix``: events must have a ``source`` that begins so (end it with ``/`` to keep to one sender); None lets
    any through. ``expires_at``: None means never. ``more``: what the fact says besides. ``door``: the one it opens; the
    secret of a key for the broker opens nothing and is thrown away. Raises Refused (INVALID).
    """
    if source_prefix is not None:
        source_prefix = written(source_prefix, "source_prefix", _LONGEST_PREFIX)
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise Refused(RefusalCode.INVALID, _EXPIRED, path=("expires_at",))
    secret = f"ink_{secrets.token_urlsafe(32)}"
    async with in_transaction():
        key = await IntakeKey.create(
            digest=digest(secret),
            hint=secret[-4:] if door is EventDoor.HTTP else "",
            door=door,
            source_prefix=source_prefix,
            expires_at=expires_at,
            organisation_id=organisation.id,
            street_id=organisation.street_id,
        )
        await record(actor, action, organisation, after={"key": key.id, "hint": key.hint, **more})
    return key, secret


async def admit(
    organisation: Organisation, *, source_prefix: str | None = None, expires_at: datetime | None = None, actor: Actor = _SYSTEM
) -> IntakeKey:
    """Let ``organisation`` speak through the broker: a key without a secret, of which it has one at a time.

    One that has expired is closed. Refuses INVALID as ``create_intake_key`` does, and CONFLICT (it may speak already).
    """
    async with in_transaction():
        await Organisation.select_for_update().get(id=organisation.id)
        for old in await IntakeKey.filter(organisation_id=organisation.id, door=EventDoor.MQTT, revoked_at__isnull=True):
            if old.valid(datetime.now(UTC)):
                raise Refused(RefusalCode.CONFLICT, _ADMITTED, path=("organisation_id",), hint=_REVOKE)
            await revoke_intake_key(old, actor=actor)
        key, _ = await create_intake_key(
            organisation,
            source_prefix=source_prefix,
            expires_at=expires_at,
            actor=actor,
            action="brokerAdmit",
            door=EventDoor.MQTT,
        )
        return key


async def revoke_intake_key(key: IntakeKey, *, actor: Actor = _SYSTEM) -> IntakeKey:
    """Close a key from the next request on. A key that is already revoked stays as it is."""
    async with in_transaction():
        locked = await IntakeKey.select_for_update(of=("intake_key",)).select_related("organisation").get(id=key.id)
        if locked.revoked_at is None:
            locked.revoked_at = datetime.now(UTC)
            await locked.save(update_fields=["revoked_at"])
            await record(actor, "keyRevoke", locked.organisation, after={"key": locked.id, "hint": locked.hint})
    return locked


async def create_key(
    viewer: Viewer, organisation_id: str, source_prefix: str | None, expires_at: datetime | None = None
) -> tuple[IntakeKey, str]:
    """``create_intake_key`` by an administrator. Refuses NOT_FOUND, FORBIDDEN and INVALID."""
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        permit(viewer, "keyCreate", organisation)
        return await create_intake_key(organisation, source_prefix=source_prefix, expires_at=expires_at, actor=actor_of(viewer))


async def admit_to_broker(
    viewer: Viewer, organisation_id: str, source_prefix: str | None, expires_at: datetime | None = None
) -> IntakeKey:
    """``admit`` by an administrator. Refuses NOT_FOUND, FORBIDDEN, INVALID and CONFLICT."""
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        permit(viewer, "brokerAdmit", organisation)
        return await admit(organisation, source_prefix=source_prefix, expires_at=expires_at, actor=actor_of(viewer))


async def rotate_key(viewer: Viewer, key_id: str, overlap_hours: int) -> tuple[IntakeKey, str]:
    """A key in the place of another, which ends after ``overlap_hours``, or when it would. The new one has no end.

    Refuses NOT_FOUND, FORBIDDEN, INVALID and ILLEGAL_MOVE (the old one is over, or has no secret).
    """
    now = datetime.now(UTC)
    async with in_transaction():
        old = await permitted(IntakeKey, key_id, viewer, "keyRotate")
        check_overlap(overlap_hours)
        if old.door is EventDoor.MQTT:
            raise Refused(RefusalCode.ILLEGAL_MOVE, _NO_SECRET, path=("id",), hint=_REVOKE)
        if not old.valid(now):
            raise over()
        ends = now + timedelta(hours=overlap_hours)
        old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
        await old.save(update_fields=["expires_at"])
        organisation = await Organisation.get(id=old.organisation_id)
        prefix, actor = old.source_prefix, actor_of(viewer)
        return await create_intake_key(organisation, source_prefix=prefix, actor=actor, action="keyRotate", replaces=old.id)


async def revoke_key(viewer: Viewer, key_id: str) -> IntakeKey:
    """``revoke_intake_key`` by an administrator. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        key = await permitted(IntakeKey, key_id, viewer, "keyRevoke")
        return await revoke_intake_key(key, actor=actor_of(viewer))


class IntakePass(NamedTuple):
    """A valid key as the intake remembers it for a short while; what it may is asked again when events are stored."""

    id: str
    digest: bytes
    source_prefix: str | None


async def find_passes(connection: asyncpg.Connection[Any], digests: Collection[bytes]) -> dict[bytes, IntakePass]:
    """The valid keys among ``digests``, by digest. Raises asyncpg errors."""
    rows = await connection.fetch(
        "SELECT id, digest, source_prefix FROM intake_key "
        "WHERE digest = ANY($1::bytea[]) AND door = 'HTTP' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())",
        list(digests),
    )
    return {row["digest"]: IntakePass(row["id"], row["digest"], row["source_prefix"]) for row in rows}


async def find_admitted(connection: asyncpg.Connection[Any], codes: Collection[str]) -> dict[str, IntakePass]:
    """The valid keys for the broker of the organisations with these codes, by code. Raises asyncpg errors."""
    rows = await connection.fetch(
        "SELECT o.code, k.id, k.digest, k.source_prefix FROM intake_key k JOIN organisation o ON o.id = k.organisation_id "
        "WHERE o.code = ANY($1::text[]) AND k.door = 'MQTT' AND k.revoked_at IS NULL "
        "AND (k.expires_at IS NULL OR k.expires_at > now())",
        list(codes),
    )
    return {row["code"]: IntakePass(row["id"], row["digest"], row["source_prefix"]) for row in rows}


async def touch_keys(connection: asyncpg.Connection[Any], ids: Collection[str]) -> None:
    """Note that the keys were used now; a key that was touched within the last minute is left alone."""
    await connection.execute(
        "UPDATE intake_key SET last_used_at = now() "
        "WHERE id = ANY($1::text[]) AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
        list(ids),
    )

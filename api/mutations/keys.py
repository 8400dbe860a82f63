"""Mutations of administrators on intake keys; the acts are in models/keys.py."""

from datetime import datetime

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import keys

from .payloads import OVERLAP, OnceInput, Payload, SecretPayload, mutation

_KEY = "The key as it is now (密钥); null when refused."


@strawberry.input(description="An intake key to make.")
class KeyCreateInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织) that it speaks for.")
    source_prefix: str | None = strawberry.field(
        description="What an event's source must begin with (来源前缀); null lets any through.", default=strawberry.UNSET
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends (到期时间), to come; none: never.", default=strawberry.UNSET
    )


@bound("What keyCreate answers.")
class KeyCreatePayload(SecretPayload):
    key = by_id("IntakeKey", "subject_id", description=_KEY)


@mutation("Make an intake key (创建接入密钥), with which an organisation's machine posts events.")
async def key_create(context: Context, given: KeyCreateInput) -> KeyCreatePayload:
    key, secret = await keys.create_key(context.viewer, given.organisation_id, given.source_prefix, given.expires_at)
    return KeyCreatePayload(subject_id=key.id, secret=secret)


@strawberry.input(description="An organisation to be heard through the broker.")
class BrokerAdmitInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织) whose machines the broker knows.")
    source_prefix: str | None = strawberry.field(
        description="What an event's source must begin with (来源前缀); null lets any through.", default=strawberry.UNSET
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends (到期时间), to come; none: never.", default=strawberry.UNSET
    )


@bound("What brokerAdmit answers.")
class BrokerAdmitPayload(Payload):
    key = by_id("IntakeKey", "subject_id", description="The key, which has no secret (密钥); null when refused.")


@mutation("Let an organisation speak through the MQTT broker (准许经 MQTT 代理上报), until keyRevoke.")
async def broker_admit(context: Context, given: BrokerAdmitInput) -> BrokerAdmitPayload:
    key = await keys.admit_to_broker(context.viewer, given.organisation_id, given.source_prefix, given.expires_at)
    return BrokerAdmitPayload(subject_id=key.id)


@strawberry.input(description="An intake key to replace.")
class KeyRotateInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Key (密钥) to replace.")
    overlap_hours: int = strawberry.field(description=OVERLAP, default=24)


@bound("What keyRotate answers.")
class KeyRotatePayload(SecretPayload):
    key = by_id("IntakeKey", "subject_id", description="The new key (新密钥); null when refused.")


@mutation("Replace an intake key (轮换接入密钥): a new one now, the old one ends after the overlap.")
async def key_rotate(context: Context, given: KeyRotateInput) -> KeyRotatePayload:
    key, secret = await keys.rotate_key(context.viewer, given.id, given.overlap_hours)
    return KeyRotatePayload(subject_id=key.id, secret=secret)


@strawberry.input(description="An intake key to close.")
class KeyRevokeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Key (密钥) to close.")


@bound("What keyRevoke answers.")
class KeyRevokePayload(Payload):
    key = by_id("IntakeKey", "subject_id", description=_KEY)


@mutation("Close an intake key (吊销接入密钥) from the next request on.")
async def key_revoke(context: Context, given: KeyRevokeInput) -> KeyRevokePayload:
    return KeyRevokePayload(subject_id=(await keys.revoke_key(context.viewer, given.id)).id)

"""Adding and removing channels."""

import base64
import secrets
from datetime import UTC, datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import ChannelKind, target_hint
from models.facts import record
from models.ids import new_id
from models.organisations import Organisation
from models.permits import actor_of, found, permit, permitted
from models.secrets import seal
from settings import Settings

from .rows import Channel


async def add_channel(
    viewer: Viewer, organisation_id: str, kind: ChannelKind, target: str, *, settings: Settings
) -> tuple[Channel, str]:
    """Add a channel of an organisation; returns it and the secret its messages are signed with.

    The secret (``whsec_…``; empty unless the kind is WEBHOOK) cannot be had again. ``target`` looks as
    ``domain.notices.TARGETS`` says. Refuses NOT_FOUND (organisation), FORBIDDEN, INVALID (target). Raises NoSecretKey.
    """
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        channel = Channel(id=new_id(Channel.prefix), kind=kind, organisation_id=organisation.id, street_id=organisation.street_id)
        permit(viewer, "channelAdd", channel)
        channel.hint = target_hint(kind, target, plain=settings.webhook_allow_private)
        channel.target = seal(target, settings, of=f"{channel.id}.target")
        secret = ""
        if kind is ChannelKind.WEBHOOK:
            secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
            channel.secret = seal(secret, settings, of=f"{channel.id}.secret")
        await channel.save()
        await record(actor_of(viewer), "channelAdd", channel, after={"kind": kind, "hint": channel.hint})
        return channel, secret


async def remove_channel(viewer: Viewer, channel_id: str) -> Channel:
    """Stop telling through a channel; what still waits for it is given up. A channel that is removed stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        channel = await permitted(Channel, channel_id, viewer, "channelRemove")
        if channel.removed_at is None:
            channel.removed_at = datetime.now(UTC)
            await channel.save(update_fields=["removed_at"])
            await record(actor_of(viewer), "channelRemove", channel, after={"removed_at": channel.removed_at.isoformat()})
        return channel

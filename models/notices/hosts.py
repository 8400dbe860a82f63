"""Hosts, as an organisation's channels call them: how fast they may all together, and whether a host can be reached at all.

What a host answers is the matter of the channel and its breaker. That it cannot be connected to is the host's, for all
channels that one organisation has there. No organisation's failures count for another's. The gateway of text messages is the
operator's, and one for all. Persons' own channels are counted by themselves alone.
"""

from datetime import datetime

from tortoise import fields

from domain.notices import ChannelKind
from domain.notices.delivery import Breaker, Health
from models.connection import query
from models.ids import new_id
from models.rows import Row

from .rows import Channel

#: The host of the gateway of text messages, which is nobody's.
_GATEWAY = ("", "sms")


class DeliveryHost(Row):
    """A host as the channels of one organisation (``owner_id``; empty: the operator) call it. Unique on both.

    ``breaker`` and what follows it: as of a channel. ``reserved_until``: until when turns at it are taken.
    """

    prefix = "dho"

    id = fields.CharField(max_length=30, primary_key=True)
    owner_id = fields.CharField(max_length=30)
    host = fields.CharField(max_length=300)
    breaker = fields.CharEnumField(Breaker, max_length=40, db_default=Breaker.CLOSED.value)
    failures = fields.IntField(db_default=0)
    breaker_until = fields.DatetimeField(null=True)
    failing_since = fields.DatetimeField(null=True)
    reserved_until = fields.DatetimeField(null=True)
    called_at = fields.DatetimeField()

    class Meta:
        table = "delivery_host"

    @property
    def health(self) -> Health:
        """How it fares."""
        return Health(self.breaker, self.failures, self.breaker_until, self.failing_since)

    def fares(self, health: Health) -> None:
        """Note how it fares now."""
        self.breaker, self.failures = health.breaker, health.failures
        self.breaker_until, self.failing_since = health.until, health.failing_since

    async def keep(self) -> None:
        """Store what was noted."""
        await self.save(update_fields=["breaker", "failures", "breaker_until", "failing_since", "reserved_until"])


#: Takes the row, which is made if it is not there, until the transaction ends.
_TAKE = """
INSERT INTO delivery_host (id, owner_id, host, called_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (owner_id, host) DO UPDATE SET called_at = excluded.called_at RETURNING id
"""


def _key(channel: Channel) -> tuple[str, str] | None:
    if channel.kind is ChannelKind.SMS:
        return _GATEWAY
    return (channel.organisation_id, channel.host or channel.hint) if channel.organisation_id else None


async def host_of(channel: Channel, now: datetime) -> DeliveryHost | None:
    """The host that the channel calls, taken FOR UPDATE after the channel; None: it is counted by itself alone."""
    key = _key(channel)
    if key is None:
        return None
    (row,) = await query(_TAKE, new_id(DeliveryHost.prefix), *key, now)
    return await DeliveryHost.get(id=row["id"])


async def forgive(channel: Channel) -> None:
    """Call the host again as if nothing had been: somebody has looked at it."""
    if key := _key(channel):
        anew = {"breaker": Breaker.CLOSED, "failures": 0, "breaker_until": None, "failing_since": None, "reserved_until": None}
        await DeliveryHost.filter(owner_id=key[0], host=key[1]).update(**anew)


async def forget_hosts(before: datetime) -> int:
    """Forget hosts that nobody has called since; how many."""
    return await DeliveryHost.filter(called_at__lt=before).delete()

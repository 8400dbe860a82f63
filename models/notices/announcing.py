"""From what happened to a notice for each channel that must hear of it."""

from tortoise import connections
from tortoise.fields.data import JSON_DUMPS

from domain.notices import EVENT_TYPES, Announcement, ChannelKind
from models.ids import new_id
from models.work import add

from .rows import KIND, Channel, Notice


async def announce(what: Announcement) -> int:
    """Leave a notice, and the work of sending it, for every channel that must hear of it; once per channel and topic.

    Call it inside the transaction of what happened, within ``ringing()`` (models/work.py). Returns the number of new
    notices.
    """
    made = 0
    for channel in await _channels(what):
        made += await _leave(channel, what)
    return made


async def _channels(what: Announcement) -> list[Channel]:
    channels = Channel.filter(organisation_id__in=sorted(what.organisations), removed_at=None).order_by("id")
    return await (channels.filter(kind=ChannelKind.WEBHOOK) if EVENT_TYPES[what.type].machines else channels)


async def _leave(channel: Channel, what: Announcement) -> bool:
    rows = await connections.get("default").execute_query_dict(
        """
        INSERT INTO notice (id, type, topic, payload, state, created_at, next_attempt_at, channel_id, alert_id, ticket_id,
            organisation_id, street_id)
        VALUES ($1, $2, $3, $4::jsonb, 'PENDING', now(), now(), $5, $6, $7, $8, $9)
        ON CONFLICT (channel_id, topic) DO NOTHING RETURNING id
        """,
        [
            *(new_id(Notice.prefix), what.type, what.topic, JSON_DUMPS(what.data), channel.id, what.alert_id),
            *(what.ticket_id, channel.organisation_id, channel.street_id),
        ],
    )
    for row in rows:
        await add(KIND, {"notice": row["id"]})
    return bool(rows)

"""From what happened to a notice for each channel that must hear of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from tortoise import connections
from tortoise.expressions import Q
from tortoise.fields.data import JSON_DUMPS

from domain.alerts import Severity
from domain.notices import EVENT_TYPES, Announcement, ChannelKind, NoticeState, shaped
from models.calendar import now
from models.ids import new_id
from models.viewers import viewers_of
from models.work import add

from .inboxes import make_inboxes, tell_inbox
from .keepers import keepers_of
from .places import looking_after
from .rows import DIGEST_KIND, KIND, Channel, Notice
from .templates import words_for

log = structlog.stdlib.get_logger(__name__)

_LEAVE = """
INSERT INTO notice (id, type, topic, payload, title, body, severity, state, created_at, next_attempt_at, due_at, sent_at,
    channel_id, alert_id, ticket_id, compound_id, organisation_id, account_id, street_id)
VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb, $7, $8::text, now(), CASE WHEN $8::text = 'PENDING' THEN now() END,
    $9::timestamptz, CASE WHEN $8::text = 'SENT' THEN now() END, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (channel_id, topic) DO NOTHING RETURNING id
"""
_OTHERS_WAIT = "SELECT 1 FROM notice WHERE channel_id = $1 AND state = 'HELD' AND due_at = $2 AND id <> $3 LIMIT 1"


async def announce(what: Announcement) -> int:
    """Leave a notice, and the work of sending it, for every channel that must hear of it; once per channel and topic.

    Told are the channels of ``organisations`` and ``accounts`` that want it, and those of ``concerned`` that asked for its
    type by name; a person without an inbox is given one. Nothing is told to a person without a role, nor of a compound to an
    organisation that looks after it no more. What can wait, waits for the channel's digest and through its quiet hours. What
    is CRITICAL comes to those who may resume its channels where all of an organisation's that want it are paused. Call it
    inside the transaction of what happened, within ``ringing()`` (models/work.py). Returns the number of new notices.
    """
    channels = await _channels(what)
    if not channels:
        return 0
    words, moment = await words_for(what), now()
    made = 0
    for channel in channels:
        made += await leave(channel, what, words, channel.preferences.held_until(what.severity, moment))
    return made


async def _channels(what: Announcement) -> list[Channel]:
    """The channels that want it, in the order of their ids."""
    theirs = await _wanted(what, Q(organisation_id__in=await _looking_after(what)))
    instead = await _instead(theirs) if what.severity is Severity.CRITICAL else set[str]()
    viewers = await viewers_of(sorted(what.accounts | instead))
    people = sorted(id_ for id_, viewer in viewers.items() if viewer.roles)
    if people:
        await make_inboxes(people)
        theirs += await _wanted(what, Q(account_id__in=people))
    return sorted(theirs, key=lambda channel: channel.id)


def undeclared(type_: str, fields: Sequence[str]) -> None:
    """Note that fields of a notice are told to nobody, as its type does not declare them."""
    log.error("undeclared fields of a notice", type=type_, fields=list(fields))


async def _wanted(what: Announcement, whose: Q) -> list[Channel]:
    channels = await Channel.filter(whose, removed_at=None)
    return [channel for channel in channels if channel.preferences.wants(what, channel.kind, by_name=_by_name(channel, what))]


async def _instead(channels: Sequence[Channel]) -> set[str]:
    """The people who hear what no channel of their organisation can tell now: all that would are paused."""
    reached = {channel.organisation_id for channel in channels if channel.paused_at is None}
    cut_off = {channel.organisation_id: channel for channel in channels if channel.organisation_id not in reached}
    return {account_id for channel in cut_off.values() for account_id in await keepers_of(channel)}


async def _looking_after(what: Announcement) -> list[str]:
    """The organisations that are told, or concerned, and may still hear of the place."""
    organisations = sorted(what.organisations | what.concerned)
    if what.compound_id is None or not organisations:
        return organisations
    found = await looking_after([(each, what.compound_id) for each in organisations])
    return [each for each in organisations if (each, what.compound_id) in found]


def _by_name(channel: Channel, what: Announcement) -> bool:
    return channel.organisation_id is not None and channel.organisation_id not in what.organisations


async def leave(
    channel: Channel, what: Announcement, words: tuple[dict[str, str], dict[str, str]], held_until: datetime | None = None
) -> bool:
    """Store one notice to the channel, with the fields that its type declares, and the work of sending it.

    False where it has one of that topic already.
    """
    live = channel.kind is ChannelKind.LIVE
    state = NoticeState.HELD if held_until else NoticeState.SENT if live else NoticeState.PENDING
    data, besides = shaped(what.data, EVENT_TYPES[what.type].shape)
    if besides:
        undeclared(what.type, besides)
    notice_id = new_id(Notice.prefix)
    values: list[Any] = [
        *(notice_id, what.type, what.topic, JSON_DUMPS(data), *map(JSON_DUMPS, words), what.severity, state.value),
        *(held_until, channel.id, what.alert_id, what.ticket_id, what.compound_id),
        *(channel.organisation_id, channel.account_id, channel.street_id),
    ]
    database = connections.get("default")
    if not await database.execute_query_dict(_LEAVE, values):
        return False
    if held_until:
        if not await database.execute_query_dict(_OTHERS_WAIT, [channel.id, held_until, notice_id]):
            await add(DIGEST_KIND, {"channel": channel.id}, not_before=held_until)
    elif live:
        await tell_inbox(notice_id)
    else:
        await add(KIND, {"notice": notice_id})
    return True

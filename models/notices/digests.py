"""What waited for a digest, or through quiet hours, told as one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from tortoise import connections

from domain.alerts import Severity
from domain.notices import DIGEST, Announcement, ChannelKind, Language, NoticeState
from models.work import add

from .announcing import leave
from .inboxes import tell_inbox
from .rows import DIGEST_KIND, KIND, Channel, Notice
from .templates import words_for

#: Notices that one digest, and one transaction, takes.
AT_ONCE = 500
#: Titles that a digest names; of more it says how many.
_NAMED = 20

_OVERDUE = """
SELECT DISTINCT channel_id FROM notice
WHERE state = 'HELD' AND due_at < $1::timestamptz - interval '5 minutes' ORDER BY channel_id
"""


async def waiting(channel_id: str, moment: datetime) -> list[Notice]:
    """What has waited until ``moment``, the oldest first, AT_ONCE at most. Takes the channel: call it inside a transaction."""
    await Channel.select_for_update().get_or_none(id=channel_id)
    held = Notice.filter(channel_id=channel_id, state=NoticeState.HELD, due_at__lte=moment)
    return await held.order_by("created_at", "id").limit(AT_ONCE)


async def tell_what_waited(channel_id: str, moment: datetime, among: Collection[str] | None = None) -> int:
    """Tell the channel of what waited until ``moment``: one notice as it is, several as one digest. Returns how many.

    ``among``: of these alone; None: of AT_ONCE at most. Run twice, it finds nothing to do. Call it inside a transaction, within
    ``ringing()``.
    """
    channel = await Channel.select_for_update().get_or_none(id=channel_id)
    held = await waiting(channel_id, moment) if among is None else await _still_held(among)
    if channel is None or not held:
        return 0
    theirs = Notice.filter(id__in=[each.id for each in held])
    if channel.removed_at is not None:
        await theirs.update(state=NoticeState.DEAD, last_error="the channel was removed")
    elif len(held) == 1:
        await _tell_itself(channel, held[0], moment)
    else:
        topic = f"digest {held[0].id}"
        what = Announcement(
            type=DIGEST,
            topic=topic,
            data={"count": len(held), "titles": _titles(held)},
            street_id=channel.street_id,
            compound_id=None,
            severity=min((each.severity for each in held if each.severity), key=lambda each: each.rank, default=None),
        )
        await leave(channel, what, await words_for(what))
        digest = await Notice.get(channel_id=channel.id, topic=topic)
        await theirs.update(state=NoticeState.GATHERED, digest_id=digest.id)
    return len(held)


async def _still_held(ids: Collection[str]) -> list[Notice]:
    return await Notice.filter(id__in=list(ids), state=NoticeState.HELD).order_by("created_at", "id")


async def _tell_itself(channel: Channel, notice: Notice, moment: datetime) -> None:
    live = channel.kind is ChannelKind.LIVE
    now: dict[str, Any] = {"state": NoticeState.SENT, "sent_at": moment} if live else {"next_attempt_at": moment}
    await Notice.filter(id=notice.id).update(**({"state": NoticeState.PENDING} | now))
    if live:
        await tell_inbox(notice.id)
    else:
        await add(KIND, {"notice": notice.id})


def _titles(held: list[Notice]) -> dict[str, str]:
    """Their titles by language, one a line, with the time and the worst first."""
    mild = len(Severity)
    ordered = sorted(held, key=lambda each: each.severity.rank if each.severity else mild)
    more = len(held) - _NAMED
    said: dict[str, str] = {}
    for language in Language:
        lines = [each.title.get(language.tag, each.type) for each in ordered[:_NAMED]]
        rest = f"还有 {more} 条" if language is Language.ZH else f"and {more} more"
        said[language.tag] = "\n".join([*lines, *([rest] if more > 0 else [])])
    return said


async def remind(moment: datetime) -> int:
    """Leave work again for channels whose digest is overdue: the work of it was given up, or lost. Returns for how many."""
    rows = await connections.get("default").execute_query_dict(_OVERDUE, [moment])
    for row in rows:
        await add(DIGEST_KIND, {"channel": row["channel_id"]})
    return len(rows)

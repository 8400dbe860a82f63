"""The work of sending, left anew for many notices at once: in order, and once for each."""

from __future__ import annotations

from domain.notices import CHANNEL_TEST, NoticeState
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.connection import query

from .rows import KIND, Channel

_QUEUE = f"""
WITH chosen AS (
    SELECT id FROM notice WHERE channel_id = $1 AND {{which}} ORDER BY sequence NULLS LAST, created_at, id LIMIT $2
), again AS (
    UPDATE notice SET {{anew}} state = 'PENDING', turn_at = NULL, next_attempt_at = greatest(next_attempt_at, now())
    WHERE id IN (SELECT id FROM chosen) RETURNING id, sequence, created_at, next_attempt_at
), gone AS (
    DELETE FROM work WHERE kind = '{KIND}' AND payload ->> 'notice' IN (SELECT id FROM chosen)
)
INSERT INTO work (kind, payload, not_before)
SELECT '{KIND}', jsonb_build_object('notice', id), next_attempt_at FROM again ORDER BY sequence NULLS LAST, created_at, id
RETURNING (SELECT sequence FROM again WHERE id = payload ->> 'notice') AS sequence
"""
_ANEW = "attempts = 0, sent_at = NULL, last_error = '',"
#: Notices that one act sends again at most.
MOST = 1_000


async def queue_waiting(channel: Channel) -> int:
    """Leave work for all that waits for a channel: what was postponed stays so. Returns how many there are."""
    return len(await query(_QUEUE.format(which="state = 'PENDING'", anew=""), channel.id, None))


async def queue_dead(channel: Channel, notice_id: str | None = None) -> int:
    """Try again what was given up: this one, or the oldest, MOST of them. Returns how many."""
    which = f"state = '{NoticeState.DEAD}' AND type <> '{CHANNEL_TEST}' AND ($3::text IS NULL OR id = $3)"
    return len(await query(_QUEUE.format(which=which, anew=_ANEW), channel.id, MOST, notice_id))


async def queue_from(channel: Channel, sequence: int) -> tuple[int, int | None]:
    """Send again what was sent or given up, from a number on, MOST of it. Returns how many, and the last number of them."""
    which = "state IN ('SENT', 'DEAD') AND sequence >= $3"
    rows = await query(_QUEUE.format(which=which, anew=_ANEW), channel.id, MOST, sequence)
    return len(rows), max((row["sequence"] for row in rows), default=None)


def refuse_removed(channel: Channel) -> None:
    """Refuses (ILLEGAL_MOVE) a channel that was removed."""
    if channel.removed_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The channel was removed.", "该通知渠道已移除。"),
            path=("id",),
            hint=Text("Add a new one.", "请添加新的渠道。"),
        )


def refuse_paused(channel: Channel) -> None:
    """Refuses (ILLEGAL_MOVE) a channel that is paused, or was removed."""
    refuse_removed(channel)
    if channel.paused_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The channel is paused.", "该通知渠道已暂停。"),
            path=("id",),
            hint=Text("Resume it first (channelResume).", "请先恢复渠道（channelResume）。"),
        )

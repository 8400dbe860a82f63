"""Whether posts are staffed: what follows from who stands there, the hours of the post, and the day of a certificate's end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.posts import LONGEST_STINT, PostKind
from models.calendar import zone
from models.connection import query

#: What the clock ends in one go; the rest it ends the next time.
_AT_ONCE = 500

#: Posts are locked before stints, here and in every act: so nobody waits for each other.
_LOCK = "SELECT id FROM post WHERE kind = $1 AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE"

#: $1: now, $2: kind, $3: the longest stint, $4: at most so many.
_LAPSE = """
UPDATE post_stint SET ended_at = began_at + $3::interval, lapsed = true WHERE id IN (
    SELECT s.id FROM post_stint s JOIN post p ON p.id = s.post_id
    WHERE s.ended_at IS NULL AND s.began_at <= $1::timestamptz - $3::interval AND p.kind = $2
    ORDER BY s.began_at LIMIT $4
)
"""

#: $1: now, $2: time of day, $3: today, $4: the longest stint; then which posts.
_SETTLE = """
UPDATE post p SET short_since = CASE WHEN k.short THEN $1::timestamptz END
FROM (
    SELECT o.id, o.ended_at IS NULL AND CASE
        WHEN o.opens IS NULL THEN true
        WHEN o.opens < o.closes THEN $2 >= o.opens AND $2 < o.closes
        ELSE $2 >= o.opens OR $2 < o.closes END
    AND o.least_staff > (
        SELECT count(*) FROM post_stint s
        WHERE s.post_id = o.id AND s.ended_at IS NULL AND s.began_at > $1::timestamptz - $4::interval
            AND (NOT o.certified OR s.certificate_until >= $3)
    ) AS short
    FROM post o WHERE {which}
) k
WHERE p.id = k.id AND k.short <> (p.short_since IS NOT NULL)
"""
_OF_KIND = _SETTLE.format(which="o.kind = $5 AND o.ended_at IS NULL")
_OF_ONE = _SETTLE.format(which="o.id = $5")

_SHORT = """
SELECT p.id, p.compound_id, p.street_id, p.least_staff, p.short_since, concat_ws(' ', c.name, p.name) AS place
FROM post p JOIN compound c ON c.id = p.compound_id WHERE p.kind = $1 AND p.short_since IS NOT NULL
"""


def _moment(now: datetime) -> tuple[Any, ...]:
    local = now.astimezone(zone())
    return now, f"{local:%H:%M}", local.date(), LONGEST_STINT


async def settle(post_id: str, now: datetime) -> None:
    """Note since when a post is short of staff, or that it is not. Its row is locked by the caller."""
    await query(_OF_ONE, *_moment(now), post_id)


async def settle_all(kind: PostKind, now: datetime) -> Sequence[dict[str, Any]]:
    """End the stints at posts of a kind that nobody ended, and note of each post since when it is short; those that are.

    Call it inside a transaction.
    """
    await query(_LOCK, kind)
    await query(_LAPSE, now, kind, LONGEST_STINT, _AT_ONCE)
    await query(_OF_KIND, *_moment(now), kind)
    return await query(_SHORT, kind)

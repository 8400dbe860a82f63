"""Plans whose rounds were not gone: how many running, since the last that was. What the steward's checks look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.rounds import RoundKind
from models.connection import query

#: $1: kinds, $2: the day. A round that was opened by hand and not gone makes nothing worse; one that was gone makes up.
_MISSES = """
SELECT p.id, p.name, p.kind, p.organisation_id, p.compound_id, p.street_id, c.name AS compound, m.missed, m.since
FROM round_plan p JOIN compound c ON c.id = p.compound_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS missed, min(r.closes_at) AS since FROM round r
    WHERE r.plan_id = p.id AND r.state IN ('MISSED', 'INCOMPLETE') AND r.source = 'PLAN' AND r.opens_at > coalesce(
        (SELECT max(d.opens_at) FROM round d WHERE d.plan_id = p.id AND d.state = 'DONE'), '-infinity')
) m
WHERE p.kind = ANY($1::text[]) AND (p.ends_on IS NULL OR p.ends_on >= $2) AND m.missed > 0
    AND EXISTS (SELECT FROM round_point t WHERE t.plan_id = p.id AND t.ended_at IS NULL)
ORDER BY p.id
"""


@dataclass(frozen=True)
class Misses:
    """A plan and how many of its rounds were not gone, one after the other, the first of them until ``since``."""

    plan_id: str
    name: str
    kind: RoundKind
    missed: int
    since: datetime
    compound: str
    compound_id: str
    street_id: str


async def misses(kinds: Sequence[RoundKind], day: date) -> list[Misses]:
    """The plans of these kinds that hold on a day, have points, and whose last rounds were missed, or not gone to their end."""
    return [
        Misses(
            row["id"],
            row["name"],
            RoundKind(row["kind"]),
            row["missed"],
            row["since"],
            row["compound"],
            row["compound_id"],
            row["street_id"],
        )
        for row in await query(_MISSES, list(kinds), day)
    ]

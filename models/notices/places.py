"""Which organisations may hear of a place: those that look after it, and the offices."""

from collections.abc import Collection

from domain.organisations import OFFICES
from models.calendar import today
from models.connection import query

#: $1: organisations, $2: a compound for each, $3: kinds of offices, $4: today.
_LOOK_AFTER = """
SELECT k.organisation_id, k.compound_id FROM unnest($1::text[], $2::text[]) AS k (organisation_id, compound_id)
JOIN organisation o ON o.id = k.organisation_id WHERE o.kind = ANY($3::text[]) OR EXISTS (
    SELECT FROM mandate m WHERE m.organisation_id = o.id AND m.compound_id = k.compound_id
        AND m.starts_on <= $4 AND (m.ends_on IS NULL OR m.ends_on >= $4)
)
"""


async def looking_after(pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these organisations and compounds, the pairs of which the one may hear of the other today."""
    if not pairs:
        return set()
    organisations, compounds = zip(*sorted(pairs), strict=True)
    rows = await query(_LOOK_AFTER, list(organisations), list(compounds), sorted(OFFICES), today())
    return {(row["organisation_id"], row["compound_id"]) for row in rows}

"""Who lives in a home, as accounts: the only ones who are told of its money."""

from collections.abc import Mapping, Sequence
from datetime import date

from models.connection import query

_RESIDENTS = """
SELECT b.home_id, array_agg(DISTINCT b.account_id) AS accounts FROM role_binding b
JOIN account a ON a.id = b.account_id AND a.disabled_at IS NULL AND a.erased_at IS NULL
WHERE b.role = 'RESIDENT' AND b.home_id = ANY($1::text[]) AND b.starts_on <= $2 AND (b.ends_on IS NULL OR b.ends_on >= $2)
GROUP BY b.home_id
"""


async def residents_of(homes: Sequence[str], day: date) -> Mapping[str, frozenset[str]]:
    """The accounts of those who live in each home on a day."""
    return {row["home_id"]: frozenset(row["accounts"]) for row in await query(_RESIDENTS, list(homes), day)}

"""Who an account is now: the roles bound to it today and what each of them reaches."""

from collections.abc import Mapping, Sequence
from typing import Any

from tortoise import connections

from domain.access import Reach, Role, Viewer

from .calendar import zone

#: $1: account id, $2: time zone name of the street. One row per (role, reach) with the ids reached; one row with
#: null ``role`` for an account without a current role; no row for an unknown or disabled account.
#:
#: Street-wide roles reach a street only through a binding to that street; the others read its notice board.
#: A place reaches its grids and compounds; an organisation the compounds of its mandates current today.
VIEWER_SQL = """
WITH me AS MATERIALIZED (
    SELECT id, name, street_id, organisation_id, (now() AT TIME ZONE $2)::date AS today
    FROM account WHERE id = $1 AND disabled_at IS NULL
), held AS MATERIALIZED (
    SELECT b.role, b.place_id, b.organisation_id, b.compound_id, b.home_id
    FROM me JOIN role_binding b ON b.account_id = me.id
    WHERE b.starts_on <= me.today AND (b.ends_on IS NULL OR b.ends_on >= me.today)
), reached (role, reach, id) AS (
    SELECT h.role, 'account', me.id FROM held h, me
    UNION SELECT h.role, 'street', me.street_id FROM held h, me
        WHERE h.role NOT IN ('STREET_OFFICER', 'AUDITOR', 'ADMINISTRATOR')
    UNION SELECT h.role, 'street', p.id FROM held h JOIN place p ON p.id = h.place_id AND p.kind = 'STREET'
    UNION SELECT h.role, 'place', h.place_id FROM held h
    UNION SELECT h.role, 'place', p.id FROM held h JOIN place p ON p.parent_id = h.place_id
    UNION SELECT h.role, 'compound', c.id FROM held h JOIN compound c ON c.community_id = h.place_id
    UNION SELECT h.role, 'compound', c.id FROM held h JOIN compound c ON c.grid_id = h.place_id
    UNION SELECT h.role, 'compound', m.compound_id FROM me, held h JOIN mandate m ON m.organisation_id = h.organisation_id
        WHERE m.starts_on <= me.today AND (m.ends_on IS NULL OR m.ends_on >= me.today)
    UNION SELECT h.role, 'compound', h.compound_id FROM held h
    UNION SELECT h.role, 'compound', o.compound_id FROM held h JOIN home o ON o.id = h.home_id
    UNION SELECT h.role, 'home', h.home_id FROM held h
    UNION SELECT h.role, 'organisation', h.organisation_id FROM held h
    UNION SELECT h.role, 'organisation', me.organisation_id FROM held h, me
        WHERE h.organisation_id IS NULL AND h.role NOT IN ('RESIDENT', 'INTEGRATION')
)
SELECT me.id AS account_id, me.name, r.role, r.reach, array_agg(r.id ORDER BY r.id) AS ids
FROM me LEFT JOIN reached r ON r.id IS NOT NULL
GROUP BY me.id, me.name, r.role, r.reach
"""


def viewer_from_rows(rows: Sequence[Mapping[str, Any]]) -> Viewer | None:
    """The viewer that the rows of VIEWER_SQL tell; None: no such account, or it is disabled."""
    if not rows:
        return None
    reach: dict[Role, dict[Reach, tuple[str, ...]]] = {}
    for row in rows:
        if row["role"] is not None:
            reach.setdefault(Role(row["role"]), {})[Reach(row["reach"])] = tuple(row["ids"])
    return Viewer(account_id=rows[0]["account_id"], name=rows[0]["name"], reach=reach)


async def viewer_of(account_id: str) -> Viewer | None:
    """Who the account is at this moment; None: no such account, or it is disabled. Nothing is cached."""
    rows = await connections.get("default").execute_query_dict(VIEWER_SQL, [account_id, zone().key])
    return viewer_from_rows(rows)

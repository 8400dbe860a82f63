"""Who an account is now: the roles bound to it today and what each of them reaches."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tortoise import connections

from domain.access import Reach, Role, Viewer

from .calendar import zone

#: $1: account ids, $2: time zone name of the street. Of each account one row per (role, reach) with the ids reached; one
#: row with null ``role`` for an account without a current role; no row for an unknown or disabled account.
#:
#: Street-wide roles reach a street only through a binding to that street; the others read its notice board.
#: A place reaches its grids and compounds; an organisation the compounds of its mandates current today.
VIEWERS_SQL = """
WITH me AS MATERIALIZED (
    SELECT id, name, street_id, organisation_id, (now() AT TIME ZONE $2)::date AS today
    FROM account WHERE id = ANY($1::text[]) AND disabled_at IS NULL
), held AS MATERIALIZED (
    SELECT me.id AS account_id, me.street_id, me.organisation_id AS employer_id, me.today,
        b.role, b.place_id, b.organisation_id, b.compound_id, b.home_id
    FROM me JOIN role_binding b ON b.account_id = me.id
    WHERE b.starts_on <= me.today AND (b.ends_on IS NULL OR b.ends_on >= me.today)
), reached (account_id, role, reach, id) AS (
    SELECT h.account_id, h.role, 'account', h.account_id FROM held h
    UNION SELECT h.account_id, h.role, 'street', h.street_id FROM held h
        WHERE h.role NOT IN ('STREET_OFFICER', 'AUDITOR', 'ADMINISTRATOR')
    UNION SELECT h.account_id, h.role, 'street', p.id FROM held h JOIN place p ON p.id = h.place_id AND p.kind = 'STREET'
    UNION SELECT h.account_id, h.role, 'place', h.place_id FROM held h
    UNION SELECT h.account_id, h.role, 'place', p.id FROM held h JOIN place p ON p.parent_id = h.place_id
    UNION SELECT h.account_id, h.role, 'compound', c.id FROM held h JOIN compound c ON c.community_id = h.place_id
    UNION SELECT h.account_id, h.role, 'compound', c.id FROM held h JOIN compound c ON c.grid_id = h.place_id
    UNION SELECT h.account_id, h.role, 'compound', m.compound_id
        FROM held h JOIN mandate m ON m.organisation_id = h.organisation_id
        WHERE m.starts_on <= h.today AND (m.ends_on IS NULL OR m.ends_on >= h.today)
    UNION SELECT h.account_id, h.role, 'compound', h.compound_id FROM held h
    UNION SELECT h.account_id, h.role, 'compound', o.compound_id FROM held h JOIN home o ON o.id = h.home_id
    UNION SELECT h.account_id, h.role, 'home', h.home_id FROM held h
    UNION SELECT h.account_id, h.role, 'organisation', h.organisation_id FROM held h
    UNION SELECT h.account_id, h.role, 'organisation', h.employer_id FROM held h
        WHERE h.organisation_id IS NULL AND h.role NOT IN ('RESIDENT', 'INTEGRATION')
)
SELECT me.id AS account_id, me.name, r.role, r.reach, array_agg(r.id ORDER BY r.id) AS ids
FROM me LEFT JOIN reached r ON r.account_id = me.id AND r.id IS NOT NULL
GROUP BY me.id, me.name, r.role, r.reach
"""


_ROLES = {role.value: role for role in Role}
_REACHES = {reach.value: reach for reach in Reach}


def viewers_from_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Viewer]:
    """The viewers that the rows of VIEWERS_SQL tell, by account id; an account that is not there or disabled is missing."""
    names: dict[str, str] = {}
    reach: dict[str, dict[Role, dict[Reach, tuple[str, ...]]]] = {}
    for row in rows:
        id_ = row["account_id"]
        names[id_] = row["name"]
        held = reach.setdefault(id_, {})
        if row["role"] is not None:
            held.setdefault(_ROLES[row["role"]], {})[_REACHES[row["reach"]]] = tuple(row["ids"])
    return {id_: Viewer(account_id=id_, name=name, reach=reach[id_]) for id_, name in names.items()}


async def viewers_of(account_ids: Sequence[str]) -> dict[str, Viewer]:
    """Who these accounts are at this moment; those that are not there or disabled are missing. Nothing is cached."""
    rows = await connections.get("default").execute_query_dict(VIEWERS_SQL, [list(account_ids), zone().key])
    return viewers_from_rows(rows)


async def viewer_of(account_id: str) -> Viewer | None:
    """Who the account is at this moment; None: no such account, or it is disabled. Nothing is cached."""
    return (await viewers_of([account_id])).get(account_id)

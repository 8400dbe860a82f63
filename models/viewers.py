"""Who stands behind a token now: the account, the roles bound to it today and what each of them reaches."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from tortoise import connections

from domain.access import Reach, Role, Scope, Viewer
from domain.organisations import OFFICES, OrganisationKind
from settings import load

from .calendar import zone

#: $1: keys of viewers, $2: time zone name of the street, $3: days of handover. A key is the id of an account or a session,
#: the digest of an API token (``to_note``: its use has not been noted for a minute) or of an issuer's subject. Of each key
#: one row per (role, reach) with the ids reached; one row with null ``role`` for an account without a current role; no row
#: for a key that is unknown, revoked or over, or whose account is disabled. ``seen``, ``until`` and ``server`` are for STILL_SQL.
#:
#: Street-wide roles reach a street only through a binding to that street; the others read its notice board.
#: A place reaches its grids and compounds; an organisation the compounds of its mandates current today, and a company in the
#: days of handover, as ``handover``, those of its mandates that have ended. Where an account works tells what it reaches only
#: as long as a role belongs there: the office of the place that the role is held over.
VIEWERS_SQL = f"""
WITH named (key, account_id, session_id, scope, until, to_note) AS (
    SELECT id, id, NULL, 'WRITE', 'infinity'::timestamptz, false FROM account WHERE id = ANY($1::text[])
    UNION ALL SELECT id, account_id, id, 'WRITE', expires_at, false FROM account_session
        WHERE id = ANY($1::text[]) AND revoked_at IS NULL AND expires_at > now()
    UNION ALL SELECT digest, account_id, NULL, scope, least(expires_at, now() + interval '1 minute'),
            last_used_at IS NULL OR last_used_at < now() - interval '1 minute'
        FROM api_token WHERE digest = ANY($1::text[]) AND revoked_at IS NULL AND expires_at > now()
    UNION ALL SELECT digest, account_id, NULL, 'WRITE', 'infinity', false FROM account_identity WHERE digest = ANY($1::text[])
), me AS MATERIALIZED (
    SELECT n.key, n.session_id, n.until, n.to_note, a.id, a.name, a.street_id, a.organisation_id,
        (now() AT TIME ZONE $2)::date AS today,
        CASE WHEN a.must_change_password AND n.session_id IS NOT NULL THEN 'PASSWORD' ELSE n.scope END AS scope
    FROM named n JOIN account a ON a.id = n.account_id
    WHERE a.disabled_at IS NULL
), held AS MATERIALIZED (
    SELECT who.id AS account_id, who.street_id, who.organisation_id AS employer_id, who.today,
        b.role, b.place_id, b.organisation_id, b.compound_id, b.home_id
    FROM (SELECT DISTINCT id, street_id, organisation_id, today FROM me WHERE scope <> 'PASSWORD') who
    JOIN role_binding b ON b.account_id = who.id
    WHERE b.starts_on <= who.today AND (b.ends_on IS NULL OR b.ends_on >= who.today)
), reached (account_id, role, reach, id) AS (
    SELECT h.account_id, h.role, 'account', h.account_id FROM held h
    UNION SELECT h.account_id, h.role, 'street', h.street_id FROM held h
        WHERE h.role NOT IN ('STREET_OFFICER', 'AUDITOR', 'ADMINISTRATOR')
    UNION SELECT h.account_id, h.role, 'street', p.id FROM held h JOIN place p ON p.id = h.place_id AND p.kind = 'STREET'
    UNION SELECT h.account_id, h.role, 'compound', c.id FROM held h JOIN compound c ON c.community_id = h.place_id
    UNION SELECT h.account_id, h.role, 'compound', c.id FROM held h JOIN compound c ON c.grid_id = h.place_id
    UNION SELECT h.account_id, h.role, 'compound', m.compound_id
        FROM held h JOIN mandate m ON m.organisation_id = h.organisation_id
        WHERE m.starts_on <= h.today AND (m.ends_on IS NULL OR m.ends_on >= h.today)
    UNION SELECT h.account_id, h.role, 'handover', m.compound_id
        FROM held h JOIN mandate m ON m.organisation_id = h.organisation_id
            JOIN organisation o ON o.id = h.organisation_id AND o.kind = '{OrganisationKind.PROPERTY_COMPANY}'
        WHERE m.ends_on >= h.today - $3::int AND m.ends_on < h.today
    UNION SELECT h.account_id, h.role, 'compound', h.compound_id FROM held h
    UNION SELECT h.account_id, h.role, 'compound', o.compound_id FROM held h JOIN home o ON o.id = h.home_id
    UNION SELECT h.account_id, h.role, 'home', h.home_id FROM held h
    UNION SELECT h.account_id, h.role, 'organisation', h.organisation_id FROM held h
    UNION SELECT h.account_id, h.role, 'organisation', o.id
        FROM held h JOIN organisation o ON o.id = h.employer_id AND o.place_id = h.place_id
        WHERE o.kind IN ({", ".join(f"'{kind}'" for kind in sorted(OFFICES))})
)
SELECT me.key, me.session_id, me.scope, me.to_note, me.id AS account_id, me.name,
    r.role, r.reach, array_agg(r.id ORDER BY r.id) AS ids,
    pg_current_snapshot()::text AS seen, least(me.until, (me.today + 1)::timestamp AT TIME ZONE $2)::text AS until,
    pg_postmaster_start_time()::text AS server
FROM me LEFT JOIN reached r ON r.account_id = me.id AND r.id IS NOT NULL AND me.scope <> 'PASSWORD'
GROUP BY me.key, me.session_id, me.scope, me.until, me.to_note, me.id, me.name, me.today, r.role, r.reach
"""

#: What VIEWERS_SQL tells for STILL_SQL.
PROOF = ("seen", "until", "server")

#: Whether what VIEWERS_SQL told of a key is still so, given ``seen``, ``until`` and ``server`` as it told them; true for nulls.
#: No transaction has changed who sees what (see 0005_access_changes.py) that was not ``seen``, nor has time; and it is the
#: server that was asked, not one that was restored from its past. (There, some changes have numbers yet to be reached.)
STILL_SQL = """
({seen}::text IS NULL OR (
    now() < {until}::text::timestamptz AND pg_postmaster_start_time()::text = {server}::text AND NOT EXISTS (
        SELECT FROM access_change c
        WHERE c.xid >= pg_snapshot_xmin({seen}::text::pg_snapshot) AND c.xid < pg_snapshot_xmax(pg_current_snapshot())
            AND NOT pg_visible_in_snapshot(c.xid, {seen}::text::pg_snapshot)
    )
))
"""


_ROLES = {role.value: role for role in Role}
_REACHES = {reach.value: reach for reach in Reach}
_SCOPES = {scope.value: scope for scope in Scope}
_HANDOVER = "handover"
_ReadOnly = Mapping[Role, frozenset[str]]


def viewers_from_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Viewer]:
    """The viewers that the rows of VIEWERS_SQL tell, by key; a key that stands for nobody now is missing."""
    found: dict[str, Mapping[str, Any]] = {}
    handover: dict[str, dict[Role, tuple[str, ...]]] = {}
    reach: dict[str, dict[Role, dict[Reach, tuple[str, ...]]]] = {}
    for row in rows:
        found[row["key"]] = row
        held = reach.setdefault(row["key"], {})
        if row["reach"] == _HANDOVER:
            handover.setdefault(row["key"], {})[_ROLES[row["role"]]] = tuple(row["ids"])
        elif row["role"] is not None:
            held.setdefault(_ROLES[row["role"]], {})[_REACHES[row["reach"]]] = tuple(row["ids"])
    read_only = {key: _hand_over(reach[key], compounds) for key, compounds in handover.items()}
    return {
        key: Viewer(row["account_id"], row["name"], reach[key], row["session_id"], _SCOPES[row["scope"]], read_only.get(key, {}))
        for key, row in found.items()
    }


def _hand_over(reach: dict[Role, dict[Reach, tuple[str, ...]]], handover: dict[Role, tuple[str, ...]]) -> _ReadOnly:
    """Let roles reach compounds in handover as well; tells those that they do not reach otherwise."""
    read_only: dict[Role, frozenset[str]] = {}
    for role, ids in handover.items():
        current = reach[role].get(Reach.COMPOUND, ())
        if late := frozenset(ids) - frozenset(current):
            reach[role][Reach.COMPOUND] = tuple(sorted({*current, *late}))
            read_only[role] = late
    return read_only


_NOTE_SQL = """
UPDATE api_token SET last_used_at = now()
WHERE digest = ANY($1::text[]) AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
"""


async def note_use(rows: Iterable[Mapping[str, Any]]) -> None:
    """Note the use of the API tokens among the rows of VIEWERS_SQL, at most once a minute each."""
    if digests := sorted({row["key"] for row in rows if row["to_note"]}):
        await connections.get("default").execute_query(_NOTE_SQL, [digests])


@cache
def handover_days() -> int:
    """For how many days an ended mandate still lets read, from the settings of this process."""
    return load().handover_days


async def viewers_of(keys: Sequence[str]) -> dict[str, Viewer]:
    """Who stands behind these keys at this moment; those that stand for nobody are missing. Nothing is cached."""
    rows = await connections.get("default").execute_query_dict(VIEWERS_SQL, [list(keys), zone().key, handover_days()])
    await note_use(rows)
    return viewers_from_rows(rows)


async def viewer_of(key: str) -> Viewer | None:
    """Who stands behind the key (an account's id, for one) at this moment; None: nobody. Nothing is cached."""
    return (await viewers_of([key])).get(key)

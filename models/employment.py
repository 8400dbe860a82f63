"""Which organisation an account works for: a role of today is held over it, or over the place whose office it is.

Its people see the account, so it is kept in the account's row, and true again after every change of roles and every midnight.
"""

from datetime import date

from tortoise import connections

from domain.organisations import OFFICES

_OFFICES = ", ".join(f"'{kind}'" for kind in sorted(OFFICES))
#: $1: the day, $2: the account, null for all. Who holds roles in several stays where they are.
_EMPLOY = f"""
UPDATE account SET organisation_id = now.organisation_id FROM (
    SELECT a.id, (
        SELECT o.id FROM role_binding b JOIN organisation o ON o.id = b.organisation_id OR (
            o.id = a.organisation_id AND o.place_id = b.place_id AND o.kind IN ({_OFFICES})
        )
        WHERE b.account_id = a.id AND b.starts_on <= $1 AND (b.ends_on IS NULL OR b.ends_on >= $1)
        ORDER BY (o.id = a.organisation_id) IS TRUE DESC, b.starts_on DESC, b.id LIMIT 1
    ) AS organisation_id FROM account a WHERE $2::text IS NULL OR a.id = $2
) now WHERE now.id = account.id AND account.organisation_id IS DISTINCT FROM now.organisation_id RETURNING account.id
"""


async def employ(day: date, account_id: str | None = None) -> int:
    """Let accounts (all, or this one) be of the organisation that they work for on that day, or of none; how many changed."""
    return len(await connections.get("default").execute_query_dict(_EMPLOY, [day, account_id]))

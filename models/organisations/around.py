"""Who is told of what concerns an organisation: itself, the office of its community, the street's office."""

from models.connection import query

from .rows import Organisation

#: $1: organisation. The community is that of its compound, or the place that it is of.
_AROUND = """
SELECT near.id FROM organisation o LEFT JOIN compound c ON c.id = o.compound_id LEFT JOIN place p ON p.id = o.place_id
JOIN organisation near ON near.ended_on IS NULL AND near.street_id = o.street_id AND (
    near.kind = 'STREET_OFFICE'
    OR near.kind = 'COMMUNITY_OFFICE' AND near.place_id IN (c.community_id, p.id, p.parent_id)
)
WHERE o.id = $1
"""


async def offices_around(body: Organisation) -> frozenset[str]:
    """The ids of these organisations."""
    return frozenset({body.id, *(row["id"] for row in await query(_AROUND, body.id))})

"""What many complain of at once: a class of complaints in a compound, to which alerts and people can point."""

from collections.abc import Collection

from tortoise import fields

from domain.access import Reach
from domain.tickets.categories import TicketCategory
from models.calendar import now
from models.connection import query
from models.ids import new_id
from models.rows import Row


class ComplaintCluster(Row):
    """One class of complaints in one compound, once several homes had complained of it. Unique on both.

    It tells nothing of homes or people, and stays; whether it is so now is for its alert to say.
    """

    prefix = "ccl"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    category = fields.CharEnumField(TicketCategory, max_length=40)
    found_at = fields.DatetimeField()
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "complaint_cluster"


#: $1: ids to use, $2: compounds, $3: classes, $4: now.
_NOTE = """
INSERT INTO complaint_cluster (id, category, found_at, compound_id, street_id)
SELECT k.id, k.category, $4, c.id, c.street_id FROM unnest($1::text[], $2::text[], $3::text[]) AS k (id, compound_id, category)
JOIN compound c ON c.id = k.compound_id ORDER BY c.id, k.category
ON CONFLICT (compound_id, category) DO NOTHING
"""
_OF = """
SELECT s.compound_id, s.category, s.id FROM complaint_cluster s
JOIN unnest($1::text[], $2::text[]) AS k (compound_id, category) ON s.compound_id = k.compound_id AND s.category = k.category
"""


async def clusters(of: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The ids of the clusters of these compounds and classes; those that there are not yet are made."""
    if not of:
        return {}
    compounds, classes = (list(column) for column in zip(*sorted(of), strict=True))
    await query(_NOTE, [new_id(ComplaintCluster.prefix) for _ in compounds], compounds, classes, now())
    return {(row["compound_id"], row["category"]): row["id"] for row in await query(_OF, compounds, classes)}

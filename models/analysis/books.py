"""Which books a viewer sees the lines of, and all of them or the owners' money only: as the policy says of JournalLine."""

from dataclasses import dataclass
from decimal import Decimal

from domain.access import Reach, Viewer
from domain.ledger import BookRegime, Fund
from domain.permits import reached
from models.connection import query


@dataclass(frozen=True)
class SeenBook:
    """A book. ``whole``: all of its lines are seen; else only those of the owners' money. ``homes`` and ``area_m2``: of its
    compound, by the register."""

    book_id: str
    compound_id: str
    compound_name: str
    street_id: str
    kind: str
    regime: BookRegime
    homes: int
    area_m2: Decimal
    whole: bool

    def shows(self, fund: Fund) -> bool:
        """Whether lines of this fund are seen."""
        return self.whole or fund is not Fund.COMPANY or self.regime is not BookRegime.LUMP_SUM


#: $1: streets, $2: organisations, $3: compounds of whose owners' money the lines are seen; $4: what is asked about.
_SEEN = """
SELECT b.id, b.compound_id, b.street_id, b.regime, c.name, c.kind, h.homes, h.area_m2,
    (b.street_id = ANY($1::text[]) OR b.organisation_id = ANY($2::text[])) AS whole
FROM book b JOIN compound c ON c.id = b.compound_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.home_count > 0 THEN c.home_count ELSE count(*)::int END AS homes, coalesce(sum(area_m2), 0) AS area_m2
    FROM home WHERE compound_id = c.id
) h
WHERE (b.street_id = ANY($1::text[]) OR b.organisation_id = ANY($2::text[]) OR b.compound_id = ANY($3::text[]))
    AND $4 IN (b.id, b.compound_id, b.street_id, c.community_id, coalesce(c.grid_id, ''))
ORDER BY b.id
"""


async def seen_books(viewer: Viewer, of: str) -> list[SeenBook]:
    """The books of which the viewer sees lines: ``of`` a book, a compound, or the compounds of a grid, community or street."""
    ways = [reached(viewer, "JournalLine", way) for way in (Reach.STREET, Reach.ORGANISATION, Reach.OUTSIDE)]
    return [
        SeenBook(
            book_id=row["id"],
            compound_id=row["compound_id"],
            compound_name=row["name"],
            street_id=row["street_id"],
            kind=row["kind"],
            regime=BookRegime(row["regime"]),
            homes=row["homes"],
            area_m2=Decimal(row["area_m2"]),
            whole=row["whole"],
        )
        for row in await query(_SEEN, *ways, of)
    ]

"""What is overdue: for whatever tells of it or counts it."""

from dataclasses import dataclass
from datetime import date

from domain.upkeep import UpkeepKind
from models.calendar import today
from models.connection import query

#: $1: day, $2: street, $3: compound (null: all), $4: how many at most.
_OVERDUE = """
SELECT id, kind, due_on, facility_id, compound_id FROM upkeep_due
WHERE state = 'RUNNING' AND due_on < $1 AND street_id = $2 AND ($3::text IS NULL OR compound_id = $3)
ORDER BY due_on, id LIMIT $4
"""


@dataclass(frozen=True)
class Overdue:
    """Something that was due before today. ``days``: for how many days it is late."""

    due_id: str
    kind: UpkeepKind
    due_on: date
    days: int
    facility_id: str
    compound_id: str


async def overdue(street_id: str, compound_id: str | None = None, *, day: date | None = None, most: int = 1_000) -> list[Overdue]:
    """What is overdue on a day (default: today) in a street or one compound of it, the longest late first, ``most`` at most."""
    on = day or today()
    return [
        Overdue(
            row["id"], UpkeepKind(row["kind"]), row["due_on"], (on - row["due_on"]).days, row["facility_id"], row["compound_id"]
        )
        for row in await query(_OVERDUE, on, street_id, compound_id, most)
    ]

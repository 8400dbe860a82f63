"""Tickets that are late, for the rules of repairs and of complaints: by the deadlines that the clock of tickets keeps."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.deadlines import Goal
from domain.tickets import TicketKind
from models.connection import query

from .finding import Found

#: $1: now, $2: kinds of tickets, $3: goals. All of them: what a check does not tell of is taken to be well.
_LATE = """
SELECT t.id, t.compound_id, t.street_id, t.facility_id, concat_ws(' ', c.name, t.number) AS place, d.goal, d.due,
    extract(epoch FROM $1::timestamptz - d.due)::float8 / 3600 AS hours
FROM ticket_deadline d JOIN ticket t ON t.id = d.ticket_id JOIN compound c ON c.id = t.compound_id
WHERE d.state = 'LATE' AND d.due <= $1 AND d.goal = ANY($3::text[]) AND t.kind = ANY($2::text[])
ORDER BY d.due, d.id
"""


async def late_of(kinds: Collection[TicketKind], goals: Sequence[Collection[Goal]], now: datetime) -> list[list[Found]]:
    """The tickets of these kinds that are late, in one statement: for each group of goals, each ticket once, by its worst."""
    every = sorted({goal for group in goals for goal in group})
    rows = await query(_LATE, now, sorted(kinds), every)
    return [list({row["id"]: found(row) for row in reversed(rows) if row["goal"] in group}.values()) for group in goals]


def found(row: Mapping[str, Any]) -> Found:
    """The oldest come last, and so count."""
    return ticket_found(row, round(row["hours"], 1), {"unit": "h", "goal": row["goal"], "due": row["due"].isoformat()})


def ticket_found(row: Mapping[str, Any], value: float, more: Mapping[str, Any]) -> Found:
    """What was found of a ticket; nothing that anybody wrote is kept."""
    return Found(
        subject_id=row["id"],
        value=value,
        place=row["place"],
        compound_id=row["compound_id"],
        street_id=row["street_id"],
        facility_id=row["facility_id"],
        more=more,
    )

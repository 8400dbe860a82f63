"""Ageing: what is past due by band, of books, compounds, companies and homes; each in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orjson import loads

from domain.access import Reach, Role, Viewer
from domain.arrears.ageing import BANDS, LEAST_HOMES, Aged, ArrearsBand, Sum, due_days, may_be_told
from domain.permits import reached
from models.calendar import today
from models.connection import query
from models.ledger import Book
from models.permits import found

#: Days past due → band, from the table of bands.
_CASES = " ".join(f"WHEN $1::date - b.due_on <= {last} THEN '{band}'" for band, last in BANDS.items() if last is not None)
_BAND = f"CASE {_CASES} ELSE '{ArrearsBand.OVER_365}' END"

#: $1: today; $2, $3: organisations and streets of which the viewer reads bills; $4, $5: streets and compounds of which they are
#: told sums; $6, $7: compound and organisation that are asked for, null for any.
_BOOKS = f"""
WITH late AS (
    SELECT b.book_id, b.compound_id, b.organisation_id, b.street_id, b.home_id, {_BAND} AS band, b.open FROM bill b
    WHERE b.open > 0 AND b.due_on < $1::date AND (
        b.organisation_id = ANY($2::text[]) OR b.street_id = ANY($3::text[] || $4::text[]) OR b.compound_id = ANY($5::text[])
    ) AND ($6::text IS NULL OR b.compound_id = $6) AND ($7::text IS NULL OR b.organisation_id = $7)
)
SELECT book_id, compound_id, organisation_id, band, count(DISTINCT home_id)::int AS homes, sum(open) AS amount,
    bool_or(organisation_id = ANY($2::text[]) OR street_id = ANY($3::text[])) AS whole
FROM late GROUP BY GROUPING SETS ((book_id, compound_id, organisation_id, band), (book_id, compound_id, organisation_id))
ORDER BY compound_id, organisation_id, book_id, band NULLS LAST
"""
#: $1: today, $2: book, $3 and $4: first and last due day of the band (null: any), $5 and $6: after whom, $7: how many.
_HOMES = f"""
SELECT b.home_id, h.code, h.name, min(b.due_on) AS due_on, max(k.id) AS case_id,
    json_agg(json_build_object('band', {_BAND}, 'open', b.open::text))::text AS opens
FROM bill b JOIN home h ON h.id = b.home_id
LEFT JOIN arrears_case k ON k.book_id = b.book_id AND k.home_id = b.home_id AND k.state <> 'CLOSED'
WHERE b.book_id = $2 AND b.open > 0 AND b.due_on < $1::date
GROUP BY b.home_id, h.code, h.name
HAVING ($3::date IS NULL OR min(b.due_on) >= $3) AND ($4::date IS NULL OR min(b.due_on) <= $4)
    AND ($5::date IS NULL OR (min(b.due_on), b.home_id) > ($5, $6::text))
ORDER BY min(b.due_on), b.home_id LIMIT $7
"""


@dataclass(frozen=True)
class HomeInArrears:
    """What one home owes that is past due, and since when; ``case_id``: of its open case, where the viewer may see it."""

    home_id: str
    code: str
    name: str
    due_on: date
    case_id: str | None
    amounts: Mapping[ArrearsBand, Decimal]


async def ageing(
    viewer: Viewer, *, compound_id: str | None = None, organisation_id: str | None = None
) -> list[tuple[str, str, str, Aged]]:
    """What is past due today by book (id, compound, organisation) that the viewer may be told of, and that owes anything.

    Who may not read each home's bills is told sums over three homes and more only: where a band has fewer, the total alone,
    and where all have, nothing.
    """
    told = viewer.roles & {Role.COMMITTEE_MEMBER, Role.COMMUNITY_STAFF, Role.GRID_WORKER}
    streets = viewer.ids(Role.STREET_OFFICER, Reach.STREET)
    compounds = sorted({id_ for role in told for id_ in viewer.ids(role, Reach.COMPOUND)})
    reading = [reached(viewer, "Bill", way) for way in (Reach.ORGANISATION, Reach.STREET)]
    rows = await query(_BOOKS, today(), *reading, list(streets), compounds, compound_id, organisation_id)
    books: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        books.setdefault((row["book_id"], row["compound_id"], row["organisation_id"]), []).append(row)
    return [(*key, aged) for key, of in books.items() if (aged := _aged(of)) is not None]


def _aged(rows: Sequence[Mapping[str, Any]]) -> Aged | None:
    bands = {ArrearsBand(row["band"]): Sum(row["homes"], row["amount"]) for row in rows if row["band"]}
    (whole,) = (row for row in rows if row["band"] is None)
    total = Sum(whole["homes"], whole["amount"])
    if whole["whole"] or may_be_told({band: each.homes for band, each in bands.items()}):
        return Aged(total, bands)
    return Aged(total, None) if total.homes >= LEAST_HOMES else None


async def homes_in_arrears(
    viewer: Viewer, book_id: str, *, band: ArrearsBand | None = None, first: int = 20, after: tuple[date, str] | None = None
) -> list[HomeInArrears]:
    """Homes of a book with something past due, the oldest debt first; of ``band``: those whose oldest debt is in it.

    Only for who reads each home's bills in it: refuses NOT_FOUND to others.
    """
    book = await found(Book, book_id, viewer, path=("book_id",))
    if book.organisation_id not in reached(viewer, "Bill", Reach.ORGANISATION) and book.street_id not in reached(
        viewer, "Bill", Reach.STREET
    ):
        return []
    cases = book.organisation_id in reached(viewer, "ArrearsCase", Reach.ORGANISATION) or book.street_id in reached(
        viewer, "ArrearsCase", Reach.STREET
    )
    begins, ends = due_days(band, today()) if band else (None, None)
    rows = await query(_HOMES, today(), book.id, begins, ends, *(after or (None, None)), first)
    return [
        HomeInArrears(
            *(row["home_id"], row["code"], row["name"], row["due_on"]),
            case_id=row["case_id"] if cases else None,
            amounts=_amounts(loads(row["opens"])),
        )
        for row in rows
    ]


def _amounts(opens: Sequence[Mapping[str, str]]) -> dict[ArrearsBand, Decimal]:
    amounts: dict[ArrearsBand, Decimal] = {}
    for each in opens:
        band = ArrearsBand(each["band"])
        amounts[band] = amounts.get(band, Decimal(0)) + Decimal(each["open"])
    return amounts

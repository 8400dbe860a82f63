"""Income and expenses added up: by period, account and compound; beside the budget, the year before and other compounds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.access import Viewer
from domain.analysis import AnalysisBy, Peers, SizeBand, peers, per, size_of
from domain.ledger import CHART, AccountCode, AccountType, Fund
from models.connection import query

from .books import SeenBook, seen_books

#: So many lines are told at most: whoever needs more asks for fewer months, or for fewer groups.
MOST_LINES = 5_000

_NOTHING = Decimal("0.00")
_CODES = {
    kind: sorted(code for code, of in CHART.items() if of.type is kind) for kind in (AccountType.INCOME, AccountType.EXPENSE)
}
_PERIODS = {
    AnalysisBy.MONTH: "date_trunc('month', day)::date",
    AnalysisBy.QUARTER: "date_trunc('quarter', day)::date",
    AnalysisBy.YEAR: "date_trunc('year', day)::date",
}
_OTHERS = {AnalysisBy.ACCOUNT: "code", AnalysisBy.COMPOUND: "compound_id"}

#: $1: books, $2: whether all of their lines are seen; $3, $4: the first day, and the first one after; $5: income, $6: expenses,
#: $7: funds. Income is plus, expense minus.
_SUMS = """
WITH seen AS (SELECT * FROM unnest($1::text[], $2::bool[]) AS b (book_id, whole)),
moved AS (
    SELECT l.booked_on AS day, l.code, l.compound_id, l.credit - l.debit AS now, 0::numeric AS before, 0::numeric AS planned
    FROM seen JOIN journal_line l ON l.book_id = seen.book_id
    WHERE l.booked_on >= $3 AND l.booked_on < $4 AND l.fund = ANY($7::text[]) AND (whole OR l.owners_compound_id IS NOT NULL)
    UNION ALL
    SELECT (l.booked_on + interval '1 year')::date, l.code, l.compound_id, 0, l.credit - l.debit, 0
    FROM seen JOIN journal_line l ON l.book_id = seen.book_id
    WHERE l.booked_on >= $3::date - interval '1 year' AND l.booked_on < $4::date - interval '1 year' AND l.fund = ANY($7::text[])
        AND (whole OR l.owners_compound_id IS NOT NULL)
    UNION ALL
    SELECT p.month, p.code, p.compound_id, 0, 0, CASE WHEN p.code = ANY($6::text[]) THEN -p.amount ELSE p.amount END
    FROM seen JOIN budget_line p ON p.book_id = seen.book_id
    WHERE p.month >= $3 AND p.month < $4 AND p.fund = ANY($7::text[]) AND (whole OR p.owners_compound_id IS NOT NULL)
)
SELECT {groups}
    coalesce(sum(now) FILTER (WHERE code = ANY($5::text[])), 0) AS income,
    -coalesce(sum(now) FILTER (WHERE code = ANY($6::text[])), 0) AS expense,
    coalesce(sum(before) FILTER (WHERE code = ANY($5)), 0) AS income_before,
    -coalesce(sum(before) FILTER (WHERE code = ANY($6)), 0) AS expense_before,
    sum(planned) FILTER (WHERE code = ANY($5) AND planned <> 0) AS income_planned,
    -sum(planned) FILTER (WHERE code = ANY($6) AND planned <> 0) AS expense_planned
FROM moved WHERE code = ANY($5) OR code = ANY($6) {grouped} LIMIT $8
"""


@dataclass(frozen=True)
class Summed:
    """What came in and what was spent, in yuan. ``period``, ``account`` and ``compound_id``: None where they are not told apart.

    ``…_planned``: by the budget, None: there is none. ``…_before``: in the year before. ``homes``, ``area_m2``: by which it is
    shared.
    """

    period: date | None
    account: AccountCode | None
    compound_id: str | None
    compound_name: str | None
    income: Decimal
    expense: Decimal
    income_planned: Decimal | None
    expense_planned: Decimal | None
    income_before: Decimal
    expense_before: Decimal
    homes: int
    area_m2: Decimal


@dataclass(frozen=True)
class Beside:
    """What an account (None: all expenses) costs per square metre in the period, and what it costs ``peers``."""

    account: AccountCode | None
    own: Decimal
    peers: Peers


@dataclass(frozen=True)
class Books:
    """What of the books is told: the total, its parts, and the books of which it is."""

    books: Sequence[SeenBook]
    total: Summed
    parts: Sequence[Summed]
    first: date
    after: date
    size: SizeBand | None = field(default=None)


async def income_and_expense(
    viewer: Viewer, of: str, first: date, after: date, by: Collection[AnalysisBy], funds: Collection[Fund]
) -> Books | None:
    """Income and expenses ``of`` a book, a compound, or the compounds of a grid, community or street, from ``first`` until the
    day before ``after``, as far as the viewer sees them. None: no book is seen there. Raises TooMany."""
    books = await seen_books(viewer, of)
    if not books:
        return None
    (total,) = await _summed(books, first, after, (), funds)
    parts = await _summed(books, first, after, by, funds) if by else []
    compounds = {book.compound_id for book in books}
    size = size_of(books[0].homes) if len(compounds) == 1 else None
    return Books(books, total, parts, first, after, size)


class TooMany(Exception):
    """There are more groups than are told."""


async def _summed(
    books: Sequence[SeenBook], first: date, after: date, by: Collection[AnalysisBy], funds: Collection[Fund]
) -> list[Summed]:
    columns = [f"{_PERIODS[each]} AS period" for each in _PERIODS if each in by][:1]
    columns += [f"{name}" for each, name in _OTHERS.items() if each in by]
    groups = "".join(f"{column}, " for column in columns)
    grouped = f"GROUP BY {', '.join(str(place) for place in range(1, len(columns) + 1))}" if columns else ""
    grouped += f" ORDER BY {', '.join(str(place) for place in range(1, len(columns) + 1))}" if columns else ""
    rows = await query(
        _SUMS.format(groups=groups, grouped=grouped),
        [book.book_id for book in books],
        [book.whole for book in books],
        first,
        after,
        _CODES[AccountType.INCOME],
        _CODES[AccountType.EXPENSE],
        sorted(funds),
        MOST_LINES + 1,
    )
    if len(rows) > MOST_LINES:
        raise TooMany
    places = {book.compound_id: book for book in books}
    return [_told(row, places) for row in rows]


def _told(row: Mapping[str, Any], places: Mapping[str, SeenBook]) -> Summed:
    compound = row.get("compound_id")
    among = [places[compound]] if compound else list(places.values())
    return Summed(
        period=row.get("period"),
        account=AccountCode(row["code"]) if "code" in row else None,
        compound_id=compound,
        compound_name=places[compound].compound_name if compound else None,
        income=row["income"] + _NOTHING,
        expense=row["expense"] + _NOTHING,
        income_planned=row["income_planned"],
        expense_planned=row["expense_planned"],
        income_before=row["income_before"] + _NOTHING,
        expense_before=row["expense_before"] + _NOTHING,
        homes=sum(place.homes for place in among),
        area_m2=sum((place.area_m2 for place in among), Decimal(0)),
    )


#: $1: street, $2: kind, $3, $4: fewest and most homes (null: no end), $5, $6: first day and the first one after, $7: accounts.
#: Of each compound that has a book, what each account cost; its square metres.
_PEERS = """
SELECT c.id, l.code, sum(l.debit - l.credit) AS spent, h.area_m2
FROM compound c CROSS JOIN LATERAL (
    SELECT CASE WHEN c.home_count > 0 THEN c.home_count ELSE count(*)::int END AS homes, coalesce(sum(area_m2), 0) AS area_m2
    FROM home WHERE compound_id = c.id
) h JOIN book b ON b.compound_id = c.id
JOIN journal_line l ON l.book_id = b.id AND l.booked_on >= $5 AND l.booked_on < $6 AND l.code = ANY($7::text[])
WHERE c.street_id = $1 AND c.kind = $2 AND h.homes >= $3 AND ($4::int IS NULL OR h.homes < $4) AND h.area_m2 > 0
GROUP BY c.id, l.code, h.area_m2
"""


async def beside_peers(asked: Books, bounds: tuple[int, int | None], funds: Collection[Fund]) -> list[Beside]:
    """What one compound's expenses come to per square metre beside the others of its street, kind and size (``bounds``: fewest
    homes, and the first number that is too many): accounts of which five others at least have some, and all together.

    Of the others only the quartiles are told, so it does not matter whether the viewer sees their books.
    """
    place = asked.books[0]
    codes = [code for code in _CODES[AccountType.EXPENSE] if CHART[code].fund in funds and place.shows(CHART[code].fund)]
    rows = await query(_PEERS, place.street_id, place.kind, *bounds, asked.first, asked.after, codes)
    by_account: dict[AccountCode | None, dict[str, Decimal]] = {None: {}}
    for row in rows:
        for account in (AccountCode(row["code"]), None):
            of = by_account.setdefault(account, {})
            of[row["id"]] = of.get(row["id"], _NOTHING) + row["spent"] / Decimal(row["area_m2"])
    found: list[Beside] = []
    for account, of in by_account.items():
        own = of.pop(place.compound_id, None)
        others = peers([per(each, 1) or _NOTHING for each in of.values()])
        if own is not None and others is not None:
            found.append(Beside(account, per(own, 1) or _NOTHING, others))
    return sorted(found, key=lambda each: each.account or "")

"""Income and expenses: statements to the owners that are not published in time, and common-area income that none tells of."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from domain.alerts.conditions import Limits
from domain.ledger import CHART, AccountType, Fund
from domain.statements.periods import cadence, period_of
from domain.steward.revenue import MODULE
from domain.steward.revenue.disclosing import STATEMENT_OVERDUE
from domain.steward.revenue.keeping import COMMON_INCOME_UNDISCLOSED
from domain.words import Text
from models.calendar import zone
from models.connection import query
from tasks.clock import check

from .finding import Found, bring_in_line

#: So far back income is looked for of which no statement tells.
_BACK = timedelta(days=731)
_COMMON_INCOME = [code.value for code, each in CHART.items() if (each.type, each.fund) == (AccountType.INCOME, Fund.COMMON_AREA)]

#: Open books that have entries, and the day after the last of which owners were told.
_TOLD = """
SELECT b.id, b.compound_id, b.street_id, c.name AS place, coalesce((
    SELECT max(s.period_to) + 1 FROM statement s WHERE s.book_id = b.id AND s.state = 'PUBLISHED'
), b.opened_on) AS untold_from
FROM book b JOIN compound c ON c.id = b.compound_id
WHERE b.closed_on IS NULL AND EXISTS (SELECT FROM journal_entry e WHERE e.book_id = b.id) ORDER BY b.id
"""
#: $1: accounts, $2: the first day that is looked at, $3: today. Of each book the first day of such income of which none tells.
_UNTOLD = """
SELECT b.id, b.compound_id, b.street_id, c.name AS place, min(l.booked_on) AS first_on
FROM journal_line l JOIN book b ON b.id = l.book_id JOIN compound c ON c.id = b.compound_id
WHERE l.code = ANY($1::text[]) AND l.booked_on >= $2 AND l.booked_on < $3 AND NOT EXISTS (
    SELECT FROM statement s
    WHERE s.book_id = l.book_id AND s.state = 'PUBLISHED' AND s.period_from <= l.booked_on AND s.period_to >= l.booked_on
)
GROUP BY b.id, b.compound_id, b.street_id, c.name ORDER BY b.id
"""


@check(
    "revenue.statements",
    module=MODULE.key,
    cron="10 5 * * *",
    does=Text(
        "Find statements to the owners that are late, and common-area income that none tells of.",
        "查找逾期未公示的收支情况和未公示的公共收益。",
    ),
)
async def find_undisclosed(now: datetime) -> Mapping[str, int]:
    """Raise alerts for books of which owners are not told in time, and end those of which they are."""
    today = now.astimezone(zone()).date()
    late = [_found(row, _late(row["untold_from"], today)) for row in await query(_TOLD)]
    untold = [
        _found(row, float((today - period_of(row["first_on"], 3)[1]).days))
        for row in await query(_UNTOLD, _COMMON_INCOME, today - _BACK, today)
    ]
    raised = over = 0
    for rule, found in ((STATEMENT_OVERDUE, late), (COMMON_INCOME_UNDISCLOSED, untold)):
        changed = await bring_in_line(rule.key, found, now)
        raised, over = raised + changed["raised"], over + changed["over"]
    return {"raised": raised, "over": over}


def _late(untold_from: date, today: date) -> Callable[[Limits], float]:
    """Days since the first period ended of which owners were not told, by the cadence that holds."""
    return lambda limits: float((today - period_of(untold_from, cadence(limits["months"]))[1]).days)


def _found(row: Mapping[str, Any], value: float | Callable[[Limits], float]) -> Found:
    return Found(
        subject_id=row["id"],
        value=value,
        place=row["place"],
        compound_id=row["compound_id"],
        street_id=row["street_id"],
        more={"unit": "d"},
    )

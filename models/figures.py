"""Key figures of compounds: noted once for every day that is over, and told by month. See domain/figures.py.

A community's and a street's are sums over their compounds, and nowhere stored.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tortoise import fields
from tortoise.fields.data import JSON_DUMPS

from domain.access import Reach, Viewer
from domain.arrears.ageing import LEAST_HOMES
from domain.coverage import CoverageAspect, month_ends
from domain.figures import MEASURES, KeyFigure, MonthBy
from domain.permits import reached

from .calendar import zone
from .connection import query
from .coverage import held_sql
from .ids import new_id
from .rows import MoneyField, Row

_AT_ONCE = 1_000


class CompoundFigures(Row):
    """What was noted of a compound at the end of ``day``, and never changes.

    ``overdue_fees``: what is open of bills that were due; ``fees_due`` and ``fees_paid``: of the fees that fell due in the 365
    days up to it, what was billed and not credited, and what was paid. Who reads them may not know what one home owes: what
    is of one home and more, and of fewer than LEAST_HOMES, is None; where so few lack anything of the fees, ``fees_paid`` is
    rounded to a percent of what was due. ``closed_tickets``, ``ratings`` and ``score_sum`` (what these gave together, 1 to 5
    each) happened on the day; the rest stood at its end. ``has_…``: what covered it.
    """

    prefix = "cfg"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    day = fields.DateField()
    open_tickets = fields.IntField()
    overdue_tickets = fields.IntField()
    closed_tickets = fields.IntField()
    ratings = fields.IntField()
    score_sum = fields.IntField()
    critical_alerts = fields.IntField()
    major_alerts = fields.IntField()
    minor_alerts = fields.IntField()
    warning_alerts = fields.IntField()
    facilities_out = fields.IntField()
    overdue_fees = MoneyField(null=True)
    fees_due = MoneyField(null=True)
    fees_paid = MoneyField(null=True)
    has_party_organisation = fields.BooleanField()
    has_party_work = fields.BooleanField()
    has_owners_body = fields.BooleanField()
    has_company = fields.BooleanField()
    has_joint_office = fields.BooleanField()
    taken_at = fields.DatetimeField()
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "compound_figures"


_HAS = {f"has_{aspect.lower()}": aspect for aspect in CoverageAspect}
_COUNTED = (
    *("open_tickets", "overdue_tickets", "closed_tickets", "ratings", "score_sum", "critical_alerts", "major_alerts"),
    *("minor_alerts", "warning_alerts", "facilities_out"),
)
_AMOUNTS = ("overdue_fees", "fees_due", "fees_paid")

_FEW = f"BETWEEN 1 AND {LEAST_HOMES - 1}"

#: $1: the day; $2, $3: its first moment and that of the next. What stands at its end is told from what stands now as far as
#: moments tell: what was opened later does not count, what was closed later does.
_TAKE = f"""
WITH held AS ({held_sql("(SELECT $1::date) AS d (day)")}),
tickets AS (
    SELECT compound_id, count(*) AS open_tickets,
        count(*) FILTER (WHERE due_at < $3 AND (resolved_at IS NULL OR resolved_at >= $3)) AS overdue_tickets
    FROM ticket WHERE opened_at < $3 AND (state NOT IN ('CLOSED', 'CANCELLED') OR closed_at >= $3) GROUP BY compound_id
), closed AS (
    SELECT compound_id, count(*) AS closed_tickets FROM ticket WHERE closed_at >= $2 AND closed_at < $3 GROUP BY compound_id
), rated AS (
    SELECT compound_id, count(*) AS ratings, sum(score) AS score_sum FROM ticket_rating
    WHERE rated_at >= $2 AND rated_at < $3 GROUP BY compound_id
), alerts AS (
    SELECT compound_id, count(*) FILTER (WHERE severity = 'CRITICAL') AS critical_alerts,
        count(*) FILTER (WHERE severity = 'MAJOR') AS major_alerts, count(*) FILTER (WHERE severity = 'MINOR') AS minor_alerts,
        count(*) FILTER (WHERE severity = 'WARNING') AS warning_alerts
    FROM alert WHERE first_seen_at < $3 AND (state = 'OPEN' OR (state = 'CLEARED' AND cleared_at >= $3)) GROUP BY compound_id
), facilities AS (
    SELECT compound_id, count(*) AS facilities_out FROM (
        SELECT f.compound_id, CASE WHEN f.status_since < $3 THEN f.status ELSE (
            SELECT s.status FROM facility_status_change s WHERE s.facility_id = f.id AND s.since < $3
            ORDER BY s.since DESC, s.id DESC LIMIT 1
        ) END AS status FROM facility f
    ) stood WHERE status = 'OUT_OF_SERVICE' GROUP BY compound_id
), fees AS (
    SELECT compound_id, CASE WHEN count(*) FILTER (WHERE overdue > 0) {_FEW} THEN NULL ELSE sum(overdue) END AS overdue_fees,
        CASE WHEN count(*) FILTER (WHERE due > 0) {_FEW} THEN NULL ELSE sum(due) END AS fees_due,
        CASE WHEN count(*) FILTER (WHERE due > 0) {_FEW} THEN NULL
            WHEN count(*) FILTER (WHERE due > paid) {_FEW} THEN round(round(sum(paid) / sum(due), 2) * sum(due), 2)
            ELSE sum(paid) END AS fees_paid
    FROM (
        SELECT compound_id, sum(open) AS overdue,
            coalesce(sum(total - credited) FILTER (WHERE kind = 'FEES' AND due_on > $1::date - 365), 0) AS due,
            coalesce(sum(paid) FILTER (WHERE kind = 'FEES' AND due_on > $1::date - 365), 0) AS paid
        FROM bill WHERE due_on <= $1 AND (open > 0 OR due_on > $1::date - 365) GROUP BY compound_id, home_id
    ) homes GROUP BY compound_id
)
SELECT c.id AS compound_id, c.street_id, {", ".join(f"coalesce({name}, 0)::int AS {name}" for name in _COUNTED)},
    {", ".join(f"CASE WHEN fees.compound_id IS NULL THEN '0' ELSE {name}::text END AS {name}" for name in _AMOUNTS)},
    {", ".join(f"coalesce('{aspect}' = ANY(held.aspects), false) AS {name}" for name, aspect in _HAS.items())}
FROM compound c LEFT JOIN tickets ON tickets.compound_id = c.id LEFT JOIN closed ON closed.compound_id = c.id
    LEFT JOIN rated ON rated.compound_id = c.id LEFT JOIN alerts ON alerts.compound_id = c.id
    LEFT JOIN facilities ON facilities.compound_id = c.id LEFT JOIN fees ON fees.compound_id = c.id
    LEFT JOIN held ON held.compound_id = c.id
WHERE NOT EXISTS (SELECT FROM compound_figures taken WHERE taken.compound_id = c.id AND taken.day = $1)
ORDER BY c.id
"""
_COLUMNS = "id text, day date, taken_at timestamptz, compound_id text, street_id text, " + ", ".join(
    [*(f"{name} int" for name in _COUNTED), *(f"{name} numeric" for name in _AMOUNTS), *(f"{name} boolean" for name in _HAS)]
)
_NAMES = ", ".join(part.split()[0] for part in _COLUMNS.split(", "))
_KEEP = f"""
WITH kept AS (
    INSERT INTO compound_figures ({_NAMES}) SELECT {_NAMES} FROM jsonb_to_recordset($1::jsonb) AS given ({_COLUMNS})
    ON CONFLICT (compound_id, day) DO NOTHING RETURNING 1
) SELECT count(*)::int AS kept FROM kept
"""


async def take_figures(now: datetime) -> int:
    """Note the figures of the day that is over, of every compound for which that was not done; of how many it was.

    Only of the newest such day: what nobody noted of the days before stays unknown.
    """
    local = now.astimezone(zone())
    day = local.date() - timedelta(days=1)
    begins, ends = (datetime.combine(each, time(), zone()) for each in (day, local.date()))
    rows = await query(_TAKE, day, begins, ends)
    for row in rows:
        row |= {"id": new_id(CompoundFigures.prefix), "day": day.isoformat(), "taken_at": now.isoformat()}
    kept = 0
    for first in range(0, len(rows), _AT_ONCE):
        kept += (await query(_KEEP, JSON_DUMPS(rows[first : first + _AT_ONCE])))[0]["kept"]
    return kept


@dataclass(frozen=True)
class TrendPoint:
    """A figure in a month. ``until``: the last day that was noted; ``compounds``: of how many; ``count``: what a mean is of."""

    month: date
    until: date
    value: Decimal | None
    compounds: int
    count: int | None


#: $1: streets, $2: compounds that are reached; $3: what is asked about.
_SEEN = """
seen AS MATERIALIZED (
    SELECT c.id FROM compound c WHERE (c.street_id = ANY($1::text[]) OR c.id = ANY($2::text[]))
        AND $3 IN (c.id, c.community_id, c.street_id, coalesce(c.grid_id, ''))
)
"""
#: $4: the first days of the months; $5: the last day of all. Of each compound its last day of each month.
_LAST = f"""
WITH {_SEEN}
SELECT months.month, max(f.day) AS until, {{all}} AS value, count(f.value)::int AS compounds, NULL::int AS count
FROM unnest($4::date[]) AS months (month) CROSS JOIN seen CROSS JOIN LATERAL (
    SELECT day, {{value}} AS value, {{whole}} AS whole FROM compound_figures
    WHERE compound_id = seen.id AND day >= months.month AND day < months.month + interval '1 month' AND day <= $5
    ORDER BY day DESC LIMIT 1
) f GROUP BY months.month HAVING count(f.value) > 0 ORDER BY months.month
"""
_ALL = f"""
WITH {_SEEN}
SELECT date_trunc('month', f.day)::date AS month, max(f.day) AS until, {{value}} AS value,
    count(DISTINCT f.compound_id)::int AS compounds, {{count}} AS count
FROM seen JOIN compound_figures f ON f.compound_id = seen.id
WHERE f.day >= ($4::date[])[1] AND f.day <= $5 GROUP BY 1 ORDER BY 1
"""


async def trend(viewer: Viewer, of: str, figure: KeyFigure, *, months: int, until: date) -> list[TrendPoint]:
    """A figure of a compound, or of those of a community, grid or street that the viewer sees, over the months up to a day.

    A month of which nothing was noted is left out; a compound counts from the first day on that was noted of it, and
    not where its fees are of too few homes to be told.
    """
    measure = MEASURES[figure]
    if measure.month_by is MonthBy.LAST:
        value = " + ".join(name if name in _AMOUNTS else f"{name}::int" for name in measure.columns)
        sql = _LAST.format(all="sum(f.value)::numeric", value=value, whole="0")
    elif measure.month_by is MonthBy.SHARE:
        share = "round(100 * sum(f.value) / nullif(sum(f.whole), 0), 1)"
        sql = _LAST.format(all=share, value=measure.columns[0], whole=measure.of)
    elif measure.month_by is MonthBy.SUM:
        sql = _ALL.format(value=f"sum({measure.columns[0]})::numeric", count="NULL::int")
    else:
        value = f"round(sum({measure.columns[0]})::numeric / nullif(sum({measure.of}), 0), 2)"
        sql = _ALL.format(value=value, count=f"sum({measure.of})::int")
    firsts = [day.replace(day=1) for day in month_ends(until, months)]
    streets, compounds = (reached(viewer, "CompoundFigures", way) for way in (Reach.STREET, Reach.COMPOUND))
    rows = await query(sql, streets, compounds, of, firsts, until)
    return [TrendPoint(row["month"], row["until"], row["value"], row["compounds"], row["count"]) for row in rows]

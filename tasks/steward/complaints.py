"""Complaints: what is looked for on the clock. Each check reads in one statement; homes are counted, and never named."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from domain.alerts.conditions import Limits
from domain.deadlines import Goal
from domain.steward.complaints import (
    CLOSING_LATE,
    CLUSTER,
    DISSATISFIED,
    LEAST_HOMES,
    MODULE,
    REPLY_LATE,
    dissatisfied_percent,
    homes_of_late,
)
from domain.tickets import TicketKind
from domain.tickets.categories import TicketCategory
from domain.tickets.satisfaction import DISSATISFIED as LOW
from domain.words import Text
from models.calendar import zone
from models.complaints import clusters
from models.connection import query
from tasks.clock import check

from .finding import Found, bring_in_line
from .late import late_of

_SAID = [TicketKind.COMPLAINT, TicketKind.SUGGESTION, TicketKind.ENQUIRY]


@check(
    "complaints.limits",
    module=MODULE.key,
    cron="*/5 * * * *",
    does=Text("Find what is answered late.", "查找答复或办结超时的投诉、建议和咨询。"),
)
async def find_late(now: datetime) -> Mapping[str, int]:
    """Raise an alert for complaints, suggestions and enquiries that had no reply in time, and for those not done in time."""
    reply, closing = await late_of(_SAID, [{Goal.FIRST_REPLY}, {Goal.CLOSE}], now)
    counts = await bring_in_line(REPLY_LATE.key, reply, now)
    more = await bring_in_line(CLOSING_LATE.key, closing, now)
    return {name: count + more[name] for name, count in counts.items()}


#: $1: since when, $2: at least so many homes, $3: today. When each home of those that complain of one thing in a compound did so
#: last; of what is still to be agreed to be done. Residents who name no home speak for their own.
_ALIKE = """
WITH home AS (
    SELECT t.compound_id, t.street_id, t.category, coalesce(t.home_id, own.home_id) AS home_id, max(t.opened_at) AS last
    FROM ticket t LEFT JOIN LATERAL (
        SELECT min(b.home_id) AS home_id FROM role_binding b JOIN home h ON h.id = b.home_id AND h.compound_id = t.compound_id
        WHERE t.home_id IS NULL AND t.source IN ('RESIDENT', 'QR') AND b.account_id = t.opened_by_id AND b.role = 'RESIDENT'
            AND b.starts_on <= $3 AND (b.ends_on IS NULL OR b.ends_on >= $3)
    ) AS own ON true
    WHERE t.kind = 'COMPLAINT' AND t.state NOT IN ('CLOSED', 'CANCELLED') AND t.opened_at > $1
        AND t.category IS NOT NULL AND (t.home_id IS NOT NULL OR own.home_id IS NOT NULL)
    GROUP BY 1, 2, 3, 4
), alike AS (
    SELECT compound_id, street_id, category, array_agg(last) AS last FROM home
    GROUP BY compound_id, street_id, category HAVING count(*) >= $2
)
SELECT a.*, c.name FROM alike a JOIN compound c ON c.id = a.compound_id
"""


@check(
    "complaints.clusters",
    module=MODULE.key,
    cron="*/10 * * * *",
    does=Text("Find what many homes complain of.", "查找多户反映的同类投诉。"),
)
async def find_clusters(now: datetime) -> Mapping[str, int]:
    """Raise an alert where several homes of a compound complain of one class of things, one for each class."""
    since = now - timedelta(hours=CLUSTER.figures["window_hours"].most)
    rows = await query(_ALIKE, since, LEAST_HOMES, now.astimezone(zone()).date())
    subjects = await clusters({(row["compound_id"], row["category"]) for row in rows})
    found = [
        Found(
            subject_id=subjects[row["compound_id"], row["category"]],
            value=partial(_homes, row["last"], now),
            place=f"{row['name']} {TicketCategory(row['category']).zh}",
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            more={"category": row["category"]},
        )
        for row in rows
    ]
    return await bring_in_line(CLUSTER.key, found, now)


def _homes(last: list[datetime], now: datetime, limits: Limits) -> float:
    return homes_of_late(last, limits, now)


#: $1: since when, $2: the best score that is a low one, $3: at least so many. Of compounds where anybody was not content: when
#: each reporter said what they think of the work, by themselves or on the phone, and whether they were not content.
_OPINIONS = """
WITH said AS (
    SELECT r.ticket_id, r.compound_id, r.street_id, r.rated_at AS at, r.score <= $2 AS low FROM ticket_rating r
    WHERE r.rated_at > $1
    UNION ALL
    SELECT b.ticket_id, b.compound_id, b.street_id, b.called_at, b.outcome = 'DISSATISFIED' FROM call_back b
    WHERE b.called_at > $1 AND b.outcome IN ('SATISFIED', 'DISSATISFIED')
), once AS (
    SELECT compound_id, street_id, ticket_id, max(at) AS at, bool_or(low) AS low FROM said GROUP BY 1, 2, 3
)
SELECT c.id, c.street_id, c.name, array_agg(o.at ORDER BY o.ticket_id) AS at, array_agg(o.low ORDER BY o.ticket_id) AS low
FROM once o JOIN compound c ON c.id = o.compound_id GROUP BY c.id HAVING count(*) >= $3 AND bool_or(o.low)
"""


@check(
    "complaints.dissatisfied",
    module=MODULE.key,
    cron="35 * * * *",
    does=Text("Find where many are not content.", "查找不满意率高的小区。"),
)
async def find_dissatisfied(now: datetime) -> Mapping[str, int]:
    """Raise an alert for compounds where too many of those who said what they think of the work were not content."""
    since = now - timedelta(days=DISSATISFIED.figures["window_days"].most)
    rows = await query(_OPINIONS, since, LOW, int(DISSATISFIED.figures["least_said"].least))
    found = [
        Found(
            subject_id=row["id"],
            value=partial(_dissatisfied, list(zip(row["at"], row["low"], strict=True)), now),
            place=row["name"],
            compound_id=row["id"],
            street_id=row["street_id"],
            more={"unit": "%"},
        )
        for row in rows
    ]
    return await bring_in_line(DISSATISFIED.key, found, now)


def _dissatisfied(said: list[tuple[datetime, bool]], now: datetime, limits: Limits) -> float:
    return dissatisfied_percent(said, limits, now)

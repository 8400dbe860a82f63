"""Repairs: what is looked for on the clock. Each check reads in one statement, and nothing of what people wrote."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from domain.alerts import Severity
from domain.alerts.conditions import Limits
from domain.deadlines import Goal, Measure
from domain.steward import RULES
from domain.steward.repairs import FIX_LATE, MODULE, REOPENED, RESPONSE_LATE, THIRD_FAILURE, UNASSIGNED, failures, waited_percent
from domain.tickets import TicketKind, TicketPriority
from domain.words import Text
from domain.working_time import all_time
from models.connection import query
from models.deadlines.policies import Rules, rules_of
from tasks.clock import check

from .finding import Found, bring_in_line
from .late import late_of, ticket_found


@check(
    "repairs.limits",
    module=MODULE.key,
    cron="*/5 * * * *",
    does=Text("Find the repairs that are late.", "查找超时的报修工单。"),
)
async def find_late(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every repair that is late to be accepted or attended to, and one for every one late to be done."""
    response, fix = await late_of([TicketKind.REPAIR], [{Goal.ACCEPT, Goal.ON_SITE}, {Goal.CLOSE}], now)
    return _both(await bring_in_line(RESPONSE_LATE.key, response, now), await bring_in_line(FIX_LATE.key, fix, now))


#: How long there was to accept what has no clock.
_UNKNOWN = timedelta(hours=4)
#: Of repairs in hand: whether nobody has been assigned since it was accepted, and how long there was to accept it;
#: how often it was opened again. A duplicate is not worked on by itself.
_AT_THE_DESK = """
SELECT t.id, t.compound_id, t.street_id, t.facility_id, concat_ws(' ', c.name, t.number) AS place, t.reopened_count,
    t.state = 'ACCEPTED' AND t.assignee_id IS NULL AND p.id IS NULL AND l.id IS NULL AS nobodys,
    t.accepted_at, t.opened_at, d.started_at, d.due, t.priority, t.organisation_id
FROM ticket t JOIN compound c ON c.id = t.compound_id
LEFT JOIN ticket_deadline d ON d.ticket_id = t.id AND d.goal = 'ACCEPT'
LEFT JOIN ticket_pause p ON p.ticket_id = t.id AND p.ended_at IS NULL
LEFT JOIN ticket_link l ON l.ticket_id = t.id AND l.kind = 'DUPLICATE_OF'
WHERE t.kind = 'REPAIR' AND t.state IN ('OPEN', 'ACCEPTED', 'ASSIGNED', 'IN_PROGRESS')
    AND (t.reopened_count > 0 OR t.state = 'ACCEPTED' AND t.assignee_id IS NULL)
ORDER BY t.opened_at, t.id
"""


@check(
    "repairs.desk",
    module=MODULE.key,
    cron="*/5 * * * *",
    does=Text("Find the repairs that nobody does, or that come back.", "查找无人处理或反复重开的报修工单。"),
)
async def find_at_the_desk(now: datetime) -> Mapping[str, int]:
    """Raise an alert for repairs that were accepted and that nobody is assigned to, and for those opened again and again."""
    rows = await query(_AT_THE_DESK)
    nobodys = [row for row in rows if row["nobodys"]]
    rules = {of: await rules_of(*of) for of in {(row["street_id"], row["organisation_id"]) for row in nobodys}}
    waiting = [
        ticket_found(row, _waited(row, rules[row["street_id"], row["organisation_id"]], now), {"unit": "%"}) for row in nobodys
    ]
    again = [ticket_found(row, row["reopened_count"], {}) for row in rows if row["reopened_count"]]
    return _both(await bring_in_line(UNASSIGNED.key, waiting, now), await bring_in_line(REOPENED.key, again, now))


def _waited(row: Mapping[str, Any], rules: Rules, now: datetime) -> int:
    policy, _ = rules.figures(TicketKind.REPAIR, TicketPriority(row["priority"]))[Goal.ACCEPT]
    counts = all_time if policy.measure is Measure.MINUTES else rules.timetable.stretches
    allowed = (row["started_at"], row["due"]) if row["due"] else (row["opened_at"], row["opened_at"] + _UNKNOWN)
    return waited_percent(row["accepted_at"], allowed, counts, now)


#: What devices tell of equipment that fails; what is milder is no failure.
_BAD = (Severity.CRITICAL, Severity.MAJOR)
_FAULTS = sorted(rule.key for rule in RULES.values() if rule.module == "equipment" and rule.kinds and rule.severity in _BAD)
#: Of facilities that failed at all often: when repairs of each were reported, and when its devices told of a fault. $1: since
#: when, $2: rules about faults, $3: at least so often. What was withdrawn, was a duplicate or no fault was none; what opened a
#: ticket is told by that.
_FAILED = """
WITH failure AS (
    SELECT t.facility_id, t.opened_at AS repair_at, NULL::timestamptz AS fault_at FROM ticket t
    WHERE t.kind = 'REPAIR' AND t.facility_id IS NOT NULL AND t.opened_at > $1 AND t.state <> 'CANCELLED'
        AND NOT EXISTS (SELECT FROM ticket_link l WHERE l.ticket_id = t.id AND l.kind = 'DUPLICATE_OF')
    UNION ALL
    SELECT a.facility_id, NULL, a.first_seen_at FROM alert a
    WHERE a.first_seen_at > $1 AND a.facility_id IS NOT NULL AND a.rule = ANY($2::text[]) AND a.state <> 'WITHDRAWN'
        AND (a.outcome IS NULL OR a.outcome = 'REAL') AND NOT EXISTS (SELECT FROM ticket t WHERE t.alert_id = a.id)
), often AS (
    SELECT facility_id, array_remove(array_agg(repair_at), NULL) AS repairs, array_remove(array_agg(fault_at), NULL) AS faults
    FROM failure GROUP BY facility_id HAVING count(*) >= $3
)
SELECT f.id, f.compound_id, f.street_id, concat_ws(' ', c.name, b.name, f.name) AS place, o.repairs, o.faults
FROM often o JOIN facility f ON f.id = o.facility_id JOIN compound c ON c.id = f.compound_id
LEFT JOIN building b ON b.id = f.building_id WHERE f.status <> 'RETIRED'
"""


@check(
    "repairs.failures",
    module=MODULE.key,
    cron="*/10 * * * *",
    does=Text("Find the facilities that fail again and again.", "查找反复故障的设施。"),
)
async def find_failures(now: datetime) -> Mapping[str, int]:
    """Raise an alert for facilities that failed too often of late, by what people report and by what devices tell."""
    times, window = THIRD_FAILURE.figures["times"].least, THIRD_FAILURE.figures["window_days"].most
    rows = await query(_FAILED, now - timedelta(days=window), _FAULTS, int(times))
    found = [
        Found(
            subject_id=row["id"],
            value=partial(_failures, row["repairs"], row["faults"], now),
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            facility_id=row["id"],
        )
        for row in rows
    ]
    return await bring_in_line(THIRD_FAILURE.key, found, now)


def _failures(repairs: list[datetime], faults: list[datetime], now: datetime, limits: Limits) -> float:
    return failures(repairs, faults, limits, now)


def _both(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return {name: count + other[name] for name, count in one.items()}

"""What the steward's modules have raised at some place, in numbers, and what of it is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.alerts import Severity
from models.connection import query
from models.facilities import Device, Facility
from models.territory import Compound

from .thresholds import Owner

#: How far back the numbers go.
WINDOW = timedelta(days=30)

_COUNTED = """
SELECT module, count(*) FILTER (WHERE state = 'OPEN') AS open,
    count(*) FILTER (WHERE state = 'OPEN' AND severity = 'CRITICAL') AS critical,
    count(*) FILTER (WHERE state = 'OPEN' AND acknowledged_at IS NULL) AS unacknowledged,
    count(*) FILTER (WHERE first_seen_at >= $2) AS raised,
    count(*) FILTER (WHERE first_seen_at >= $2 AND outcome IN ('REAL', 'FALSE_ALARM')) AS judged,
    count(*) FILTER (WHERE first_seen_at >= $2 AND outcome = 'FALSE_ALARM') AS false_alarms
FROM alert WHERE {scope} = $1 AND (state = 'OPEN' OR (state <> 'WITHDRAWN' AND last_seen_at >= $2)) GROUP BY module
"""
#: $2: at most so many of each module, the worst first.
_OPEN = """
SELECT module, id, rule, severity, first_seen_at FROM (
    SELECT *, row_number() OVER (PARTITION BY module ORDER BY severity_rank, first_seen_at, id) AS n
    FROM alert WHERE {scope} = $1 AND state = 'OPEN'
) AS ranked WHERE n <= $2 ORDER BY module, n
"""


@dataclass(frozen=True)
class ModuleFigures:
    """Alerts of a module: open ones, and those raised within WINDOW. ``judged``: those found real or false."""

    open: int = 0
    critical: int = 0
    unacknowledged: int = 0
    raised: int = 0
    judged: int = 0
    false_alarms: int = 0


@dataclass(frozen=True)
class OpenAlert:
    """An open alert, as a module lists it."""

    id: str
    rule: str
    severity: Severity
    first_seen_at: datetime


def _scope(owner: Owner) -> str:
    match owner:
        case Compound():
            return "compound_id"
        case Facility():
            return "facility_id"
        case Device():
            return "device_id"
        case _:
            return "street_id"


async def figures_by_module(owner: Owner, now: datetime) -> Mapping[str, ModuleFigures]:
    """The numbers of each module that has any there."""
    rows = await query(_COUNTED.format(scope=_scope(owner)), owner.id, now - WINDOW)
    return {row.pop("module"): ModuleFigures(**row) for row in rows}


async def open_by_module(owner: Owner, most: int) -> Mapping[str, list[OpenAlert]]:
    """The open alerts of each module that has any there, the worst first, ``most`` of each."""
    alerts: dict[str, list[OpenAlert]] = {}
    for row in await query(_OPEN.format(scope=_scope(owner)), owner.id, most):
        alert = OpenAlert(row["id"], row["rule"], Severity(row["severity"]), row["first_seen_at"])
        alerts.setdefault(row["module"], []).append(alert)
    return alerts

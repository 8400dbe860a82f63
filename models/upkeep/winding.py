"""The clock of a facility's upkeep: brings what is due to where it stands, makes work orders, and tells what has come.

Everything is worked out anew from the plans, the records, the suspensions and the status; stored is only what was already told.
So it does not matter what changed, how often the clock is wound, or how many wind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from domain.upkeep import CONTAINS, INSPECTIONS, Condition, Done, Due, DueState, Plan, PlanSource, UpkeepKind, due
from models.calendar import today as this_day
from models.calendar import zone
from models.connection import query
from models.facilities import Facility

from .planning import settle_orders
from .plans import Plans, plans_of
from .rows import Inspection, Suspension, UpkeepDue, UpkeepPlan
from .telling import tell

#: $1: facility, $2: time zone. What was done to it, and when.
_DONE = """
SELECT kind, (done_at AT TIME ZONE $2)::date AS done_on, due_on, NULL::date AS until
FROM work_order WHERE facility_id = $1 AND state IN ('DONE', 'COUNTERSIGNED')
UNION ALL SELECT kind, done_on, NULL, until FROM inspection WHERE facility_id = $1 AND result <> 'FAILED'
"""
_WRITTEN = (
    *("state", "source", "cadence", "why", "clause", "due_on", "apply_by", "last_on", "warned_for", "told_for", "look_on"),
    *("next_of_id", "compound_id", "street_id"),
)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wound:
    """One clock as it stands now."""

    row: UpkeepDue
    plan: Plan


async def wind(facility: Facility, *, plans: Plans | None = None, today: date | None = None) -> None:
    """Bring all that is due of the facility to where it stands on a day (default: today), make orders for it, and tell of it.

    The caller holds the facility's row FOR UPDATE, inside a transaction within ``ringing()``.
    """
    day = today or this_day()
    figures = (plans or await plans_of(facility.street_id)).of(facility)
    rows = {row.kind: row for row in await UpkeepDue.filter(facility_id=facility.id)}
    stored = {row.id: _columns(row) for row in rows.values()}
    if any(row.compound_id != facility.compound_id for row in rows.values()):
        await _go_along(facility)
    for kind in rows.keys() - figures.keys():
        await rows.pop(kind).delete()
    dones, condition = await _dones(facility.id), await _condition(facility, day)
    wound: list[Wound] = []
    for kind, (plan, source) in figures.items():
        row = rows.get(kind) or UpkeepDue(kind=kind, since=day, facility_id=facility.id)
        told = due(kind, plan, source, row.since, dones.get(kind, ()), condition)
        _write(row, told, plan, source, facility)
        wound.append(Wound(row, plan))
    first = min((each.row for each in wound if each.row.due_on), key=_order, default=None)
    for each in wound:
        each.row.next_of_id = facility.id if each.row is first else None
    orders = [each for each in wound if each.row.kind not in INSPECTIONS]
    await settle_orders(facility, [(each.row, each.plan) for each in orders], day)
    for each in wound:
        await tell(facility, each.row, each.plan, day)
        each.row.look_on = _look_on(each.row, each.plan, day, makes_orders=each.row.kind not in INSPECTIONS)
    await _store([each.row for each in wound], stored)


async def _go_along(facility: Facility) -> None:
    """Let what is on record of a facility follow it to the compound where it stands now; orders stay where they were done."""
    for model in (Inspection, Suspension, UpkeepPlan):
        await model.filter(facility_id=facility.id).update(compound_id=facility.compound_id)


def _order(row: UpkeepDue) -> tuple[date, int]:
    assert row.due_on is not None
    return row.due_on, list(UpkeepKind).index(row.kind)


async def _dones(facility_id: str) -> Mapping[UpkeepKind, Sequence[Done]]:
    """What was done, by kind; what a longer maintenance contains was done with it."""
    dones: dict[UpkeepKind, list[Done]] = {}
    for row in await query(_DONE, facility_id, zone().key):
        kind = UpkeepKind(row["kind"])
        done = Done(row["done_on"], row["due_on"], row["until"])
        for contained in CONTAINS[kind]:
            dones.setdefault(contained, []).append(done if contained is kind else replace(done, due_on=None))
    return dones


async def _condition(facility: Facility, day: date) -> Condition:
    used = facility.attributes.get("in_use_since")
    stops = tuple(row.stop for row in await Suspension.filter(facility_id=facility.id))
    since = facility.status_since.astimezone(zone()).date()
    return Condition(facility.status, since, day, stops, date.fromisoformat(used) if used else None)


def _write(row: UpkeepDue, told: Due, plan: Plan, source: PlanSource, facility: Facility) -> None:
    row.update_from_dict(
        {
            "state": told.state,
            "source": source,
            "cadence": plan.cadence.words.both(),
            "why": told.why.both(),
            "clause": plan.clause,
            "due_on": told.on,
            "apply_by": told.apply_by,
            "last_on": told.last,
            "compound_id": facility.compound_id,
            "street_id": facility.street_id,
        }
    )


def _look_on(row: UpkeepDue, plan: Plan, day: date, *, makes_orders: bool) -> date | None:
    """The next day on which something comes: an order is made, a warning given, the day has passed, a stop begins to count."""
    if row.state is DueState.STANDING or row.due_on is None:
        return None
    coming = [row.due_on - plan.warn_days * _DAY, row.due_on + _DAY]
    if makes_orders:
        coming.append(row.due_on - plan.ahead_days * _DAY)
    return min((each for each in coming if each > day), default=None)


def _columns(row: UpkeepDue) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _WRITTEN}


async def _store(rows: Sequence[UpkeepDue], stored: Mapping[str, dict[str, Any]]) -> None:
    """Write what changed; a row that is no longer the facility's next first, since only one may be."""
    for row in sorted(rows, key=lambda row: row.next_of_id is not None):
        if row.id not in stored:
            await row.save(force_create=True)
        elif changed := [name for name in _WRITTEN if getattr(row, name) != stored[row.id][name]]:
            await row.save(update_fields=changed)

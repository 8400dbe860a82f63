"""Checks: what is done on a schedule, when it last ran and how that went; and running one now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from tortoise import connections, fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Scope, Viewer
from domain.checks import CheckResult
from domain.policy import ACTS, HOUSE
from domain.words import Text, stored

from .facts import record
from .permits import actor_of, forbidden, not_found
from .rows import Row
from .territory import Place
from .work import add, ringing

#: The kind of the work rows that run a check for one slot; payload ``{"name": …, "slot": …}``.
KIND = "check"


class ClockCheck(Row):
    """A check as the clocks last declared it. ``cadence``: a cron expression in the street's time zone."""

    name = fields.CharField(max_length=60, primary_key=True)
    module = fields.CharField(max_length=40)
    cadence = fields.CharField(max_length=60)
    does: fields.JSONField[dict[str, str]] = fields.JSONField()
    next_run_at = fields.DatetimeField()

    class Meta:
        table = "clock_check"


class ClockSlot(Row):
    """One due moment of one check: unique on (name, slot), so that it runs once however many clocks there are.

    ``found``: what it counted when it ran, for instance ``{"raised": 3}``.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=60)
    slot = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    found: fields.JSONField[dict[str, int] | None] = fields.JSONField(null=True)

    class Meta:
        table = "clock_slot"


_STANDING = """
SELECT c.name, c.module, c.cadence, c.does, c.next_run_at, ran.done_at AS last_run_at, ran.found,
    newest.slot IS NULL AS not_yet, newest.done_at IS NOT NULL AS done, w.attempts, w.failed_at, w.last_error
FROM clock_check c
LEFT JOIN LATERAL (SELECT slot, done_at FROM clock_slot s WHERE s.name = c.name ORDER BY slot DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (
    SELECT done_at, found FROM clock_slot s WHERE s.name = c.name AND s.done_at IS NOT NULL ORDER BY slot DESC LIMIT 1
) ran ON true
LEFT JOIN work w ON w.kind = 'check' AND w.payload->>'name' = c.name AND (w.payload->>'slot')::timestamptz = newest.slot
WHERE $1::text IS NULL OR c.name = $1
ORDER BY c.module, c.name
"""


@dataclass(frozen=True)
class Standing:
    """How a check stands. ``found`` and ``last_run_at`` are of the newest run that came to its end.

    ``problem``: the kind of the fault that the newest run met, "" for none.
    """

    name: str
    module: str
    cadence: str
    does: Text
    next_run_at: datetime
    last_run_at: datetime | None
    result: CheckResult
    found: dict[str, int] | None
    problem: str


def _result(row: dict[str, Any]) -> CheckResult:
    if row["not_yet"]:
        return CheckResult.NOT_YET
    if row["done"]:
        return CheckResult.DONE
    if row["failed_at"]:
        return CheckResult.GIVEN_UP
    return CheckResult.FAILING if row["attempts"] else CheckResult.WAITING


async def _standing(name: str | None) -> list[Standing]:
    rows = await connections.get("default").execute_query_dict(_STANDING, [name])
    return [
        Standing(
            name=row["name"],
            module=row["module"],
            cadence=row["cadence"],
            does=stored(orjson.loads(row["does"])),
            next_run_at=row["next_run_at"],
            last_run_at=row["last_run_at"],
            result=_result(row),
            found=orjson.loads(row["found"]) if row["found"] else None,
            problem=row["last_error"] or "",
        )
        for row in rows
    ]


async def checks_for(viewer: Viewer) -> list[Standing]:
    """How the checks of this installation stand; nothing for whoever may not see them."""
    return await _standing(None) if viewer.roles & HOUSE["Check"] and viewer.scope is not Scope.PASSWORD else []


async def run_check_now(viewer: Viewer, name: str) -> Standing:
    """Let a check run as soon as a worker is free. One that is due already, or runs, is left alone.

    Refuses FORBIDDEN and NOT_FOUND (no check of that name).
    """
    async with ringing(), in_transaction():
        streets = {id_ for role in viewer.roles & ACTS["checkRun"] for id_ in viewer.ids(role, Reach.STREET)}
        if not streets:
            raise forbidden()
        found = await _standing(name)
        if not found:
            raise not_found(("name",))
        if found[0].result not in {CheckResult.WAITING, CheckResult.FAILING}:
            await _strike(name)
            for street in await Place.filter(id__in=streets).order_by("id"):
                await record(actor_of(viewer), "checkRun", street, after={"check": name})
        return (await _standing(name))[0]


async def _strike(name: str) -> None:
    """Note that a check is due at this moment and leave the work of it, in the transaction that goes on."""
    slot = datetime.now(UTC)
    await ClockSlot.create(name=name, slot=slot)
    await add(KIND, {"name": name, "slot": slot.isoformat()})

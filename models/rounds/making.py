"""Rounds are made ahead of their time, from plans: once each, however many look, and not for what has passed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from tortoise.transactions import in_transaction

from domain.rounds import RoundSource, RoundState, windows
from models.calendar import now, today, zone
from models.connection import query
from models.ids import new_id
from models.work import add
from settings import load

from .rows import Round, RoundPlan
from .sides import responsible

#: The kind of the work rows that make the rounds of ``{"plans": [id, …]}``.
KIND = "rounds.make"
#: Plans of one work row.
_AT_ONCE = 100

#: $1: what is made until then will do for now, $2: today.
_COME = """
SELECT p.id FROM round_plan p WHERE p.made_until < $1 AND (p.ends_on IS NULL OR p.ends_on >= $2)
    AND EXISTS (SELECT FROM round_point t WHERE t.plan_id = p.id AND t.ended_at IS NULL)
ORDER BY p.id
"""
#: $1: plans. Since when each has points.
_POINTS = (
    "SELECT plan_id, min(added_at) AS since FROM round_point WHERE plan_id = ANY($1::text[]) AND ended_at IS NULL GROUP BY 1"
)
#: One column of each round in $1 to $9. A round that is made, or that is open at the time, stays as it is.
_MAKE = f"""
INSERT INTO round (id, kind, state, source, opens_at, closes_at, organisation_id, plan_id, compound_id, street_id)
SELECT k.id, k.kind, '{RoundState.PLANNED}', '{RoundSource.PLAN}', k.opens_at, k.closes_at, k.organisation_id, k.plan_id,
    k.compound_id, k.street_id
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS k (id, kind, opens_at, closes_at, organisation_id, plan_id, compound_id, street_id)
ORDER BY k.plan_id, k.opens_at
ON CONFLICT DO NOTHING RETURNING id
"""


@cache
def ahead() -> timedelta:
    """How long before its time a round is made, from the settings of this process."""
    return timedelta(hours=load().rounds_ahead_hours)


async def leave_plans(moment: datetime) -> int:
    """Leave work for every plan of which less than half the time ahead is made; how many plans."""
    plans = [row["id"] for row in await query(_COME, moment + ahead() / 2, moment.astimezone(zone()).date())]
    for first in range(0, len(plans), _AT_ONCE):
        await add(KIND, {"plans": plans[first : first + _AT_ONCE]})
    return len(plans)


async def make_rounds(plan_ids: Sequence[str], moment: datetime | None = None) -> int:
    """Make the rounds of these plans that come within the time ahead (from ``moment``, default: now); how many were new."""
    at = (moment or now()).astimezone(UTC)
    async with in_transaction():
        plans = await RoundPlan.filter(id__in=list(plan_ids)).order_by("id").select_for_update(of=("round_plan",))
        since = {row["plan_id"]: row["since"] for row in await query(_POINTS, [plan.id for plan in plans])}
        goes = await responsible([plan.id for plan in plans], today())
        rows: list[tuple[object, ...]] = []
        for plan in plans:
            if plan.id not in since:
                continue
            begin = max(plan.made_until, plan.made_at, since[plan.id])
            place = (goes[plan.id], plan.id, plan.compound_id, plan.street_id)
            rows += [
                (new_id(Round.prefix), plan.kind, each.opens_at, each.closes_at, *place)
                for each in windows(plan.plan, plan.starts_on, plan.ends_on, begin, at + ahead(), zone())
                if each.closes_at > at
            ]
            plan.made_until = max(plan.made_until, at + ahead())
            await plan.save(update_fields=["made_until"])
        return len(await query(_MAKE, *zip(*rows, strict=True))) if rows else 0


#: $1: plan, $2: now. What was made and nobody has begun, and whose time has not come.
_TAKE_BACK = "DELETE FROM round WHERE plan_id = $1 AND state = 'PLANNED' AND source = 'PLAN' AND opens_at > $2"


async def make_anew(plan: RoundPlan) -> None:
    """Take back what was made of a plan and has not come, and make it as the plan is now. The plan is locked."""
    moment = now()
    await query(_TAKE_BACK, plan.id, moment)
    plan.made_until = moment
    await plan.save(update_fields=["made_until"])
    await make_rounds([plan.id], moment)

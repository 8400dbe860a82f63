"""Rounds on the clock: planned, made and closed by work rows; plans that are behind raise alerts, which end with a round gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import tasks.registry  # noqa: F401
from domain.alerts import AlertState, Severity
from domain.rounds import RoundKind, RoundSource, RoundState
from domain.steward.rounds import CHECK_OVERDUE, GREENING_MISSED, PATROL_MISSED, PEST_MISSED, ROTA_MISSED
from domain.steward.rules import Rule
from models import Alert, Round, RoundPlan, Work
from models.calendar import now, today
from models.rounds import FIRE, MAKE
from tasks import rounds
from tasks.clock import CHECKS
from tasks.steward.rounds import find_environment_rounds, find_fire_rounds, find_security_rounds
from tasks.work import perform
from tests.builders import a_building, a_compound, a_round, a_round_plan, a_round_point

pytestmark = pytest.mark.usefixtures("database")

_DAY = timedelta(days=1)
_FIND = {"fire_safety": find_fire_rounds, "security": find_security_rounds, "environment": find_environment_rounds}


async def _gone(plan: RoundPlan, *states: RoundState, **columns: Any) -> list[Round]:
    """Rounds of the plan in these states, one a day, the last yesterday; the plan has a point."""
    await a_round_point(plan=plan)
    start = now() - (len(states) + 1) * _DAY
    return [await a_round(plan, start + n * _DAY, state=state, **columns) for n, state in enumerate(states)]


async def _alert(rule: Rule, plan: RoundPlan) -> tuple[AlertState, Severity] | None:
    await _FIND[rule.module](now())
    alert = await Alert.filter(rule=rule.key, subject_id=plan.id).order_by("-first_seen_at").first()
    return (alert.state, alert.severity) if alert else None


@pytest.mark.parametrize(
    ("rule", "kind", "limit"),
    [
        (CHECK_OVERDUE, RoundKind.FIRE_PATROL, 1),
        (CHECK_OVERDUE, RoundKind.FIRE_CHECK, 1),
        (PATROL_MISSED, RoundKind.SECURITY_PATROL, 1),
        (ROTA_MISSED, RoundKind.CLEANING, 2),
        (GREENING_MISSED, RoundKind.GREENING, 1),
        (PEST_MISSED, RoundKind.PEST_CONTROL, 1),
    ],
)
async def test_an_alert_is_raised_from_the_limit_on_grows_worse_and_ends_with_a_round_that_is_gone(
    rule: Rule, kind: RoundKind, limit: int
) -> None:
    plan = await a_round_plan(kind=kind)
    misses = [RoundState.MISSED, RoundState.INCOMPLETE]
    await _gone(plan, RoundState.DONE, *misses[: limit - 1])
    assert await _alert(rule, plan) is None
    await a_round(plan, now() - timedelta(hours=3), state=misses[limit - 1])
    assert await _alert(rule, plan) == (AlertState.OPEN, Severity.MINOR)
    for n in range(int(rule.figures["major_missed"].default) - limit):
        await a_round(plan, now() - timedelta(minutes=100 - n), state=RoundState.MISSED)
    assert await _alert(rule, plan) == (AlertState.OPEN, Severity.MAJOR)
    (alert,) = await Alert.filter(rule=rule.key)
    assert (alert.compound_id, plan.name in alert.message["zh-CN"]) == (plan.compound_id, True)
    await a_round(plan, now() - timedelta(minutes=1), state=RoundState.DONE, source=RoundSource.HAND)
    assert await _alert(rule, plan) == (AlertState.CLEARED, Severity.MAJOR)


async def test_neither_what_was_cancelled_nor_one_more_round_that_was_opened_in_vain_makes_it_worse() -> None:
    plan = await a_round_plan()
    await _gone(plan, RoundState.CANCELLED, RoundState.PLANNED, RoundState.UNDER_WAY, started_at=now())
    await a_round(plan, now() - timedelta(hours=5), state=RoundState.MISSED, source=RoundSource.HAND)
    assert await _alert(PATROL_MISSED, plan) is None


async def test_a_plan_that_has_ended_is_behind_no_more() -> None:
    plan = await a_round_plan()
    await _gone(plan, RoundState.MISSED)
    assert await _alert(PATROL_MISSED, plan) == (AlertState.OPEN, Severity.MINOR)
    await RoundPlan.filter(id=plan.id).update(ends_on=today() - _DAY)
    assert await _alert(PATROL_MISSED, plan) == (AlertState.CLEARED, Severity.MINOR)


async def _work() -> list[str]:
    """Do what was left; the kinds of it."""
    done: list[str] = []
    while (row := await Work.filter(failed_at=None).order_by("id").first()) is not None:
        await perform(row.id)
        assert not await Work.exists(id=row.id), (await Work.get(id=row.id)).last_error
        done.append(row.kind)
    return done


async def test_the_clock_plans_for_the_fire_code_makes_rounds_and_closes_them() -> None:
    compound = await a_compound()
    await a_building(compound, height_m=30)
    moment: datetime = now()
    assert (await rounds.plan_fire(moment), await _work()) == ({"compounds": 1}, [FIRE])
    assert (await rounds.make(moment), await _work()) == ({"plans": 2}, [MAKE])
    assert await Round.filter(state=RoundState.PLANNED).count() >= 2
    assert (await rounds.plan_fire(moment), await rounds.make(moment), await _work()) == ({"compounds": 0}, {"plans": 0}, [])
    plan = await a_round_plan(compound)
    await a_round_point(plan=plan)
    over = await a_round(plan, moment - 2 * _DAY)
    assert await rounds.close(moment) == {"rounds": 1}
    await _work()
    assert (await Round.get(id=over.id)).state is RoundState.MISSED
    assert await rounds.close(moment) == {"rounds": 0}
    assert {"fire_safety.plans", "rounds.make", "rounds.close", "fire_safety.rounds", "security.rounds"} <= set(CHECKS)

"""Rounds that are not gone, as the checks of the modules find them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.rounds import RoundKind
from domain.steward.rounds import CHECK_OVERDUE, GREENING_MISSED, PATROL_MISSED, PEST_MISSED, ROTA_MISSED
from domain.steward.rules import Rule
from domain.words import Text
from models.calendar import zone
from models.rounds import misses
from tasks.clock import check

from .finding import Found, bring_in_line

_DOES = Text("Find the rounds that were missed, or not gone to their end.", "查找漏巡及未完成的巡查。")


@check("fire_safety.rounds", module="fire_safety", cron="*/10 * * * *", does=_DOES)
async def find_fire_rounds(now: datetime) -> Mapping[str, int]:
    """Raise alerts for plans of fire patrols and checks that are behind, and end those of plans that are not."""
    return await _find([(CHECK_OVERDUE, (RoundKind.FIRE_PATROL, RoundKind.FIRE_CHECK))], now)


@check("security.rounds", module="security", cron="*/10 * * * *", does=_DOES)
async def find_security_rounds(now: datetime) -> Mapping[str, int]:
    """The same of security patrols."""
    return await _find([(PATROL_MISSED, (RoundKind.SECURITY_PATROL,))], now)


@check("environment.rounds", module="environment", cron="*/10 * * * *", does=_DOES)
async def find_environment_rounds(now: datetime) -> Mapping[str, int]:
    """The same of cleaning, greening and pest control."""
    rules = [
        (ROTA_MISSED, (RoundKind.CLEANING,)),
        (GREENING_MISSED, (RoundKind.GREENING,)),
        (PEST_MISSED, (RoundKind.PEST_CONTROL,)),
    ]
    return await _find(rules, now)


async def _find(rules: Sequence[tuple[Rule, Sequence[RoundKind]]], now: datetime) -> Mapping[str, int]:
    raised = over = 0
    for rule, kinds in rules:
        found = [
            Found(
                subject_id=each.plan_id,
                value=float(each.missed),
                place=f"{each.compound} {each.name}",
                compound_id=each.compound_id,
                street_id=each.street_id,
                more={"unit": "", "since": each.since.isoformat()},
            )
            for each in await misses(kinds, now.astimezone(zone()).date())
        ]
        changed = await bring_in_line(rule.key, found, now)
        raised, over = raised + changed["raised"], over + changed["over"]
    return {"raised": raised, "over": over}

"""Environment: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import datetime

from domain.steward.environment import MODULE, TANK_CLEAN_OVERDUE, WATER_TEST_OVERDUE
from domain.upkeep import UpkeepKind
from domain.words import Text
from tasks.clock import check

from .dues import days_late
from .finding import bring_in_line


@check(
    "environment.tanks",
    module=MODULE.key,
    cron="45 * * * *",
    does=Text("Find the tanks that were not cleaned, or whose water was not tested.", "查找清洗或水质检测超期的水箱。"),
)
async def find_tanks(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every tank whose cleaning or water test is overdue, and end those of tanks where it was done."""
    cleaning = await bring_in_line(TANK_CLEAN_OVERDUE.key, await days_late({UpkeepKind.TANK_CLEAN}, now), now)
    testing = await bring_in_line(WATER_TEST_OVERDUE.key, await days_late({UpkeepKind.TANK_WATER_TEST}, now), now)
    return {"raised": cleaning["raised"] + testing["raised"], "over": cleaning["over"] + testing["over"]}

"""The check that notes the key figures of the day that is over."""

from collections.abc import Mapping
from datetime import datetime

from domain.words import Text
from models.figures import take_figures

from .clock import check


@check(
    "figures.taken",
    module="figures",
    cron="5 0 * * *",
    does=Text("Note the key figures of every compound for the day that is over.", "记录前一天各小区的关键指标。"),
)
async def figures_taken(now: datetime) -> Mapping[str, int]:
    """Note the key figures of the day that is over, once."""
    return {"compounds": await take_figures(now)}

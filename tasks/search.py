"""The check that makes true the words by which things are found, where somebody wrote past the acts."""

from datetime import datetime

import structlog
from tortoise.transactions import in_transaction

from domain.words import Text
from models.search.words import refill

from .clock import check

log = structlog.stdlib.get_logger(__name__)


@check(
    "search.words",
    module="search",
    cron="* * * * *",
    does=Text("Index for search what was written by imports.", "为导入的数据更新搜索索引。"),
)
async def words(now: datetime) -> dict[str, int]:  # noqa: ARG001
    """Make the words of everything true whose names have changed."""
    made = 0
    while True:
        async with in_transaction():
            some = await refill()
        if not some:
            break
        made += some
    if made:
        log.info("search words made", made=made)
    return {"made": made}

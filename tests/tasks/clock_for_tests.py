"""A clock with two checks for tests, due every second and every other second."""

import asyncio
from datetime import datetime

from domain.words import Text
from models.logs import configure_logging
from settings import load
from tasks.clock import CHECKS, check, main


async def nothing(_: datetime) -> None:
    """Nobody runs it: workers would."""


if __name__ == "__main__":
    check("second", module="seconds", cron="* * * * * *", does=Text("", ""))(nothing)
    check("other second", module="seconds", cron="*/2 * * * * *", does=Text("", ""))(nothing)
    assert set(CHECKS) == {"second", "other second"}
    configure_logging(load())
    asyncio.run(main(load()))

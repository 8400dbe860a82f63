"""A clock with two checks for tests, due every second and every other second."""

import asyncio
from datetime import datetime

from models.logs import configure_logging
from settings import load
from tasks.clock import CHECKS, check, main


async def nothing(_: datetime) -> None:
    """Nobody runs it: workers would."""


if __name__ == "__main__":
    check("second", cron="* * * * * *")(nothing)
    check("other second", cron="*/2 * * * * *")(nothing)
    assert set(CHECKS) == {"second", "other second"}
    configure_logging(load())
    asyncio.run(main(load()))

"""``python -m steward.clock``: the process ``steward clock``."""

import asyncio

from models.logs import configure_logging
from settings import load
from tasks import clock, registry

__all__ = ["registry"]

if __name__ == "__main__":
    settings = load()
    configure_logging(settings)
    asyncio.run(clock.main(settings))

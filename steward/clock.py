"""``python -m steward.clock``: the process ``steward clock``."""

import asyncio

from models.logs import configure_logging
from settings import load
from tasks.clock import main

if __name__ == "__main__":
    settings = load()
    configure_logging(settings)
    asyncio.run(main(settings))

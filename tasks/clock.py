"""The clock: what must happen at a time of day happens once, however many clocks run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

#: Runs inside a work row's transaction; gets the present moment (UTC).
Run = Callable[[datetime], Awaitable[None]]


@dataclass(frozen=True)
class Check:
    """Something done on a schedule: ``cron`` has five fields (or six, the first being seconds), in the street's time zone."""

    name: str
    cron: str
    run: Run


CHECKS: dict[str, Check] = {}


def check(name: str, *, cron: str) -> Callable[[Run], Run]:
    """Declare a coroutine as a check that runs whenever ``cron`` says, in a worker, with retries.

    After downtime only the newest missed slot runs.
    """

    def declare(run: Run) -> Run:
        if name in CHECKS:
            raise ValueError(f"two checks named {name}")
        CHECKS[name] = Check(name, cron, run)
        return run

    return declare

"""A kind of work that nobody waits for, as the relays of tests know it; what a worker of tests does is in worker_for_tests.py."""

from typing import Any

from tasks.work import handles

LATER = "later"


@handles(LATER, background=True)
async def later(_: dict[str, Any]) -> None:
    """Nothing."""

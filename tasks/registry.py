"""Every module that handles work or declares a check: importing this one makes them all known."""

from tasks import (
    alerts,
    checks,
    clock,
    deadlines,
    dry_runs,
    events,
    facilities,
    figures,
    files,
    jobs,
    notices,
    organisations,
    posts,
    rounds,
    search,
    tickets,
    upkeep,
)
from tasks.notices import digests

__all__ = [
    "alerts",
    "checks",
    "clock",
    "deadlines",
    "digests",
    "dry_runs",
    "events",
    "facilities",
    "figures",
    "files",
    "jobs",
    "notices",
    "organisations",
    "posts",
    "rounds",
    "search",
    "tickets",
    "upkeep",
]

"""Rounds whose time has passed: done, incomplete or missed. Some time is left for what is heard of late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tortoise.transactions import in_transaction

from domain.rounds import OPEN, RoundMove, RoundState
from models.calendar import now
from models.connection import query
from models.facts import Actor
from models.work import add
from settings import load

from .rows import Round
from .scans import is_complete, move, points_of

#: The kind of the work rows that close the rounds of ``{"rounds": [id, …]}``.
KIND = "rounds.close"
#: Rounds of one work row.
_AT_ONCE = 200
SYSTEM = Actor("system:rounds")

_OVER = "SELECT id FROM round WHERE closes_at <= $1 AND state IN ('PLANNED', 'UNDER_WAY') ORDER BY id"


@cache
def grace() -> timedelta:
    """How long after its time a round may still be heard of, from the settings of this process."""
    return timedelta(minutes=load().rounds_grace_minutes)


async def leave_over(moment: datetime) -> int:
    """Leave work for the rounds whose time has passed; how many rounds."""
    rounds = [row["id"] for row in await query(_OVER, moment - grace())]
    for first in range(0, len(rounds), _AT_ONCE):
        await add(KIND, {"rounds": rounds[first : first + _AT_ONCE]})
    return len(rounds)


async def close_rounds(round_ids: Sequence[str], moment: datetime | None = None) -> int:
    """Close those of these rounds whose time has passed and that are still open; how many. Again changes nothing."""
    at = moment or now()
    async with in_transaction():
        over = Round.filter(id__in=list(round_ids), state__in=sorted(OPEN), closes_at__lte=at - grace())
        rounds = await over.order_by("id").select_for_update()
        for round_ in rounds:
            await _close(round_, at)
        return len(rounds)


async def _close(round_: Round, at: datetime) -> None:
    points = await points_of(round_)
    changes: dict[str, Any] = {"ended_at": at, "points": len(points)}
    if not points:
        await move(SYSTEM, round_, "roundCancel", RoundMove.CANCEL, **changes)
    elif round_.state is RoundState.UNDER_WAY and await is_complete(round_, points):
        await move(SYSTEM, round_, "roundFinish", RoundMove.COMPLETE, **changes)
    else:
        await move(SYSTEM, round_, "roundLapse", RoundMove.LAPSE, **changes)

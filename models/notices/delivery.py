"""How the delivery of a notice went."""

from datetime import UTC, datetime, timedelta

from domain.notices import NoticeState, back_off

from .rows import Notice


async def note_sent(notice: Notice) -> None:
    """The channel accepted it. A notice that is no longer PENDING stays as it is."""
    await Notice.filter(id=notice.id, state=NoticeState.PENDING).update(
        state=NoticeState.SENT, sent_at=datetime.now(UTC), attempts=notice.attempts + 1, next_attempt_at=None, last_error=""
    )


async def note_failure(notice: Notice, problem: str, *, for_good: bool = False) -> timedelta | None:
    """An attempt failed. Returns the wait before the next one; None: given up (always so when ``for_good``).

    ``problem`` is shown to people: it holds no secret and no part of the target.
    """
    attempts = notice.attempts + 1
    wait = None if for_good else back_off(attempts)
    await Notice.filter(id=notice.id, state=NoticeState.PENDING).update(
        state=NoticeState.DEAD if wait is None else NoticeState.PENDING,
        attempts=attempts,
        next_attempt_at=None if wait is None else datetime.now(UTC) + wait,
        last_error=problem[:300],
    )
    return wait

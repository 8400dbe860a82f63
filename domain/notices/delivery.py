"""When a failed delivery is tried again."""

from datetime import timedelta

MAX_ATTEMPTS = 10


def back_off(attempts: int) -> timedelta | None:
    """The wait before the next attempt after ``attempts`` failures; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=min(5 * 3 ** (attempts - 1), 3600))

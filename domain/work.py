"""When work that failed is tried again."""

from datetime import timedelta

MAX_ATTEMPTS = 8


def back_off(attempts: int) -> timedelta | None:
    """The wait before the next attempt after ``attempts`` failures; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=2**attempts)

"""Why a notice was not delivered, in words that hold no secret."""

from datetime import timedelta

from domain.notices.delivery import Outcome


class Undelivered(Exception):
    """The channel did not accept the notice. The message is shown to people: no part of a target, no secret.

    ``status``: of HTTP, where there was an answer. ``retry_after``: how long the target asks to be left alone.
    ``unconnected``: its host was not found, or could not be connected to.
    """

    def __init__(
        self,
        problem: str,
        outcome: Outcome = Outcome.REFUSED,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        unconnected: bool = False,
    ) -> None:
        super().__init__(problem)
        self.outcome, self.status, self.retry_after, self.unconnected = outcome, status, retry_after, unconnected

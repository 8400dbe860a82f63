"""What a sender is told of an event that was looked at."""

from __future__ import annotations

from domain.events import Fault, age_fault
from models.events import Incoming, Outcome

from .judge import Window

_FOREIGN = Fault(
    "subject",
    "There is no such device or facility under a current mandate of your organisation.",
    "Check the code and, if it is right, the dates of your organisation's mandate for the compound.",
)
_REFUSED = Fault("data", "The event holds a value that cannot be stored.", "Send plain text and ordinary numbers.")


def refusal(event: Incoming, outcome: Outcome, window: Window) -> Fault | None:
    """Why the event was not stored; None for one that is on disk, and for outcomes that say nothing of the event itself."""
    if outcome is Outcome.STALE:
        return age_fault(event.time, window.now, window.age) or _REFUSED
    return {Outcome.FOREIGN: _FOREIGN, Outcome.REFUSED: _REFUSED}.get(outcome)

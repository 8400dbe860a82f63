"""What a sender is told of an event that was looked at."""

from __future__ import annotations

import orjson

from domain.events import Fault, age_fault, kind_faults
from models.events import Incoming, Outcome, Stored

from .judge import Window

_FOREIGN = Fault(
    "subject",
    "There is no such device, facility or point under a current mandate of your organisation.",
    "Check the code and, if it is right, the dates of your organisation's mandate for the compound.",
)
#: Of what is kept, and watched by nobody.
UNWATCHED = Fault(
    "subject",
    "The event is kept, but the modules that watch this kind of device are switched off in its compound.",
    "Ask the street office to switch them on, or stop sending.",
)
_REFUSED = Fault("data", "The event holds a value that cannot be stored.", "Send plain text and ordinary numbers.")


def refusals(event: Incoming, stored: Stored, window: Window) -> list[Fault]:
    """Why the event was not stored; empty for one that is on disk, and for outcomes that say nothing of the event itself."""
    if stored.kind is not None:
        return kind_faults(orjson.loads(event.data)["readings"], stored.kind)
    if stored.outcome is Outcome.STALE:
        return [age_fault(event.time, window.now, window.age) or _REFUSED]
    fault = {Outcome.FOREIGN: _FOREIGN, Outcome.REFUSED: _REFUSED}.get(stored.outcome)
    return [fault] if fault else []

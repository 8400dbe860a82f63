"""What a batch of events tells about devices, as every module of the steward gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.alerts.conditions import Sample
from domain.facilities import DeviceKind
from domain.steward import Rulebook

#: A device's id and a metric's name.
Stream = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """A device that the batch speaks of; its row is locked.

    ``last_seen_at``: with the batch counted in. ``times``: of the batch's events about it.
    """

    id: str
    kind: DeviceKind
    street_id: str
    compound_id: str
    facility_id: str | None
    last_seen_at: datetime
    times: Sequence[datetime]


@dataclass(frozen=True)
class Batch:
    """Readings that were not known before, and the devices they are of (none of them retired).

    ``rules``: those that hold, by street. ``fresh``: the new samples of each stream, oldest first.
    ``newest``: a time before which or at which all samples of
    the stream known before lie, and the newest of them exactly if one of the fresh is older; None: none was known.
    """

    now: datetime
    rules: Mapping[str, Rulebook]
    devices: Mapping[str, Heard]
    fresh: Mapping[Stream, Sequence[Sample]]
    newest: Mapping[Stream, datetime | None]

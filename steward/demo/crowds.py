"""Devices of the demo that speak in turn, and what they say as CloudEvents."""

import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, NamedTuple

from uuid_utils import uuid7

from domain.events import DEVICE_READING
from domain.facilities import DeviceKind

from .sensors import Readings, incident, quiet

SOURCE = "urn:steward:demo:feed"
_RECOVERS_SECONDS = 30.0


class Voice(NamedTuple):
    """A device that can speak."""

    code: str
    kind: DeviceKind


class Crowd:
    """Devices that speak in turn. A third of those that can have an incident keep still until they have it."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self.lots = SystemRandom()
        self.turn = deque(self.lots.sample(list(voices), len(voices)))
        touchy = [voice for voice in self.turn if incident(voice.kind, self.lots)]
        self.still = deque(touchy[: min(len(touchy) // 3, len(voices) - 1)])
        for voice in self.still:
            self.turn.remove(voice)
        self.resting: deque[tuple[float, Voice]] = deque()
        self.incidents = 0
        self.run, self.number = uuid7().hex, 0

    def speak(self) -> dict[str, Any]:
        """The next device's ordinary reading, as an event."""
        if self.resting and self.resting[0][0] <= time.monotonic():
            self.turn.appendleft(self.resting.popleft()[1])
        self.turn.rotate(-1)
        return self._event(self.turn[-1], datetime.now(UTC), quiet(self.turn[-1].kind, self.lots))

    def trouble(self) -> list[dict[str, Any]]:
        """An incident of a device that has kept still: its readings of the last minutes, as events; empty: none is left.

        Some time later the device speaks in turn, and is well again.
        """
        if not self.still:
            return []
        voice = self.still.popleft()
        self.resting.append((time.monotonic() + _RECOVERS_SECONDS, voice))
        self.incidents += 1
        steps = incident(voice.kind, self.lots)
        began = datetime.now(UTC) - steps[-1][0]
        return [self._event(voice, began + after, readings) for after, readings in steps]

    def _event(self, voice: Voice, at: datetime, readings: Readings) -> dict[str, Any]:
        self.number += 1
        return {
            "specversion": "1.0",
            "id": f"{self.run}-{self.number}",
            "source": SOURCE,
            "type": DEVICE_READING,
            "subject": voice.code,
            "time": at.isoformat(timespec="milliseconds"),
            "data": {"readings": readings},
        }

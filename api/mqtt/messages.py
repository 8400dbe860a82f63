"""From a broker's message to parsed events, and from what was refused to what is told about it. Needs no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson

from api.events.content import BATCH, STRUCTURED, Content, Problem, read_events
from api.events.judge import Rejected
from domain.events import Fault
from domain.mqtt import Route, fingerprint
from settings import Settings

#: Of a payload that is refused so much is told.
_MOST_TOLD = 65_536
#: Stands for the organisation where a topic names none, or none that there could be.
_NOBODY, _LONGEST_CODE = "-", 64
#: What no topic may hold to which anybody publishes; a route may name an organisation so.
_WILD = frozenset("+#")

_UNKNOWN = Fault("topic", "Messages on this topic are not taken.", "Publish to a topic of STEWARD_MQTT_ROUTES.")


class Message(NamedTuple):
    """What the broker delivered. ``mid``: its number on this connection, 0 for QoS 0. ``came``: on the loop's clock."""

    topic: str
    payload: bytes
    mid: int
    came: float


@dataclass
class Reading:
    """A message as it was understood. ``organisation``: the code that its topic names, "" for none.

    ``events``: parsed and not yet checked, or what is wrong. ``open``: places of those that are neither on disk nor refused.
    """

    message: Message
    organisation: str
    events: list[object]
    open: list[int] = field(init=False)
    rejected: list[tuple[int, Rejected]] = field(default_factory=list[tuple[int, Rejected]])

    def __post_init__(self) -> None:
        self.open = list(range(len(self.events)))

    def settle(self, index: int, rejected: Rejected | None = None) -> None:
        """The event at this place is on disk, or was refused."""
        self.open.remove(index)
        if rejected is not None:
            self.rejected.append((index, rejected))


def read(message: Message, routes: tuple[Route, ...], settings: Settings) -> Reading:
    """Parse a message by the route of its topic. What is wrong stands among its events as a Fault."""
    for route in routes if "\0" not in message.topic else ():
        named = route.names(message.topic)
        if named:
            break
    else:
        return Reading(message, "", [_UNKNOWN])
    try:
        documents = _documents(message.payload, settings)
    except Problem as problem:
        fault = problem.faults[0]  # there are no headers to be at fault: it speaks of all that was sent, or of the payload
        return Reading(message, named.organisation, [replace(fault, field="payload")])
    print_ = fingerprint(message.topic, message.payload)
    events = [route.event(each, message.topic, named, f"{print_}-{index}") for index, each in enumerate(documents)]
    return Reading(message, named.organisation, events)


def _documents(payload: bytes, settings: Settings) -> list[Any]:
    if len(payload) > settings.event_max_bytes:
        told = Fault("payload", f"The message is larger than {settings.event_max_bytes} bytes.", "Send fewer events at once.")
        raise Problem(413, told)
    mode = BATCH if payload.lstrip()[:1] == b"[" else STRUCTURED
    return read_events(Content(mode, len(payload), mode), payload, settings.event_max_batch)


def told_of(reading: Reading, topic: str) -> tuple[str, bytes]:
    """Topic and payload of what is published about the events of a message that were refused."""
    message = reading.message
    told = {
        "topic": message.topic,
        "results": [
            {
                "index": index,
                "id": each.id,
                "errors": [{"field": f.field[:200], "message": f.message, "remedy": f.remedy} for f in each.faults],
            }
            for index, each in reading.rejected
        ],
        "payload": message.payload[:_MOST_TOLD].decode(errors="replace"),
    }
    code = reading.organisation
    whose = code if 0 < len(code) <= _LONGEST_CODE and not _WILD & set(code) else _NOBODY
    return topic.replace("{organisation}", whose), orjson.dumps(told)

"""From what a broker's topics and payloads say to CloudEvents: routes, as an operator sets them.

A message is taken for a CloudEvent of which the topic and the route say what the payload leaves out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import cast
from urllib.parse import quote

from .events import DEVICE_READING, EVENT_TYPES, METRICS, Fault

_ORGANISATION, _DEVICE = "{organisation}", "{device}"
_FIELDS = frozenset({"topic", "organisation", "type", "payload"})
#: What a payload map may give, besides paths below ``data.``.
_ATTRIBUTES = frozenset({"id", "source", "type", "subject", "time"})
_READINGS = "data.readings."
#: Numbers from here on are milliseconds since 1970, not seconds (the year 5138).
_MILLISECONDS = 100_000_000_000
#: As CloudEvents' ``source`` allows, of which a topic may hold more.
_PLAIN = "/-._~:@!$&'()*,;="

DEFAULT_ROUTES = '[{"topic": "steward/v1/{organisation}/{device}"}]'

_NAMELESS = Fault(
    "time",
    "There is neither an id nor a time: a redelivery could not be told from a new event.",
    "Send time (RFC 3339 with an offset: when it was measured), or an id that is unique within the topic.",
)
_ANOTHER = Fault(
    "subject", "The topic names another device.", "Leave the subject out, or publish to the topic of the device that is meant."
)


@dataclass(frozen=True)
class Named:
    """What a topic says: whose message it is, and of which device or facility (None: the payload says it)."""

    organisation: str
    subject: str | None


@dataclass(frozen=True)
class Route:
    """How the messages of some topics are understood.

    ``topic``: levels, of which ``{organisation}`` and ``{device}`` stand for codes, ``+`` for anything, a last ``#`` for any
    rest. ``organisation``: the code, where the topic does not say it. ``type``: of events whose payload names none.
    ``payload``: None, or where in the payload's object each part of the event is (dotted paths); the rest is not looked at.
    """

    topic: str
    organisation: str | None = None
    type: str = DEVICE_READING
    payload: Mapping[str, str] | None = None

    @property
    def filter(self) -> str:
        """The topic filter to subscribe to."""
        return self.topic.replace(_ORGANISATION, "+").replace(_DEVICE, "+")

    def overlaps(self, topic: str) -> bool:
        """Whether a topic with placeholders may be one of this route's."""
        return overlap(self.filter, Route(topic).filter)

    def names(self, topic: str) -> Named | None:
        """What ``topic`` says, if it is one of this route's."""
        said: dict[str, str] = {}
        for wanted, given in zip_longest(self.topic.split("/"), topic.split("/")):
            if wanted == "#":
                break
            if wanted is None or given is None or (wanted not in {"+", _ORGANISATION, _DEVICE, given}):
                return None
            said[wanted] = given
        organisation = self.organisation or said.get(_ORGANISATION)
        subject = said.get(_DEVICE)
        return None if not organisation or subject == "" else Named(organisation, subject)

    def event(self, document: object, topic: str, named: Named, print_: str) -> object:
        """The event that a payload's ``document`` tells, or the Fault that keeps it from being one.

        ``print_`` names the message, the same at every delivery: it stands in for an id. What is no JSON object is returned
        as it is. Nothing else is checked here.
        """
        if not isinstance(document, dict):
            return document
        given = cast("dict[str, object]", document)
        event = dict(given) if self.payload is None else _translated(given, self.payload)
        if named.subject is not None and event.setdefault("subject", named.subject) != named.subject:
            return _ANOTHER
        if "id" not in event:
            if "time" not in event:
                return _NAMELESS
            event["id"] = print_
        return {"specversion": "1.0", "source": f"mqtt:{quote(topic, safe=_PLAIN)}", "type": self.type, **event}


def fingerprint(topic: str, payload: bytes) -> str:
    """What tells a message from others and is the same at every delivery: a hash as 40 hex digits."""
    return hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest()[:40]


def routes(text: str) -> tuple[Route, ...]:
    """The routes that a JSON text declares. Raises ValueError with a sentence that says what is wrong."""
    try:
        told: object = json.loads(text)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(told, list) or not told:
        raise ValueError('it is no list of routes such as [{"topic": "steward/v1/{organisation}/{device}"}]')
    found = tuple(_route(each) for each in cast("list[object]", told))
    for number, route in enumerate(found):
        for other in found[:number]:
            if overlap(route.filter, other.filter):
                raise ValueError(f"messages would come to both {other.topic} and {route.topic}")
    return found


def overlap(one: str, other: str) -> bool:
    """Whether some topic is matched by both topic filters."""
    for left, right in zip_longest(one.split("/"), other.split("/")):
        if "#" in {left, right}:
            return True
        if left is None or right is None or ("+" not in {left, right} and left != right):
            return False
    return True


def _route(told: object) -> Route:
    given = cast("dict[str, object]", told) if isinstance(told, dict) else {}
    if unknown := given.keys() - _FIELDS:
        raise ValueError(f"a route has {', '.join(sorted(_FIELDS))} and not {', '.join(sorted(unknown))}")
    topic, organisation, kind = given.get("topic"), given.get("organisation"), given.get("type", DEVICE_READING)
    if not isinstance(topic, str) or not (organisation is None or (isinstance(organisation, str) and organisation)):
        raise ValueError("a route is an object; its topic and organisation are texts")
    _check_topic(topic)
    if (topic.split("/").count(_ORGANISATION) == 1) == (organisation is not None):
        raise ValueError(f"{topic}: name the organisation once, by {_ORGANISATION} in the topic or by organisation beside it")
    if kind not in EVENT_TYPES:
        raise ValueError(f"{topic}: type is one of {', '.join(EVENT_TYPES)}")
    return Route(topic, organisation, cast("str", kind), _map(topic, given.get("payload")))


def _check_topic(topic: str) -> None:
    levels = topic.split("/")
    placeholders = {_ORGANISATION, _DEVICE}
    plain = [level for level in levels if level not in placeholders and level != "+"]
    if plain and plain[-1] == "#" and levels[-1] == "#":
        plain.pop()
    if not topic or topic.startswith("$") or any(set(level) & set("+#{}\0") for level in plain):
        raise ValueError(f"{topic}: each level is a text, {_ORGANISATION}, {_DEVICE} or +, and the last may be #")
    if any(levels.count(each) > 1 for each in placeholders):
        raise ValueError(f"{topic}: {_ORGANISATION} and {_DEVICE} stand once each at most")


def _map(topic: str, told: object) -> Mapping[str, str] | None:
    if told is None:
        return None
    if not isinstance(told, dict) or not told:
        raise ValueError(f'{topic}: payload is an object such as {{"time": "ts", "data.readings.smoke_alarm": "alarm"}}')
    found: dict[str, str] = {}
    for target, path in cast("dict[str, object]", told).items():
        if not isinstance(path, str) or not all(path.split(".")):
            raise ValueError(f"{topic}: {target} comes from a path such as status.battery")
        if target not in _ATTRIBUTES and not (target.startswith("data.") and all(target.split("."))):
            raise ValueError(
                f"{topic}: the payload gives {', '.join(sorted(_ATTRIBUTES))} and what begins with data., not {target}"
            )
        metric = target.removeprefix(_READINGS)
        if target.startswith(_READINGS) and metric not in METRICS:
            raise ValueError(f"{topic}: there is no metric {metric}; docs/events/README.md lists them")
        found[target] = path
    if any(inner.startswith(f"{outer}.") for inner in found for outer in found):
        raise ValueError(f"{topic}: one path of the event lies within another")
    return found


def _translated(document: Mapping[str, object], paths: Mapping[str, str]) -> dict[str, object]:
    """An event made of what ``paths`` find in the document. What is not there, or null, is left out."""
    event: dict[str, object] = {}
    for target, path in paths.items():
        found = _at(document, path)
        if found is None:
            continue
        *above, last = target.split(".")
        place = event
        for step in above:
            place = cast("dict[str, object]", place.setdefault(step, {}))
        place[last] = _converted(target, found)
    return event


def _at(place: object, path: str) -> object:
    for step in path.split("."):
        place = cast("dict[str, object]", place).get(step) if isinstance(place, dict) else None
    return place


def _converted(target: str, value: object) -> object:
    """What machines send, as events want it: times from numbers, yes and no from 1 and 0, an id as text."""
    if isinstance(value, bool):
        return value
    if target == "time" and isinstance(value, int | float):
        return _moment(value)
    if target == "id" and isinstance(value, int):
        return str(value)
    metric = METRICS.get(target.removeprefix(_READINGS))
    yes_no = target == "data.online" or (target.startswith(_READINGS) and metric is not None and metric.boolean)
    return bool(value) if yes_no and value in (0, 1) else value


def _moment(number: float) -> object:
    """RFC 3339 of a number of seconds or milliseconds since 1970; the number itself when there is no such time."""
    seconds = number / 1_000 if number >= _MILLISECONDS else number
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return number

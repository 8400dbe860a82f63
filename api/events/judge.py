"""From one parsed event to something that can be stored, or to what is wrong with it. Needs no database."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

import orjson
from pydantic import BaseModel, ValidationError

from domain.events import (
    DEVICE_READING,
    EVENT_TYPES,
    MOST_FAULTS,
    Fault,
    MaintenanceAction,
    SubjectKind,
    age_fault,
    future_fault,
    kinds_reporting,
    reading_faults,
)
from domain.facilities import FacilityStatus
from models.events import Incoming
from models.ids import new_id
from models.keys import IntakePass
from settings import Settings

from .envelope import DATA, Envelope

_EXTENSION = re.compile(r"[a-z0-9]{1,64}")
_JSON = re.compile(r"(?:application|text)/(?:[a-z0-9!#$&^_.-]+\+)?json(?:\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")
_INT32 = 2**31
_TYPES = ", ".join(EVENT_TYPES)

_REMEDIES = {
    "specversion": 'Send "1.0".',
    "id": "Send a string of 1 to 200 characters, without control characters, that is unique within the source.",
    "source": "Send a URI-reference of 1 to 300 characters; percent-encode what is not ASCII.",
    "type": f"Send one of: {_TYPES}.",
    "subject": "Send the code of the device, facility or point that the event speaks of.",
    "time": "Send RFC 3339 with an offset, such as 2026-03-01T08:00:00+08:00.",
    "datacontenttype": "Send application/json, or leave it out.",
    "dataschema": "Send a URI-reference, or leave it out.",
    "data": "Send the data that the event type asks for, as a JSON object.",
    "data_base64": "Send the data as a JSON object in data.",
    "data.readings": 'Send an object from metric to value, such as {"pressure_kpa": 140}.',
    "data.online": "Send true or false.",
    "data.note": "Send a string of at most 500 characters without NUL, or leave it out.",
    "data.status": f"Send one of: {', '.join(FacilityStatus)}.",
    "data.answers": 'Send a list such as [{"item": "exits", "answer": "OK"}], 30 items at most.',
    "data.action": f"Send one of: {', '.join(MaintenanceAction)}.",
}
_SENTENCES = {
    "missing": "It is missing.",
    "extra_forbidden": "This field is not known.",
    "string_pattern_mismatch": "It contains what is not allowed here.",
    "model_type": "It is not a JSON object.",
    "string_unicode": "It is not valid Unicode.",
}


@dataclass(frozen=True)
class Rejected:
    """Why an event cannot be taken. ``malformed``: it is no CloudEvent at all. ``id``: its id, if it has one."""

    faults: list[Fault]
    id: str | None
    malformed: bool = False


class Window(NamedTuple):
    """The times that are taken: from ``age`` before now to ``ahead`` of it."""

    now: datetime
    ahead: timedelta
    age: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Window:
        """The window at this moment."""
        return cls(
            datetime.now(UTC), timedelta(seconds=settings.event_max_future_seconds), timedelta(days=settings.event_max_age_days)
        )


def _faults(error: ValidationError, under: str = "") -> list[Fault]:
    faults: list[Fault] = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_FAULTS]:
        field = ".".join((*([under] if under else []), *map(str, detail["loc"]))) or "event"
        message = _SENTENCES.get(detail["type"]) or f"{detail['msg']}."
        known = field if field in _REMEDIES else under
        if detail["type"] == "extra_forbidden":
            faults.append(Fault(field, message, "Leave it out."))
        else:
            faults.append(Fault(field, message, _REMEDIES.get(known, "Send a CloudEvents 1.0 event as a JSON object.")))
    return faults


def _extension_faults(extensions: dict[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    for name, value in extensions.items():
        if not _EXTENSION.fullmatch(name):
            faults.append(Fault(name, "This is no name of a CloudEvents attribute.", "Use lower-case letters and digits."))
        elif isinstance(value, str):
            if not _PLAIN.fullmatch(value):
                faults.append(Fault(name, "It contains a control character.", "Leave control characters out."))
        elif value is not None and not (isinstance(value, int) and -_INT32 <= value < _INT32):
            faults.append(
                Fault(name, "An extension attribute has one simple value.", "Send a string, a boolean or a 32-bit integer.")
            )
        if len(faults) == MOST_FAULTS:
            break
    return faults


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _data(envelope: Envelope) -> Any:
    """The event's data, parsed. Raises ValueError when base64 does not hold JSON."""
    if envelope.data_base64 is None:
        return envelope.data
    try:
        return orjson.loads(base64.b64decode(envelope.data_base64, validate=True))
    except binascii.Error as error:
        raise ValueError from error


def _data_faults(kind: str, data: Any) -> list[Fault]:
    if data is None:
        return [Fault("data", "It is missing.", _REMEDIES["data"])]
    model: type[BaseModel] = DATA[kind]
    try:
        model.__pydantic_validator__.validate_python(data)
    except ValidationError as error:
        return _faults(error, "data")
    return reading_faults(data["readings"]) if kind == DEVICE_READING else []


def _form_faults(envelope: Envelope, time: datetime | None) -> list[Fault]:
    """What keeps it from being a CloudEvent, beyond what the model says."""
    faults: list[Fault] = []
    if time is None:
        faults.append(Fault("time", "There is no such time.", _REMEDIES["time"]))
    if envelope.data is not None and envelope.data_base64 is not None:
        faults.append(Fault("data_base64", "Data is given twice.", _REMEDIES["data_base64"]))
    return faults + _extension_faults(envelope.model_extra) if envelope.model_extra else faults


def _content_faults(envelope: Envelope, key: IntakePass, time: datetime, window: Window) -> list[Fault]:
    """What keeps a CloudEvent from being one that this key may send now, apart from its data."""
    faults: list[Fault] = []
    if key.source_prefix is not None and not envelope.source.startswith(key.source_prefix):
        remedy = f"Send a source that begins with {key.source_prefix}"
        faults.append(Fault("source", "This key may not speak for this source.", remedy))
    if envelope.type not in EVENT_TYPES:
        faults.append(Fault("type", "This type is not known.", _REMEDIES["type"]))
    if envelope.subject is None:
        faults.append(Fault("subject", "It is missing.", _REMEDIES["subject"]))
    if future := future_fault(time, window.now, window.ahead):
        faults.append(future)
    if envelope.datacontenttype is not None and not _JSON.fullmatch(envelope.datacontenttype):
        faults.append(Fault("datacontenttype", "The data is not said to be JSON.", _REMEDIES["datacontenttype"]))
    return faults


def judge(event: object, key: IntakePass, window: Window) -> Incoming | Rejected:
    """Check one parsed event. An event that is only too old comes back as stale: it may be a redelivery."""
    try:
        envelope = Envelope.model_validate(event)
    except ValidationError as error:
        given = cast("dict[str, Any]", event).get("id") if isinstance(event, dict) else None
        return Rejected(_faults(error), given[:200] if isinstance(given, str) else None, malformed=True)
    time = window.now if envelope.time is None else _moment(envelope.time)
    malformed = _form_faults(envelope, time)
    if time is None or malformed:
        return Rejected(malformed, envelope.id, malformed=True)
    faults = _content_faults(envelope, key, time, window)
    kind = EVENT_TYPES.get(envelope.type)
    data: Any = None
    if kind is not None:
        try:
            data = _data(envelope)
        except ValueError:
            faults.append(Fault("data_base64", "It does not hold JSON.", _REMEDIES["data_base64"]))
        else:
            faults += _data_faults(kind.name, data)
    if faults or kind is None or envelope.subject is None:
        return Rejected(faults, envelope.id)
    return Incoming(
        id=new_id("evt"),
        key_id=key.id,
        source=envelope.source,
        event_id=envelope.id,
        type=kind.name,
        of_device=kind.subject is SubjectKind.DEVICE,
        subject=envelope.subject,
        time=time,
        data=orjson.dumps(data).decode(),
        stale=age_fault(time, window.now, window.age) is not None,
        kinds=kinds_reporting(frozenset(data["readings"])) if kind.name == DEVICE_READING else None,
    )

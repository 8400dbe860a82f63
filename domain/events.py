"""The words of events: what devices measure, which event types are taken in, and what is plausible.

A metric's name carries its unit. Its range is what a working sensor can report, not what is good:
limits that raise alerts are settings of the rules.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .words import Word


@dataclass(frozen=True)
class Metric:
    """Something a device reports. A yes/no metric has no unit and no range; a number lies in ``low``..``high``."""

    name: str
    zh: str
    meaning: str
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    boolean: bool = False

    def expects(self) -> str:
        """What a sender must give, in words."""
        return "true or false" if self.boolean else f"a number from {self.low:g} to {self.high:g} {self.unit}"

    def admits(self, value: object) -> bool:
        """Whether ``value`` is of the metric's kind and in its range."""
        if isinstance(value, bool):
            return self.boolean
        if self.boolean or not isinstance(value, int | float):
            return False
        return math.isfinite(value) and self.low <= value <= self.high


#: What a state event tells, and a reading may.
ONLINE = "online"

#: Every metric that a reading may carry, by name.
METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("smoke_alarm", "烟雾报警", "The detector sees smoke.", boolean=True),
        Metric("gas_lel_percent", "燃气浓度", "Combustible gas, as a share of the lower explosive limit.", "%LEL", 0, 100),
        Metric("pressure_kpa", "水压", "Gauge pressure of a hydrant or pipe.", "kPa", -100, 10_000),
        Metric("tilt_degrees", "倾斜角", "Tilt from rest.", "°", -180, 180),
        Metric("residual_current_ma", "剩余电流", "Residual current of a circuit.", "mA", 0, 100_000),
        Metric("cable_temperature_c", "线缆温度", "Temperature of a cable.", "°C", -60, 1_000),
        Metric("battery_percent", "电池电量", "Charge left in the device's battery.", "%", 0, 100),
        Metric("signal_dbm", "信号强度", "Strength of the radio signal that the device receives.", "dBm", -200, 20),
        Metric("tamper", "防拆报警", "The device was opened or moved.", boolean=True),
        Metric("water_level_cm", "液位", "Level of the water over the sensor's zero.", "cm", -1_000, 10_000),
        Metric("passengers_trapped", "困人", "People are shut in the lift.", boolean=True),
        Metric("lift_fault", "电梯故障", "The lift's own control reports a fault.", boolean=True),
        Metric("open_seconds", "开启时长", "How long it has stood open; 0: it is shut.", "s", 0, 604_800),
        Metric("forced", "强行开启", "It was opened by force, or without leave.", boolean=True),
        Metric(ONLINE, "在线", "The device, or what it watches, can be reached.", boolean=True),
    )
}


class SubjectKind(Word):
    """What an event's ``subject`` is the code of."""

    DEVICE = "DEVICE", "设备", "A sensing device."
    FACILITY = "FACILITY", "设施", "A facility."


class EventDoor(Word):
    """By which door an organisation's machines bring events."""

    HTTP = "HTTP", "HTTP 接口", "Posted to /events with the key's secret."
    MQTT = "MQTT", "MQTT 代理", "Through the street's broker, which knows the organisation's machines; the key has no secret."


class MaintenanceAction(Word):
    """What a maintenance event tells."""

    STARTED = "STARTED", "开始", "Maintenance has begun; the facility is not to be used."
    FINISHED = "FINISHED", "完成", "Maintenance is done; the facility works again."


@dataclass(frozen=True)
class EventType:
    """A type of event that the intake takes: its name, what it speaks of and what it says."""

    name: str
    subject: SubjectKind
    zh: str
    meaning: str


DEVICE_READING = "steward.device.reading.v1"
DEVICE_STATE = "steward.device.state.v1"
FACILITY_STATUS = "steward.facility.status.v1"
FACILITY_MAINTENANCE = "steward.facility.maintenance.v1"

#: Every event type that the intake takes, by name.
EVENT_TYPES: Mapping[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType(DEVICE_READING, SubjectKind.DEVICE, "设备读数", "A device measured something."),
        EventType(DEVICE_STATE, SubjectKind.DEVICE, "设备状态", "A device went on or off line."),
        EventType(FACILITY_STATUS, SubjectKind.FACILITY, "设施状态", "A facility's status changed."),
        EventType(FACILITY_MAINTENANCE, SubjectKind.FACILITY, "设施维保", "Maintenance of a facility began or ended."),
    )
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with an event: the field (dotted path), a sentence, and what the sender can do."""

    field: str
    message: str
    remedy: str


#: No more faults of one event than these are looked for.
MOST_FAULTS = 10
_KNOWN = ", ".join(METRICS)


def reading_faults(readings: Mapping[str, object]) -> list[Fault]:
    """What is wrong with the readings of one event, at most MOST_FAULTS; empty when all are known and plausible."""
    if not readings:
        return [Fault("data.readings", "No reading is given.", f"Give at least one of: {_KNOWN}.")]
    faults: list[Fault] = []
    for name, value in readings.items():
        metric = METRICS.get(name)
        if metric is None:
            faults.append(Fault(f"data.readings.{name}", "This metric is not known.", f"Use one of: {_KNOWN}."))
        elif not metric.admits(value):
            faults.append(
                Fault(f"data.readings.{name}", "The value is of the wrong kind or not plausible.", f"Give {metric.expects()}.")
            )
        if len(faults) == MOST_FAULTS:
            break
    return faults


def future_fault(time: datetime, now: datetime, ahead: timedelta) -> Fault | None:
    """What is wrong with an event whose time lies more than ``ahead`` in the future."""
    if time <= now + ahead:
        return None
    return Fault(
        "time",
        f"The time lies more than {ahead.total_seconds():g} seconds in the future.",
        "Set the sender's clock (NTP) and send when it was measured, with the right offset.",
    )


def age_fault(time: datetime, now: datetime, age: timedelta) -> Fault | None:
    """What is wrong with an event that is older than ``age``."""
    if time >= now - age:
        return None
    return Fault("time", f"The event is older than {age.days} days.", "Drop it; send events while they are fresh.")

"""The words of events: what devices measure, which event types are taken in, and what is plausible.

A metric's name carries its unit. Its range is what a working sensor can report, not what is good:
limits that raise alerts are settings of the rules. What would tell where somebody is has no metric: no floor that a lift
goes to, nor whether anybody is in it; no single parking bay; no image, face or plate.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from .facilities import DeviceKind
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
        Metric("off_floor", "非平层停梯", "The car stands between floors.", boolean=True),
        Metric("door_open", "开门", "The car's door is open.", boolean=True),
        Metric("door_fault", "门故障", "A door did not open or shut as it should.", boolean=True),
        Metric("door_open_running", "开门走梯", "The car moves with an open door.", boolean=True),
        Metric("speed_m_s", "运行速度", "Speed of the car, upwards positive.", "m/s", -20, 20),
        Metric("pump_running", "水泵运行", "The pump runs.", boolean=True),
        Metric("pump_fault", "水泵故障", "The pump's control reports a fault.", boolean=True),
        Metric("mains_lost", "市电中断", "The mains supply has failed.", boolean=True),
        Metric("storage_days", "录像存储天数", "For how many days back recordings are kept.", "d", 0, 3_660),
        Metric("open_seconds", "开启时长", "For how long it has stood open; 0: it is shut.", "s", 0, 604_800),
        Metric("forced", "强行开启", "It was opened by force, or without leave.", boolean=True),
        Metric("stuck", "卡滞", "It does not move as it is told.", boolean=True),
        Metric("taken_percent", "车位占用率", "Share of the bays of an area that are taken.", "%", 0, 100),
        Metric("lane_blocked", "通道占用", "Something stands in the fire lane.", boolean=True),
        Metric("ebike_inside", "电动车入楼", "An e-bike stands in a stairwell, lobby or corridor.", boolean=True),
        Metric("power_w", "充电功率", "Power that a charging socket gives.", "W", 0, 20_000),
        Metric(
            "charging_minutes", "充电时长", "For how long a socket has charged without a break; 0: it does not.", "min", 0, 10_080
        ),
        Metric("socket_temperature_c", "插座温度", "Temperature of a charging socket.", "°C", -60, 500),
        Metric("fill_percent", "满溢度", "How full a bin is.", "%", 0, 100),
        Metric("chlorine_mg_l", "余氯", "Free residual chlorine of water.", "mg/L", 0, 20),
        Metric("turbidity_ntu", "浑浊度", "Turbidity of water.", "NTU", 0, 4_000),
        Metric(ONLINE, "在线", "The device, or what it watches, can be reached.", boolean=True),
    )
}

_K = DeviceKind
#: What a device of any kind may tell of itself.
OF_ITSELF = frozenset({ONLINE, "battery_percent", "signal_dbm", "tamper"})
_MEASURES: Mapping[DeviceKind, str] = {
    _K.SMOKE: "smoke_alarm",
    _K.GAS: "gas_lel_percent",
    _K.HYDRANT_PRESSURE: "pressure_kpa tilt_degrees",
    _K.PIPE_PRESSURE: "pressure_kpa",
    _K.RESIDUAL_CURRENT: "residual_current_ma cable_temperature_c",
    _K.CABLE_TEMPERATURE: "cable_temperature_c",
    _K.TANK_LEVEL: "water_level_cm",
    _K.LIFT_SENSOR: "passengers_trapped lift_fault off_floor door_open door_fault door_open_running speed_m_s",
    _K.CAMERA_STATE: "storage_days",
    _K.GATE_STATE: "open_seconds forced",
    _K.CHARGING_SOCKET: "power_w charging_minutes socket_temperature_c smoke_alarm",
    _K.GATEWAY: "",
    _K.MANHOLE_SENSOR: "tilt_degrees water_level_cm",
    _K.PUMP_STATE: "pump_running pump_fault",
    _K.POWER_STATE: "mains_lost",
    _K.BARRIER_STATE: "open_seconds stuck",
    _K.BAY_COUNTER: "taken_percent",
    _K.LANE_CAMERA: "lane_blocked",
    _K.STAIRWELL_CAMERA: "ebike_inside",
    _K.BIN_SENSOR: "fill_percent",
    _K.WATER_QUALITY: "chlorine_mg_l turbidity_ntu",
}
#: What a device of each kind measures, besides what it tells of itself. Readings of anything else are not its own.
MEASURES: Mapping[DeviceKind, tuple[str, ...]] = {kind: tuple(names.split()) for kind, names in _MEASURES.items()}


class SubjectKind(Word):
    """What an event's ``subject`` is the code of."""

    DEVICE = "DEVICE", "设备", "A sensing device."
    FACILITY = "FACILITY", "设施", "A facility."
    POINT = "POINT", "巡查点", "A point of a round."


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
ROUND_SCAN = "steward.round.scan.v1"

#: Every event type that the intake takes, by name.
EVENT_TYPES: Mapping[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType(DEVICE_READING, SubjectKind.DEVICE, "设备读数", "A device measured something."),
        EventType(DEVICE_STATE, SubjectKind.DEVICE, "设备状态", "A device went on or off line."),
        EventType(FACILITY_STATUS, SubjectKind.FACILITY, "设施状态", "A facility's status changed."),
        EventType(FACILITY_MAINTENANCE, SubjectKind.FACILITY, "设施维保", "Maintenance of a facility began or ended."),
        EventType(ROUND_SCAN, SubjectKind.POINT, "巡查扫描", "A point of a round was scanned."),
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


def measured_by(kind: DeviceKind) -> frozenset[str]:
    """All metrics that a device of the kind may report."""
    return OF_ITSELF | set(MEASURES[kind])


@lru_cache(maxsize=1_000)
def kinds_reporting(metrics: frozenset[str]) -> frozenset[DeviceKind]:
    """The kinds of device that may report all of these metrics."""
    return frozenset(kind for kind in DeviceKind if metrics <= measured_by(kind))


def kind_faults(readings: Iterable[str], kind: DeviceKind) -> list[Fault]:
    """What is wrong with readings of these metrics as those of a device of ``kind``, at most MOST_FAULTS."""
    known = ", ".join(name for name in METRICS if name in measured_by(kind))
    return [
        Fault(
            f"data.readings.{name}",
            f"The device with this code is of the kind {kind}, which does not measure this.",
            f"Check the subject, or send of: {known}.",
        )
        for name in readings
        if name not in measured_by(kind)
    ][:MOST_FAULTS]


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

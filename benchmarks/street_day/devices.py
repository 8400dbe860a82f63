"""What the devices of a street tell in a day: routine, noise, and incidents made of what the modules' rules declare.

A rule says which value is bad, for how long or how often; an incident is made of that alone, and what it must raise is worked out
from the declarations by hand, not by the code that evaluates. Readings arrive late, twice and out of order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from domain.alerts.conditions import Above, Below, Checked, Flag, Held, Level, Limits, Repeated, Simple, Zone
from domain.events import DEVICE_READING, MEASURES, METRICS, kinds_reporting
from domain.facilities import DeviceKind
from domain.steward import DEFAULTS
from domain.steward.rules import Rule
from models.events import Incoming
from models.ids import new_id

#: What a metric reads when all is well, from … to; yes/no metrics say no.
WELL: Mapping[str, tuple[float, float]] = {
    "gas_lel_percent": (0, 2),
    "pressure_kpa": (260, 340),
    "tilt_degrees": (0, 2),
    "residual_current_ma": (40, 150),
    "cable_temperature_c": (20, 40),
    "battery_percent": (60, 100),
    "signal_dbm": (-100, -70),
    "water_level_cm": (180, 240),
    "speed_m_s": (0, 1.7),
    "storage_days": (60, 90),
    "open_seconds": (0, 20),
    "power_w": (0, 900),
    "charging_minutes": (0, 120),
    "socket_temperature_c": (15, 35),
    "taken_percent": (20, 70),
    "fill_percent": (0, 60),
    "chlorine_mg_l": (0.2, 0.5),
    "turbidity_ntu": (0.1, 0.4),
}
#: Of a hundred devices so many are of the kind; every compound has one of each kind at least.
SHARES: Mapping[DeviceKind, int] = {
    DeviceKind.SMOKE: 40,
    DeviceKind.GAS: 8,
    DeviceKind.HYDRANT_PRESSURE: 6,
    DeviceKind.RESIDUAL_CURRENT: 6,
    DeviceKind.CAMERA_STATE: 20,
    DeviceKind.CHARGING_SOCKET: 6,
    DeviceKind.LIFT_SENSOR: 4,
}
#: What checks on the clock find of devices at the day's end: the rule, the kind, and what the device says from then on.
LASTING: Sequence[tuple[str, DeviceKind, Mapping[str, bool]]] = (
    ("parking.barrier_offline", DeviceKind.BARRIER_STATE, {"online": False}),
    ("parking.fire_lane_occupied", DeviceKind.LANE_CAMERA, {"lane_blocked": True}),
    ("equipment.power_lost", DeviceKind.POWER_STATE, {"mains_lost": True}),
    ("security.camera_offline", DeviceKind.CAMERA_STATE, {"online": False}),
    ("access.gate_offline", DeviceKind.GATE_STATE, {"online": False}),
)
_CAMERA, _RATE = "security.camera_offline", "security.online_rate"
_MINUTE = timedelta(minutes=1)
#: Minutes between the steps of an incident that its rule does not give.
_STEP = 10.0
_LATE_SHARE, _TWICE_SHARE, _LATEST_MINUTES = 0.03, 0.01, 60.0
#: The share of devices with a reading that is bad alone, where a rule wants it held.
_BLIP_SHARE = 0.02


@dataclass(frozen=True)
class Machine:
    """A device of the street; ``code`` is what its events name."""

    id: str
    code: str
    kind: DeviceKind
    compound_id: str


@dataclass(frozen=True)
class Incident:
    """Something that goes wrong. ``rules``: one for each alert to be, about ``subject_id`` or (None) in the compound."""

    rules: tuple[str, ...]
    compound_id: str
    subject_id: str | None = None


@dataclass
class Day:
    """The readings of ``machines`` between two moments, ``each`` of every machine, and ``count`` incidents of devices."""

    machines: Sequence[Machine]
    begins: datetime
    ends: datetime
    each: int
    count: int
    key_id: str
    chance: Random = field(default_factory=lambda: Random(1))
    incidents: list[Incident] = field(default_factory=list[Incident])

    def __post_init__(self) -> None:
        self._plots: dict[str, list[tuple[datetime, dict[str, float | bool]]]] = {}
        self._run = new_id("run")[-8:]
        self._sent = 0
        self._plot()

    def readings(self) -> Iterator[Incoming]:
        """All events in the order in which they arrive."""
        span = (self.ends - self.begins) / self.each
        held_back: list[tuple[datetime, Incoming]] = []
        for turn in range(self.each):
            at = self.begins + span * turn
            told: list[tuple[datetime, Incoming]] = held_back
            held_back = []
            for machine in self.machines:
                for time, values in self._says(machine, at, span):
                    told += self._arrivals(machine, time, values)
            horizon = at + span
            last = turn == self.each - 1
            for arrives, event in sorted(told, key=lambda each: each[0]):
                if arrives < horizon or last:
                    yield event
                else:
                    held_back.append((arrives, event))

    def _says(self, machine: Machine, at: datetime, span: timedelta) -> list[tuple[datetime, dict[str, float | bool]]]:
        """What the machine tells in one turn: routine, and its part of an incident; nothing routine while that lasts."""
        plot = self._plots.get(machine.id, [])
        here = [(time, values) for time, values in plot if at <= time < at + span]
        time = at + span * self.chance.random()
        if plot and plot[0][0] <= time and (time <= plot[-1][0] or self._lasts(machine)):
            return here
        values = self._routine(machine.kind)
        blip = [] if plot else self._blip(machine.kind, time)
        return [(time, values), *blip, *here]

    def _lasts(self, machine: Machine) -> bool:
        return any(
            incident.subject_id == machine.id and _LASTING_RULES.intersection(incident.rules) for incident in self.incidents
        )

    def _routine(self, kind: DeviceKind) -> dict[str, float | bool]:
        values = {metric: self._well(metric) for metric in MEASURES[kind]}
        return values | ({"battery_percent": self._well("battery_percent")} if kind is DeviceKind.SMOKE else {"online": True})

    def _well(self, metric: str) -> float | bool:
        return False if METRICS[metric].boolean else round(self.chance.uniform(*WELL[metric]), 1)

    def _blip(self, kind: DeviceKind, time: datetime) -> list[tuple[datetime, dict[str, float | bool]]]:
        """Noise: bad for a moment, where a rule wants it held; good again before it has lasted."""
        if self.chance.random() > _BLIP_SHARE:
            return []
        for rule in DEFAULTS.rules.values():
            if kind in rule.kinds and isinstance(rule.condition, Held) and rule.metric and not _simple(kind, rule.metric):
                limits = rule.limits(kind)
                moment = timedelta(minutes=limits[rule.condition.minutes] / 4)
                bad = _bad(rule.condition.level, limits, rule.metric)
                return [(time + moment / 2, {rule.metric: bad}), (time + moment, {rule.metric: self._well(rule.metric)})]
        return []

    def _plot(self) -> None:
        """Think of incidents: each of a machine of its own, rules in turn."""
        free: dict[DeviceKind, list[Machine]] = {}
        for machine in self.machines:
            free.setdefault(machine.kind, []).append(machine)
        for machines in free.values():
            self.chance.shuffle(machines)
        stories: list[tuple[Rule | None, str, DeviceKind]] = [
            (rule, rule.key, kind)
            for rule in DEFAULTS.rules.values()
            for kind in sorted(rule.kinds)
            if rule.metric and isinstance(rule.condition, Simple | Held | Repeated)
        ]
        stories += [(None, key, kind) for key, kind, _ in LASTING]
        number = 0
        while len(self.incidents) < self.count and stories:
            rule, key, kind = stories[number % len(stories)]
            if not free.get(kind):
                stories.remove((rule, key, kind))
                continue
            machine = free[kind].pop()
            number += 1
            if rule is None:
                said = next(values for other, _, values in LASTING if other == key)
                self._plots[machine.id] = [(self.ends - 90 * _MINUTE, dict(said))]
                self.incidents.append(Incident((key,), machine.compound_id, machine.id))
                cameras = sum(each.kind is kind and each.compound_id == machine.compound_id for each in self.machines)
                if key == _CAMERA and 100 / cameras > 100 - DEFAULTS.rules[_RATE].figures["least_percent"].default:
                    self.incidents.append(Incident((_RATE,), machine.compound_id))
            else:
                self._plots[machine.id], rules = self._story(rule, kind)
                self.incidents.append(Incident(rules, machine.compound_id, machine.id))

    def _story(self, rule: Rule, kind: DeviceKind) -> tuple[list[tuple[datetime, dict[str, float | bool]]], tuple[str, ...]]:
        """What a machine tells of an incident, and the rules that it must raise."""
        condition, limits, metric = rule.condition, rule.limits(kind), rule.metric or ""
        assert isinstance(condition, Simple | Held | Repeated)
        bad, well = _bad(condition.level, limits, metric), self._well(metric)
        held = limits[condition.minutes] if isinstance(condition, Held) else _STEP
        turns = int(limits[condition.times]) if isinstance(condition, Repeated) else 1
        steps: list[tuple[float, float | bool]] = []
        for turn in range(turns):
            first = turn * 4 * _STEP
            steps += [(first, bad), (first + held * 0.6, bad), (first + held * 1.2, bad), (first + held * 2, well)]
        latest = (self.ends - self.begins) - timedelta(minutes=steps[-1][0]) - 3 * 60 * _MINUTE
        begins = self.begins + 60 * _MINUTE + max(latest - 60 * _MINUTE, timedelta()) * self.chance.random()
        plot = [(begins + timedelta(minutes=minutes), {metric: value}) for minutes, value in steps]
        return plot, tuple(_raised(kind, metric, bad, held * 1.2, turns))

    def _arrivals(self, machine: Machine, time: datetime, values: Mapping[str, float | bool]) -> list[tuple[datetime, Incoming]]:
        """The event at the moment, or moments, at which it arrives."""
        self._sent += 1
        event = Incoming(
            id=new_id("evt"),
            key_id=self.key_id,
            source="//iot.example/day",
            event_id=f"{self._run}-{self._sent}",
            type=DEVICE_READING,
            of_device=True,
            subject=machine.code,
            time=time,
            data=json.dumps({"readings": values}),
            stale=False,
            kinds=kinds_reporting(frozenset(values)),
        )
        late = self.chance.random() < _LATE_SHARE
        arrives = time + _MINUTE * (self.chance.uniform(0, _LATEST_MINUTES) if late else self.chance.random() / 60)
        if self.chance.random() < _TWICE_SHARE:
            return [(arrives, event), (arrives + _MINUTE * self.chance.uniform(0, 5), event._replace(id=new_id("evt")))]
        return [(arrives, event)]


_LASTING_RULES = {key for key, _, _ in LASTING}


def _simple(kind: DeviceKind, metric: str) -> bool:
    """Whether a single bad value of the metric raises something."""
    return any(
        kind in rule.kinds and rule.metric == metric and isinstance(rule.condition, Simple | Repeated)
        for rule in DEFAULTS.rules.values()
    )


def _bad(level: Level, limits: Limits, metric: str) -> float | bool:
    """A value that is bad, and no worse than it must be."""
    known = METRICS[metric]
    match level:
        case Flag():
            return True
        case Above():
            return min(limits[level.limit] + 1, known.high)
        case Below():
            return max(limits[level.limit] - max(limits[level.margin] / 10, 0.01), known.low)


def _raised(kind: DeviceKind, metric: str, value: float | bool, minutes: float, turns: int) -> Iterator[str]:
    """The rules that a value raises which is bad so often, each time for so long; each as often as it does."""
    for rule in DEFAULTS.rules.values():
        condition = rule.condition
        if kind not in rule.kinds or rule.metric != metric or not isinstance(condition, Simple | Held | Repeated):
            continue
        limits = rule.limits(kind)
        if condition.level.zone(float(value), limits) is not Zone.BAD:
            continue
        match condition:
            case Simple():
                yield from [rule.key] * turns
            case Held():
                if minutes >= limits[condition.minutes]:
                    yield from [rule.key] * turns
            case Repeated():
                if turns >= limits[condition.times]:
                    yield rule.key


def every_rule_is_well() -> list[str]:
    """The rules for which what WELL says is not good: the table must then be mended."""
    wrong: list[str] = []
    for rule in DEFAULTS.rules.values():
        condition = rule.condition
        if not rule.metric or not isinstance(condition, Simple | Held | Repeated | Checked):
            continue
        for kind in rule.kinds:
            ends = (0.0,) if METRICS[rule.metric].boolean else WELL[rule.metric]
            wrong += [rule.key for end in ends if condition.level.zone(end, rule.limits(kind)) is not Zone.GOOD]
    return wrong

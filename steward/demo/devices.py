"""Devices of the demo street: detectors in the buildings, and what the facilities carry."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.facilities import DeviceKind, FacilityKind
from domain.territory import CompoundKind

from .facilities import FacilityPlan
from .ids import Ids, lots
from .plans import CompoundPlan

_F, _K = FacilityKind, DeviceKind

#: The part of a device's code that tells its kind, and how its name ends: ``KQ-GAS-00012``, 燃气管道探测器. The name leaves
#: out the building, which the facility tells.
LETTERS: Mapping[DeviceKind, tuple[str, str]] = {
    _K.SMOKE: ("SMK", "烟感"),
    _K.GAS: ("GAS", "探测器"),
    _K.HYDRANT_PRESSURE: ("HYP", "压力传感器"),
    _K.PIPE_PRESSURE: ("PIP", "管网压力传感器"),
    _K.RESIDUAL_CURRENT: ("RCM", "漏电探头"),
    _K.CABLE_TEMPERATURE: ("CTM", "测温探头"),
    _K.TANK_LEVEL: ("TKL", "液位计"),
    _K.LIFT_SENSOR: ("LFS", "运行监测"),
    _K.CAMERA_STATE: ("CMS", "在线监测"),
    _K.GATE_STATE: ("GTS", "开闭监测"),
    _K.CHARGING_SOCKET: ("SOC", "插座"),
    _K.MANHOLE_SENSOR: ("MHS", "倾角传感器"),
    _K.PUMP_STATE: ("PMS", "运行监测"),
    _K.POWER_STATE: ("PWS", "供电监测"),
    _K.BARRIER_STATE: ("BRS", "运行监测"),
    _K.BAY_COUNTER: ("BAY", "车位计数器"),
    _K.LANE_CAMERA: ("LNC", "占用监测"),
    _K.STAIRWELL_CAMERA: ("STC", "楼道监测"),
    _K.BIN_SENSOR: ("BIN", "桶"),
    _K.WATER_QUALITY: ("WQS", "水质监测"),
}

#: The sensors that one facility of a kind carries: their kind, how many, and on what share of the facilities.
_CARRIED: Mapping[FacilityKind, tuple[tuple[DeviceKind, int, float], ...]] = {
    _F.GAS_LINE: ((_K.GAS, 1, 1.0),),
    _F.HYDRANT: ((_K.HYDRANT_PRESSURE, 1, 0.6),),
    _F.PUMP: ((_K.PIPE_PRESSURE, 1, 1.0), (_K.PUMP_STATE, 1, 1.0)),
    _F.DISTRIBUTION_BOX: ((_K.RESIDUAL_CURRENT, 1, 0.8), (_K.CABLE_TEMPERATURE, 1, 0.6), (_K.POWER_STATE, 1, 0.1)),
    _F.FIRE_PANEL: ((_K.STAIRWELL_CAMERA, 1, 0.2),),
    _F.TANK: ((_K.TANK_LEVEL, 1, 1.0), (_K.WATER_QUALITY, 1, 1.0)),
    _F.LIFT: ((_K.LIFT_SENSOR, 1, 1.0),),
    _F.CAMERA: ((_K.CAMERA_STATE, 1, 1.0),),
    _F.GATE: ((_K.GATE_STATE, 1, 1.0),),
    _F.BARRIER: ((_K.BARRIER_STATE, 1, 1.0),),
    _F.FIRE_LANE: ((_K.LANE_CAMERA, 1, 1.0),),
    _F.GARAGE: ((_K.BAY_COUNTER, 1, 1.0),),
    _F.PARKING_AREA: ((_K.BAY_COUNTER, 1, 1.0),),
    _F.WASTE_POINT: ((_K.BIN_SENSOR, 2, 1.0),),
    _F.CHARGING_SHED: ((_K.CHARGING_SOCKET, 8, 1.0),),
    _F.MANHOLE: ((_K.MANHOLE_SENSOR, 1, 0.3),),
}
#: Smoke detectors for each home of a building that has a fire panel.
_SMOKE: Mapping[CompoundKind, float] = {
    CompoundKind.PROPERTY_MANAGED: 0.3,
    CompoundKind.UNMANAGED: 0.5,
    CompoundKind.RESETTLEMENT: 0.4,
}


class DevicePlan(NamedTuple):
    """A device on a facility."""

    id: str
    code: str
    kind: DeviceKind
    name: str
    facility: FacilityPlan


def install(seed: int, compound: CompoundPlan, facilities: Sequence[FacilityPlan]) -> Iterator[DevicePlan]:
    """The devices of a compound with these facilities; none where there is no fire panel."""
    panels = [(facility, facility.building) for facility in facilities if facility.kind is _F.FIRE_PANEL]
    if not panels:
        return
    draws = lots(seed, f"{compound.code}/devices")
    new = Ids(seed, f"{compound.code}/devices", compound.ordinal).new
    letters, ending = LETTERS[_K.SMOKE]
    stem, number, share = f"{compound.code}-{letters}", 0, _SMOKE[compound.kind]
    for panel, building in panels:
        homes = sum(unit.homes for unit in building.units) if building else 0
        for n in range(1, round(homes * share) + 1):
            number += 1
            yield DevicePlan(new("dev"), f"{stem}-{number:05}", _K.SMOKE, f"{ending}{n}", panel)
    numbers = dict.fromkeys(DeviceKind, 0)
    for facility in facilities:
        for kind, each, part in _CARRIED.get(facility.kind, ()):
            if part < 1 and draws.random() > part:
                continue
            letters, ending = LETTERS[kind]
            inside = facility.name.removeprefix(facility.building.name) if facility.building else facility.name
            for n in range(1, each + 1):
                numbers[kind] += 1
                name = inside + ending + (f"{n}" if each > 1 else "")
                yield DevicePlan(new("dev"), f"{compound.code}-{letters}-{numbers[kind]:05}", kind, name, facility)

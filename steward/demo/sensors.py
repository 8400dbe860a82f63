"""What the demo's devices report: quiet readings, and now and then an incident."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from random import Random

from domain.facilities import DeviceKind

Readings = dict[str, float | bool]
#: How long after an incident began, and what was read then.
Step = tuple[timedelta, Readings]

_K = DeviceKind


def _radio(lots: Random) -> Readings:
    return {"battery_percent": lots.randint(55, 100), "signal_dbm": lots.randint(-105, -75)}


def _smoke(lots: Random) -> Readings:
    return {"smoke_alarm": False, "tamper": False, **_radio(lots)}


def _hydrant(lots: Random) -> Readings:
    return {"pressure_kpa": lots.randint(240, 340), "tilt_degrees": round(lots.uniform(0, 1.5), 1), **_radio(lots)}


def _manhole(lots: Random) -> Readings:
    return {"tilt_degrees": round(lots.uniform(0, 2), 1), **_radio(lots)}


def _lift(lots: Random) -> Readings:
    return {"passengers_trapped": False, "lift_fault": False, "off_floor": False, "speed_m_s": lots.choice((0, 1.75, -1.75))}


def _socket(lots: Random) -> Readings:
    """Charging, or not."""
    minutes = lots.choice((0, lots.randint(5, 400)))
    heat = round(lots.uniform(18, 45), 1)
    return {"power_w": lots.randint(60, 400) if minutes else 0, "charging_minutes": minutes, "socket_temperature_c": heat}


def _water(lots: Random) -> Readings:
    return {"chlorine_mg_l": round(lots.uniform(0.1, 0.5), 2), "turbidity_ntu": round(lots.uniform(0.1, 0.7), 2)}


_QUIET: Mapping[DeviceKind, Callable[[Random], Readings]] = {
    _K.SMOKE: _smoke,
    _K.GAS: lambda lots: {"gas_lel_percent": round(lots.uniform(0, 1.5), 1)},
    _K.HYDRANT_PRESSURE: _hydrant,
    _K.PIPE_PRESSURE: lambda lots: {"pressure_kpa": lots.randint(280, 420)},
    _K.RESIDUAL_CURRENT: lambda lots: {"residual_current_ma": lots.randint(40, 160)},
    _K.CABLE_TEMPERATURE: lambda lots: {"cable_temperature_c": round(lots.uniform(18, 42), 1)},
    _K.TANK_LEVEL: lambda lots: {"water_level_cm": lots.randint(180, 260)},
    _K.CHARGING_SOCKET: _socket,
    _K.MANHOLE_SENSOR: _manhole,
    _K.LIFT_SENSOR: _lift,
    _K.CAMERA_STATE: lambda lots: {"online": True, "storage_days": lots.randint(31, 90)},
    _K.GATE_STATE: lambda lots: {"online": True, "open_seconds": lots.choice((0, 0, lots.randint(2, 20)))},
    _K.PUMP_STATE: lambda lots: {"pump_running": lots.random() < 0.3, "pump_fault": False},
    _K.POWER_STATE: lambda _: {"mains_lost": False},
    _K.BARRIER_STATE: lambda lots: {"online": True, "stuck": False, "open_seconds": lots.choice((0, lots.randint(2, 30)))},
    _K.BAY_COUNTER: lambda lots: {"taken_percent": lots.randint(35, 90)},
    _K.LANE_CAMERA: lambda _: {"online": True, "lane_blocked": False},
    _K.STAIRWELL_CAMERA: lambda _: {"online": True, "ebike_inside": False},
    _K.BIN_SENSOR: lambda lots: {"fill_percent": lots.randint(5, 65), "battery_percent": lots.randint(55, 100)},
    _K.WATER_QUALITY: _water,
}


def quiet(kind: DeviceKind, lots: Random) -> Readings:
    """An ordinary reading of a device of ``kind``; kinds without a measure say that they are online."""
    usual = _QUIET.get(kind)
    return usual(lots) if usual else {"online": True}


def _for_minutes(minutes: int, read: Callable[[Random], Readings]) -> Callable[[Random], Iterator[Step]]:
    """A reading every minute, the first at once."""

    def steps(lots: Random) -> Iterator[Step]:
        for minute in range(minutes + 1):
            yield timedelta(minutes=minute), read(lots)

    return steps


_INCIDENTS: Mapping[DeviceKind, tuple[Callable[[Random], Iterator[Step]], ...]] = {
    _K.SMOKE: (
        _for_minutes(2, lambda lots: {**_smoke(lots), "smoke_alarm": True}),
        _for_minutes(0, lambda lots: {**_smoke(lots), "battery_percent": lots.randint(5, 15)}),
        _for_minutes(0, lambda lots: {**_smoke(lots), "tamper": True}),
    ),
    _K.GAS: (_for_minutes(2, lambda lots: {"gas_lel_percent": lots.randint(8, 30)}),),
    _K.HYDRANT_PRESSURE: (
        _for_minutes(6, lambda lots: {**_hydrant(lots), "pressure_kpa": lots.randint(20, 120)}),
        _for_minutes(0, lambda lots: {**_hydrant(lots), "tilt_degrees": lots.randint(14, 60)}),
    ),
    _K.PIPE_PRESSURE: (_for_minutes(6, lambda lots: {"pressure_kpa": lots.randint(15, 60)}),),
    _K.RESIDUAL_CURRENT: (_for_minutes(3, lambda lots: {"residual_current_ma": lots.randint(330, 520)}),),
    _K.CABLE_TEMPERATURE: (_for_minutes(3, lambda lots: {"cable_temperature_c": lots.randint(72, 90)}),),
    _K.LIFT_SENSOR: (
        _for_minutes(2, lambda lots: {**_lift(lots), "passengers_trapped": True, "off_floor": True, "speed_m_s": 0}),
        _for_minutes(0, lambda lots: {**_lift(lots), "lift_fault": True}),
    ),
    _K.CHARGING_SOCKET: (
        _for_minutes(2, lambda lots: {**_socket(lots), "socket_temperature_c": lots.randint(75, 110)}),
        _for_minutes(0, lambda lots: {**_socket(lots), "charging_minutes": lots.randint(740, 1_000)}),
    ),
    _K.CAMERA_STATE: (_for_minutes(0, lambda lots: {"online": True, "storage_days": lots.randint(3, 20)}),),
    _K.PUMP_STATE: (_for_minutes(0, lambda _: {"pump_running": False, "pump_fault": True}),),
    _K.MANHOLE_SENSOR: (_for_minutes(0, lambda lots: {**_manhole(lots), "tilt_degrees": lots.randint(15, 60)}),),
    _K.BARRIER_STATE: (_for_minutes(0, lambda _: {"online": True, "stuck": True, "open_seconds": 0}),),
    _K.STAIRWELL_CAMERA: (_for_minutes(0, lambda _: {"online": True, "ebike_inside": True}),),
    _K.BIN_SENSOR: (_for_minutes(0, lambda lots: {"fill_percent": lots.randint(92, 100)}),),
}


def incident(kind: DeviceKind, lots: Random) -> list[Step]:
    """What a device of ``kind`` reports while something is wrong, over some minutes; empty where the demo knows nothing."""
    possible = _INCIDENTS.get(kind)
    return list(lots.choice(possible)(lots)) if possible else []

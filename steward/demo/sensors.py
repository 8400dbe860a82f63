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


_QUIET: Mapping[DeviceKind, Callable[[Random], Readings]] = {
    _K.SMOKE: _smoke,
    _K.GAS: lambda lots: {"gas_lel_percent": round(lots.uniform(0, 1.5), 1)},
    _K.HYDRANT_PRESSURE: _hydrant,
    _K.PIPE_PRESSURE: lambda lots: {"pressure_kpa": lots.randint(280, 420)},
    _K.RESIDUAL_CURRENT: lambda lots: {"residual_current_ma": lots.randint(40, 160)},
    _K.CABLE_TEMPERATURE: lambda lots: {"cable_temperature_c": round(lots.uniform(18, 42), 1)},
    _K.TANK_LEVEL: lambda lots: {"water_level_cm": lots.randint(180, 260)},
    _K.CHARGING_SOCKET: lambda lots: {"online": True, "cable_temperature_c": round(lots.uniform(18, 45), 1)},
    _K.MANHOLE_SENSOR: _manhole,
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
}


def incident(kind: DeviceKind, lots: Random) -> list[Step]:
    """What a device of ``kind`` reports while something is wrong, over some minutes; empty where the demo knows nothing."""
    possible = _INCIDENTS.get(kind)
    return list(lots.choice(possible)(lots)) if possible else []

"""Metrics, event types and times that are plausible."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    EVENT_TYPES,
    MEASURES,
    METRICS,
    MOST_FAULTS,
    OF_ITSELF,
    SubjectKind,
    age_fault,
    future_fault,
    kind_faults,
    kinds_reporting,
    measured_by,
    reading_faults,
)
from domain.facilities import DeviceKind

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_every_number_has_a_unit_and_a_range_and_no_yes_or_no_has() -> None:
    for metric in METRICS.values():
        assert bool(metric.unit) != metric.boolean
        assert metric.low < metric.high
        assert metric.zh


def test_a_metric_is_found_by_its_own_name() -> None:
    assert all(metric.name == name for name, metric in METRICS.items())
    assert all(kind.name == name for name, kind in EVENT_TYPES.items())


def test_a_type_says_what_it_speaks_of() -> None:
    assert EVENT_TYPES["steward.device.reading.v1"].subject is SubjectKind.DEVICE
    assert EVENT_TYPES["steward.facility.maintenance.v1"].subject is SubjectKind.FACILITY


@pytest.mark.parametrize("value", [0, 0.0, 140, 99.5, -100, 10_000])
def test_a_plausible_pressure_is_admitted(value: float) -> None:
    assert reading_faults({"pressure_kpa": value}) == []


@pytest.mark.parametrize("value", [-100.1, 10_001, 10**30, math.nan, math.inf, True, "140", None, [140], {}])
def test_an_implausible_pressure_is_a_fault_that_names_unit_and_range(value: object) -> None:
    (fault,) = reading_faults({"pressure_kpa": value})
    assert fault.field == "data.readings.pressure_kpa"
    assert fault.remedy == "Give a number from -100 to 10000 kPa."


@pytest.mark.parametrize("value", [0, 1, 1.0, "true", None])
def test_a_yes_or_no_is_no_number(value: object) -> None:
    (fault,) = reading_faults({"smoke_alarm": value})
    assert fault.remedy == "Give true or false."
    assert reading_faults({"smoke_alarm": True, "online": False}) == []


def test_an_unknown_metric_is_named_among_good_ones() -> None:
    (fault,) = reading_faults({"battery_percent": 80, "colour": 3, "signal_dbm": -90})
    assert fault.field == "data.readings.colour"
    assert "pressure_kpa" in fault.remedy


def test_no_reading_at_all_is_a_fault() -> None:
    assert [fault.field for fault in reading_faults({})] == ["data.readings"]


def test_only_so_many_faults_are_told() -> None:
    assert len(reading_faults({f"metric_{n}": n for n in range(1_000)})) == MOST_FAULTS


def test_a_time_just_inside_the_window_is_fine() -> None:
    assert future_fault(NOW + timedelta(minutes=5), NOW, timedelta(minutes=5)) is None
    assert age_fault(NOW - timedelta(days=31), NOW, timedelta(days=31)) is None


def test_a_time_just_outside_the_window_is_a_fault() -> None:
    future = future_fault(NOW + timedelta(minutes=5, microseconds=1), NOW, timedelta(minutes=5))
    assert future
    assert future.message == "The time lies more than 300 seconds in the future."
    age = age_fault(NOW - timedelta(days=31, microseconds=1), NOW, timedelta(days=31))
    assert age
    assert age.message == "The event is older than 31 days."


@pytest.mark.parametrize("kind", DeviceKind)
def test_a_device_of_any_kind_measures_what_is_known_and_tells_of_itself(kind: DeviceKind) -> None:
    assert set(MEASURES[kind]) <= set(METRICS) - OF_ITSELF
    assert measured_by(kind) == OF_ITSELF | set(MEASURES[kind])
    assert kind_faults(sorted(measured_by(kind)), kind) == []


def test_every_metric_is_measured_by_some_kind() -> None:
    assert OF_ITSELF | {name for names in MEASURES.values() for name in names} == set(METRICS)


def test_a_metric_of_another_kind_is_a_fault_that_names_the_kind_and_what_it_measures() -> None:
    (fault,) = kind_faults(["battery_percent", "pressure_kpa", "smoke_alarm"], DeviceKind.SMOKE)
    assert fault.field == "data.readings.pressure_kpa"
    assert "SMOKE" in fault.message
    assert fault.remedy == "Check the subject, or send of: smoke_alarm, battery_percent, signal_dbm, tamper, online."
    assert len(kind_faults(METRICS, DeviceKind.GATEWAY)) == MOST_FAULTS


@given(st.sets(st.sampled_from(sorted(METRICS))), st.sampled_from(DeviceKind))
def test_readings_fit_a_kind_exactly_when_nothing_in_them_is_a_fault(metrics: set[str], kind: DeviceKind) -> None:
    assert (kind in kinds_reporting(frozenset(metrics))) == (kind_faults(metrics, kind) == [])


def test_nothing_is_measured_that_would_tell_where_somebody_is() -> None:
    assert not {"floor", "occupied", "plate", "image", "face", "bay_occupied"} & set(METRICS)

"""Rules as data: they say the same when read again, and what cannot be is refused with the field and the remedy."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Held, Missing, Zone
from domain.facilities import DeviceKind
from domain.refusals import RefusalCode, Refused
from domain.steward import DEFAULTS, RULES, Rule, check_thresholds
from domain.steward.definitions import FIRST_OWN, check_key, drafted, packed, unpacked
from domain.steward.definitions.places import FIELDS

CABLE, SMOKE, PRESSURE = "fire_safety.cable_temperature", "fire_safety.smoke", "fire_safety.pressure_low"
TANK = "fire_safety.own_tank_high"
NEW: dict[str, Any] = {
    "name": {"en": "Tank high", "zh-CN": "水箱液位过高"},
    "kinds": ["TANK_LEVEL"],
    "metric": "water_level_cm",
    "condition": {
        "form": "HELD",
        "level": "ABOVE",
        "limit": "high_cm",
        "minutes": "minutes",
        "clear": {"value": 250, "unit": "cm"},
    },
    "figures": {"high_cm": {"value": 300, "unit": "cm"}, "minutes": {"value": 5, "unit": "min"}},
    "severity": "MINOR",
    "message": {"en": "{place}: {value} cm, limit {high_cm} cm.", "zh-CN": "{place}：{value} 厘米，限值 {high_cm} 厘米。"},
}
NIGHTS = {"hours": [{"days": ["FRI", "SAT"], "from": "22:00", "to": "06:00"}]}


def draft(key: str, definition: object) -> Rule:
    return drafted(key, FIRST_OWN, definition, base=RULES.get(key), default=RULES.get(key))


def refusal(key: str, definition: object) -> Refused:
    with pytest.raises(Refused) as refused:
        draft(key, definition)
    assert refused.value.code is RefusalCode.INVALID
    return refused.value


WITH_VERSIONS = {key: rule for key, rule in RULES.items() if not isinstance(rule.condition, Checked)}


@pytest.mark.parametrize("rule", WITH_VERSIONS.values(), ids=WITH_VERSIONS)
def test_every_rule_of_the_code_says_the_same_when_it_is_written_down_and_read(rule: Rule) -> None:
    assert unpacked(rule.key, rule.version, json.loads(json.dumps(packed(rule)))) == rule
    assert draft(rule.key, {}) == replace(rule, version=FIRST_OWN)
    assert rule.version < FIRST_OWN


def test_what_is_not_given_stays_as_it_is() -> None:
    rule = draft(CABLE, {"figures": {"alarm_c": 60}, "severity": "CRITICAL", "again": 1, "schedule": None})
    assert rule.limits(DeviceKind.CABLE_TEMPERATURE) == {"alarm_c": 60, "margin_c": 5}
    assert rule.figures["alarm_c"].clause == RULES[CABLE].figures["alarm_c"].clause
    assert (rule.severity, rule.again_after, rule.message) == (Severity.CRITICAL, timedelta(hours=1), RULES[CABLE].message)


def test_a_clear_limit_becomes_a_margin() -> None:
    rule = draft(CABLE, {"condition": {"clear": {"value": 60, "unit": "°C"}}})
    assert rule.limits(DeviceKind.CABLE_TEMPERATURE)["margin_c"] == 10
    assert isinstance(rule.condition, type(RULES[CABLE].condition))


def test_a_street_makes_a_rule_of_its_own() -> None:
    rule = draft(TANK, NEW)
    assert rule.condition == Held(Above("high_cm", "margin"), "minutes")
    assert rule.limits(DeviceKind.TANK_LEVEL) == {"high_cm": 300, "minutes": 5, "margin": 50}
    assert (rule.module, rule.severity, rule.again_after) == ("fire_safety", Severity.MINOR, timedelta(hours=24))
    assert unpacked(TANK, FIRST_OWN, json.loads(json.dumps(packed(rule)))) == rule
    book = DEFAULTS.overlaid([rule])
    assert book.rules[TANK] is rule
    assert book.modules["fire_safety"].watching[DeviceKind.TANK_LEVEL, "water_level_cm"] == (rule,)
    assert set(book.rules) == {*RULES, TANK}


def test_the_streets_version_stands_where_that_of_the_code_stood() -> None:
    stricter = draft(CABLE, {"figures": {"alarm_c": 60}})
    book = DEFAULTS.overlaid([stricter])
    assert [rule.key for rule in book.modules["fire_safety"].rules] == [key for key in RULES if key.startswith("fire_safety.")]
    assert book.rules[CABLE] is stricter
    assert DEFAULTS.overlaid([replace(stricter, key="nothing.own_thing")]).rules.keys() == RULES.keys()


def test_a_rule_that_goes_by_a_check_has_no_versions() -> None:
    with pytest.raises(Refused) as refused:
        check_key("equipment.lift_stands_still", DEFAULTS)
    assert (refused.value.path, refused.value.hint.en) == (("rule",), "Change its figures with thresholdSet.")


@pytest.mark.parametrize(
    "key", ["fire_safety.heat", "own_tank", "nowhere.own_tank", "fire_safety.own_\0", "", f"fire_safety.own_{'x' * 60}"]
)
def test_a_key_that_no_rule_can_have_is_refused(key: str) -> None:
    with pytest.raises(Refused) as refused:
        check_key(key, DEFAULTS)
    assert refused.value.path == ("rule",)
    assert "own_name" in refused.value.hint.en


@pytest.mark.parametrize(
    ("key", "definition", "path", "message"),
    [
        (CABLE, [], "", "no object"),
        (CABLE, {"colour": 1}, "colour", "There is no field 'colour'"),
        (CABLE, {"figures": {"alarm_f": 140}}, "figures alarm_f", "No part of the rule uses"),
        (CABLE, {"figures": {"alarm_c": {"value": 140, "unit": "°F"}}}, "figures alarm_c unit", "not measured in '°F'"),
        (CABLE, {"figures": {"alarm_c": 200}}, "figures alarm_c value", "cannot be 200"),
        (CABLE, {"figures": {"alarm_c": {"value": 200, "most": 300}}}, "figures alarm_c most", "goes from 55 to 140 °C"),
        (CABLE, {"figures": {"alarm_c": None}}, "figures alarm_c", "needs the figure alarm_c"),
        (CABLE, {"figures": {"margin_c": -3}}, "figures margin_c value", "cannot be -3"),
        (CABLE, {"condition": {"clear": {"value": 75, "unit": "°C"}}}, "condition clear", "75 °C, lies above the raise limit"),
        (CABLE, {"condition": {"clear": {"value": 60, "unit": "°F"}}}, "condition clear unit", "not in the unit"),
        (PRESSURE, {"condition": {"clear": {"value": 130, "unit": "kPa"}}}, "condition clear", "130 kPa, lies under"),
        (PRESSURE, {"figures": {"severe_kpa": 200}}, "figures severe_kpa value", "reached before the limit"),
        (PRESSURE, {"worse": [{"limit": "severe_kpa", "severity": "WARNING"}]}, "worse 0 severity", "not worse than MINOR"),
        (SMOKE, {"condition": {"clear": {"value": 1, "unit": ""}}}, "condition clear", "Only a condition with a limit"),
        (CABLE, {"metric": "cable_temp"}, "metric", "cannot be 'cable_temp'"),
        (CABLE, {"metric": "tamper"}, "condition level", "no metric for ABOVE"),
        (CABLE, {"metric": None}, "condition form", "needs a metric"),
        (CABLE, {"kinds": ["TOASTER"]}, "kinds 0", "cannot be 'TOASTER'"),
        (CABLE, {"kinds": []}, "kinds", "No kind"),
        (CABLE, {"kinds": ["CABLE_TEMPERATURE", "SMOKE"]}, "kinds", "A SMOKE does not measure cable_temperature_c"),
        (CABLE, {"severity": "BAD"}, "severity", "cannot be 'BAD'"),
        (CABLE, {"message": {"en": "{place} {plaice}", "zh-CN": "{place}"}}, "message en", "knows no field {plaice}"),
        (CABLE, {"message": {"en": "{place.x}", "zh-CN": "{place}"}}, "message en", "knows no field"),
        (CABLE, {"message": {"en": "{place", "zh-CN": "{place}"}}, "message en", "brace"),
        (CABLE, {"message": {"en": "Hot."}}, "message zh-CN", "missing"),
        (CABLE, {"name": {"en": "Hot\0", "zh-CN": "热"}}, "name en", "cannot be stored"),
        (CABLE, {"again": -1}, "again", "cannot be -1"),
        (CABLE, {"schedule": {"hours": [{"days": ["MO"], "from": "08:00", "to": "18:00"}]}}, "schedule hours 0 days 0", "'MO'"),
        (CABLE, {"schedule": {"hours": [{"days": [], "from": "08:00", "to": "18:00"}]}}, "schedule hours 0 days", "No day"),
        (CABLE, {"schedule": {"hours": [{"days": ["MON"], "from": "8", "to": "18:00"}]}}, "schedule hours 0 from", "no time"),
        (CABLE, {"severity": "CRITICAL", "schedule": NIGHTS}, "schedule", "never kept back by a schedule"),
        (SMOKE, {"schedule": NIGHTS}, "schedule", "never kept back by a schedule"),
        (SMOKE, {"severity": "MAJOR", "schedule": NIGHTS}, "severity", "is about life"),
        (SMOKE, {"kinds": ["SMOKE"]}, "kinds", "is about life"),
        (SMOKE, {"ticket": None}, "ticket", "is about life"),
        (SMOKE, {"again": 24}, "again", "is about life"),
        ("fire_safety.silent", {"schedule": NIGHTS}, "schedule", "Silence is watched for always"),
        (TANK, {**NEW, "severity": "CRITICAL", "schedule": NIGHTS}, "schedule", "never kept back"),
        (TANK, {"name": NEW["name"]}, "condition", "no object"),
        (TANK, {**NEW, "figures": {**NEW["figures"], "high_cm": {"value": -999, "unit": "cm"}}}, "condition clear", "lies above"),
        (TANK, {**NEW, "figures": {**NEW["figures"], "minutes": {"value": 5, "unit": "h"}}}, "figures minutes unit", "'h'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field_and_the_remedy(key: str, definition: object, path: str, message: str) -> None:
    refused = refusal(key, definition)
    assert refused.path == ("definition", *path.split())
    assert message in str(refused)
    assert refused.hint.en
    assert refused.hint.zh


def test_a_limit_from_which_it_never_clears_is_refused() -> None:
    condition = {"form": "SIMPLE", "level": "BELOW", "limit": "low", "margin": "margin"}
    figures = {"low": {"value": 90, "unit": "%"}, "margin": {"value": 11, "unit": "%"}}
    battery = {**NEW, "kinds": ["SMOKE"], "metric": "battery_percent", "condition": condition, "figures": figures}
    battery["message"] = NEW["name"]
    assert "never clear" in str(refusal("fire_safety.own_battery", battery))
    figures["margin"]["value"] = 10
    assert draft("fire_safety.own_battery", battery).condition.level == Below("low", "margin")  # pyright: ignore[reportAttributeAccessIssue]


def test_a_threshold_may_name_its_unit_and_is_refused_in_another() -> None:
    assert check_thresholds(RULES[CABLE], {"alarm_c": {"value": 60, "unit": "°C"}}) == {"alarm_c": 60}
    for given_value in ({"value": 140, "unit": "°F"}, {"value": 60}, {"unit": "°C"}, {"value": 60, "unit": "°C", "more": 1}):
        with pytest.raises(Refused) as refused:
            check_thresholds(RULES[CABLE], {"alarm_c": given_value})
        assert refused.value.path == ("values", "alarm_c")
        assert "55 to 140 °C" in refused.value.hint.en


WORDS = ("ABOVE", "BELOW", "YES", "SIMPLE", "HELD", "MISSING", "CRITICAL", "°C", "alarm_c", "margin_c", "limit", "\0")
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-400, 400), st.floats(), st.text(max_size=6), st.sampled_from(WORDS)
)  # fmt: skip
PARTS = ("form", "level", "limit", "margin", "clear", "minutes", "times", "hours", "size")
NAMES = st.sampled_from((*FIELDS, *PARTS, "value", "unit", "least", "most", "alarm_c", "en", "zh-CN", "days", "from", "to"))
JSON = st.recursive(LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)))
CONDITION = st.dictionaries(st.sampled_from(PARTS), JSON)
FIGURES = st.dictionaries(st.sampled_from(["alarm_c", "margin_c", "extra"]), JSON)


def draft_or_refusal(key: str, definition: object) -> Rule | Refused:
    try:
        return draft(key, definition)
    except Refused as refused:
        return refused


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        JSON,
        st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON) | {"condition": CONDITION, "figures": FIGURES}),
    )
)
def test_whatever_is_given_makes_a_rule_that_says_the_same_again_or_is_refused(definition: object) -> None:
    for key in (CABLE, TANK):
        rule = draft_or_refusal(key, definition)
        if isinstance(rule, Refused):
            assert rule.path[0] == "definition"
            continue
        assert unpacked(key, FIRST_OWN, json.loads(json.dumps(packed(rule)))) == rule
        if not isinstance(rule.condition, Missing):
            for kind in rule.kinds:
                zones = {rule.condition.level.zone(value, rule.limits(kind)) for value in range(-60, 1001)}
                assert zones >= {Zone.BAD, Zone.GOOD}

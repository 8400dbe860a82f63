"""The rules of fire safety and the figures that a street may change."""

from dataclasses import replace
from string import Formatter

import pytest

from domain.alerts import Severity
from domain.alerts.conditions import Checked, Missing, Simple, Zone
from domain.events import METRICS
from domain.facilities import DeviceKind
from domain.refusals import RefusalCode, Refused
from domain.steward import MODULES, RULES, Rule, check_thresholds, rulebook
from domain.steward.fire_safety import MODULE
from domain.steward.fire_safety.sensors import BATTERY_LOW, CABLE_TEMPERATURE, GAS, PRESSURE_LOW, RESIDUAL_CURRENT, SILENT, SMOKE
from domain.steward.rules import by_key

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def test_the_rules_have_the_names_that_others_build_on() -> None:
    assert set(RULES) >= {
        f"fire_safety.{name}"
        for name in (
            *("smoke", "gas", "pressure_low", "hydrant_tilt", "residual_current"),
            *("cable_temperature", "battery_low", "tamper", "silent"),
        )
    }


@each_rule
def test_a_rule_reads_a_known_metric_unless_it_watches_for_silence_or_goes_by_a_check(rule: Rule) -> None:
    assert (rule.metric in METRICS) != isinstance(rule.condition, Missing | Checked)
    assert bool(rule.kinds) != isinstance(rule.condition, Checked)


@each_rule
@pytest.mark.parametrize("kind", DeviceKind)
def test_defaults_are_figures_that_the_rule_itself_would_take(rule: Rule, kind: DeviceKind) -> None:
    limits = rule.limits(kind)
    assert limits == {} or check_thresholds(rule, limits) == limits


@each_rule
def test_a_message_names_the_place_and_only_what_the_rule_knows(rule: Rule) -> None:
    for text in (rule.message, rule.ticket or rule.message):
        for sentence in (text.en, text.zh):
            names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
            assert "place" in names
            assert names <= {"place", "value", *rule.figures}


@each_rule
def test_every_figure_says_its_unit_in_its_name_and_where_it_is_from(rule: Rule) -> None:
    for figure in rule.figures.values():
        assert figure.clause
        assert figure.least <= figure.default <= figure.most
        assert figure.meaning.en
        assert figure.meaning.zh


@pytest.mark.parametrize(
    ("rule", "kind", "bad", "between", "good"),
    [
        (GAS, DeviceKind.GAS, 5, 3, 2.9),
        (PRESSURE_LOW, DeviceKind.HYDRANT_PRESSURE, 139, 140, 145),
        (PRESSURE_LOW, DeviceKind.PIPE_PRESSURE, 69, 70, 75),
        (RESIDUAL_CURRENT, DeviceKind.RESIDUAL_CURRENT, 300, 299, 269),
        (CABLE_TEMPERATURE, DeviceKind.CABLE_TEMPERATURE, 70, 69, 64),
        (BATTERY_LOW, DeviceKind.SMOKE, 19, 20, 25),
    ],
)
def test_the_defaults_are_those_of_the_codes(rule: Rule, kind: DeviceKind, bad: float, between: float, good: float) -> None:
    assert not isinstance(rule.condition, Missing)
    zones = [rule.condition.level.zone(value, rule.limits(kind)) for value in (bad, between, good)]
    assert zones == [Zone.BAD, Zone.BETWEEN, Zone.GOOD]


def test_pressure_far_below_the_limit_is_worse() -> None:
    limits = PRESSURE_LOW.limits(DeviceKind.HYDRANT_PRESSURE)
    assert [PRESSURE_LOW.severity_of(value, limits) for value in (120, 40)] == [Severity.MINOR, Severity.MAJOR]


def test_only_smoke_and_gas_are_critical_and_open_a_ticket() -> None:
    critical = {rule.key for rule in MODULE.rules if Severity.CRITICAL in {rule.severity, *(w.severity for w in rule.worse)}}
    assert critical == {SMOKE.key, GAS.key} == {rule.key for rule in MODULE.rules if rule.ticket}
    title = SMOKE.ticket_title("Hall", Severity.CRITICAL)
    assert title
    assert title.en == "Fire alarm: smoke at Hall"
    assert SMOKE.ticket_title("Hall", Severity.MAJOR) is None


def test_a_message_says_what_where_the_value_and_the_limit() -> None:
    text = PRESSURE_LOW.say("Gate", 40.0, PRESSURE_LOW.limits(DeviceKind.HYDRANT_PRESSURE))
    assert text.en == "Pressure low at Gate: 40 kPa, under 140 kPa for 5 min or longer."
    assert text.zh == "Gate水压过低：40 kPa，低于 140 kPa 持续 5 分钟以上。"


def test_the_nearest_override_wins_figure_by_figure() -> None:
    street, compound, device = {"low_kpa": 130.0, "held_minutes": 3.0}, {"low_kpa": 120.0}, {"margin_kpa": 1.0}
    limits = PRESSURE_LOW.limits(DeviceKind.HYDRANT_PRESSURE, street, compound, device)
    assert limits == {"low_kpa": 120, "severe_kpa": 100, "margin_kpa": 1, "held_minutes": 3}


@pytest.mark.parametrize(
    ("values", "path", "hint"),
    [
        ({}, ("values",), "Use low_kpa (kPa), severe_kpa (kPa), margin_kpa (kPa), held_minutes (min)."),
        ({"low_mpa": 0.14}, ("values", "low_mpa"), "Use low_kpa (kPa)."),
        ({"colour": 3}, ("values", "colour"), "Use low_kpa (kPa), severe_kpa (kPa), margin_kpa (kPa), held_minutes (min)."),
        ({"low_kpa": 0.14}, ("values", "low_kpa"), "Give a number from 10 to 2000 kPa."),
        ({"low_kpa": "140 kPa"}, ("values", "low_kpa"), "Give a number from 10 to 2000 kPa."),
        ({"low_kpa": True}, ("values", "low_kpa"), "Give a number from 10 to 2000 kPa."),
        ({"low_kpa": float("nan")}, ("values", "low_kpa"), "Give a number from 10 to 2000 kPa."),
    ],
)
def test_a_figure_in_another_unit_is_refused_with_the_remedy(values: dict[str, object], path: tuple[str, ...], hint: str) -> None:
    with pytest.raises(Refused) as refused:
        check_thresholds(PRESSURE_LOW, values)
    assert (refused.value.code, refused.value.path, refused.value.hint.en) == (RefusalCode.INVALID, path, hint)


def test_a_count_must_be_whole_and_a_rule_without_figures_takes_none() -> None:
    with pytest.raises(Refused, match=r"cannot be 2\.5"):
        check_thresholds(RULES["fire_safety.smoke_repeated"], {"times": 2.5})
    with pytest.raises(Refused) as refused:
        check_thresholds(SMOKE, {"limit": 1})
    assert refused.value.hint.en == "This rule has no figures to change."


def test_what_is_critical_is_raised_again_at_once_after_a_person_cleared_it() -> None:
    assert {rule.key for rule in MODULE.rules if not rule.again_after} == {SMOKE.key, GAS.key}


def test_two_rules_or_modules_of_one_key_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two modules named fire_safety"):
        rulebook([MODULE, replace(MODULE, rules=())])
    with pytest.raises(ValueError, match=r"fire_safety\.smoke"):
        by_key([MODULE, MODULE])
    assert isinstance(SMOKE.condition, Simple)
    assert SILENT.metric is None
    assert MODULE in MODULES

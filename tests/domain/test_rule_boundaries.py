"""Each rule of each module at its own boundary, with its defaults and with whatever figures a street may set."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts.conditions import (
    Above,
    Below,
    Change,
    Checked,
    Flag,
    Held,
    Limits,
    Memory,
    Missing,
    Repeated,
    Sample,
    Sampled,
    Simple,
    Zone,
    step,
)
from domain.events import METRICS, measured_by
from domain.facilities import DeviceKind
from domain.steward import RULES, Rule

START = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = {key: sorted(rule.kinds) or [None] for key, rule in RULES.items()}
#: Every rule with a limit, for each kind of device that it watches.
LIMITED = [
    pytest.param(rule, kind, id=f"{key}-{kind}")
    for key, rule in RULES.items()
    if not isinstance(rule.condition, Missing) and isinstance(rule.condition.level, Above | Below)
    for kind in KINDS[key]
]
SAMPLED = [
    pytest.param(rule, kind, id=f"{key}-{kind}")
    for key, rule in RULES.items()
    if isinstance(rule.condition, Sampled)
    for kind in KINDS[key]
]


def level_of(rule: Rule) -> Above | Below:
    assert not isinstance(rule.condition, Missing)
    assert isinstance(rule.condition.level, Above | Below)
    return rule.condition.level


def bad_and_good(rule: Rule, limits: Limits) -> tuple[float, float]:
    """A value that the rule finds bad, and one that it finds good."""
    assert isinstance(rule.condition, Sampled)
    level = rule.condition.level
    if isinstance(level, Flag):
        return 1.0, 0.0
    limit, margin = limits[level.limit], limits[level.margin]
    return (limit, limit - margin - 0.001) if isinstance(level, Above) else (limit - 0.001, limit + margin)


def changes(rule: Rule, limits: Limits, *samples: tuple[float, float]) -> list[tuple[float, Change]]:
    """Which change each (minute, value) brought, those that brought none left out."""
    assert isinstance(rule.condition, Sampled)
    memory, found = Memory(START - timedelta(days=1)), list[tuple[float, Change]]()
    for minutes, value in samples:
        memory, change = step(rule.condition, limits, memory, Sample(START + timedelta(minutes=minutes), value))
        if change:
            found.append((minutes, change))
    return found


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_reads_only_what_its_devices_measure(rule: Rule) -> None:
    assert all(rule.metric is None or rule.metric in measured_by(kind) for kind in rule.kinds)


@pytest.mark.parametrize(("rule", "kind"), LIMITED)
def test_a_limit_and_the_value_that_clears_it_can_be_measured(rule: Rule, kind: DeviceKind | None) -> None:
    level, limits = level_of(rule), rule.limits(kind)
    limit, margin = limits[level.limit], limits[level.margin]
    clears = limit - margin if isinstance(level, Above) else limit + margin
    if rule.metric:
        metric = METRICS[rule.metric]
        assert metric.low <= limit <= metric.high
        assert metric.low < clears <= metric.high
    assert margin >= 0


@given(case=st.sampled_from([case.values for case in LIMITED]), data=st.data())
def test_with_whatever_figures_the_limit_itself_counts_and_the_margin_keeps_what_was_raised(
    case: tuple[Rule, DeviceKind | None], data: st.DataObject
) -> None:
    rule, kind = case
    level, limits = level_of(rule), dict(rule.limits(kind))
    for name in (level.limit, level.margin):
        figure = rule.figures[name]
        limits[name] = data.draw(st.floats(figure.least, figure.most), label=name)
    limit, margin = limits[level.limit], limits[level.margin]
    off = data.draw(st.floats(0.001, 1_000), label="off")
    if isinstance(level, Above):
        assert level.zone(limit, limits) is level.zone(limit + off, limits) is Zone.BAD
        assert level.zone(limit - off, limits) is (Zone.BETWEEN if limit - off >= limit - margin else Zone.GOOD) or level.size
    else:
        assert level.zone(limit - off, limits) is Zone.BAD
        assert level.zone(limit + off, limits) is (Zone.BETWEEN if limit + off < limit + margin else Zone.GOOD)
        assert level.zone(limit, limits) is (Zone.BETWEEN if limit < limit + margin else Zone.GOOD)


@pytest.mark.parametrize(("rule", "kind"), LIMITED)
def test_what_is_worse_lies_beyond_the_limit(rule: Rule, kind: DeviceKind | None) -> None:
    level, limits = level_of(rule), rule.limits(kind)
    for worse in rule.worse:
        assert worse.severity.worse_than(rule.severity)
        bound = limits[worse.limit]
        assert bound >= limits[level.limit] if isinstance(level, Above) else bound <= limits[level.limit]
        at, before = (bound, bound - 0.001) if isinstance(level, Above) else (bound - 0.001, bound)
        assert rule.severity_of(at, limits) is worse.severity
        assert rule.severity_of(before, limits) is rule.severity


@pytest.mark.parametrize(("rule", "kind"), SAMPLED)
def test_a_rule_is_raised_by_the_very_sample_that_makes_it_hold_and_by_none_before(rule: Rule, kind: DeviceKind) -> None:
    limits = rule.limits(kind)
    bad, good = bad_and_good(rule, limits)
    match rule.condition:
        case Simple():
            assert changes(rule, limits, (0, good), (1, bad)) == [(1, Change.RAISED)]
            assert changes(rule, limits, (0, bad), (1, good)) == [(0, Change.RAISED), (1, Change.CLEARED)]
        case Held(minutes=name):
            held = limits[name]
            assert changes(rule, limits, (0, bad), (held - 0.1, bad)) == []
            assert changes(rule, limits, (0, bad), (held / 2, good), (held, bad)) == []
            assert changes(rule, limits, (0, bad), (held, bad)) == [(held, Change.RAISED)]
        case Repeated(times=name, hours=window):
            times, minutes = int(limits[name]), 60 * limits[window]
            apart = minutes / times
            often = [(n * apart + half, value) for n in range(times) for half, value in ((0, bad), (apart / 2, good))]
            assert changes(rule, limits, *often[:-2]) == []
            assert changes(rule, limits, *often)[0] == (often[-2][0], Change.RAISED)
            seldom = [(n * minutes / (times - 1) + half, value) for n in range(times) for half, value in ((0, bad), (1, good))]
            assert changes(rule, limits, *seldom) == []
        case _:
            raise AssertionError(rule.key)


def test_every_rule_that_a_check_judges_says_so_by_watching_no_device() -> None:
    assert all(isinstance(rule.condition, Checked) == (not rule.kinds) for rule in RULES.values())


@pytest.mark.parametrize(
    ("key", "critical"),
    [
        ("parking.charging_hot", True),
        ("equipment.trapped", True),
        ("equipment.rescue_late", True),
        ("equipment.power_lost", False),
    ],
)
def test_what_may_cost_a_life_is_never_kept_back(key: str, *, critical: bool) -> None:
    assert RULES[key].about_life is critical
    assert (not RULES[key].again_after) is critical


def test_each_kind_of_device_is_missed_by_one_module_at_most() -> None:
    watched = [kind for rule in RULES.values() if isinstance(rule.condition, Missing) for kind in rule.kinds]
    assert len(watched) == len(set(watched))
    assert set(DeviceKind) - set(watched) <= {DeviceKind.GATE_STATE}

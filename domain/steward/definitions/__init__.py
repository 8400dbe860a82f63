"""Rules as data: what a street writes down becomes a rule, or is refused with the field and the remedy.

A definition is a JSON object; docs/alerts.md tells what stands in each of its fields. ``packed`` writes a rule down,
``drafted`` reads what a person gave, who leaves out whatever stays as it is, ``unpacked`` reads what is stored. A rule that is
not in the code has a key that begins with ``own_`` after its module, so that no rule of a later release is taken for it.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Missing
from domain.events import METRICS
from domain.facilities import DeviceKind
from domain.steward.rulebooks import Rulebook
from domain.steward.rules import Rule, Worse
from domain.words import Text

from .bounds import check_bounds, check_kept, check_measured
from .merging import merged
from .parts import condition_packed, condition_read, figure_packed, figures_read, parts_of, schedule_read
from .places import FIELDS, Spot, one_of, refused

__all__ = ["FIRST_OWN", "check_key", "drafted", "packed", "unpacked"]

#: The versions that a street makes are numbered from here on; those of the code stay below.
FIRST_OWN = 101

_OWN_KEY = re.compile(r"([a-z_]+)\.own_[a-z0-9_]{2,30}")
_AGAIN_MOST = 720


def packed(rule: Rule) -> dict[str, Any]:
    """The rule as JSON values, all of it but its key and its version."""
    return {
        "name": rule.name.both(),
        "kinds": sorted(rule.kinds),
        "metric": rule.metric,
        "condition": condition_packed(rule.condition),
        "figures": {name: figure_packed(figure) for name, figure in rule.figures.items()},
        "severity": rule.severity,
        "worse": [{"limit": worse.limit, "severity": worse.severity} for worse in rule.worse],
        "message": rule.message.both(),
        "ticket": rule.ticket and rule.ticket.both(),
        "again": rule.again_after / timedelta(hours=1),
        "schedule": rule.schedule and rule.schedule.packed(),
    }


def check_key(key: str, defaults: Rulebook) -> None:
    """Refuses (INVALID) a key that is none of the code's rules, and none that a street can give a rule of its own; and a rule
    that goes by what a check finds, which is code."""
    if key in defaults.rules and isinstance(defaults.rules[key].condition, Checked):
        raise refused(
            ("rule",),
            Text(f"{key} goes by what a check finds: it has no versions.", f"{key} 由定时检查判定，不设版本。"),
            Text("Change its figures with thresholdSet.", "请用 thresholdSet 调整其阈值。"),
        )
    if key in defaults.rules or ((match := _OWN_KEY.fullmatch(key)) and match[1] in defaults.modules):
        return
    listed = ", ".join(defaults.rules)
    raise refused(
        ("rule",),
        Text(f"There is no rule {key!r}.", f"没有名为 {key!r} 的规则。"),
        Text(
            f"Use one of {listed}; or name a rule of the street's own as module.own_name.",
            f"可用：{listed}；或以“模块.own_名称”命名街道自定规则。",
        ),
    )


def drafted(key: str, number: int, given: object, *, base: Rule | None, default: Rule | None) -> Rule:
    """The rule that a street drafts: ``given`` over ``base``, the rule of that key that holds now, if there is one.

    ``default``: the rule of the code, whose metric and ranges and, if it is about life, whose promises stay. Refuses INVALID,
    the path beginning with ``definition``.
    """
    rule = _read(key, number, merged(Spot(given, ("definition",)), packed(base) if base else {}))
    check_bounds(rule)
    check_measured(rule)
    if default is not None:
        check_kept(rule, default)
    return rule


def unpacked(key: str, number: int, stored: Mapping[str, Any]) -> Rule:
    """The rule that was stored. Refuses what does not fit the product (any more), as ``drafted`` does."""
    rule = _read(key, number, stored)
    check_bounds(rule)
    return rule


def _read(key: str, number: int, data: Mapping[str, Any]) -> Rule:
    top = Spot(data, ("definition",))
    top.object(FIELDS)
    metric = None
    if top.at("metric").value is not None:
        metric = METRICS[top.at("metric").choice(METRICS)]
    condition = condition_read(top.at("condition"), metric)
    if isinstance(condition, Missing) and metric is not None:
        raise top.at("metric").fails(
            Text("A rule that watches for silence reads no metric.", "失联规则不读取指标。"), Text("Give null.", "请填写 null。")
        )
    severity = top.at("severity").word(Severity)
    worse = tuple(_worse(spot) for spot in _listed(top.at("worse")))
    parts = {figure: part for part, figure in parts_of(condition).items()} | {each.limit: "limit" for each in worse}
    size = not isinstance(condition, Missing) and isinstance(condition.level, Above) and condition.level.size
    figures = figures_read(Spot(data.get("figures") or {}, ("definition", "figures")), parts, metric, size=size)
    ticket = top.at("ticket")
    return Rule(
        key=key,
        version=number,
        name=top.at("name").text(60),
        kinds=frozenset(spot.word(DeviceKind) for spot in _some(top.at("kinds"))),
        metric=metric and metric.name,
        condition=condition,
        figures=figures,
        severity=severity,
        worse=worse,
        message=top.at("message").text(300, ("place", "value", *figures)),
        ticket=None if ticket.value is None else ticket.text(80, ("place",)),
        again_after=timedelta(hours=24 if top.at("again").value is None else top.at("again").number(0, _AGAIN_MOST, "h")),
        schedule=schedule_read(top.at("schedule")),
    )


def _listed(spot: Spot) -> list[Spot]:
    return [] if spot.value is None else spot.list(len(Severity))


def _some(spot: Spot) -> list[Spot]:
    kinds = spot.list(len(DeviceKind))
    if not kinds:
        raise spot.fails(Text("No kind of device is given.", "未填写设备类别。"), one_of(DeviceKind))
    return kinds


def _worse(spot: Spot) -> Worse:
    spot.object(("limit", "severity"))
    limit = spot.at("limit")
    if not isinstance(limit.value, str):
        raise limit.fails(Text("limit names no figure.", "limit 未指定阈值。"), Text("Name a figure.", "请填写阈值名称。"))
    return Worse(limit.value, spot.at("severity").word(Severity))

"""What a module of the steward is made of: rules, declared as data, and the figures that a street may change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from functools import cached_property
from math import isfinite
from typing import cast

from domain.alerts import Severity
from domain.alerts.conditions import Condition, Limits, Missing
from domain.alerts.schedules import Schedule
from domain.facilities import DeviceKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text

#: Where a figure is from that no code gives.
OWN = "product default"
#: Who tells of what is due by the clocks of upkeep.
UPKEEP_TELLS = Text("Upkeep warns ahead of the day and tells once it has passed.", "维保到期前预警，逾期时已通知一次。")
#: The rules about life besides those of fire safety: people shut in, and batteries about to burn.
LIFE = frozenset({"equipment.trapped", "equipment.rescue_late", "parking.charging_hot"})


#: ``Rule.told_by`` of what is late at the desk.
TOLD_BY_DEADLINES = Text("Deadlines of tickets warn, tell of a breach, and climb.", "工单时限已预警、通报超时并逐级升级。")


@dataclass(frozen=True)
class Figure:
    """A number that a rule goes by: its default (for some kinds of device another), unit, range, and where it is from.

    ``clause`` names the code it follows, or says that it is this product's own choice.
    """

    meaning: Text
    default: float
    unit: str
    least: float
    most: float
    clause: str
    by_kind: Mapping[DeviceKind, float] = field(default_factory=dict[DeviceKind, float])
    whole: bool = False


@dataclass(frozen=True)
class Worse:
    """From the figure ``limit`` on (in the direction of the rule's level) the alert has this severity instead."""

    limit: str
    severity: Severity


@dataclass(frozen=True)
class Rule:
    """What raises an alert, declared as data.

    ``key``: stable name, ``module.rule``. ``version``: raised with every change of meaning; each alert keeps it.
    ``kinds``: the devices it watches; none: what a check of its module finds. ``metric``: what it reads; None: whether the
    device is heard of at all.
    ``message``: a template over ``place``, ``value`` and the figures' names.
    ``ticket``: the title (a template over ``place``) of the emergency ticket that the alert opens once it is critical.
    ``again_after``: a person cleared the alert while the condition still held: after this time it is raised again.
    ``schedule``: when it watches; None: always, as every rule about life does.
    ``told_by``: who tells people of the same thing already: its alerts are found in lists, and wake nobody a second time, until
    they are worse than its ``severity``.
    """

    key: str
    version: int
    name: Text
    kinds: frozenset[DeviceKind]
    metric: str | None
    condition: Condition
    figures: Mapping[str, Figure]
    severity: Severity
    message: Text
    worse: tuple[Worse, ...] = ()
    ticket: Text | None = None
    again_after: timedelta = timedelta(hours=24)
    schedule: Schedule | None = None
    told_by: Text | None = None

    @property
    def module(self) -> str:
        """The key of its module."""
        return self.key.partition(".")[0]

    @property
    def about_life(self) -> bool:
        """Whether it can tell of fire or of people shut in, critically: such alerts no schedule and no silence keeps back."""
        critical = Severity.CRITICAL in {self.severity, *(worse.severity for worse in self.worse)}
        return critical and (self.module == "fire_safety" or self.key in LIFE)

    def limits(self, kind: DeviceKind | None, *overrides: Mapping[str, float]) -> Limits:
        """The figures for a device of ``kind`` (None: no device): the defaults, each replaced by the last of ``overrides``."""
        figures = {name: figure.default for name, figure in self.figures.items()}
        if kind is not None:
            figures |= {name: figure.by_kind[kind] for name, figure in self.figures.items() if kind in figure.by_kind}
        for override in overrides:
            figures |= override
        return figures

    def severity_of(self, value: float, limits: Limits) -> Severity:
        """How bad a value is that the rule finds bad."""
        severity = self.severity
        if not isinstance(self.condition, Missing):
            for worse in self.worse:
                if worse.severity.worse_than(severity) and self.condition.level.reaches(value, limits[worse.limit]):
                    severity = worse.severity
        return severity

    def say(self, place: str, value: float, limits: Limits) -> Text:
        """The sentence for people: what, where, the value and the limit."""
        return _filled(self.message, place=place, value=f"{value:g}", **{name: f"{limit:g}" for name, limit in limits.items()})

    def ticket_title(self, place: str, severity: Severity) -> Text | None:
        """What the emergency ticket of an alert of this severity is called; None: it opens none."""
        return _filled(self.ticket, place=place) if self.ticket and severity is Severity.CRITICAL else None


def _filled(template: Text, **facts: str) -> Text:
    return Text(template.en.format_map(facts), template.zh.format_map(facts))


@dataclass(frozen=True)
class Module:
    """One of the steward's modules: its key, name, what it is about in a sentence, and its rules.

    ``events``: the event types that concern it besides what its rules read of devices.
    """

    key: str
    name: Text
    about: Text
    rules: tuple[Rule, ...]
    events: tuple[str, ...] = ()

    @cached_property
    def watching(self) -> Mapping[tuple[DeviceKind, str], tuple[Rule, ...]]:
        """The rules by kind of device and metric."""
        pairs = [((kind, rule.metric), rule) for rule in self.rules for kind in sorted(rule.kinds) if rule.metric]
        return {pair: tuple(rule for other, rule in pairs if other == pair) for pair, _ in pairs}


def check_thresholds(rule: Rule, values: Mapping[str, object]) -> dict[str, float]:
    """The values as figures of the rule: each a number in the figure's unit, or ``{"value": 60, "unit": "°C"}``.

    Refuses (INVALID, naming the field and the remedy) an empty set, a figure that the rule does not have, one in another
    unit, and a value that is not a number in the figure's range.
    """
    if not values:
        raise _invalid(("values",), Text("No figure is given.", "未填写任何阈值。"), _figures_of(rule))
    return {name: _figure(rule, name, value) for name, value in values.items()}


def _figure(rule: Rule, name: str, value: object) -> float:
    figure = rule.figures.get(name)
    if figure is None:
        like = get_close_matches(name, rule.figures, n=1)
        hint = _figures_of(rule, like or rule.figures)
        message = Text(f"The rule {rule.key} has no figure {name!r}.", f"规则 {rule.key} 没有名为 {name!r} 的阈值。")
        raise _invalid(("values", name), message, hint)
    unit = f" {figure.unit}" if figure.unit else ""
    hint = Text(
        f"Give a {'whole ' if figure.whole else ''}number from {figure.least:g} to {figure.most:g}{unit}.",
        f"请填写 {figure.least:g} 到 {figure.most:g}{unit} 之间的{'整数' if figure.whole else '数字'}。",
    )
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        if given.get("unit") != figure.unit or set(given) != {"value", "unit"}:
            message = Text(f"{name} is not given in{unit or ' numbers'}.", f"{name} 的单位不是{unit or '数字'}。")
            raise _invalid(("values", name), message, hint)
        value = given["value"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _invalid(("values", name), Text(f"{name} is not a number.", f"{name} 不是数字。"), hint)
    if not figure.least <= value <= figure.most or (figure.whole and value != int(value)):
        raise _invalid(("values", name), Text(f"{name} cannot be {value:g}{unit}.", f"{name} 不能是 {value:g}{unit}。"), hint)
    return float(value)


def _figures_of(rule: Rule, names: Iterable[str] | None = None) -> Text:
    named = [(name, rule.figures[name].unit) for name in (rule.figures if names is None else names)]
    if not named:
        return Text("This rule has no figures to change.", "该规则没有可调整的阈值。")
    listed = ", ".join(f"{name} ({unit})" if unit else name for name, unit in named)
    return Text(f"Use {listed}.", f"可用：{listed}。")


def _invalid(path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=path, hint=hint)


def by_key(modules: Sequence[Module]) -> dict[str, Rule]:
    """Every rule by its key. Raises ValueError for a key used twice or outside its module."""
    rules: dict[str, Rule] = {}
    for module in modules:
        for rule in module.rules:
            if rule.key in rules or not rule.key.startswith(f"{module.key}."):
                raise ValueError(f"rule {rule.key} of module {module.key}")
            rules[rule.key] = rule
    return rules

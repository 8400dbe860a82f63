"""What must hold between the parts of a rule, and what a street's own version of a rule of the code must keep of it."""

from collections.abc import Iterator

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Flag, Missing
from domain.events import METRICS, kinds_reporting
from domain.facilities import DeviceKind
from domain.steward.rules import Figure, Rule
from domain.words import Text

from .places import one_of, refused

_TOP = "definition"


def check_bounds(rule: Rule) -> None:
    """Refuses (INVALID) a rule that never clears, whose worse is not worse, or whose schedule keeps back a matter of life."""
    if not isinstance(rule.condition, Missing) and not isinstance(rule.condition.level, Flag):
        for kind in sorted(rule.kinds):
            _check_level(rule, rule.condition.level, kind)
    for n, worse in enumerate(rule.worse):
        if not worse.severity.worse_than(rule.severity) or isinstance(rule.condition, Missing):
            raise refused(
                (_TOP, "worse", str(n), "severity"),
                Text(
                    f"{worse.severity} is not worse than {rule.severity}.", f"{worse.severity.zh}并不比{rule.severity.zh}更严重。"
                ),
                Text("Give a worse severity, or leave it out.", "请填写更严重的级别，或删除该项。"),
            )
    if rule.schedule is not None:
        _check_schedule(rule)


def check_measured(rule: Rule) -> None:
    """Refuses (INVALID) to read of a kind of device what such a device does not measure."""
    if rule.metric is None:
        return
    known = kinds_reporting(frozenset({rule.metric}))
    for kind in sorted(rule.kinds - known):
        raise refused(
            (_TOP, "kinds"),
            Text(f"A {kind} does not measure {rule.metric}.", f"{kind.zh}不监测{METRICS[rule.metric].zh}。"),
            one_of(sorted(known)),
        )


def _check_level(rule: Rule, level: Above | Below, kind: DeviceKind) -> None:
    metric, limits = METRICS[rule.metric or ""], rule.limits(kind)
    limit, margin, unit = limits[level.limit], limits[level.margin], metric.unit
    clears = limit - margin if isinstance(level, Above) else limit + margin
    lowest = 0 if isinstance(level, Above) and level.size else metric.low
    if clears <= lowest if isinstance(level, Above) else clears > metric.high:
        raise refused(
            (_TOP, "figures", level.margin, "value"),
            Text(
                f"It would never clear: for that a {kind} must report {'less than' if isinstance(level, Above) else 'at least'}"
                f" {clears:g} {unit}.",
                f"永远无法恢复：{kind.zh}须上报{'低于' if isinstance(level, Above) else '不低于'} {clears:g} {unit}。",
            ),
            Text("Give a smaller margin, or another limit.", "请减小回差，或调整限值。"),
        )
    for worse in rule.worse:
        if not (limits[worse.limit] >= limit if isinstance(level, Above) else limits[worse.limit] <= limit):
            raise refused(
                (_TOP, "figures", worse.limit, "value"),
                Text(
                    f"{limits[worse.limit]:g} {unit} is reached before the limit, {limit:g} {unit}.",
                    f"{limits[worse.limit]:g} {unit} 先于限值 {limit:g} {unit} 达到。",
                ),
                Text("Give what lies beyond the limit.", "请填写超出限值的数值。"),
            )


def _check_schedule(rule: Rule) -> None:
    if rule.about_life:
        raise refused(
            (_TOP, "schedule"),
            Text("An alert of fire or of trapped people is never kept back by a schedule.", "火警与困人告警不得按时段屏蔽。"),
            Text("Leave the schedule out: the rule watches always.", "请删除时段，该规则始终生效。"),
        )
    if isinstance(rule.condition, Missing):
        raise refused(
            (_TOP, "schedule"),
            Text("Silence is watched for always.", "失联检测始终进行。"),
            Text("Leave the schedule out, or allow more hours of silence.", "请删除时段，或放宽失联时长。"),
        )


def check_kept(rule: Rule, default: Rule) -> None:
    """Refuses (INVALID) another metric or figures out of range, and what would let a matter of life go unheard."""
    if rule.metric != default.metric:
        raise refused(
            (_TOP, "metric"),
            Text(f"{default.key} reads {default.metric or 'no metric'}.", f"规则 {default.key} 的监测指标不可更改。"),
            Text(
                "For something else draft a rule of the street's own: module.own_name.",
                "如需监测其他指标，请以“模块.own_名称”自定规则。",
            ),
        )
    for name, figure in rule.figures.items():
        if (known := default.figures.get(name)) is not None:
            _check_figure(name, figure, known)
    if default.about_life:
        for field in _weakened(rule, default):
            raise refused(
                (_TOP, field),
                Text(f"{default.key} is about life: its {field} stays.", f"规则 {default.key} 关系人身安全，{field} 不可更改。"),
                Text("Change its figures, its words, or watch more kinds of devices.", "可调整其阈值、文字，或增加设备类别。"),
            )


def _check_figure(name: str, figure: Figure, known: Figure) -> None:
    of = f" {known.unit}" if known.unit else ""
    for field, good in (
        ("unit", figure.unit == known.unit),
        ("whole", figure.whole == known.whole),
        ("least", figure.least >= known.least),
        ("most", figure.most <= known.most),
    ):
        if not good:
            raise refused(
                (_TOP, "figures", name, field),
                Text(
                    f"{name} goes from {known.least:g} to {known.most:g}{of}: {known.clause}.",
                    f"{name} 的范围为 {known.least:g} 到 {known.most:g}{of}：{known.clause}。",
                ),
                Text("Stay within it.", "请勿超出该范围。"),
            )


def _weakened(rule: Rule, default: Rule) -> Iterator[str]:
    if rule.severity is not default.severity and rule.severity is not Severity.CRITICAL:
        yield "severity"
    if not rule.kinds >= default.kinds:
        yield "kinds"
    if rule.condition != default.condition:
        yield "condition"
    if rule.worse != default.worse:
        yield "worse"
    if (rule.ticket is None) != (default.ticket is None):
        yield "ticket"
    if rule.again_after > default.again_after:
        yield "again"

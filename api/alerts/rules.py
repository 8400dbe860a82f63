"""Rules of alerts: those that hold somewhere, the street's own versions with their dry runs, and figures that were set."""

from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, localised, many, node, one, stats
from domain.alerts import Severity
from domain.alerts.versions import FigureSource
from domain.facilities import DeviceKind
from domain.steward.definitions import FIRST_OWN, packed
from models.alerts.in_force import FigureInForce, RuleInForce, in_force

for _word in (FigureSource, Severity, DeviceKind):
    graphql_enum(_word)


@node(models.Threshold, "Figures (阈值) of a rule that one street, compound, facility or device has of its own.")
class Threshold:
    rule = column("Rule (规则).", filter=True, sort=True)
    values = column("Figures by name, in the rule's units (阈值).")
    street = one("Place", "Street (街道) in which they hold.")
    compound = one("Compound", "Compound (小区) in which they hold; null: all of the street.", filter=True)
    facility = one("Facility", "Facility (设施) for which they hold, if it is for one.", filter=True)
    device = one("Device", "Device (设备) for which they hold, if it is for one.", filter=True)


@node(models.AlertRuleVersion, "A street's own version of a rule (规则版本); what it says never changes.")
class AlertRuleVersion:
    rule = column("Rule (规则).", filter=True)
    module = column("Steward module of the rule (模块).", filter=True)
    number = column(f"Number (版本号), from {FIRST_OWN} on: `ruleVersion` of the alerts that it raises.")
    state = column("State (状态).", filter=True)
    definition = column("All that the rule says (定义).")
    drafted_at = column("When it was drafted (起草时间).", sort=True)
    published_at = column("When it was published (发布时间).")
    retired_at = column("When it was retired (停用时间).")
    street = one("Place", "Street (街道).")
    dry_runs = many("AlertRuleDryRun", "Dry runs (试运行), newest first.", by="version_id", sort="-started_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.AlertRuleDryRun, "A version tried on stored readings (试运行): what it would have raised; nobody is told.")
class AlertRuleDryRun:
    state = column("State (状态).")
    since = column("From when on readings were judged (起始时间).")
    until = column("Up to when (结束时间).")
    started_at = column("When it was started (启动时间).", sort=True)
    finished_at = column("When it ended (完成时间).")
    devices = column("Devices that the version watches (设备数).")
    devices_done = column("Devices that were looked at so far (已检查设备数).")
    readings = column("Readings that were judged so far (读数条数).")
    alert_count = column("Alerts that it would have raised (告警数); the first thousand are listed.")
    current_count = column("Alerts that the rule would have raised there which held when it was tried (现行规则告警数).")
    version = one("AlertRuleVersion", "The version (规则版本).")
    alerts = many("DryRunAlert", "What it would have raised (模拟告警), in time order.", by="dry_run_id", sort="first_seen_at")
    alert_stats = stats("DryRunAlert", "What it would have raised, counted (模拟告警统计).", by="dry_run_id")


@node(models.DryRunAlert, "An alert that would have been raised (模拟告警).")
class DryRunAlert:
    severity = column("How bad at its worst (级别).", filter=True, group=True)
    first_seen_at = column("Event time of the first reading that shows it (首次时间).", sort=True)
    last_seen_at = column("Event time of the last (最近时间).")
    cleared_at = column("When its condition ended (解除时间); null: it held at the end.")
    count = column("How often it would have been seen (次数).")
    message = localised("What it would have said, in the language of the request (内容).")
    device = one("Device", "Device (设备).")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    dry_run = one("AlertRuleDryRun", "The dry run (试运行).")


@strawberry.type(description="A figure of a rule as it holds (现行阈值): its value, and whose it is.")
class AlertRuleFigure:
    name: str = strawberry.field(description="Name, for thresholdSet.")
    meaning: str = strawberry.field(description="What it means, in the language of the request (含义).")
    value: float = strawberry.field(description="The value that holds (现值).")
    kinds: JSON = strawberry.field(description="The rule's own values for some kinds of device (按设备类别), by kind.")
    unit: str = strawberry.field(description="Unit (单位); empty: a number of times.")
    least: float = strawberry.field(description="The least that it can be set to (下限).")
    most: float = strawberry.field(description="The most that it can be set to (上限).")
    whole: bool = strawberry.field(description="Whether it is a whole number (整数).")
    clause: str = strawberry.field(description="The code that it follows, or that it is a default of the product (依据).")
    source: FigureSource = strawberry.field(description="Whose the value is (来源).")


@strawberry.type(description="A rule as it holds somewhere (现行规则).")
class AlertRule:
    key: str = strawberry.field(description="Its key: `rule` of the alerts that it raises.")
    name: str = strawberry.field(description="Name, in the language of the request (名称).")
    module: str = strawberry.field(description="Steward module (模块).")
    version: int = strawberry.field(description="Version: `ruleVersion` of the alerts that it raises.")
    own: bool = strawberry.field(description="Whether it is a version of the street's own (街道自定).")
    severity: Severity = strawberry.field(description="How bad its alerts are unless they are worse (级别).")
    about_life: bool = strawberry.field(description="Whether no schedule and no silence keeps back its alerts (涉及生命安全).")
    told_by: str | None = strawberry.field(
        description="What tells of the same already (已由其他途径通知): its alerts are found in lists; null: they are told."
    )
    kinds: list[DeviceKind] = strawberry.field(
        description="Kinds of device that it watches (设备类别); none: it goes by what a check finds."
    )
    metric: str | None = strawberry.field(
        description="What it reads (指标); null: whether the device is heard of at all, or what a check finds."
    )
    figures: list[AlertRuleFigure] = strawberry.field(description="Its figures as they hold there (阈值).")
    definition: JSON = strawberry.field(description="All that it says, as alertRuleDraft takes it (定义).")


def _figure(name: str, held: FigureInForce, language: str) -> AlertRuleFigure:
    figure = held.figure
    return AlertRuleFigure(
        name=name,
        meaning=figure.meaning.say(language),
        value=held.value,
        kinds=cast("JSON", {str(kind): value for kind, value in figure.by_kind.items()}),
        unit=figure.unit,
        least=figure.least,
        most=figure.most,
        whole=figure.whole,
        clause=figure.clause,
        source=held.source,
    )


def shown_rule(held: RuleInForce, language: str) -> AlertRule:
    """A rule in the reader's language."""
    rule = held.rule
    return AlertRule(
        key=rule.key,
        name=rule.name.say(language),
        module=rule.module,
        version=rule.version,
        own=rule.version >= FIRST_OWN,
        severity=rule.severity,
        about_life=rule.about_life,
        told_by=rule.told_by and rule.told_by.say(language),
        kinds=sorted(rule.kinds),
        metric=rule.metric,
        figures=[_figure(figure.name, figure, language) for figure in held.figures],
        definition=cast("JSON", packed(rule)),
    )


async def _alert_rules(
    info: strawberry.Info[Context, Any],
    owner_id: Annotated[
        strawberry.ID, strawberry.argument(description="Street (街道), compound (小区), facility (设施) or device (设备).")
    ],
) -> list[AlertRule]:
    context = info.context
    return [shown_rule(held, context.language) for held in await in_force(context.viewer, owner_id)]


alert_rules = strawberry.field(
    _alert_rules, description="The rules (规则) that hold there, with their figures; none for whoever may not know them."
)

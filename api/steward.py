"""The steward's modules, as GraphQL shows them: what each watches at some place, by which rules, and what it has found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.alerts.rules import AlertRule, shown_rule
from api.checks import Check, shown
from api.context import Context
from api.read.errors import refuse
from domain.access import Reach
from domain.alerts import Severity
from domain.alerts.versions import FigureSource
from domain.steward import MODULES, Module
from models.alerts.by_module import WINDOW, ModuleFigures, OpenAlert, figures_by_module, open_by_module
from models.alerts.in_force import RuleInForce, owner_seen, rules_in_force
from models.calendar import now, zone
from models.checks import Standing, checks_for
from models.modules import ModuleSwitch, off_in

_OPEN_MAX = 100

_Owner = Annotated[
    strawberry.ID, strawberry.argument(description="Street (街道), compound (小区), facility (设施) or device (设备).")
]
_Open = Annotated[int, strawberry.argument(description=f"List at most so many open alerts of each, 0 to {_OPEN_MAX}.")]


@strawberry.type(description="A module is switched off in a compound (模块关闭).")
class ModuleOff:
    since: datetime = strawberry.field(description="Since when (关闭时间).")
    reason: str = strawberry.field(description="Why (原因).")


@strawberry.type(description="A figure that is set there, or above, in place of the rule's own (自定阈值).")
class ModuleSetting:
    rule: str = strawberry.field(description="Rule (规则), for thresholdSet.")
    name: str = strawberry.field(description="Name of the figure (名称), for thresholdSet.")
    value: float = strawberry.field(description="The value that holds (现值).")
    default: float = strawberry.field(description="The rule's own (默认值).")
    unit: str = strawberry.field(description="Unit (单位); empty: a number of times.")
    source: FigureSource = strawberry.field(description="Whose the value is (来源).")


@strawberry.type(description=f"What a module has raised there (模块统计): open, and within {WINDOW.days} days.")
class ModuleFigure:
    open: int = strawberry.field(description="Alerts that are open (未解除).")
    critical: int = strawberry.field(description="Those of them that are critical (紧急).")
    unacknowledged: int = strawberry.field(description="Those of them that nobody has acknowledged (未确认).")
    raised: int = strawberry.field(description=f"Alerts raised in the last {WINDOW.days} days (近期告警).")
    false_percent: int | None = strawberry.field(
        description="Of those of them that were found real or false, how many were false, in per cent (误报率); null: none was."
    )


@strawberry.type(description="An open alert of a module (未解除告警): ask `nodes` for more of it.")
class ModuleAlert:
    alert_id: strawberry.ID = strawberry.field(description="Alert (告警).")
    rule: str = strawberry.field(description="Rule (规则).")
    severity: Severity = strawberry.field(description="How bad it is (级别).")
    first_seen_at: datetime = strawberry.field(description="Since when (首次时间).")


@strawberry.type(description="A module of the steward (智慧管家模块): what watches over one side of compounds.")
class StewardModule:
    key: str = strawberry.field(description="Its key: `module` of the alerts that it raises.")
    name: str = strawberry.field(description="Name, in the language of the request (名称).")
    about: str = strawberry.field(description="What it is about, in the language of the request (说明).")
    off: ModuleOff | None = strawberry.field(
        description="Since when and why it raises nothing there (关闭状态), but for its rules about life; null: it watches."
    )
    rules: list[AlertRule] = strawberry.field(description="Its rules (规则) that hold there, with their figures.")
    checks: list[Check] = strawberry.field(
        description="What it looks for on the clock (定时检查); none for those who neither run the street nor the system."
    )
    settings: list[ModuleSetting] = strawberry.field(description="Figures that are set there or above (自定阈值).")
    figures: ModuleFigure = strawberry.field(description="What it has raised there, in numbers (统计).")
    open_alerts: list[ModuleAlert] = strawberry.field(description="Its open alerts there (未解除告警), the worst first.")


@dataclass(frozen=True)
class _Place:
    """What is known of a place, for all modules."""

    held: Sequence[RuleInForce]
    checks: Sequence[Standing]
    off: Mapping[str, ModuleSwitch]
    figures: Mapping[str, ModuleFigures]
    open: Mapping[str, Sequence[OpenAlert]]


def _module(module: Module, place: _Place, language: str) -> StewardModule:
    held = [each for each in place.held if each.rule.module == module.key]
    off, figures = place.off.get(module.key), place.figures.get(module.key, ModuleFigures())
    return StewardModule(
        key=module.key,
        name=module.name.say(language),
        about=module.about.say(language),
        off=off and ModuleOff(since=off.switched_off_at.astimezone(zone()), reason=off.reason),
        rules=[shown_rule(each, language) for each in held],
        checks=[shown(each, language) for each in place.checks if each.module == module.key],
        settings=[
            ModuleSetting(
                rule=each.rule.key,
                name=figure.name,
                value=figure.value,
                default=figure.figure.default,
                unit=figure.figure.unit,
                source=figure.source,
            )
            for each in held
            for figure in each.figures
            if figure.source is not FigureSource.RULE
        ],
        figures=ModuleFigure(
            open=figures.open,
            critical=figures.critical,
            unacknowledged=figures.unacknowledged,
            raised=figures.raised,
            false_percent=round(100 * figures.false_alarms / figures.judged) if figures.judged else None,
        ),
        open_alerts=[
            ModuleAlert(
                alert_id=strawberry.ID(alert.id),
                rule=alert.rule,
                severity=alert.severity,
                first_seen_at=alert.first_seen_at.astimezone(zone()),
            )
            for alert in place.open.get(module.key, ())
        ],
    )


async def _steward_modules(info: strawberry.Info[Context, Any], owner_id: _Owner, open_alerts: _Open = 20) -> list[StewardModule]:
    if not 0 <= open_alerts <= _OPEN_MAX:
        raise refuse("BAD_USER_INPUT", f"openAlerts: from 0 to {_OPEN_MAX}; it is {open_alerts}.")
    context = info.context
    owner = await owner_seen(context.viewer, owner_id)
    if owner is None:
        return []
    compound_id = owner.belongs().get(Reach.COMPOUND)
    place = _Place(
        held=await rules_in_force(owner),
        checks=await checks_for(context.viewer),
        off=await off_in(compound_id) if compound_id else {},
        figures=await figures_by_module(owner, now()),
        open=await open_by_module(owner, open_alerts),
    )
    return [_module(module, place, context.language) for module in MODULES]


async def _steward_module(
    info: strawberry.Info[Context, Any],
    owner_id: _Owner,
    key: Annotated[str, strawberry.argument(description="Key of the module (模块), `fire_safety` for one.")],
    open_alerts: _Open = 20,
) -> StewardModule | None:
    return next((module for module in await _steward_modules(info, owner_id, open_alerts) if module.key == key), None)


steward_modules = strawberry.field(
    _steward_modules,
    description="The steward's modules (智慧管家模块) as they watch there; none for whoever may not know the rules.",
)
steward_module = strawberry.field(
    _steward_module,
    description="One of them; null: there is none of that key, or you may not know it. Its alerts: `alerts` filtered by module.",
)

"""The steward's modules, as GraphQL shows them: what each watches at some place, by which rules, and when its checks run."""

from typing import Annotated, Any

import strawberry

from api.alerts.rules import AlertRule, shown_rule
from api.checks import Check, shown
from api.context import Context
from domain.steward import MODULES, Module
from models.alerts.in_force import RuleInForce, in_force
from models.checks import Standing, checks_for

_Owner = Annotated[
    strawberry.ID, strawberry.argument(description="Street (街道), compound (小区), facility (设施) or device (设备).")
]


@strawberry.type(description="A module of the steward (智慧管家模块): what watches over one side of compounds.")
class StewardModule:
    key: str = strawberry.field(description="Its key: `module` of the alerts that it raises.")
    name: str = strawberry.field(description="Name, in the language of the request (名称).")
    about: str = strawberry.field(description="What it is about, in the language of the request (说明).")
    rules: list[AlertRule] = strawberry.field(description="Its rules (规则) that hold there, with their figures.")
    checks: list[Check] = strawberry.field(
        description="What it looks for on the clock (定时检查); none for those who neither run the street nor the system."
    )


def _module(module: Module, held: list[RuleInForce], standing: list[Standing], language: str) -> StewardModule:
    return StewardModule(
        key=module.key,
        name=module.name.say(language),
        about=module.about.say(language),
        rules=[shown_rule(each, language) for each in held if each.rule.module == module.key],
        checks=[shown(each, language) for each in standing if each.module == module.key],
    )


async def _steward_modules(info: strawberry.Info[Context, Any], owner_id: _Owner) -> list[StewardModule]:
    context = info.context
    held = await in_force(context.viewer, owner_id)
    standing = await checks_for(context.viewer) if held else []
    return [_module(module, held, standing, context.language) for module in MODULES] if held else []


async def _steward_module(
    info: strawberry.Info[Context, Any],
    owner_id: _Owner,
    key: Annotated[str, strawberry.argument(description="Key of the module (模块), `fire_safety` for one.")],
) -> StewardModule | None:
    return next((module for module in await _steward_modules(info, owner_id) if module.key == key), None)


steward_modules = strawberry.field(
    _steward_modules,
    description="The steward's modules (智慧管家模块) as they watch there; none for whoever may not know the rules.",
)
steward_module = strawberry.field(
    _steward_module,
    description="One of them; null: there is none of that key, or you may not know it. Its alerts: `alerts` filtered by module.",
)

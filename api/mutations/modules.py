"""Mutations on the steward's modules in a compound; the acts are in models/modules.py."""

import strawberry

from api.context import Context
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models import modules

_COMPOUND, _MODULE = "Compound (小区).", "Key of the module (模块), `parking` for one."


@strawberry.input(description="A module that is to raise nothing in a compound.")
class ModuleSwitchOffInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    module: str = strawberry.field(description=_MODULE)
    reason: str = strawberry.field(description=f"Why (原因), 1 to {modules.REASON_MAX} characters; no personal data.")


@bound("What moduleSwitchOff answers.")
class ModuleSwitchOffPayload(Payload):
    compound = by_id("Compound", "subject_id", description="The compound (小区); null when refused.")


@mutation(
    "Switch a module of the steward off in a compound (关闭模块): its open alerts there end, and it raises no more, but for those"
    " about life. Events are taken in and kept as before."
)
async def module_switch_off(context: Context, given: ModuleSwitchOffInput) -> ModuleSwitchOffPayload:
    compound = await modules.switch_off(context.viewer, given.compound_id, given.module, reason=given.reason)
    return ModuleSwitchOffPayload(subject_id=compound.id)


@strawberry.input(description="A module that is to watch a compound again.")
class ModuleSwitchOnInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    module: str = strawberry.field(description=_MODULE)


@bound("What moduleSwitchOn answers.")
class ModuleSwitchOnPayload(Payload):
    compound = by_id("Compound", "subject_id", description="The compound (小区); null when refused.")


@mutation("Let a module of the steward watch a compound again (启用模块), from the next reading and check on.")
async def module_switch_on(context: Context, given: ModuleSwitchOnInput) -> ModuleSwitchOnPayload:
    compound = await modules.switch_on(context.viewer, given.compound_id, given.module)
    return ModuleSwitchOnPayload(subject_id=compound.id)

"""Modules of the steward that are switched off in a compound: who does it, and what of it is over then.

Off, a module raises no alert in the compound, and opens no ticket by one; events are still taken in and kept, and what
people plan and enter goes on. Its rules about life watch all the same: no switch keeps back a fire or a trapped passenger.
"""

from collections.abc import Iterable, Mapping

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.steward import DEFAULTS, Module
from domain.texts import written
from domain.words import Text
from models.alerts import Gone, clear_gone, rules_of
from models.alerts.caring import leave
from models.calendar import now
from models.connection import query
from models.facts import Actor, record
from models.ids import new_id
from models.permits import actor_of, found, permit
from models.rows import Row
from models.territory import Compound
from models.work import ringing

#: The longest reason.
REASON_MAX = 500


class ModuleSwitch(Row):
    """A module is switched off in a compound: the row goes when it is switched on again. Its history are the compound's facts."""

    prefix = "mds"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    module = fields.CharField(max_length=40)
    reason = fields.CharField(max_length=REASON_MAX)
    switched_off_at = fields.DatetimeField()
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "module_switch"


_OFF = "SELECT compound_id, array_agg(module) AS modules FROM module_switch WHERE compound_id = ANY($1::text[]) GROUP BY 1"
_SWITCH_OFF = """
INSERT INTO module_switch (id, module, reason, switched_off_at, compound_id, street_id) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (compound_id, module) DO NOTHING RETURNING id
"""
_SWITCH_ON = "DELETE FROM module_switch WHERE compound_id = $1 AND module = $2 RETURNING id"
#: Whoever judges readings of these devices does it before, or finds the module switched off.
_TAKE_TURNS = "SELECT id FROM device WHERE compound_id = $1 ORDER BY id FOR NO KEY UPDATE"
_OPEN = """
SELECT rule, subject_id FROM alert WHERE compound_id = $1 AND module = $2 AND state = 'OPEN' AND rule <> ALL($3::text[])
"""
_FORGET = """
DELETE FROM rule_state s USING device d
WHERE d.compound_id = $1 AND s.subject_id = d.id AND split_part(s.rule, '.', 1) = $2 AND s.rule <> ALL($3::text[])
"""


async def switched_off(compound_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The keys of the modules that are switched off, by compound; compounds where none is are left out."""
    return {row["compound_id"]: frozenset(row["modules"]) for row in await query(_OFF, sorted(set(compound_ids)))}


async def off_in(compound_id: str) -> dict[str, ModuleSwitch]:
    """The modules that are switched off in the compound, by key."""
    return {switch.module: switch for switch in await ModuleSwitch.filter(compound_id=compound_id)}


async def switch_off(viewer: Viewer, compound_id: str, module: str, *, reason: str) -> Compound:
    """Switch a module off in a compound; its open alerts there end, but for those about life.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an unknown module, a reason of no or too many characters) and CONFLICT (off already).
    """
    async with ringing(), in_transaction():
        compound = await _compound(viewer, compound_id, "moduleSwitchOff")
        key, reason = _known(module).key, written(reason, "reason", REASON_MAX)
        await query(_TAKE_TURNS, compound.id)
        columns = (new_id(ModuleSwitch.prefix), key, reason, now(), compound.id, compound.street_id)
        if not await query(_SWITCH_OFF, *columns):
            raise _already(Text("The module is switched off there already.", "该小区已关闭此模块。"))
        await record(actor_of(viewer), "moduleSwitchOff", compound, after={"module": key})
        await _end_alerts(compound, key)
        return compound


async def switch_on(viewer: Viewer, compound_id: str, module: str) -> Compound:
    """Let a module watch a compound again, from the next reading and the next check on.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an unknown module) and CONFLICT (on already).
    """
    async with in_transaction():
        compound = await _compound(viewer, compound_id, "moduleSwitchOn")
        key = _known(module).key
        if not await query(_SWITCH_ON, compound.id, key):
            raise _already(Text("The module is switched on there already.", "该小区已启用此模块。"))
        await record(actor_of(viewer), "moduleSwitchOn", compound, after={"module": key})
        return compound


async def _compound(viewer: Viewer, compound_id: str, act: str) -> Compound:
    """The compound, not locked: whoever judges readings has its devices locked before they look at it."""
    compound = await found(Compound, compound_id, viewer, path=("compound_id",))
    permit(viewer, act, compound)
    return compound


async def _end_alerts(compound: Compound, module: str) -> None:
    rules = (await rules_of([compound.street_id]))[compound.street_id].modules[module].rules
    about_life = [rule.key for rule in rules if rule.about_life]
    await query(_FORGET, compound.id, module, about_life)
    moment = now()
    gone = [
        Gone(row["rule"], row["subject_id"], moment, {"module": module, "switched": "OFF"})
        for row in await query(_OPEN, compound.id, module, about_life)
    ]
    await leave([told.alert for told in await clear_gone(Actor(f"system:{module}"), gone)])


def _known(module: str) -> Module:
    known: Mapping[str, Module] = DEFAULTS.modules
    if module not in known:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"There is no module {module!r}.", f"没有名为 {module!r} 的模块。"),
            path=("module",),
            hint=Text(f"Use one of: {', '.join(known)}.", f"可用：{'、'.join(known)}。"),
        )
    return known[module]


def _already(message: Text) -> Refused:
    return Refused(RefusalCode.CONFLICT, message, path=("module",), hint=Text("Read the module again.", "请重新查询模块状态。"))

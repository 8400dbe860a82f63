"""Who runs a compound day by day, from when to when: the history of its governance mode."""

from datetime import date, timedelta
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.territory import BASIS_MAX, GovernanceMode
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.rows import Row

from .rows import Compound


class GovernanceTerm(Row):
    """A compound run in one mode, from ``starts_on`` (null: since before it was recorded) to ``ends_on`` (null: it still is),
    both included; never two on one day. ``basis``: the decision it rests on. What holds today is ``Compound.governance`` as well.
    """

    prefix = "gvt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    mode = fields.CharEnumField(GovernanceMode, max_length=40)
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    basis = fields.CharField(max_length=200, db_default="")
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "governance_term"


async def set_governance(
    viewer: Viewer,
    compound_id: str,
    governance: GovernanceMode,
    *,
    starts_on: date | None = None,
    basis: str = "",
    expected_version: int | None = None,
) -> Compound:
    """Say who runs a compound from ``starts_on`` on (default: today); the mode of before ends the day before, and stays.

    The mode that holds already is left as it is; the day on which the present one began corrects that. ``basis``: the decision.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (a day to come, or before the present mode began; a basis of 200 characters at most) and
    STALE_VERSION.
    """
    first, basis = starts_on or today(), written(basis, "basis", BASIS_MAX, least=0)
    if first > today():
        raise _bad_day(first, Text("Give the day from which it is so, today or before.", "请填写实际起始日期，不晚于今天。"))
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "compoundSetGovernance")
        unchanged(compound.version, expected_version)
        before = compound.governance
        if governance is before:
            return compound
        await _begin(compound, governance, first, basis)
        compound.governance = governance
        compound.version += 1
        await compound.save(update_fields=["governance", "version"])
        after = {"governance": governance, "starts_on": first.isoformat()}
        await record(actor_of(viewer), "compoundSetGovernance", compound, before={"governance": before}, after=after)
        return compound


async def _begin(compound: Compound, mode: GovernanceMode, first: date, basis: str) -> None:
    """End the term that holds, and begin the next. The compound is locked."""
    of: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
    held = await GovernanceTerm.get_or_none(compound_id=compound.id, ends_on=None)
    if held is not None and held.starts_on == first:
        held.mode, held.basis = mode, basis
        await held.save(update_fields=["mode", "basis"])
        return
    if held is not None and held.starts_on is not None and held.starts_on > first:
        hint = Text(f"Give a day from {held.starts_on} on.", f"请填写 {held.starts_on} 或以后的日期。")
        raise _bad_day(first, hint)
    hint = Text("Give a day on which no other mode is on record.", "请填写没有其他管理模式记录的日期。")
    async with constrained(_bad_day(first, hint)):
        held = held or GovernanceTerm(mode=compound.governance, **of)
        held.ends_on = first - timedelta(days=1)
        await held.save()
        await GovernanceTerm.create(mode=mode, starts_on=first, basis=basis, **of)


def _bad_day(day: date, hint: Text) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        Text(f"The compound cannot be run so from {day}.", f"管理模式起始日期 {day} 无效。"),
        path=("starts_on",),
        hint=hint,
    )

"""Telling of upkeep: once per due day ahead of it, and once when it has passed."""

from datetime import date, timedelta
from typing import Any

from domain.alerts import Severity
from domain.notices import UPKEEP_OVERDUE, UPKEEP_WARNED, Announcement
from domain.upkeep import Plan
from domain.words import Text
from models.duty import on_duty
from models.facilities import Facility
from models.notices import announce
from models.territory import Compound

from .rows import UpkeepDue
from .sides import doer_of, user_of


async def tell(facility: Facility, row: UpkeepDue, plan: Plan, today: date) -> None:
    """Announce what has come, if it was not told for this due day; sets what was told. Inside the transaction.

    Told are who answers for the facility and who does the work, and whoever of the first is on duty there.
    """
    if row.due_on is None:
        return
    if row.due_on < today:
        if row.told_for != row.due_on:
            row.warned_for = row.told_for = row.due_on
            await _announce(UPKEEP_OVERDUE, facility, row, today)
    elif row.due_on - timedelta(days=plan.warn_days) <= today and row.warned_for != row.due_on:
        row.warned_for = row.due_on
        await _announce(UPKEEP_WARNED, facility, row, today)


async def _announce(type_: str, facility: Facility, row: UpkeepDue, today: date) -> None:
    compound = await Compound.get(id=facility.compound_id)
    user, doer = await user_of(compound.id, today), await doer_of(compound.id, row.kind, today)
    await announce(
        Announcement(
            type=type_,
            topic=f"{type_} {row.id} {row.due_on}",
            data=_data(type_, facility, row, compound),
            street_id=facility.street_id,
            compound_id=compound.id,
            severity=Severity.MAJOR if type_ == UPKEEP_OVERDUE else None,
            organisations=frozenset(id_ for id_ in (user, doer) if id_),
            accounts=frozenset(await on_duty(user, compound.id)) if user else frozenset[str](),
        )
    )


def _data(type_: str, facility: Facility, row: UpkeepDue, compound: Compound) -> dict[str, Any]:
    kind, day = row.kind, row.due_on
    late = type_ == UPKEEP_OVERDUE
    apply = f" Apply for it by {row.apply_by}." if row.apply_by and not late else ""
    apply_zh = f"请于 {row.apply_by} 前提出申请。" if row.apply_by and not late else ""
    return {
        "facility": {"id": facility.id, "code": facility.code, "name": facility.name, "kind": facility.kind},
        "due": {"id": row.id, "kind": kind, "on": str(day), "clause": row.clause},
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": Text(
            f"{facility.name}: {kind.meaning[0].lower()}{kind.meaning[1:-1]} {'was' if late else 'is'} due on {day}.{apply}",
            f"{facility.name}：{kind.zh}{'已于' if late else '应于'} {day} {'到期未完成' if late else '前完成'}。{apply_zh}",
        ).both(),
    }

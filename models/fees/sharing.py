"""Common costs: what there is to share of an item in a period; each home's portion is fixed when it is first billed."""

from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.charges import FeeKind, Period, ShareBy, period_from
from domain.money import fen
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.connection import query
from models.facts import record
from models.permits import actor_of, permitted, unchanged

from .rows import FeeItem, SharedCost

_NOTE_MAX = 200
_COST_MAX = Decimal("99999999.99")
_BILLED = """
SELECT EXISTS (SELECT FROM bill_line WHERE fee_item_id = $1 AND period_from BETWEEN $2 AND $3 AND NOT withdrawn) AS billed
"""
_WEIGHTS = {
    ShareBy.AREA: "h.area_m2",
    ShareBy.HOMES: "1",
    ShareBy.RESIDENTS: "h.residents",
    ShareBy.QUANTITY: "a.quantity",
}
_FORGET = "DELETE FROM fee_portion WHERE fee_item_id = $1 AND period_from = $2"
#: Largest remainder, as ``domain.money.share`` has it: what is cut to the fen, and a fen more for the largest remainders, the
#: earlier home first where they are equal. In whole numbers, so that nothing is rounded on the way.
_SHARE = """
INSERT INTO fee_portion (fee_item_id, period_from, home_id, weight, amount)
WITH held AS (
    SELECT DISTINCT ON (a.home_id) a.home_id, {weight}::numeric AS weight FROM fee_assignment a JOIN home h ON h.id = a.home_id
    WHERE a.fee_item_id = $1 AND a.starts_on <= $3 AND (a.ends_on IS NULL OR a.ends_on >= $2)
    ORDER BY a.home_id, a.starts_on DESC
), whole AS (SELECT sum(weight) AS weight FROM held), cut AS (
    SELECT home_id, held.weight, div($4::numeric * 100 * held.weight, whole.weight) AS fens,
        mod($4::numeric * 100 * held.weight, whole.weight) AS rest
    FROM held, whole WHERE whole.weight > 0
), ranked AS (
    SELECT *, row_number() OVER (ORDER BY rest DESC, home_id) AS place, $4::numeric * 100 - sum(fens) OVER () AS missing FROM cut
)
SELECT $1, $2, home_id, weight, (fens + (place <= missing)::int) / 100.0 FROM ranked
"""


async def set_shared_cost(
    viewer: Viewer, item_id: str, month: date, amount: Decimal, *, note: str, expected_version: int | None = None
) -> SharedCost:
    """Say what there is to share of an item for the period that begins with ``month``: yuan, and what it is of.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (amount, note, no period of a shared item), ILLEGAL_MOVE (homes were billed for it) and
    STALE_VERSION.
    """
    whole = fen(amount, "amount", least=Decimal("0.01"), most=_COST_MAX)
    note = written(note, "note", _NOTE_MAX)
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "sharedCostSet", path=("item_id",))
        period = _period(item, month)
        if (await query(_BILLED, item.id, period.first, period.last))[0]["billed"]:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Homes were billed for this period.", "该期已出账，不能修改公摊总额。"),
                path=("month",),
                hint=Text("Reverse that bill run first: billRunReverse.", "请先撤销该出账批次（billRunReverse）。"),
            )
        kept = await SharedCost.filter(fee_item_id=item.id, period_from=period.first).select_for_update().first()
        if kept is None:
            unchanged(0, expected_version)
            kept = await SharedCost.create(
                period_from=period.first,
                period_to=period.last,
                amount=whole,
                note=note,
                fee_item_id=item.id,
                compound_id=item.compound_id,
                organisation_id=item.organisation_id,
                street_id=item.street_id,
            )
        else:
            unchanged(kept.version, expected_version)
            kept.amount, kept.note = whole, note
            kept.version += 1
            await kept.save(update_fields=["amount", "note", "version"])
        after = {"period_from": period.first.isoformat(), "amount": f"{whole:f}"}
        await record(actor_of(viewer), "sharedCostSet", kept, after=after)
        return kept


def _period(item: FeeItem, month: date) -> Period:
    period = period_from(month, item.months)
    if item.kind is FeeKind.SHARED and period is not None:
        return period
    raise Refused(
        RefusalCode.INVALID,
        Text("No period of a shared item begins then.", "该日期不是公摊项目计费期的首日。"),
        path=("month",),
        hint=Text(
            f"Name a shared item, and the first day of a period of {item.months} months, counted from January.",
            f"请选择公摊项目，并填写自一月起每 {item.months} 个月一期的首日。",
        ),
    )


async def fix_portions(item: FeeItem, period: Period) -> None:
    """Share what there is to share over the homes that have a part in it, exempt ones too: what they do not pay is nobody else's.

    Portions stay as they are while a bill stands on them. Without a cost there are none. Call it inside a transaction that holds
    the run.
    """
    if item.kind is not FeeKind.SHARED or (await query(_BILLED, item.id, period.first, period.last))[0]["billed"]:
        return
    await query(_FORGET, item.id, period.first)
    cost = await SharedCost.filter(fee_item_id=item.id, period_from=period.first).select_for_update().first()
    if cost is not None:
        await query(_SHARE.format(weight=_WEIGHTS[item.share_by]), item.id, period.first, period.last, cost.amount)

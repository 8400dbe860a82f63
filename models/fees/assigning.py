"""Who has a part in an item: homes one by one, or all homes of a compound that are used in some way."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bill_runs import check_quantity
from domain.charges import ExemptionReason
from domain.refusals import RefusalCode, Refused
from domain.territory import HomeUse
from domain.words import Text
from models.calendar import today
from models.connection import constrained, query
from models.facts import record
from models.ids import new_id
from models.permits import actor_of, permitted, unchanged
from models.roles import check_days, check_no_longer

from .rows import FeeAssignment, FeeItem

#: Homes that are named at once, at most; and homes that a compound has, at most, for an item to be assigned to all.
HOMES_MOST, ALL_MOST = 500, 20_000
_AT_ONCE = 1_000

_MAKE = """
INSERT INTO fee_assignment (id, home_id, starts_on, ends_on, quantity, discount, exemption,
    fee_item_id, book_id, compound_id, organisation_id, street_id)
SELECT made.id, made.home_id, $3::date, $4::date, $5::numeric, $6::numeric, $7::text, $8, $9, $10, $11, $12
FROM unnest($1::text[], $2::text[]) AS made (id, home_id)
"""
_HOMES = "SELECT id FROM home WHERE id = ANY($1::text[]) AND compound_id = $2"
#: $1: compound, $2: uses, $3: item, $4: from, $5: until or null.
_FREE = """
SELECT h.id FROM home h WHERE h.compound_id = $1 AND h.use = ANY($2::text[]) AND NOT EXISTS (
    SELECT FROM fee_assignment a WHERE a.fee_item_id = $3 AND a.home_id = h.id
        AND daterange(a.starts_on, a.ends_on, '[]') && daterange($4::date, $5::date, '[]')
) ORDER BY h.id
"""


async def assign(
    viewer: Viewer,
    item_id: str,
    home_ids: Collection[str],
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    quantity: Decimal = Decimal(1),
    discount: Decimal = Decimal(0),
    exemption: ExemptionReason | None = None,
) -> FeeItem:
    """Let homes have a part in an item from a day (default: its first) to a day (none: open).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (none or more than 500 homes, homes elsewhere, days, quantity, discount) and CONFLICT
    (one of them has a part in it on some of these days).
    """
    check_quantity(quantity, discount)
    named = sorted(set(home_ids))
    if not 1 <= len(named) <= HOMES_MOST:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{len(named)} homes were named.", f"共选择 {len(named)} 户。"),
            path=("home_ids",),
            hint=Text(
                f"Name 1 to {HOMES_MOST}; for all, feeAssignAll.", f"请选择 1 至 {HOMES_MOST} 户；全部住户请用 feeAssignAll。"
            ),
        )
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "feeAssign", path=("item_id",))
        first = _days(item, starts_on, ends_on)
        known = {row["id"] for row in await query(_HOMES, named, item.compound_id)}
        if missing := next((home for home in named if home not in known), None):
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{missing} is no home of the compound.", f"{missing} 不是该小区的住房。"),
                path=("home_ids",),
                hint=Text("Name homes of the compound whose book this is.", "请选择账套所属小区的住房。"),
            )
        async with constrained(_taken()):
            await _make(item, named, first, ends_on, quantity, discount, exemption)
        after = {"homes": len(named), "starts_on": first.isoformat(), "exemption": exemption}
        await record(actor_of(viewer), "feeAssign", item, after=after)
        return item


async def assign_all(
    viewer: Viewer, item_id: str, uses: Collection[HomeUse], *, starts_on: date | None = None, ends_on: date | None = None
) -> FeeItem:
    """Let all homes of the compound that are used in one of these ways, and have no part in the item then, have one.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (no uses, days, a compound of more than 20,000 homes).
    """
    if not uses:
        raise Refused(
            RefusalCode.INVALID,
            Text("No use of homes was named.", "未选择房屋用途。"),
            path=("uses",),
            hint=Text("Name at least one.", "请至少选择一种用途。"),
        )
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "feeAssignAll", path=("item_id",))
        first = _days(item, starts_on, ends_on)
        rows = await query(_FREE, item.compound_id, sorted(uses), item.id, first, ends_on)
        homes: list[str] = [row["id"] for row in rows]
        if len(homes) > ALL_MOST:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{len(homes)} homes are too many at once.", f"共 {len(homes)} 户，超过一次可分配的数量。"),
                path=("uses",),
                hint=Text("Name fewer uses, or import a sheet.", "请减少用途，或通过表格导入。"),
            )
        async with constrained(_taken()):
            for n in range(0, len(homes), _AT_ONCE):
                await _make(item, homes[n : n + _AT_ONCE], first, ends_on, Decimal(1), Decimal(0), None)
        after = {"homes": len(homes), "starts_on": first.isoformat()}
        await record(actor_of(viewer), "feeAssignAll", item, after=after)
        return item


def _days(item: FeeItem, starts_on: date | None, ends_on: date | None) -> date:
    first = starts_on or item.starts_on
    check_days(first, ends_on)
    if first < item.starts_on or (item.ended_on is not None and first > item.ended_on):
        raise Refused(
            RefusalCode.INVALID,
            Text(f"The item is in force from {item.starts_on} on.", f"该项目自 {item.starts_on} 起收取。"),
            path=("starts_on",),
            hint=Text("Give a day on which it is.", "请填写项目有效期内的日期。"),
        )
    return first


async def _make(
    item: FeeItem,
    homes: Sequence[str],
    starts_on: date,
    ends_on: date | None,
    quantity: Decimal,
    discount: Decimal,
    exemption: ExemptionReason | None,
) -> None:
    await query(
        _MAKE,
        [new_id(FeeAssignment.prefix) for _ in homes],
        list(homes),
        starts_on,
        ends_on,
        quantity,
        discount,
        exemption,
        item.id,
        item.book_id,
        item.compound_id,
        item.organisation_id,
        item.street_id,
    )


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("A home has a part in the item on some of these days.", "有住户在此期间已分配该收费项目。"),
        path=("home_ids",),
        hint=Text("End that one first: feeAssignmentEnd.", "请先终止原分配（feeAssignmentEnd）。"),
    )


async def end_assignment(
    viewer: Viewer, assignment_id: str, *, ends_on: date | None = None, expected_version: int | None = None
) -> FeeAssignment:
    """Let a home's part end on an earlier day (default: today), itself included. Bills that were issued stay: see billCorrect.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (before it began, later than it ends) and STALE_VERSION.
    """
    async with in_transaction():
        kept = await permitted(FeeAssignment, assignment_id, viewer, "feeAssignmentEnd")
        unchanged(kept.version, expected_version)
        last = ends_on or max(today(), kept.starts_on)
        check_days(kept.starts_on, last)
        check_no_longer(last, kept.ends_on)
        kept.ends_on = last
        kept.version += 1
        await kept.save(update_fields=["ends_on", "version"])
        await record(actor_of(viewer), "feeAssignmentEnd", kept, after={"ends_on": last.isoformat()})
        return kept

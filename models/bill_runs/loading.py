"""What a run needs to know of some homes: a few statements, however many they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.charges import Holding, Item, Period, Portion, Usage, period_from
from domain.charges.words import FeeKind
from models.connection import query
from models.fees.items import price_of
from models.fees.rows import FeeItem, FeePrice

#: $1: book, $2: items, $3: after this home, $4: first day, $5: last day, $6: how many.
_HOMES = """
SELECT a.home_id AS id, min(h.area_m2) AS area FROM fee_assignment a JOIN home h ON h.id = a.home_id
WHERE a.book_id = $1 AND a.home_id > $3 AND a.fee_item_id = ANY($2::text[]) AND a.starts_on <= $5
    AND (a.ends_on IS NULL OR a.ends_on >= $4)
GROUP BY a.home_id ORDER BY a.home_id LIMIT $6
"""
_HOLDINGS = """
SELECT home_id, fee_item_id, starts_on, ends_on, quantity, discount, exemption IS NOT NULL AS exempt FROM fee_assignment
WHERE book_id = $1 AND home_id = ANY($2::text[]) AND fee_item_id = ANY($3::text[]) AND starts_on <= $5
    AND (ends_on IS NULL OR ends_on >= $4)
ORDER BY home_id, fee_item_id, starts_on
"""
#: Bills that stand, of days that overlap with the item's period.
_BILLED = """
SELECT DISTINCT l.home_id, l.fee_item_id FROM bill_line l
JOIN unnest($2::text[], $3::date[], $4::date[]) AS item (id, first, last) ON item.id = l.fee_item_id
WHERE l.home_id = ANY($1::text[]) AND l.fee_item_id = ANY($2::text[]) AND NOT l.withdrawn
    AND l.period_from <= item.last AND l.period_to >= item.first
"""
#: Meters that counted in the period, what they counted, and before it in the year; and whether each was read
#: in it, those apart that were put up in it.
_USED = """
SELECT m.home_id, m.fee_item_id, coalesce(sum(r.used) FILTER (WHERE r.read_on >= $3), 0) AS used,
    coalesce(sum(r.used) FILTER (WHERE r.read_on < $3), 0) AS before,
    bool_and(m.started_on >= $3 OR EXISTS (
        SELECT FROM meter_reading i WHERE i.meter_id = m.id AND i.read_on BETWEEN $3 AND $4
    )) AS all_read
FROM meter m LEFT JOIN meter_reading r ON r.meter_id = m.id AND r.read_on BETWEEN date_trunc('year', $3::date)::date AND $4
WHERE m.home_id = ANY($1::text[]) AND m.fee_item_id = $2 AND m.started_on <= $4 AND (m.ended_on IS NULL OR m.ended_on >= $3)
GROUP BY m.home_id, m.fee_item_id
"""
_PORTIONS = """
SELECT home_id, weight, amount FROM fee_portion WHERE fee_item_id = $2 AND period_from = $3 AND home_id = ANY($1::text[])
"""
#: So that no reading is taken down for days that are just being billed.
_HOLD_METERS = """
SELECT 1 FROM meter WHERE home_id = ANY($1::text[]) AND fee_item_id = ANY($2::text[]) ORDER BY id FOR SHARE
"""


@dataclass(frozen=True)
class Due:
    """An item, and the days for which it is billed: of the period that ``begins``, those on which it is in force."""

    item: Item
    period: Period
    begins: date


@dataclass
class Home:
    """What is known of a home. By item: its holdings, what its meters counted, its portion; and what was billed before."""

    id: str
    area: Decimal
    holdings: dict[str, list[Holding]] = field(default_factory=lambda: defaultdict[str, list[Holding]](list))
    usage: dict[str, Usage | None] = field(default_factory=dict[str, "Usage | None"])
    metered: set[str] = field(default_factory=set[str])
    portions: dict[str, Portion] = field(default_factory=dict[str, Portion])
    billed: set[str] = field(default_factory=set[str])


async def load_items(item_ids: Sequence[str], month: date) -> list[Due]:
    """The items of a run with their prices, in order."""
    prices: dict[str, list[FeePrice]] = defaultdict(list)
    for price in await FeePrice.filter(fee_item_id__in=item_ids).order_by("starts_on"):
        prices[price.fee_item_id].append(price)
    due: list[Due] = []
    for row in await FeeItem.filter(id__in=item_ids).order_by("code"):
        period = period_from(month, row.months)
        cut = period and period.cut(row.starts_on, row.ended_on)
        if period is None or cut is None:
            continue
        priced = tuple(price_of(price) for price in prices[row.id])
        item = Item(row.id, row.name, row.kind, row.account, row.unit, row.rounding, priced, row.tier_basis)
        due.append(Due(item, cut, period.first))
    return due


async def load_homes(book_id: str, due: Sequence[Due], after: str, most: int) -> list[Home]:
    """The next homes that have a part in one of the items, with all that is known of them; at most so many."""
    if not due:
        return []
    ids = [each.item.id for each in due]
    first, last = min(each.period.first for each in due), max(each.period.last for each in due)
    homes = {row["id"]: Home(row["id"], row["area"]) for row in await query(_HOMES, book_id, ids, after, first, last, most)}
    await _fill(book_id, due, homes, first, last)
    return list(homes.values())


async def load_home(book_id: str, due: Sequence[Due], home_id: str, area: Decimal) -> Home:
    """The same of one home."""
    home = Home(home_id, area)
    if due:
        await _fill(
            book_id,
            due,
            {home_id: home},
            min(each.period.first for each in due),
            max(each.period.last for each in due),
        )
    return home


async def _fill(book_id: str, due: Sequence[Due], homes: Mapping[str, Home], first: date, last: date) -> None:
    named, ids = list(homes), [each.item.id for each in due]
    for row in await query(_HOLDINGS, book_id, named, ids, first, last):
        held = Holding(row["starts_on"], row["ends_on"], row["quantity"], row["discount"], row["exempt"])
        homes[row["home_id"]].holdings[row["fee_item_id"]].append(held)
    metered = [each for each in due if each.item.kind is FeeKind.METERED]
    if metered:
        await query(_HOLD_METERS, named, [each.item.id for each in metered])
    starts, ends = [each.period.first for each in due], [each.period.last for each in due]
    for row in await query(_BILLED, named, ids, starts, ends):
        homes[row["home_id"]].billed.add(row["fee_item_id"])
    for each in metered:
        for row in await query(_USED, named, each.item.id, each.period.first, each.period.last):
            home = homes[row["home_id"]]
            home.metered.add(each.item.id)
            home.usage[each.item.id] = Usage(row["used"], row["before"]) if row["all_read"] else None
    for each in due:
        if each.item.kind is FeeKind.SHARED:
            for row in await query(_PORTIONS, named, each.item.id, each.begins):
                homes[row["home_id"]].portions[each.item.id] = Portion(row["amount"], row["weight"])

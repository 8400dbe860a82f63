"""Stock of stations. What there is changes in one statement that also looks whether there is enough: of two people who take
the last piece, one gets it."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import STATION_STOCK_LOW, Announcement
from domain.refusals import RefusalCode, Refused
from domain.stations import (
    MOVED,
    STOCK_MAX,
    Issue,
    ItemKind,
    MovementKind,
    check_amount,
    check_issue,
    too_few,
)
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import constrained, query
from models.facts import record
from models.notices import announce
from models.permits import actor_of, found, permit, permitted
from models.work import ringing

from .keeping import NAME_MAX, check_going_on, going_on
from .rows import Station, StationItem, StationMovement

UNIT_MAX = 10

#: $1: item, $2: how many more there are, $3: how many more are lent. No row: there would be less than nothing, or the item is
#: gone. ``fell``: there has been less than the minimum from this very statement on.
_MOVE = f"""
UPDATE station_item SET in_stock = in_stock + $2, lent = lent + $3,
    low_since = CASE WHEN in_stock + $2 < minimum THEN coalesce(low_since, statement_timestamp()) END
WHERE id = $1 AND removed_at IS NULL AND in_stock + $2 BETWEEN 0 AND {STOCK_MAX} AND lent + $3 >= 0
RETURNING in_stock, lent, minimum, low_since, low_since = statement_timestamp() AS fell
"""
#: $1: item, $2: what was counted.
_COUNT = """
UPDATE station_item i SET in_stock = $2,
    low_since = CASE WHEN $2 < i.minimum THEN coalesce(i.low_since, statement_timestamp()) END
FROM (SELECT id, in_stock FROM station_item WHERE id = $1 FOR UPDATE) before WHERE i.id = before.id
RETURNING i.in_stock, i.lent, i.minimum, i.low_since, i.low_since = statement_timestamp() AS fell, before.in_stock AS was
"""
#: $1: item, $2: its minimum.
_MINIMUM = """
UPDATE station_item SET minimum = $2, low_since = CASE WHEN in_stock < $2 THEN coalesce(low_since, statement_timestamp()) END
WHERE id = $1 RETURNING in_stock, lent, minimum, low_since, low_since = statement_timestamp() AS fell
"""


async def add_item(
    viewer: Viewer, station_id: str, *, kind: ItemKind, name: str, unit: str, in_stock: int, minimum: int = 0
) -> StationItem:
    """List something that the station has in stock.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, amounts), ILLEGAL_MOVE (the station has ended) and CONFLICT (listed already).
    """
    async with ringing(), in_transaction():
        station = await going_on(viewer, station_id, "stationItemAdd")
        moment = now()
        item = StationItem(
            kind=kind,
            name=written(name, "name", NAME_MAX),
            unit=written(unit, "unit", UNIT_MAX),
            in_stock=check_amount(in_stock, "in_stock", least=0, most=STOCK_MAX),
            minimum=check_amount(minimum, "minimum", least=0, most=STOCK_MAX),
            lent=0,
            added_at=moment,
            low_since=moment if in_stock < minimum else None,
            **station.keepers,
        )
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("The station has this on its list already.", "该驿站已登记同名物品。"),
                path=("name",),
                hint=Text("Restock what is listed, or give another name.", "请对已有物品补货，或更换名称。"),
            )
        ):
            await item.save()
        await _note(item, MovementKind.ADDED, in_stock)
        after = {"item": item.id, "kind": kind, "in_stock": in_stock, "minimum": minimum}
        await record(actor_of(viewer), "stationItemAdd", station, after=after)
        if item.low_since is not None:
            await _tell(item)
        return item


async def restock(viewer: Viewer, item_id: str, amount: int) -> StationItem:
    """Bring more of it. Refuses NOT_FOUND, FORBIDDEN, INVALID (amount), ILLEGAL_MOVE (gone) and CONFLICT (too much)."""
    async with ringing(), in_transaction():
        item = await kept_item(viewer, item_id, "stationItemRestock")
        await moved(viewer, item, "stationItemRestock", MovementKind.RESTOCKED, check_amount(amount))
        return item


async def give(viewer: Viewer, item_id: str, amount: int = 1) -> StationItem:
    """Give some of it away.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (amount), ILLEGAL_MOVE (it is lent, or gone) and CONFLICT (there is not so much).
    """
    async with ringing(), in_transaction():
        item = await kept_item(viewer, item_id, "stationItemGive")
        check_issue(item.kind, Issue.GIVEN)
        await moved(viewer, item, "stationItemGive", MovementKind.GIVEN, check_amount(amount))
        return item


async def count_item(viewer: Viewer, item_id: str, counted: int) -> StationItem:
    """Say how many were counted in the station; those with people are not among them.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (less than nothing) and ILLEGAL_MOVE (gone).
    """
    async with ringing(), in_transaction():
        item = await kept_item(viewer, item_id, "stationItemCount")
        check_amount(counted, "counted", least=0, most=STOCK_MAX)
        (row,) = await query(_COUNT, item.id, counted)
        await _settle(viewer, item, "stationItemCount", row, MovementKind.COUNTED, counted - row["was"])
        return item


async def set_minimum(viewer: Viewer, item_id: str, minimum: int) -> StationItem:
    """Say of how many there should always be. Refuses NOT_FOUND, FORBIDDEN, INVALID (amount) and ILLEGAL_MOVE (gone)."""
    async with ringing(), in_transaction():
        item = await kept_item(viewer, item_id, "stationItemSetMinimum")
        check_amount(minimum, "minimum", least=0, most=STOCK_MAX)
        before = {"item": item.id, "minimum": item.minimum}
        (row,) = await query(_MINIMUM, item.id, minimum)
        _take(item, row)
        station = await Station.get(id=item.station_id)
        await record(actor_of(viewer), "stationItemSetMinimum", station, before=before, after={**before, "minimum": minimum})
        if row["fell"]:
            await _tell(item)
        return item


async def remove_item(viewer: Viewer, item_id: str) -> StationItem:
    """Strike it off the station's list. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (gone already, or some of it is lent)."""
    async with in_transaction():
        item = await permitted(StationItem, item_id, viewer, "stationItemRemove")
        _check_listed(item)
        if item.lent:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"{item.lent} of it are lent.", f"尚有 {item.lent} 件未归还。"),
                path=("id",),
                hint=Text("Take them back or write them off first.", "请先办理归还或核销。"),
            )
        item.removed_at, item.low_since = moment, _ = now(), None
        await item.save(update_fields=["removed_at", "low_since"])
        after = {"item": item.id, "removed_at": moment.isoformat()}
        await record(actor_of(viewer), "stationItemRemove", await Station.get(id=item.station_id), after=after)
        return item


async def kept_item(viewer: Viewer, item_id: str, act: str) -> StationItem:
    """An item on which the viewer may do ``act``, of a station that goes on. It is not locked: see ``_MOVE``."""
    item = await found(StationItem, item_id, viewer)
    permit(viewer, act, item)
    _check_listed(item)
    check_going_on(await Station.get(id=item.station_id))
    return item


async def moved(
    viewer: Viewer, item: StationItem, act: str, kind: MovementKind, amount: int, *, note: Mapping[str, str] | None = None
) -> None:
    """Move ``amount`` of the item, as it is then; refuses (CONFLICT) what would leave less than nothing, or too much."""
    there, out = MOVED[kind] or (0, 0)
    rows = await query(_MOVE, item.id, there * amount, out * amount)
    if not rows:
        await item.refresh_from_db()
        _check_listed(item)
        raise too_few(item.in_stock) if there < 0 else _too_much()
    await _settle(viewer, item, act, rows[0], kind, there * amount, note=note)


async def _settle(
    viewer: Viewer,
    item: StationItem,
    act: str,
    row: dict[str, Any],
    kind: MovementKind,
    more: int,
    *,
    note: Mapping[str, str] | None = None,
) -> None:
    """Note what came of a statement: in the item, as a movement, as a fact, and to those who restock."""
    _take(item, row)
    await _note(item, kind, more)
    told: dict[str, Any] = {"item": item.id, **(note or {})}
    before, after = {**told, "in_stock": item.in_stock - more}, {**told, "in_stock": item.in_stock, "amount": more}
    await record(actor_of(viewer), act, await Station.get(id=item.station_id), before=before, after=after)
    if row["fell"]:
        await _tell(item)


def _take(item: StationItem, row: dict[str, Any]) -> None:
    item.in_stock, item.lent, item.minimum, item.low_since = (row[name] for name in ("in_stock", "lent", "minimum", "low_since"))


async def _note(item: StationItem, kind: MovementKind, amount: int) -> None:
    await StationMovement.create(kind=kind, amount=amount, in_stock=item.in_stock, at=now(), item_id=item.id, **item.keepers)


async def _tell(item: StationItem) -> None:
    """Tell those who keep the station that there is too little of it: once each time that it falls short."""
    station = await Station.get(id=item.station_id)
    assert item.low_since is not None
    await announce(
        Announcement(
            type=STATION_STOCK_LOW,
            topic=f"{item.id} {item.low_since.timestamp():.6f}",
            data={
                "station": {"id": station.id, "code": station.code, "name": station.name},
                "item": {
                    "id": item.id,
                    "kind": item.kind,
                    "name": item.name,
                    "unit": item.unit,
                    "inStock": item.in_stock,
                    "minimum": item.minimum,
                },
                "message": Text(
                    f"{item.name}: {item.in_stock} left, {item.minimum} wanted.",
                    f"{item.name}：现存 {item.in_stock}{item.unit}，应不少于 {item.minimum}{item.unit}。",
                ).both(),
            },
            street_id=station.street_id,
            compound_id=None,
            organisations=frozenset({station.organisation_id, station.office_id}),
        )
    )


def _check_listed(item: StationItem) -> None:
    if item.removed_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("It is no longer on the station's list.", "该物品已从清单移除。"),
            path=("id",),
            hint=Text("List it anew with stationItemAdd.", "请重新登记。"),
        )


def _too_much() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("There would be more than a station can hold.", "库存超出上限。"),
        path=("amount",),
        hint=Text(f"A station holds {STOCK_MAX} of an item at most.", f"单项库存最多 {STOCK_MAX}。"),
    )

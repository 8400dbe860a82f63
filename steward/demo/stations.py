"""Warm stations of the demo street: one in each business grid, run by the grid's team and looked after by the community."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from domain.organisations import OrganisationKind
from domain.stations import (
    ISSUES,
    ClosureReason,
    EquipmentKind,
    EquipmentState,
    Issue,
    ItemKind,
    LoanState,
    MovementKind,
    PointKind,
    ServiceKind,
    Visitors,
    hour_of,
)
from domain.territory import PlaceKind

from . import names
from .ids import Ids, lots
from .organisations import Bodies
from .plans import PlacePlan, StreetPlan

_KEPT = ("station_id", "organisation_id", "office_id", "street_id")
#: Tables, parents before children, with their columns.
TABLES: dict[str, tuple[str, ...]] = {
    "station": (
        *("id", "code", "name", "address", "latitude", "longitude", "police_point", "opened_at", "grid_id"),
        *("organisation_id", "office_id", "street_id"),
    ),
    "station_closure": ("id", "starts_at", "ends_at", "reason", "note", *_KEPT),
    "station_equipment": ("id", "kind", "name", "amount", "state", "state_since", "note", *_KEPT),
    "station_item": ("id", "kind", "name", "unit", "in_stock", "lent", "minimum", "low_since", "added_at", *_KEPT),
    "station_loan": ("id", "slip", "state", "lent_at", "due_at", "closed_at", "item_id", *_KEPT),
    "station_movement": ("id", "kind", "amount", "in_stock", "at", "item_id", *_KEPT),
    "station_service": ("id", "kind", "name", "partner", "times", "starts_on", *_KEPT),
    "station_point": ("id", "kind", "name", "address", "latitude", "longitude", "opens", "closes", "opened_at", *_KEPT),
    "station_visit": ("id", "hour", "visitors", "visits", *_KEPT),
}

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_EQUIPMENT = (
    (EquipmentKind.TABLE, "桌椅", 6),
    (EquipmentKind.AIR_CONDITIONING, "立式空调", 1),
    (EquipmentKind.WATER_DISPENSER, "冷热饮水机", 1),
    (EquipmentKind.MICROWAVE, "微波炉", 2),
    (EquipmentKind.CHARGER, "充电插座", 12),
    (EquipmentKind.FIRST_AID_BOX, "急救箱", 1),
    (EquipmentKind.BOOKSHELF, "书架", 2),
)
#: Kind, name, unit, how many at first, how many there should be, how many were given away.
_ITEMS = (
    (ItemKind.WATER, "瓶装水", "瓶", 240, 48, 96),
    (ItemKind.RAINCOAT, "一次性雨衣", "件", 40, 10, 12),
    (ItemKind.FIRST_AID, "创可贴", "盒", 20, 5, 6),
    (ItemKind.HEAT_RELIEF, "藿香正气水", "盒", 30, 10, 8),
    (ItemKind.UMBRELLA, "爱心雨伞", "把", 15, 5, 0),
    (ItemKind.POWER_BANK, "充电宝", "个", 8, 2, 0),
    (ItemKind.BOOK, "文学读物", "册", 60, 0, 0),
    (ItemKind.BOOK, "交通安全与技能", "册", 25, 0, 0),
)
_SERVICES = (
    (ServiceKind.HEALTH, "血压血糖免费测量", "社区卫生服务中心", "每周三 14:00-16:00"),
    (ServiceKind.LEGAL, "工伤与欠薪咨询", "司法所", "每月第一个周五 15:00"),
    (ServiceKind.UNION, "新就业形态劳动者入会", "街道总工会", "工作日 9:00-17:30"),
)
_POINTS = (
    (PointKind.WORKPLACE, "快递分拨点服务点", None, None),
    (PointKind.ENTRANCE, "商场外卖取餐口服务点", "08:00", "22:00"),
    (PointKind.DOORSTEP, "小区门口服务点", "07:00", "21:00"),
    (PointKind.REST_PLACE, "银行网点歇脚点", "09:00", "17:30"),
)


def rows(plan: StreetPlan, bodies: Bodies, now: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of TABLES, as of ``now``, which is in the street's time zone."""
    made: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    random, ids = lots(plan.seed, "stations"), Ids(plan.seed, "stations")
    offices = {body.place_id: body.id for body in bodies.by_code.values() if body.kind is OrganisationKind.COMMUNITY_OFFICE}
    for number, grid in enumerate(grid for grid in plan.grids if grid.kind is PlaceKind.BUSINESS_GRID):
        team = bodies.by_code[f"{grid.code}-TEAM"].id
        kept = (ids.new("stn"), team, offices.get(grid.parent_id, team), plan.street.id)
        for table, row in _Station(grid, number, kept, random, ids, now).rows():
            made[table].append(row)
    return made


@dataclass
class _Station:
    """One station and what is its."""

    grid: PlacePlan
    number: int
    kept: tuple[str, ...]
    random: Random
    ids: Ids
    now: datetime
    opened: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.opened = self.now - timedelta(days=400 - 20 * self.number)

    def rows(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Table and row, parents first."""
        station_id, *keepers = self.kept
        name = f"{self.grid.name.removesuffix('网格')}暖新驿站"
        where = (f"中山路街道{names.ROADS[self.number]}1号", *self._near(0.02))
        yield (
            "station",
            (station_id, f"NX-{self.number + 1}", name, *where, self.number % 2 == 0, self.opened, self.grid.id, *keepers),
        )
        starts = hour_of(self.now) + _DAY
        if self.number == 0:
            yield (
                "station_closure",
                (self._new("stc"), starts, starts + 2 * _HOUR, ClosureReason.CLEANING, "空调清洗", *self.kept),
            )
        for kind, what, amount in _EQUIPMENT:
            broken = self.number == 1 and kind is EquipmentKind.MICROWAVE
            state = (EquipmentState.BROKEN, self.now - _DAY, "已报修") if broken else (EquipmentState.GOOD, self.opened, "")
            yield "station_equipment", (self._new("ste"), kind, what, amount, *state, *self.kept)
        for item in _ITEMS:
            yield from self._stock(*item)
        for kind, what, partner, times in _SERVICES:
            yield "station_service", (self._new("sts"), kind, what, partner, times, self.opened.date(), *self.kept)
        for kind, what, *hours in _POINTS:
            where = (f"中山路街道{names.ROADS[self.number]}{self.random.randint(2, 90)}号", *self._near(0.025))
            yield "station_point", (self._new("stp"), kind, what, *where, *hours, self.opened, *self.kept)
        yield from self._visits()

    def _new(self, prefix: str) -> str:
        return self.ids.new(prefix)

    def _near(self, most: float) -> Sequence[float]:
        middles = (
            (29.356, 105.918),
            (29.358, 105.921),
            (29.349, 105.917),
            (29.347, 105.93),
            (29.362, 105.912),
            (29.366, 105.926),
        )
        latitude, longitude = middles[self.number % len(middles)]
        spread = most / 10
        return round(latitude + self.random.uniform(-spread, spread), 6), round(
            longitude + self.random.uniform(-spread, spread), 6
        )

    def _stock(
        self, kind: ItemKind, name: str, unit: str, first: int, minimum: int, given: int
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """An item with its movements. Of raincoats, the second station has given away more than it should."""
        if self.number == 1 and kind is ItemKind.RAINCOAT:
            given = first - 3
        item_id, day = self._new("sti"), self.now - _DAY
        lent = 2 if kind in {ItemKind.UMBRELLA, ItemKind.BOOK} else 0
        left = first - given - lent
        low = day if left < minimum else None
        yield "station_item", (item_id, kind, name, unit, left, lent, minimum, low, self.opened, *self.kept)
        moved = [(MovementKind.ADDED, first, self.opened)]
        if ISSUES[kind] is Issue.GIVEN:
            moved.append((MovementKind.GIVEN, -given, day))
        for n in range(lent):
            out = self.now - (n * 4 + 1) * _DAY
            yield "station_loan", (*self._loan(LoanState.OUT, out, None), item_id, *self.kept)
            moved.append((MovementKind.LENT, -1, out))
        if lent:
            out, back = self.now - 10 * _DAY, self.now - 9 * _DAY
            yield "station_loan", (*self._loan(LoanState.RETURNED, out, back), item_id, *self.kept)
            moved += [(MovementKind.LENT, -1, out), (MovementKind.RETURNED, 1, back)]
        there = 0
        for why, amount, at in sorted(moved, key=lambda each: each[2]):
            there += amount
            yield "station_movement", (self._new("stm"), why, amount, there, at, item_id, *self.kept)

    def _loan(self, state: LoanState, out: datetime, back: datetime | None) -> tuple[Any, ...]:
        loan_id = self._new("stl")
        return loan_id, loan_id[-4:].upper(), state, out, out + 3 * _DAY, back

    def _visits(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Three days: sweepers before dawn, riders at meal times, couriers between."""
        hour = hour_of(self.now)
        for back in range(72, 0, -1):
            moment = hour - back * _HOUR
            for visitors, hours, most in (
                (Visitors.SANITATION, {4, 5, 6, 14}, 12),
                (Visitors.RIDER, {10, 13, 16, 20, 22}, 25),
                (Visitors.COURIER, {9, 12, 15, 18}, 9),
            ):
                if moment.hour in hours:
                    yield "station_visit", (self._new("stv"), moment, visitors, self.random.randint(1, most), *self.kept)

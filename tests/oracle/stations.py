"""Warm stations with hostile names, at odd hours, with ties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import models
from domain.stations import (
    ClosureReason,
    EquipmentKind,
    EquipmentState,
    ItemKind,
    LoanState,
    MovementKind,
    PointKind,
    ServiceKind,
    Visitors,
)
from domain.territory import PlaceKind
from tests import builders as build

from .hostile import MOMENTS, Making

_BIG = 2147483647


async def stations(m: Making, communities: list[models.Place], organisations: list[models.Organisation]) -> None:
    """Three stations; two of them kept by organisations of another street than one would think."""
    for n, community in enumerate(communities):
        grid = await build.a_grid(community, id=m.id(models.Place), code=m.code(), name=m.text(120), kind=PlaceKind.BUSINESS_GRID)
        station = await models.Station.create(
            id=m.id(models.Station),
            code=m.code(),
            name=m.text(),
            opened_at=m.moment(),
            ended_at=m.maybe(MOMENTS[:2]),
            police_point=m.of([True, False]),
            grid_id=grid.id,
            organisation_id=organisations[n].id,
            office_id=organisations[(n + 1) % 2].id,
            street_id=grid.street_id,
            **_place(m),
        )
        for starts_at in sorted({*MOMENTS[2:]})[: m.of([1, 3])]:
            closed = {"starts_at": starts_at, "ends_at": starts_at + timedelta(microseconds=1), "note": m.text()}
            await _make(m, models.StationClosure, station, reason=m.of(ClosureReason), **closed)
        for _ in range(3):
            thing = {"kind": m.of(EquipmentKind), "name": m.text(), "amount": m.of([1, _BIG]), "note": m.text()}
            how = {"state": m.of(EquipmentState), "state_since": m.moment(), "removed_at": m.maybe(MOMENTS)}
            await _make(m, models.StationEquipment, station, **thing, **how)
            offered = {"kind": m.of(ServiceKind), "name": m.text(), "partner": m.text(120), "times": m.text(120)}
            days = {"starts_on": date(2024, 2, 29), "ends_on": m.maybe([date(2024, 2, 29), date(2999, 12, 31)])}
            await _make(m, models.StationService, station, **offered, **days)
            named = {"kind": m.of(PointKind), "name": m.text(), "opened_at": m.moment(), "ended_at": m.maybe(MOMENTS)}
            await _make(m, models.StationPoint, station, **named, **_place(m))
            await _item(m, station)
        for number in range(m.of([2, 5])):
            hour = MOMENTS[0].replace(minute=0, second=0, microsecond=0) + timedelta(hours=number // 2)
            who = list(Visitors)[number % 2]
            await _make(m, models.StationVisit, station, hour=hour, visitors=who, visits=m.of([0, 1, _BIG]))


def _place(m: Making) -> dict[str, Any]:
    opens, closes = m.of([(None, None), ("00:00", "23:59"), ("23:59", "00:00"), ("09:00", "17:30")])
    where = {"latitude": m.of([29.123456789, -90.0, 1e-7]), "longitude": m.of([105.0, -0.0, 180.0])}
    return {"address": m.text(200), "opens": opens, "closes": closes, **where}


async def _item(m: Making, station: models.Station) -> None:
    """An item, with loans and movements at the same instants."""
    in_stock, minimum, gone = m.of([0, 1, _BIG]), m.of([0, 1, 2]), m.of([True, False, False])
    low = m.moment() if in_stock < minimum and not gone else None
    stock = {"in_stock": in_stock, "minimum": minimum, "lent": 0 if gone else m.of([0, _BIG]), "low_since": low}
    named = {"kind": m.of(ItemKind), "name": m.code(60), "unit": m.text(10), "added_at": m.moment()}
    item = await _make(m, models.StationItem, station, removed_at=m.moment() if gone else None, **named, **stock)
    for number in range(m.of([0, 2, 3])):
        lent, closed = m.moment(), m.maybe(MOMENTS)
        state = m.of([LoanState.RETURNED, LoanState.LOST]) if closed else LoanState.OUT
        times = {
            "lent_at": lent,
            "due_at": m.of([lent + timedelta.resolution, MOMENTS[-1] + timedelta(days=9)]),
            "closed_at": closed,
        }
        slip = f"{item.id[-6:].upper()}{number}"
        await _make(m, models.StationLoan, station, item_id=item.id, slip=slip, state=state, **times)
        change = {"kind": m.of(MovementKind), "amount": m.of([-1, 0, _BIG]), "in_stock": m.of([0, _BIG]), "at": m.moment()}
        await _make(m, models.StationMovement, station, item_id=item.id, **change)


async def _make(m: Making, model: Any, station: models.Station, **columns: Any) -> Any:
    return await model.create(id=m.id(model), **columns, **station.keepers)

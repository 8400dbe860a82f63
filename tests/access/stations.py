"""Warm stations of the story: one that Evergreen runs and Lakeside's office looks after, one of the street office, one in
the south."""

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

from .people import OFFICE
from .story import Told, a_moment, plant, planted
from .world import Ground

_HOURS = {"opens": "08:00", "closes": "20:00"}


class Stations(Ground):
    """Builds the stations, two of everything in each."""

    async def stations(self) -> None:
        row, told = self.stored, self.told
        for n, (name, above, runs, office) in enumerate(
            (
                ("first station", "Lakeside", "Evergreen", OFFICE),
                ("second station", "Hillside", "north office", "north office"),
                ("third station", "Seaside", "Southgate", "Southgate"),
            )
        ):
            street, market = told[above].street, f"market of {above}"
            grid = await build.a_grid(row[above], **planted(models.Place, {"kind": PlaceKind.BUSINESS_GRID}))
            self.keep(market, grid, street, links={"parent": told[above]})
            # One that has ended has hours, which say nothing any more: whether the others are open is the same at any time.
            gone: dict[str, Any] = {"ended_at": a_moment(), **_HOURS} if street == "south" else {}
            where = {"latitude": 29.3 + n / 100, "longitude": 105.9}
            keepers = {"organisation_id": row[runs].id, "office_id": row[office].id, "street_id": grid.street_id}
            columns = {"grid_id": grid.id, **gone, **where, **keepers}
            station = await models.Station.create(**planted(models.Station, columns))
            links = {"grid": told[market], "organisation": told[runs], "office": told[office]}
            self.keep(name, station, street, desk=runs, office=office, links=links)
            told[name].values["openNow"] = not gone
            for turn in range(2):
                await self._inside(name, turn)
            await self.happened(name)

    async def _inside(self, name: str, turn: int) -> None:
        """What is the station's: one of everything."""
        there, day = {"latitude": 29.3, "longitude": 105.9, **_HOURS}, date(2024, 1, 1 + turn)
        gone: Any = {"removed_at": a_moment(), "low_since": None, "lent": 0} if turn else {"low_since": a_moment()}
        await self._own(
            models.StationClosure,
            name,
            reason=self.of(ClosureReason),
            ends_at=a_moment(day=turn + 1),
            starts_at=a_moment(day=turn),
        )
        await self._own(
            models.StationEquipment,
            name,
            kind=self.of(EquipmentKind),
            state=self.of(EquipmentState),
            removed_at=a_moment() if turn else None,
        )
        item = await self._own(models.StationItem, name, kind=self.of(ItemKind), unit="~", **gone)
        closed = (
            {"state": LoanState.RETURNED, "closed_at": a_moment(day=1)} if turn else {"state": LoanState.OUT, "closed_at": None}
        )
        item.values["short"] = not turn
        loan = await self._own(models.StationLoan, name, of=item, slip=str(plant()), item_id=item.id, **closed)
        loan.values["overdue"] = not turn
        await self._own(models.StationMovement, name, of=item, kind=self.of(MovementKind), item_id=item.id)
        await self._own(models.StationService, name, kind=self.of(ServiceKind), starts_on=day, ends_on=day)
        ended = a_moment() if turn else None
        await self._own(models.StationPoint, name, kind=self.of(PointKind), ended_at=ended, **there)
        hour = a_moment().replace(microsecond=0) + timedelta(hours=len(self.story.of_type["StationVisit"]))
        await self._own(models.StationVisit, name, hour=hour, visitors=self.of(Visitors))

    async def _own(self, model: Any, name: str, *, of: Told | None = None, **columns: Any) -> Told:
        station: models.Station = self.stored[name]
        made = await model.create(**planted(model, {**columns, **station.keepers}))
        told = self.told[name]
        links = {"station": told, **({"item": of} if of else {})}
        self.keep(made.id, made, told.street, desk=told.desk, office=told.office, links=links)
        return self.told[made.id]

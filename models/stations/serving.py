"""What partners offer in stations, and the service points that stations keep beyond their own doors."""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.stations import Point, PointKind, ServiceKind
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import record
from models.permits import actor_of, permitted
from models.roles import check_days, check_no_longer

from .keeping import NAME_MAX, doors, going_on
from .rows import Station, StationPoint, StationService

PARTNER_MAX = TIMES_MAX = 120
#: How far ahead the days of a service may lie, and how far back it may have begun.
_AHEAD = timedelta(days=3650)


async def offer_service(
    viewer: Viewer,
    station_id: str,
    *,
    kind: ServiceKind,
    name: str,
    partner: str,
    times: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> StationService:
    """Say what a partner offers in the station, from ``starts_on`` (default: today) to ``ends_on``; ``times``: when, in words.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, days) and ILLEGAL_MOVE (the station has ended).
    """
    first = starts_on or today()
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationServiceOffer")
        check_days(first, ends_on)
        for field, day in (("starts_on", first), ("ends_on", ends_on or first)):
            if abs(day - today()) > _AHEAD:
                raise Refused(
                    RefusalCode.INVALID,
                    Text(f"{day} is too far off.", f"日期 {day} 过早或过晚。"),
                    path=(field,),
                    hint=Text("Give a day within ten years, or leave the end open.", "请填写十年以内的日期，或将结束日期留空。"),
                )
        made = await StationService.create(
            kind=kind,
            name=written(name, "name", NAME_MAX),
            partner=written(partner, "partner", PARTNER_MAX),
            times=written(times, "times", TIMES_MAX),
            starts_on=first,
            ends_on=ends_on,
            **station.keepers,
        )
        after = {"service": made.id, "kind": kind, "starts_on": first.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
        await record(actor_of(viewer), "stationServiceOffer", station, after=after)
        return made


async def end_service(viewer: Viewer, service_id: str, ends_on: date | None = None) -> Station:
    """Give a service an earlier last day; without one it is over at once, and one that has not begun is gone.

    Answers the station. Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, or after the present one).
    """
    async with in_transaction():
        service = await permitted(StationService, service_id, viewer, "stationServiceEnd")
        station = await Station.get(id=service.station_id)
        yesterday = today() - timedelta(days=1)
        if ends_on is None and service.ends_on is not None and service.ends_on <= yesterday:
            return station
        last, before = ends_on or yesterday, {"service": service.id, "ends_on": service.ends_on and service.ends_on.isoformat()}
        if ends_on is None and last < service.starts_on:
            await service.delete()
        else:
            check_days(service.starts_on, last)
            check_no_longer(last, service.ends_on)
            service.ends_on = last
            await service.save(update_fields=["ends_on"])
        after = {"service": service.id, "ends_on": last.isoformat()}
        await record(actor_of(viewer), "stationServiceEnd", station, before=before, after=after)
        return station


async def open_point(
    viewer: Viewer,
    station_id: str,
    *,
    kind: PointKind,
    name: str,
    address: str,
    point: Point,
    opens: str | None = None,
    closes: str | None = None,
) -> StationPoint:
    """Open a service point of the station; round the clock unless hours are given.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, coordinates, hours) and ILLEGAL_MOVE (the station has ended).
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationPointOpen")
        made = await StationPoint.create(
            kind=kind,
            opened_at=now(),
            **doors(name, address, point, opens, closes),
            **station.keepers,
        )
        after = {"point": made.id, "kind": kind, "opens": made.opens, "closes": made.closes}
        await record(actor_of(viewer), "stationPointOpen", station, after=after)
        return made


async def end_point(viewer: Viewer, point_id: str) -> StationPoint:
    """End a service point. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it has ended already)."""
    async with in_transaction():
        point = await permitted(StationPoint, point_id, viewer, "stationPointEnd")
        if point.ended_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The service point has ended.", "该服务点已撤销。"),
                path=("id",),
                hint=Text("Open a new one with stationPointOpen.", "如需恢复请新设服务点。"),
            )
        point.ended_at = moment = now()
        await point.save(update_fields=["ended_at"])
        after = {"point": point.id, "ended_at": moment.isoformat()}
        await record(actor_of(viewer), "stationPointEnd", await Station.get(id=point.station_id), after=after)
        return point

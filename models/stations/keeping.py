"""A station from its opening to its end: who runs it, its hours, and when it is closed."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.stations import Closure, ClosureReason, Hours, Point, check_closure, check_point
from domain.territory import PlaceKind
from domain.texts import written
from domain.words import Text
from models.calendar import now, zone
from models.connection import constrained
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Place

from .rows import Station, StationClosure, StationPoint, StationService

NAME_MAX, CODE_MAX, ADDRESS_MAX, NOTE_MAX = 60, 40, 200, 500


def check_going_on(station: Station, field: str = "id") -> None:
    """Refuses (ILLEGAL_MOVE) a station that has ended."""
    if station.ended_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The station has ended.", "该驿站已撤销。"),
            path=(field,),
            hint=Text("Look for another station of the grid.", "请选择该商圈的其他驿站。"),
        )


async def going_on(viewer: Viewer, station_id: str, act: str, field: str = "station_id") -> Station:
    """The station, locked, on which the viewer may do ``act`` and which has not ended."""
    station = await permitted(Station, station_id, viewer, act, path=(field,))
    check_going_on(station, field)
    return station


async def open_station(
    viewer: Viewer,
    grid_id: str,
    organisation_id: str,
    *,
    code: str,
    name: str,
    address: str,
    point: Point,
    opens: str | None = None,
    closes: str | None = None,
    police_point: bool = False,
) -> Station:
    """Open a station in a business grid, run by an organisation; round the clock unless hours are given.

    Refuses NOT_FOUND (grid, organisation), FORBIDDEN, INVALID (no business grid, another street's organisation, texts,
    coordinates, hours), ILLEGAL_MOVE (the grid has ended) and CONFLICT (the code is taken).
    """
    async with in_transaction():
        grid = await permitted(Place, grid_id, viewer, "stationOpen", path=("grid_id",))
        grid.check_living("grid_id")
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        if grid.kind is not PlaceKind.BUSINESS_GRID:
            raise _invalid(
                "grid_id",
                Text(
                    f"The place is a {grid.kind.lower().replace('_', ' ')}, not a business grid.", f"{grid.kind.zh}不是商圈网格。"
                ),
                Text("Name one of the street's business grids.", "请选择本街道的商圈网格。"),
            )
        _check_street(organisation, grid.street_id)
        columns = doors(name, address, point, opens, closes)
        code = written(code, "code", CODE_MAX)
        if await Station.filter(code=code).exists():
            raise code_taken()
        station = Station(
            code=code,
            **columns,
            police_point=police_point,
            grid_id=grid.id,
            organisation_id=organisation.id,
            office_id=await _office_of(grid, organisation),
            street_id=grid.street_id,
        )
        async with constrained(code_taken()):
            await station.save()
        after = {"grid_id": grid.id, "organisation_id": organisation.id, "opens": station.opens, "closes": station.closes}
        await record(actor_of(viewer), "stationOpen", station, after=after)
        return await Station.get(id=station.id)


def doors(name: str, address: str, point: Point, opens: str | None, closes: str | None) -> dict[str, Any]:
    """What is called so, where it is and when it is open, as columns. Refuses (INVALID) texts, coordinates and hours."""
    check_point(point)
    return {
        "name": written(name, "name", NAME_MAX),
        "address": written(address, "address", ADDRESS_MAX),
        "latitude": point.latitude,
        "longitude": point.longitude,
        **_clocks(Hours.of(opens, closes)),
    }


def _clocks(hours: Hours | None) -> dict[str, str | None]:
    """Hours as columns."""
    return {
        "opens": f"{hours.opens:%H:%M}" if hours else None,
        "closes": f"{hours.closes:%H:%M}" if hours else None,
    }


def code_taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Another station has this code.", "该编码已被使用。"),
        path=("code",),
        hint=Text("Choose another code.", "请更换编码。"),
    )


async def _office_of(grid: Place, organisation: Organisation) -> str:
    """The office of the community in which the grid lies; the organisation that runs the station where there is none."""
    office = await Organisation.filter(
        kind=OrganisationKind.COMMUNITY_OFFICE, place_id=grid.parent_id, street_id=grid.street_id
    ).first()
    return office.id if office else organisation.id


def _check_street(organisation: Organisation, street_id: str) -> None:
    if organisation.street_id != street_id:
        raise _invalid(
            "organisation_id",
            Text("The organisation is of another street.", "该单位不属于本街道。"),
            Text("Name an organisation of the grid's street.", "请选择本街道的单位。"),
        )


async def hand_over(viewer: Viewer, station_id: str, organisation_id: str, *, expected_version: int | None = None) -> Station:
    """Let another organisation run the station: all that is the station's goes along.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (another street's organisation), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationHandOver", "id")
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        unchanged(station.version, expected_version)
        _check_street(organisation, station.street_id)
        office_id = await _office_of(await Place.get(id=station.grid_id), organisation)
        changes = {"organisation_id": organisation.id, "office_id": office_id}
        return await _changed(viewer, station, "stationHandOver", changes)


async def set_hours(
    viewer: Viewer, station_id: str, opens: str | None, closes: str | None, *, expected_version: int | None = None
) -> Station:
    """Open the station by these hours of every day; without any, round the clock.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (hours), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationSetHours", "id")
        unchanged(station.version, expected_version)
        return await _changed(viewer, station, "stationSetHours", _clocks(Hours.of(opens, closes)))


async def set_police_point(viewer: Viewer, station_id: str, there: bool, *, expected_version: int | None = None) -> Station:
    """Say whether there is a police point in the station.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationSetPolicePoint", "id")
        unchanged(station.version, expected_version)
        return await _changed(viewer, station, "stationSetPolicePoint", {"police_point": there})


async def end(viewer: Viewer, station_id: str, *, expected_version: int | None = None) -> Station:
    """End the station, and with it its service points and the services offered there. What is lent may still be brought
    back. One that has ended stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION.
    """
    async with in_transaction():
        station = await permitted(Station, station_id, viewer, "stationEnd")
        unchanged(station.version, expected_version)
        if station.ended_at is not None:
            return station
        moment = now()
        await StationPoint.filter(station_id=station.id, ended_at=None).update(ended_at=moment)
        offered = StationService.filter(station_id=station.id)
        await offered.filter(starts_on__gt=moment.date()).delete()
        await offered.filter(ends_on=None).update(ends_on=moment.date())
        await offered.filter(ends_on__gt=moment.date()).update(ends_on=moment.date())
        return await _changed(viewer, station, "stationEnd", {"ended_at": moment})


async def _changed(viewer: Viewer, station: Station, act: str, changes: dict[str, Any]) -> Station:
    before = {name: getattr(station, name) for name in changes}
    station.update_from_dict(changes)
    station.version += 1
    await station.save(update_fields=[*changes, "version"])
    await record(actor_of(viewer), act, station, before=_json(before), after=_json(changes))
    return station


def _json(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in columns.items()}


async def close(
    viewer: Viewer,
    station_id: str,
    *,
    reason: ClosureReason,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: str = "",
) -> StationClosure:
    """Close the station from ``starts_at`` (default: now) to ``ends_at`` (none: until further notice).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (times, note), ILLEGAL_MOVE (it has ended) and CONFLICT (it is closed then already).
    """
    async with in_transaction():
        station = await going_on(viewer, station_id, "stationClose")
        moment = now()
        closure = Closure((starts_at or moment).astimezone(zone()), ends_at.astimezone(zone()) if ends_at else None)
        check_closure(closure, [span(each) for each in await StationClosure.filter(station_id=station.id)], moment)
        row = StationClosure(starts_at=closure.starts, ends_at=closure.ends, reason=reason, **station.keepers)
        row.note = written(note, "note", NOTE_MAX, least=0)
        await row.save()
        await record(actor_of(viewer), "stationClose", station, after={"closure": row.id, "reason": reason, **_times(closure)})
        return row


def span(row: StationClosure) -> Closure:
    """The time of a closure, in the street's time zone."""
    return Closure(row.starts_at.astimezone(zone()), row.ends_at.astimezone(zone()) if row.ends_at else None)


def _times(closure: Closure) -> dict[str, str | None]:
    return {"starts_at": closure.starts.isoformat(), "ends_at": closure.ends and closure.ends.isoformat()}


async def reopen(viewer: Viewer, closure_id: str) -> Station:
    """End a closure now, or take back one that is to come; the station then. One that is over stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        row = await permitted(StationClosure, closure_id, viewer, "stationReopen")
        station, moment, closure = await Station.get(id=row.station_id), now(), span(row)
        if closure.ends is not None and closure.ends <= moment:
            return station
        if closure.starts >= moment:
            await row.delete()
        else:
            row.ends_at = moment
            await row.save(update_fields=["ends_at"])
        told = {"closure": row.id, "reason": row.reason}
        after = {"ends_at": moment.isoformat()}
        await record(actor_of(viewer), "stationReopen", station, before={**told, **_times(closure)}, after=after)
        return station


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

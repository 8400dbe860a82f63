"""A business grid with a station, and the people around it."""

from typing import Any

from domain.access import Role, Viewer
from domain.organisations import OrganisationKind
from domain.stations import ItemKind, Point
from domain.territory import PlaceKind
from models import Organisation, Place, Station, StationItem
from models.stations import add_item, open_station
from tests.builders import a_code, a_community, a_community_office, a_grid, a_street, an_account, an_organisation
from tests.models.ticket_world import somebody

#: Where the station stands.
HERE = Point(29.356, 105.918)


class StationWorld:
    """A station that a grid team runs, looked after by the community's office; a street officer, and somebody of elsewhere."""

    street: Place
    community: Place
    grid: Place
    office: Organisation
    team: Organisation
    station: Station
    officer: Viewer
    clerk: Viewer
    worker: Viewer
    stranger: Viewer
    resident: Viewer


async def a_station_world() -> StationWorld:
    made = StationWorld()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.grid = await a_grid(made.community, kind=PlaceKind.BUSINESS_GRID)
    made.office = await a_community_office(made.community)
    made.team = await an_organisation(made.street, kind=OrganisationKind.GRID_TEAM, place_id=made.grid.id)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community, organisation_id=made.office.id)
    made.worker = await somebody(Role.GRID_WORKER, place=made.grid, organisation_id=made.team.id)
    elsewhere = await a_community(made.street)
    other = await a_community_office(elsewhere)
    made.stranger = await somebody(Role.COMMUNITY_STAFF, place=elsewhere, organisation_id=other.id)
    made.station = await a_station(made)
    return made


async def a_station(world: StationWorld, **given: Any) -> Station:
    about = {"code": a_code("STATION"), "name": "First station", "address": "1 Market Street", "point": HERE, **given}
    return await open_station(world.officer, world.grid.id, given.pop("organisation_id", world.team.id), **about)


async def an_item(world: StationWorld, kind: ItemKind = ItemKind.RAINCOAT, in_stock: int = 1, minimum: int = 0) -> StationItem:
    about = {"name": a_code("item"), "unit": "件", "in_stock": in_stock, "minimum": minimum}
    return await add_item(world.worker, world.station.id, kind=kind, **about)


__all__ = ["HERE", "StationWorld", "a_station", "a_station_world", "an_account", "an_item"]

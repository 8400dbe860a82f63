"""Visits, counted by the hour and line of work. Who came, is not asked."""

from datetime import datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.stations import VISITS_MAX, Visitors, check_amount, check_visits, hour_of
from models.calendar import now, zone
from models.connection import query
from models.facts import record
from models.ids import new_id
from models.permits import actor_of, found, permit

from .keeping import check_going_on
from .rows import Station, StationVisit

#: $2: the station, $3: hour, $4: line of work, $5: visits. ``was``: how many there were.
_STORE = """
INSERT INTO station_visit AS v (id, station_id, hour, visitors, visits, organisation_id, office_id, street_id)
SELECT $1, s.id, $3, $4, $5, s.organisation_id, s.office_id, s.street_id FROM station s WHERE s.id = $2
ON CONFLICT (station_id, hour, visitors) DO UPDATE SET visits = {visits}
RETURNING id, visits
"""
_ADD = _STORE.format(visits=f"least(v.visits + excluded.visits, {VISITS_MAX})")
_SET = _STORE.format(visits="excluded.visits")


async def add_visits(viewer: Viewer, station_id: str, visitors: Visitors = Visitors.OTHER, visits: int = 1) -> StationVisit:
    """Count visits of this hour, besides those counted in it already.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no amount) and ILLEGAL_MOVE (the station has ended).
    """
    return await _stored(_ADD, viewer, station_id, "stationVisitsAdd", visitors, now(), visits, least=1)


async def set_visits(viewer: Viewer, station_id: str, hour: datetime, visitors: Visitors, visits: int) -> StationVisit:
    """Say how many came in an hour, whatever was counted before.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an hour to come or too long ago, no count) and ILLEGAL_MOVE (the station has ended).
    """
    return await _stored(_SET, viewer, station_id, "stationVisitsSet", visitors, hour, visits, least=0)


async def _stored(
    sql: str, viewer: Viewer, station_id: str, act: str, visitors: Visitors, moment: datetime, visits: int, *, least: int
) -> StationVisit:
    async with in_transaction():
        station = await found(Station, station_id, viewer, path=("station_id",))
        permit(viewer, act, station)
        check_going_on(station, "station_id")
        check_visits(check_amount(visits, "visits", least=least, most=VISITS_MAX), moment, now())
        hour = hour_of(moment.astimezone(zone()))
        (row,) = await query(sql, new_id(StationVisit.prefix), station.id, hour, visitors, visits)
        after = {"hour": hour.isoformat(), "visitors": visitors, "visits": row["visits"]}
        await record(actor_of(viewer), act, station, after=after)
        return await StationVisit.get(id=row["id"])

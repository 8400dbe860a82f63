"""What is open near a point now."""

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from domain.access import Reach, Viewer
from domain.permits import reached
from domain.points import DEGREE_M
from domain.refusals import RefusalCode, Refused
from domain.stations import Hours, Opening, Point, PointKind, check_point, distance_m
from domain.words import Text
from models.calendar import now, zone
from models.connection import query

from .keeping import span
from .rows import StationClosure

#: How far is near at most, and how many are told.
WITHIN_MAX, MOST = 20_000, 50


@dataclass(frozen=True)
class OpenNear:
    """A station, or one of its service points (``point_id``, of this ``kind``), that is open: how far away, and until when."""

    station_id: str
    point_id: str | None
    kind: PointKind | None
    name: str
    address: str
    at: Point
    distance_m: int
    until: datetime | None


#: $1: streets; $2, $3: latitudes; $4, $5: longitudes.
_WITHIN = """
street_id = ANY($1::text[]) AND ended_at IS NULL AND latitude BETWEEN $2 AND $3 AND longitude BETWEEN $4 AND $5
"""
_NEAR = f"""
SELECT id AS station_id, NULL AS point_id, NULL AS kind, name, address, latitude, longitude, opens, closes
FROM station WHERE {_WITHIN}
UNION ALL SELECT station_id, id, kind, name, address, latitude, longitude, opens, closes FROM station_point WHERE {_WITHIN}
"""


async def open_near(viewer: Viewer, point: Point, within_m: int = 2_000, at: datetime | None = None) -> list[OpenNear]:
    """Stations and service points within ``within_m`` metres that are open at a moment (default: now), the nearest first.

    Only what the viewer sees; fifty at most. Refuses INVALID (no point of the earth, too far).
    """
    check_point(point)
    if not 1 <= within_m <= WITHIN_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{within_m} metres is not near.", f"距离 {within_m} 米无效。"),
            path=("within_metres",),
            hint=Text(f"Give 1 to {WITHIN_MAX}.", f"请填写 1 到 {WITHIN_MAX}。"),
        )
    streets = reached(viewer, "Station", Reach.STREET)
    high = within_m / DEGREE_M * 1.01
    wide = min(180.0, high / max(cos(radians(point.latitude)), 1e-6))
    box = (point.latitude - high, point.latitude + high, point.longitude - wide, point.longitude + wide)
    rows = await query(_NEAR, streets, *box)
    moment = (at or now()).astimezone(zone())
    closed = await StationClosure.filter(station_id__in=sorted({row["station_id"] for row in rows if row["point_id"] is None}))
    found: list[OpenNear] = []
    for row in rows:
        there = Point(row["latitude"], row["longitude"])
        own = row["point_id"] is None
        closures = tuple(span(each) for each in closed if own and each.station_id == row["station_id"])
        opening = Opening(Hours.of(row["opens"], row["closes"]), closures)
        if (far := distance_m(point, there)) <= within_m and opening.at(moment):
            kind = PointKind(row["kind"]) if row["kind"] else None
            known = (row["station_id"], row["point_id"], kind, row["name"], row["address"], there)
            found.append(OpenNear(*known, round(far), opening.until(moment)))
    return sorted(found, key=lambda each: (each.distance_m, each.point_id or each.station_id))[:MOST]

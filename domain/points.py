"""Points on the map, and how far they are from each other."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

from domain.refusals import RefusalCode, Refused
from domain.words import Text

_EARTH_M = 6_371_008.8
#: Metres of one degree of latitude.
DEGREE_M = 111_195.0


@dataclass(frozen=True)
class Point:
    """A point in degrees, WGS 84."""

    latitude: float
    longitude: float


def check_point(point: Point) -> None:
    """Refuses (INVALID, naming the field) what is not on the earth."""
    for field, value, most in (("latitude", point.latitude, 90), ("longitude", point.longitude, 180)):
        if not (isfinite(value) and -most <= value <= most):
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{field.title()} is between -{most} and {most} degrees.", f"坐标超出范围：-{most} 到 {most} 度。"),
                path=(field,),
                hint=Text("Give degrees of WGS 84, latitude and longitude apart.", "请填写 WGS 84 坐标，勿将经纬度颠倒。"),
            )


def distance_m(one: Point, other: Point) -> float:
    """Metres between two points, along the surface of the earth."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(across / 2) ** 2
    return 2 * _EARTH_M * asin(sqrt(min(1.0, half)))

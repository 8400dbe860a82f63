"""Outlines on the map: what of GeoJSON (RFC 7946) may bound a place or a compound.

A Polygon or MultiPolygon in degrees, WGS 84, longitude first. Its rings are closed and neither cross nor touch themselves or
each other; holes lie inside their polygon, and no polygon lies inside another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any, cast

from .refusals import RefusalCode, Refused
from .words import Text

#: Corners of all rings together: enough for a street's border, and few enough to be compared with each other.
MOST_CORNERS = 500
#: Degrees that an outline may be wide or high: over fifty kilometres.
MOST_DEGREES = 0.5
#: Parts of a degree in which corners are kept and compared, exactly: a tenth of a metre.
_PARTS = 1_000_000

#: Longitude and latitude in parts of a degree.
Corner = tuple[int, int]
Ring = Sequence[Corner]
Segment = tuple[Corner, Corner]
Outline = dict[str, Any]


def checked_outline(given: object) -> Outline:
    """The outline as it is kept: its type and its corners to six decimals, and nothing else.

    Refuses (INVALID, naming ``outline``) what is no outline.
    """
    if not isinstance(given, dict):
        raise _refused("It is no GeoJSON object.", "不是 GeoJSON 对象。")
    kind, coordinates = cast("dict[str, object]", given).get("type"), cast("dict[str, object]", given).get("coordinates")
    if kind == "Polygon":
        polygons = [_polygon(coordinates)]
    elif kind == "MultiPolygon":
        polygons = [_polygon(each) for each in _list(coordinates)]
    else:
        raise _refused("It is neither a Polygon nor a MultiPolygon.", "类型既不是 Polygon 也不是 MultiPolygon。")
    if not polygons:
        raise _refused("It has no polygon.", "没有任何多边形。")
    _check_extent([ring for polygon in polygons for ring in polygon])
    _check_apart(polygons)
    rings = [[[[x / _PARTS, y / _PARTS] for x, y in ring] for ring in polygon] for polygon in polygons]
    return {"type": kind, "coordinates": rings[0] if kind == "Polygon" else rings}


def corners(outline: Outline) -> int:
    """How many corners an outline has."""
    polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    return sum(len(ring) - 1 for polygon in polygons for ring in polygon)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _refused("Its coordinates are not nested as its type wants.", "坐标的嵌套层次与类型不符。")
    return cast("list[object]", value)


def _polygon(value: object) -> list[Ring]:
    rings = [_ring(each) for each in _list(value)]
    if not rings:
        raise _refused("A polygon has no ring.", "多边形没有环。")
    return rings


def _ring(value: object) -> Ring:
    positions = _list(value)
    if len(positions) > MOST_CORNERS + 1:
        raise _too_many()
    ring = [_corner(each) for each in positions]
    if len(ring) < 4:
        raise _refused("A ring has fewer than three corners.", "环的顶点少于三个。")
    if ring[0] != ring[-1]:
        raise _refused("A ring is not closed.", "环未闭合。", "Let the last position repeat the first.", "请让末点与首点相同。")
    if any(one == other for one, other in pairwise(ring)):
        raise _refused("A ring has the same position twice in a row.", "环中有连续重复的点。")
    return ring


def _corner(value: object) -> Corner:
    position = _list(value)
    if len(position) not in {2, 3} or any(
        isinstance(each, bool) or not isinstance(each, int | float) or abs(each) > 1e9 or not isfinite(each) for each in position
    ):
        raise _refused("A position is not two numbers.", "坐标点不是两个数字。")
    longitude, latitude = (float(cast("float", each)) for each in position[:2])
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _refused("A position is not on the earth.", "坐标点超出范围。")
    return round(longitude * _PARTS), round(latitude * _PARTS)


def _check_extent(rings: Sequence[Ring]) -> None:
    if sum(len(ring) - 1 for ring in rings) > MOST_CORNERS:
        raise _too_many()
    for axis in (0, 1):
        along = [corner[axis] for ring in rings for corner in ring]
        if max(along) - min(along) > MOST_DEGREES * _PARTS:
            raise _refused(
                f"It is wider than {MOST_DEGREES} degrees.",
                f"范围超过 {MOST_DEGREES} 度。",
                "Bound one place at a time, longitude first.",
                "请逐个地域绘制，并检查经纬度顺序。",
            )


def _check_apart(polygons: Sequence[Sequence[Ring]]) -> None:
    """Refuses rings that cross, holes outside their polygon, and polygons within each other."""
    for one, other in _near([ring for polygon in polygons for ring in polygon]):
        if _meet(one, other):
            raise _refused(
                f"Its lines cross near {one[0][0] / _PARTS}, {one[0][1] / _PARTS}.",
                f"边线在 {one[0][0] / _PARTS}, {one[0][1] / _PARTS} 附近相交。",
                "Draw it anew so that no line crosses another.",
                "请重新绘制，避免边线相交。",
            )
    for polygon in polygons:
        outer, *holes = polygon
        if any(not _inside(hole[0], outer) for hole in holes):
            raise _refused("A hole lies outside its polygon.", "内环不在外环之内。")
        if any(_inside(one[0], other) for one in holes for other in holes if one is not other):
            raise _refused("A hole lies in another.", "内环互相包含。")
        rest = [each for each in polygons if each is not polygon]
        if any(_within(outer[0], other) for other in rest):
            raise _refused("A polygon lies in another.", "多边形互相包含。")


def _near(rings: Sequence[Ring]) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of segments whose boxes overlap, but for neighbours in a ring; those of a ring that double back meet as well."""
    segments: list[tuple[int, int, int, int, int, Segment]] = []
    for number, ring in enumerate(rings):
        for n, segment in enumerate(pairwise(ring)):
            (x1, _), (x2, _) = segment
            segments.append((min(x1, x2), max(x1, x2), number, n, len(ring) - 1, segment))
    segments.sort(key=lambda each: each[0])
    for n, (_, right, ring, place, length, one) in enumerate(segments):
        for left, _, other_ring, other_place, _, other in segments[n + 1 :]:
            if left > right:
                break
            if ring == other_ring and (place - other_place) % length in {1, length - 1}:
                if _doubles_back(one, other):
                    yield one, one
                continue
            yield one, other


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on(a: Corner, b: Corner, c: Corner) -> bool:
    """Whether ``c``, which lies on the line through ``a`` and ``b``, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(one: Segment, other: Segment) -> bool:
    """Whether two segments have a point in common."""
    (a, b), (c, d) = one, other
    abc, abd, cda, cdb = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if ((abc > 0 > abd) or (abc < 0 < abd)) and ((cda > 0 > cdb) or (cda < 0 < cdb)):
        return True
    return (
        (abc == 0 and _on(a, b, c)) or (abd == 0 and _on(a, b, d)) or (cda == 0 and _on(c, d, a)) or (cdb == 0 and _on(c, d, b))
    )


def _doubles_back(one: Segment, other: Segment) -> bool:
    """Whether two segments that share an end run over each other."""
    shared = ({*one} & {*other}).pop()
    (a,), (b,) = {*one} - {shared}, {*other} - {shared}
    return _turn(shared, a, b) == 0 and (a[0] - shared[0]) * (b[0] - shared[0]) + (a[1] - shared[1]) * (b[1] - shared[1]) > 0


def _inside(point: Corner, ring: Ring) -> bool:
    """Whether a point lies inside a ring that it is not on."""
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossed = not crossed
    return crossed


def _within(point: Corner, polygon: Sequence[Ring]) -> bool:
    """Whether a point lies inside a polygon, and in no hole of it."""
    outer, *holes = polygon
    return _inside(point, outer) and not any(_inside(point, hole) for hole in holes)


def _too_many() -> Refused:
    return _refused(
        f"It has more than {MOST_CORNERS} corners.",
        f"顶点超过 {MOST_CORNERS} 个。",
        "Simplify it: a corner every few metres will do.",
        "请简化边界。",
    )


def _refused(
    en: str,
    zh: str,
    hint_en: str = "Give the geometry alone: a Polygon or MultiPolygon, closed rings, longitude first.",
    hint_zh: str = "请只提供几何对象：Polygon 或 MultiPolygon，环须闭合，经度在前。",
) -> Refused:
    return Refused(RefusalCode.INVALID, Text(en, zh), path=("outline",), hint=Text(hint_en, hint_zh))

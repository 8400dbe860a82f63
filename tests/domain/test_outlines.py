"""Outlines: what of GeoJSON bounds a place, and what is refused with a remedy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outlines import MOST_CORNERS, checked_outline, corners
from domain.refusals import RefusalCode, Refused

_SQUARE = [[105.9, 29.3], [105.91, 29.3], [105.91, 29.31], [105.9, 29.31], [105.9, 29.3]]
_HOLE = [[105.903, 29.303], [105.906, 29.303], [105.906, 29.306], [105.903, 29.303]]
_BESIDE = [[round(x + 0.02, 6), y] for x, y in _SQUARE]


def _polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _circle(count: int) -> list[list[float]]:
    """A saw-toothed line and back: many corners, none crossing."""
    there = [[105.9 + n * 1e-4, 29.3 + (n % 2) * 1e-4] for n in range(count - 1)]
    return [*there, [105.9, 29.4], there[0]]


def test_a_polygon_with_a_hole_and_two_side_by_side_are_outlines() -> None:
    kept = checked_outline({**_polygon(_SQUARE, _HOLE), "bbox": [0, 0, 1, 1], "crs": "x"})
    assert kept == _polygon(_SQUARE, _HOLE)
    assert corners(kept) == 7
    both = {"type": "MultiPolygon", "coordinates": [[_SQUARE, _HOLE], [_BESIDE]]}
    assert checked_outline(both) == both
    assert corners(both) == 11


def test_heights_and_decimals_beyond_a_decimetre_are_dropped() -> None:
    given_ = [[x + 1e-9, y, 300] for x, y in _SQUARE]
    assert checked_outline(_polygon(given_)) == _polygon(_SQUARE)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        (None, "no GeoJSON object"),
        ("POLYGON ((0 0))", "no GeoJSON object"),
        ([], "no GeoJSON object"),
        ({}, "neither"),
        ({"type": "Feature", "geometry": _polygon(_SQUARE)}, "neither"),
        ({"type": "Point", "coordinates": [105.9, 29.3]}, "neither"),
        ({"type": "LineString", "coordinates": _SQUARE}, "neither"),
        ({"type": "Polygon"}, "nested"),
        (_polygon(), "no ring"),
        ({"type": "Polygon", "coordinates": _SQUARE}, "nested"),
        ({"type": "MultiPolygon", "coordinates": []}, "no polygon"),
        ({"type": "MultiPolygon", "coordinates": [_SQUARE]}, "nested"),
        (_polygon([]), "fewer than three"),
        (_polygon(_SQUARE[:2] + _SQUARE[:1]), "fewer than three"),
        (_polygon(_SQUARE[:-1]), "not closed"),
        (_polygon([_SQUARE[0], *_SQUARE]), "twice in a row"),
        (_polygon([["105.9", 29.3], *_SQUARE[1:]]), "two numbers"),
        (_polygon([[True, 29.3], *_SQUARE[1:]]), "two numbers"),
        (_polygon([[float("nan"), 29.3], *_SQUARE[1:]]), "two numbers"),
        (_polygon([[10**400, 29.3], *_SQUARE[1:]]), "two numbers"),
        (_polygon([[105.9], *_SQUARE[1:]]), "two numbers"),
        (_polygon([[y, x] for x, y in _SQUARE]), "not on the earth"),
        (_polygon([[0, 0], [1, 0], [1, 1], [0, 0]]), "wider than"),
        (_polygon([_SQUARE[0], _SQUARE[2], _SQUARE[1], _SQUARE[3], _SQUARE[0]]), "cross"),
        (_polygon([*_SQUARE[:2], _SQUARE[0], _SQUARE[2], _SQUARE[0]]), "cross"),
        (_polygon([[105.9, 29.3], [105.91, 29.3], [105.905, 29.3], [105.9, 29.3]]), "cross"),
        (_polygon(_SQUARE, _SQUARE), "cross"),
        (_polygon(_SQUARE, _BESIDE), "outside its polygon"),
        (_polygon(_SQUARE, [[x - 0.004, y] for x, y in _HOLE]), "cross"),
        ({"type": "MultiPolygon", "coordinates": [[_SQUARE], [_HOLE]]}, "lies in another"),
        (_polygon(_circle(MOST_CORNERS + 1)), "more than"),
        (_polygon([[0.0, 0.0]] * 100_000), "more than"),
        ({"type": "MultiPolygon", "coordinates": [[_circle(300)], [[[x, y + 0.2] for x, y in _circle(300)]]]}, "more than"),
    ],
)
def test_what_bounds_nothing_is_refused_with_a_remedy(given_: object, why: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_outline(given_)
    assert why in str(refused.value)
    assert refused.value.code is RefusalCode.INVALID
    assert refused.value.path == ("outline",)
    assert refused.value.hint.en
    assert refused.value.hint.zh


def test_as_many_corners_as_may_be_are_checked() -> None:
    assert corners(checked_outline(_polygon(_circle(MOST_CORNERS)))) == MOST_CORNERS


_degrees = st.floats(0, 0.01).map(lambda value: round(value, 4))


@given(st.lists(st.tuples(_degrees, _degrees), min_size=3, max_size=6, unique=True))
def test_a_ring_is_taken_if_and_only_if_no_two_of_its_lines_meet(points: list[tuple[float, float]]) -> None:
    ring = [list(point) for point in [*points, points[0]]]
    lines = list(pairwise(ring))
    count = len(lines)
    apart = all(
        not _share(lines[one], lines[other], neighbours=(other - one) in {1, count - 1})
        for one in range(count)
        for other in range(one + 1, count)
    )
    if apart:
        checked_outline(_polygon(ring))
    else:
        with pytest.raises(Refused, match="cross"):
            checked_outline(_polygon(ring))


def _share(one: Any, other: Any, *, neighbours: bool) -> bool:
    """Whether two lines share a point (neighbours: another than their corner), by whole numbers: exactly."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = [[round(v * 10_000) for v in p] for p in (*one, *other)]

    def side(px: int, py: int, qx: int, qy: int, rx: int, ry: int) -> int:
        turn = (qx - px) * (ry - py) - (qy - py) * (rx - px)
        return (turn > 0) - (turn < 0)

    def between(px: int, py: int, qx: int, qy: int, rx: int, ry: int) -> bool:
        return side(px, py, qx, qy, rx, ry) == 0 and min(px, qx) <= rx <= max(px, qx) and min(py, qy) <= ry <= max(py, qy)

    if neighbours:
        ends = [p for p in ((ax, ay), (bx, by)) if p not in {(cx, cy), (dx, dy)}]
        others = [p for p in ((cx, cy), (dx, dy)) if p not in {(ax, ay), (bx, by)}]
        return any(between(cx, cy, dx, dy, *p) for p in ends) or any(between(ax, ay, bx, by, *p) for p in others)
    crossing = side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0
    crossing = crossing and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
    touch = [(ax, ay, bx, by, cx, cy), (ax, ay, bx, by, dx, dy), (cx, cy, dx, dy, ax, ay), (cx, cy, dx, dy, bx, by)]
    return crossing or any(between(*each) for each in touch)

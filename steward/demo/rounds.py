"""Kangqiao's night and day patrols of the last days, and the work of planning what the fire code asks for everywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import orjson

from domain.rounds import (
    KINDS,
    Answered,
    RoundAnswer,
    RoundKind,
    RoundSource,
    RoundState,
    ScanSource,
    windows,
    written_items,
)

from .accounts import People
from .ids import Ids, lots
from .organisations import Bodies
from .plans import StreetPlan

_PLACE = ("compound_id", "street_id")
#: Tables with their columns.
TABLES: dict[str, tuple[str, ...]] = {
    "round_plan": (
        *("id", "kind", "name", "measure", "every", "times", "window_minutes", "clause", "starts_on", "made_at", "made_until"),
        *_PLACE,
    ),
    "round_point": ("id", "number", "name", "place", "code", "items", "added_at", "plan_id", *_PLACE),
    "round": (
        *("id", "kind", "state", "source", "opens_at", "closes_at", "started_at", "ended_at", "points", "scanned", "not_ok"),
        *("organisation_id", "started_by_id", "ended_by_id", "plan_id", *_PLACE),
    ),
    "round_scan": ("id", "scanned_at", "source", "answers", "not_ok", "point_id", "round_id", *_PLACE),
}
#: The workers plan what the fire code asks for as soon as they run.
WORK = """
INSERT INTO work (kind, payload) SELECT 'rounds.fire', jsonb_build_object('compounds', jsonb_agg(id ORDER BY id))
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 50 AS part FROM compound) parts GROUP BY part
"""

_KIND = RoundKind.SECURITY_PATROL
_DAYS, _ALPHABET = timedelta(days=3), "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_POINTS: tuple[tuple[str, str, list[str]], ...] = (
    ("东门岗亭", "1 号门", ["门禁、道闸正常"]),
    ("观景平台", "地面 3 区", ["照明完好", "护栏完好"]),
    ("地下车库入口", "车库 1 区", []),
    ("24 幢大堂", "24 幢 1 层", ["照明完好"]),
)


def rows(street: StreetPlan, of_street: Bodies, who: People, now: datetime) -> dict[str, Iterator[tuple[Any, ...]]]:
    """The plan, its points, and its rounds until now: one was missed, and on the next a lamp was found dark."""
    made = _Rounds(street, of_street, who, now)
    return {
        "round_plan": iter([made.plan]),
        "round_point": iter(made.points),
        "round": iter(made.rounds),
        "round_scan": iter(made.scans),
    }


class _Rounds:
    def __init__(self, street: StreetPlan, of_street: Bodies, who: People, now: datetime) -> None:
        new, draw = Ids(street.seed, "rounds").new, lots(street.seed, "rounds")
        kangqiao, company = street.kangqiao, of_street.serving(street.kangqiao)
        guard = who.staff[company.id][-1].id
        place = (kangqiao.id, street.street.id)
        since = datetime.combine(now.date() - _DAYS, time(), now.tzinfo)
        usual, plan_id = KINDS[_KIND].plan, new("rpl")
        every = (_KIND.value, "康桥日夜巡逻", usual.measure.value, usual.every, orjson.dumps(usual.times).decode())
        self.plan = (plan_id, *every, usual.window_minutes, usual.clause, since.date(), since, now, *place)
        self.points = [
            (
                new("rpt"),
                number,
                name,
                where,
                "".join(draw.choices(_ALPHABET, k=26)),
                orjson.dumps([item.packed() for item in written_items(items)]).decode(),
                since,
                plan_id,
                *place,
            )
            for number, (name, where, items) in enumerate(_POINTS, 1)
        ]
        self.rounds: list[tuple[Any, ...]] = []
        self.scans: list[tuple[Any, ...]] = []
        over = [each for each in windows(usual, since.date(), None, since, now, now.tzinfo or UTC) if each.closes_at <= now]
        for n, window in enumerate(over):
            round_id, missed, dark = new("rnd"), n == 1, n == 2
            source = RoundSource.PLAN.value
            about = (round_id, _KIND.value, (RoundState.MISSED if missed else RoundState.DONE).value, source)
            started = window.opens_at + timedelta(minutes=draw.randint(1, 20))
            times = [started + timedelta(minutes=7 * k + draw.randint(0, 3)) for k in range(1, len(_POINTS) + 1)]
            when = (window.opens_at, window.closes_at, None if missed else started, window.closes_at if missed else times[-1])
            counts = (len(_POINTS), 0 if missed else len(_POINTS), int(dark))
            by = (None, None) if missed else (guard, guard)
            self.rounds.append((*about, *when, *counts, company.id, *by, plan_id, *place))
            if not missed:
                self._scan(new, round_id, times, dark, place)

    def _scan(self, new: Any, round_id: str, times: list[datetime], dark: bool, place: tuple[str, str]) -> None:
        for point, at in zip(self.points, times, strict=True):
            items = [each["code"] for each in orjson.loads(point[5])]
            fault = dark and point[1] == len(_POINTS)
            answers = [
                Answered(code, RoundAnswer.NOT_OK, "东侧壁灯不亮") if fault else Answered(code, RoundAnswer.OK) for code in items
            ]
            packed = orjson.dumps([each.packed() for each in answers]).decode()
            self.scans.append((new("rsc"), at, ScanSource.PHONE.value, packed, int(fault), point[0], round_id, *place))

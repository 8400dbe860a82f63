"""The control room and the south gate of Kangqiao: who stood there since yesterday, and the visitors its resident expects."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from domain.passes import PassState
from domain.posts import STAFFING, PostKind

from .accounts import People
from .ids import Ids, lots
from .organisations import Bodies
from .plans import StreetPlan
from .territory import homes_of

POST = ("id", "kind", "name", "least_staff", "certified", "opened_at", "compound_id", "street_id")
STINT = (
    *("id", "began_at", "ended_at", "certificate_until", "note"),
    *("post_id", "account_id", "compound_id", "street_id"),
)
PASS = (
    *("id", "digest", "state", "people", "by_vehicle", "valid_from", "valid_until", "issued_at", "admitted_at", "left_at"),
    *("place", "home", "home_id", "issued_by_id", "compound_id", "gate_compound_id", "street_id"),
)

#: Everybody stands for eight hours; those who are there began an hour ago.
_STINT, _SINCE, _DAY = timedelta(hours=8), timedelta(hours=1), timedelta(days=1)
#: Where that resident lives, as far as a gate must know.
_PLACE = "24幢 1单元"
#: Kind, name, how many stand there, and what those before them left behind.
_POSTS = (
    (PostKind.CONTROL_ROOM, "消防控制室", 2, "3 号回路故障已复位，请留意。"),
    (PostKind.GUARD_POST, "南门岗", 1, "道闸抬杆偏慢，已报修。"),
)


class Posts:
    """Kangqiao's, staffed by the company that serves it."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, who: People, now: datetime) -> None:
        self._plan, self._who, self._now = plan, who, now
        self._staff = who.staff[of_street.serving(plan.kangqiao).id][2:]
        self._place = (plan.kangqiao.id, plan.street.id)
        new = Ids(plan.seed, "posts").new
        self._ids = [new("pos") for _ in _POSTS]

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Tables, parents first, with their columns and rows."""
        yield "post", POST, self.post_rows()
        yield "post_stint", STINT, self.stint_rows()
        yield "visitor_pass", PASS, self.pass_rows()

    def post_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of posts."""
        for id_, (kind, name, _, _) in zip(self._ids, _POSTS, strict=True):
            asked = STAFFING[kind]
            yield id_, kind, name, asked.least, asked.certified, self._now - 30 * _DAY, *self._place

    def stint_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of stints: of each person yesterday's, and today's that runs."""
        new, people = Ids(self._plan.seed, "stints").new, iter(self._staff)
        until = self._now.date() + timedelta(days=900)
        for id_, (kind, _, there, note) in zip(self._ids, _POSTS, strict=True):
            for _ in range(there):
                account, certificate = next(people), until if kind is PostKind.CONTROL_ROOM else None
                for begins, running in ((self._now - _SINCE - _DAY, False), (self._now - _SINCE, True)):
                    ends, left = (None, "") if running else (begins + _STINT, note)
                    yield new("pss"), begins, ends, certificate, left, id_, account.id, *self._place

    def pass_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of passes to the home of the resident whom people try: one waits, the visitors of one have left."""
        new, draw = Ids(self._plan.seed, "passes").new, lots(self._plan.seed, "passes")
        resident = self._who.accounts["resident"]
        home = next(row[2] for row in homes_of(self._plan, self._plan.kangqiao) if row[0] == resident.home_id)
        compound_id, street_id = self._place
        for state, hours in ((PassState.ISSUED, 0), (PassState.LEFT, 3)):
            begins = self._now - timedelta(hours=hours)
            came, left = (begins, begins + timedelta(hours=2)) if state is PassState.LEFT else (None, None)
            digest = sha256(draw.randbytes(32)).hexdigest()
            yield (
                *(new("vps"), digest, state, 2, False, begins, begins + _STINT, begins, came, left),
                *(_PLACE, home, resident.home_id, resident.id, compound_id, compound_id, street_id),
            )

"""Staffed posts of the story, who stands there, and visitor passes: of the day, of another day, of homes and of the post."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import models
from domain.passes import PassState
from domain.posts import PostKind

from .desk import WORKERS, Desk
from .story import Told, a_moment, plant, planted

#: Who expects visitors, and where.
_HOSTS = {"K": (("resident of 101", "K-101"), ("resident of 102", "K-102")), "L": (("resident of L", "L-101"),)}


async def posts(world: Desk) -> None:
    """In each compound two posts, one of them ended, with two stints each, and passes."""
    for compound in "KLMPS":
        place = {"compound_id": world.stored[compound].id, "street_id": world.stored[compound].street_id}
        around: dict[str, Told | None] = {"compound": world.told[compound]}
        for turn in range(2):
            await _post(world, compound, turn, place, around)
        worker, post = WORKERS[compound], f"{compound} post 0"
        await _pass(world, compound, worker, place, around, gate=True, post_id=world.stored[post].id)
        await _pass(world, compound, worker, place, around, gate=False, post_id=world.stored[post].id)
        for host, home in _HOSTS.get(compound, ()):
            for gate in (True, False):
                await _pass(world, compound, host, place, around, gate=gate, home_id=world.stored[home].id)


async def _post(world: Desk, compound: str, turn: int, place: dict[str, Any], around: dict[str, Told | None]) -> None:
    told, street, name, worker = world.told, world.told[compound].street, f"{compound} post {turn}", WORKERS[compound]
    columns: dict[str, Any] = {"kind": world.of(PostKind), "certified": bool(turn), **place}
    columns |= {"ended_at": a_moment()} if turn else {"short_since": a_moment(), "opens": "08:00", "closes": "20:00"}
    post = await models.Post.create(**planted(models.Post, columns))
    world.keep(name, post, street, compound, links=dict(around))
    told[name].values["onNow"] = 0
    for n in range(2):
        begins = a_moment(day=4 * turn + 2 * n)
        columns = {"began_at": begins, "post_id": post.id, "account_id": world.stored[worker].id, **place}
        columns |= {"lapsed": bool(n), "certificate_until": date(2030, 1, 1 + n)}
        if not (turn and n):
            columns["ended_at"] = begins + timedelta(hours=8, microseconds=plant())
        columns["lapsed"] = bool(n) and not turn
        stint = await models.PostStint.create(**planted(models.PostStint, columns))
        world.keep(f"stint {stint.id}", stint, street, compound, links=around | {"post": told[name], "account": told[worker]})
    await world.done(name, compound, worker)


async def _pass(
    world: Desk, compound: str, issuer: str, place: dict[str, Any], around: dict[str, Told | None], *, gate: bool, **owner: str
) -> None:
    """One whose visitors have come and gone; or one of another day, which no gate sees."""
    begins = a_moment()
    columns: dict[str, Any] = {
        "state": PassState.LEFT if gate else PassState.EXPIRED,
        "by_vehicle": gate,
        "valid_from": begins,
        "valid_until": begins + timedelta(hours=12, microseconds=plant()),
        "gate_compound_id": place["compound_id"] if gate else None,
        "issued_by_id": world.stored[issuer].id,
        **({"admitted_at": begins, "left_at": begins + timedelta(hours=1, microseconds=plant())} if gate else {}),
        **owner,
        **place,
    }
    made = await models.VisitorPass.create(**planted(models.VisitorPass, columns))
    near = (compound,) if gate else ()
    world.keep(f"pass {made.id}", made, world.told[compound].street, *near, person=issuer, links=dict(around))

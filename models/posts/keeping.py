"""A post from its beginning to its end: its name, its hours, and how many must be there."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.posts import NAME_MAX, STAFFING, PostKind, check_staff
from domain.refusals import RefusalCode, Refused
from domain.stations import Hours
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.territory import Compound

from .rows import Post, PostStint
from .staffing import settle


async def add_post(
    viewer: Viewer,
    compound_id: str,
    *,
    kind: PostKind,
    name: str,
    opens: str | None = None,
    closes: str | None = None,
    least_staff: int | None = None,
    certified: bool | None = None,
) -> Post:
    """A post of a compound: round the clock unless hours are given, staffed as its kind asks unless something else is said.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (name, hours, staff).
    """
    asked, hours = STAFFING[kind], _hours(opens, closes)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "postAdd", path=("compound_id",))
        moment = now()
        post = await Post.create(
            kind=kind,
            name=written(name, "name", NAME_MAX),
            opens=hours["opens"],
            closes=hours["closes"],
            least_staff=check_staff(asked.least if least_staff is None else least_staff),
            certified=asked.certified if certified is None else certified,
            opened_at=moment,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        await settle(post.id, moment)
        after = {"kind": kind, "opens": post.opens, "closes": post.closes, "least_staff": post.least_staff}
        await record(actor_of(viewer), "postAdd", post, after={**after, "certified": post.certified})
        return await Post.get(id=post.id)


async def set_hours(
    viewer: Viewer, post_id: str, opens: str | None, closes: str | None, *, expected_version: int | None = None
) -> Post:
    """Let the post be staffed by these hours of every day; without any, round the clock.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (hours), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        post = await going_on(viewer, post_id, "postSetHours", "id")
        unchanged(post.version, expected_version)
        return await _changed(viewer, post, "postSetHours", _hours(opens, closes))


async def set_staff(
    viewer: Viewer, post_id: str, least_staff: int, *, certified: bool | None = None, expected_version: int | None = None
) -> Post:
    """Say how many must be at the post, and whether only those with a certificate count (None: as it was).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a number out of range), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        post = await going_on(viewer, post_id, "postSetStaff", "id")
        unchanged(post.version, expected_version)
        changes = {"least_staff": check_staff(least_staff), "certified": post.certified if certified is None else certified}
        return await _changed(viewer, post, "postSetStaff", changes)


async def end_post(viewer: Viewer, post_id: str, *, expected_version: int | None = None) -> Post:
    """End the post, and with it the stints of those who stand there. One that has ended stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION.
    """
    async with in_transaction():
        post = await permitted(Post, post_id, viewer, "postEnd")
        unchanged(post.version, expected_version)
        if post.ended_at is not None:
            return post
        moment = now()
        await PostStint.filter(post_id=post.id, ended_at=None).update(ended_at=moment)
        post.short_since = None
        await post.save(update_fields=["short_since"])
        return await _changed(viewer, post, "postEnd", {"ended_at": moment})


async def going_on(viewer: Viewer, post_id: str, act: str, field: str = "post_id") -> Post:
    """The post, locked, on which the viewer may do ``act``. Refuses (ILLEGAL_MOVE) one that has ended."""
    post = await permitted(Post, post_id, viewer, act, path=(field,))
    check_going_on(post, field)
    return post


def check_going_on(post: Post, field: str) -> None:
    """Refuses (ILLEGAL_MOVE) a post that has ended."""
    if post.ended_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The post has ended.", "该岗位已撤销。"),
            path=(field,),
            hint=Text("Name another post, or add one with postAdd.", "请选择其他岗位，或新增岗位。"),
        )


def _hours(opens: str | None, closes: str | None) -> dict[str, str | None]:
    hours = Hours.of(opens, closes)
    return {"opens": f"{hours.opens:%H:%M}" if hours else None, "closes": f"{hours.closes:%H:%M}" if hours else None}


async def _changed(viewer: Viewer, post: Post, act: str, changes: dict[str, Any]) -> Post:
    before = {name: getattr(post, name) for name in changes}
    post.update_from_dict(changes)
    post.version += 1
    await post.save(update_fields=[*changes, "version"])
    await settle(post.id, now())
    await record(actor_of(viewer), act, post, before=_json(before), after=_json(changes))
    return await Post.get(id=post.id)


def _json(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in columns.items()}

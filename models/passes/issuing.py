"""Passes are made, for one's own home or at a guard post, and taken back."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.passes import HOME_MAX, POST_MAX, PassMove, PassState, check_people, check_room, check_window, moved
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now, zone
from models.facts import record
from models.permits import actor_of, permitted
from models.posts.keeping import going_on
from models.territory import Building, Home, Unit

from .rows import VisitorPass

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS, _LETTERS = 3, 4


def new_code() -> str:
    """Twelve characters (60 random bits) not mistaken for each other, in groups: to be read out or shown as a QR code."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))


def digest_of(code: str) -> str:
    """What a code is found by, however it was written."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return sha256(plain.encode(errors="replace")).hexdigest()


async def issue(
    viewer: Viewer,
    home_id: str,
    *,
    people: int = 1,
    by_vehicle: bool = False,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> tuple[VisitorPass, str]:
    """A pass to one's own home from ``valid_from`` (default: now) to ``valid_until`` (default: 12 hours later); and its code,
    which cannot be had again.

    Refuses NOT_FOUND, FORBIDDEN (a home that is not one's own), INVALID (people, times) and CONFLICT (HOME_MAX of the home wait).
    """
    async with in_transaction():
        home = await permitted(Home, home_id, viewer, "visitorPassIssue", path=("home_id",))
        unit = await Unit.get(id=home.unit_id)
        building = await Building.get(id=unit.building_id)
        columns = {"home_id": home.id, "home": home.name, "place": f"{building.name} {unit.name}"}
        return await _issued(viewer, home, columns, "visitorPassIssue", HOME_MAX, people, by_vehicle, valid_from, valid_until)


async def hand_out(
    viewer: Viewer,
    post_id: str,
    *,
    people: int = 1,
    by_vehicle: bool = False,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> tuple[VisitorPass, str]:
    """A pass that a guard post gives to whoever comes without one; as ``issue``, and to no home.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (people, times), ILLEGAL_MOVE (the post has ended) and CONFLICT (POST_MAX of it wait).
    """
    async with in_transaction():
        post = await going_on(viewer, post_id, "visitorPassHandOut")
        columns = {"post_id": post.id, "place": post.name}
        return await _issued(viewer, post, columns, "visitorPassHandOut", POST_MAX, people, by_vehicle, valid_from, valid_until)


async def _issued(
    viewer: Viewer,
    owner: Any,
    columns: dict[str, Any],
    act: str,
    most: int,
    people: int,
    by_vehicle: bool,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> tuple[VisitorPass, str]:
    """The owner's row is locked: so no two passes are made at once where one more may wait."""
    moment = now()
    starts = valid_from or moment
    ends = check_window(starts, valid_until, moment)
    ((owned, owner_id),) = [(name, value) for name, value in columns.items() if name in {"home_id", "post_id"}]
    waiting = VisitorPass.filter(**{owned: owner_id}, state=PassState.ISSUED, valid_until__gt=moment)
    check_room(await waiting.count(), most)
    code = new_code()
    made = await VisitorPass.create(
        digest=digest_of(code),
        state=PassState.ISSUED,
        people=check_people(people),
        by_vehicle=by_vehicle,
        valid_from=starts,
        valid_until=ends,
        issued_at=moment,
        issued_by_id=actor_of(viewer).id,
        compound_id=owner.compound_id,
        gate_compound_id=owner.compound_id if starts < _tomorrow(moment) else None,
        street_id=owner.street_id,
        **columns,
    )
    # How many come and when, is told by the pass itself, which goes; the fact stays.
    await record(actor_of(viewer), act, made)
    return made, code


def _tomorrow(moment: datetime) -> datetime:
    return moment.astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


async def cancel(viewer: Viewer, pass_id: str) -> VisitorPass:
    """Take a pass back before anybody has come with it; one that was taken back stays as it is.

    What a home has issued is taken back by whoever issued it, and by no guard.
    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (somebody has come; it is over; it is somebody else's).
    """
    async with in_transaction():
        made = await permitted(VisitorPass, pass_id, viewer, "visitorPassCancel")
        if made.home_id is not None and made.issued_by_id != viewer.account_id:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("A home has issued it: no guard takes it back.", "该通行码由住户开具，门岗不得取消。"),
                path=("id",),
                hint=Text("Ask whoever expects the visitors.", "请联系被访人员。"),
            )
        if made.state is PassState.ISSUED and made.valid_until <= now():
            moved(PassState.EXPIRED, PassMove.CANCEL, "id")
        after = moved(made.state, PassMove.CANCEL, "id")
        if made.state is not after:
            made.state, made.gate_compound_id = after, None
            await made.save(update_fields=["state", "gate_compound_id"])
            await record(actor_of(viewer), "visitorPassCancel", made, after={"state": after})
        return made

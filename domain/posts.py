"""Staffed posts: control rooms and guard posts, when they are to be staffed and by how many, and who may stand there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .refusals import RefusalCode, Refused
from .words import Text, Word

NAME_MAX, NOTE_MAX = 60, 500
#: Nobody stands longer at a post: a stint that nobody ended is over then, and counts no more.
LONGEST_STINT = timedelta(hours=24)
#: How many people a post may ask for.
STAFF_MAX = 20
#: How far ahead a certificate may run: they are for life at most.
_CERTIFICATE_AHEAD = timedelta(days=80 * 366)


class PostKind(Word):
    """Kind of a staffed post."""

    CONTROL_ROOM = "CONTROL_ROOM", "消防控制室", "A fire control room."
    GUARD_POST = "GUARD_POST", "门岗", "A post of guards at a gate."


@dataclass(frozen=True)
class Staffing:
    """How a post is to be staffed: by how many, who hold a certificate or need none, round the clock. ``clause``: who says so."""

    least: int
    certified: bool
    clause: str


#: What is asked of each kind of post, unless people ask for something else.
STAFFING: Mapping[PostKind, Staffing] = {
    PostKind.CONTROL_ROOM: Staffing(2, certified=True, clause="MEM Order 5 (2021) art. 26"),
    PostKind.GUARD_POST: Staffing(1, certified=False, clause="product default"),
}


def check_staff(least: int) -> int:
    """How many must be at a post. Refuses INVALID."""
    if 1 <= least <= STAFF_MAX:
        return least
    raise Refused(
        RefusalCode.INVALID,
        Text(f"A post is not staffed by {least}.", f"在岗人数不能是 {least}。"),
        path=("least_staff",),
        hint=Text(
            f"Give 1 to {STAFF_MAX}; end a post that needs nobody.", f"请填写 1 到 {STAFF_MAX}；无需值守的岗位请直接撤销。"
        ),
    )


def check_certificate(until: date, today: date) -> date:
    """The last day of a certificate. Refuses (INVALID) one that is over, or a day that cannot be meant."""
    if today <= until <= today + _CERTIFICATE_AHEAD:
        return until
    raise Refused(
        RefusalCode.INVALID,
        Text(f"The certificate is not valid until {until}.", f"证书有效期至 {until}，不可用。"),
        path=("certificate_until",),
        hint=Text(
            "Give the last day of a certificate that is valid today, or leave it out.", "请填写当前有效证书的截止日期，或留空。"
        ),
    )

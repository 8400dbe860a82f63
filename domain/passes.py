"""Visitor passes: for how many and how long, and what may be done with one. Nothing in them names a visitor.

A pass tells a guard that somebody is expected. It is never asked of whoever lives there.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from .refusals import RefusalCode, Refused
from .words import Text, Word

#: The longest that a pass is good for, and how far ahead it may begin.
LONGEST, AHEAD = timedelta(days=7), timedelta(days=30)
#: How far back it may begin: clocks differ.
BACK = timedelta(minutes=15)
#: How long a pass is good for where nothing is said.
USUAL = timedelta(hours=12)
#: How many may come on one pass; how many passes of a home, and of a post, may wait to be used.
PEOPLE_MAX, HOME_MAX, POST_MAX = 20, 10, 200


class PassState(Word):
    """Where a pass stands."""

    ISSUED = "ISSUED", "待使用", "Nobody has come with it yet."
    INSIDE = "INSIDE", "已进入", "Its visitors are in the compound."
    LEFT = "LEFT", "已离开", "Its visitors have left again."
    CANCELLED = "CANCELLED", "已取消", "It was taken back before anybody came."
    EXPIRED = "EXPIRED", "已过期", "Its time passed before anybody came."


class PassMove(Word):
    """What can be done with a pass."""

    ADMIT = "ADMIT", "进入登记", "Its visitors come in."
    LEAVE = "LEAVE", "离开登记", "Its visitors leave."
    CANCEL = "CANCEL", "取消", "It is taken back."
    EXPIRE = "EXPIRE", "过期", "Its time has passed."


_S, _M = PassState, PassMove

#: Every state has a row; a move that a row does not name is refused. One that leads where the pass stands was done before.
MOVES: Mapping[PassState, Mapping[PassMove, PassState]] = {
    _S.ISSUED: {_M.ADMIT: _S.INSIDE, _M.CANCEL: _S.CANCELLED, _M.EXPIRE: _S.EXPIRED},
    _S.INSIDE: {_M.ADMIT: _S.INSIDE, _M.LEAVE: _S.LEFT},
    _S.LEFT: {_M.LEAVE: _S.LEFT},
    _S.CANCELLED: {_M.CANCEL: _S.CANCELLED},
    _S.EXPIRED: {_M.EXPIRE: _S.EXPIRED},
}
_ASK = Text("Ask whoever expects the visitors; they can make another pass.", "请联系被访人员重新开具。")
#: What to do about a pass that does not allow what is wanted of it.
_REMEDIES: Mapping[PassState, Text] = {
    _S.ISSUED: Text("Let them in with visitorPassAdmit first.", "请先用 visitorPassAdmit 登记进入。"),
    _S.INSIDE: Text("Note that they have left with visitorPassLeave.", "请用 visitorPassLeave 登记离开。"),
    _S.LEFT: _ASK,
    _S.CANCELLED: _ASK,
    _S.EXPIRED: _ASK,
}


def moved(state: PassState, move: PassMove, field: str) -> PassState:
    """The state after ``move``; refuses (ILLEGAL_MOVE, naming ``field``) what the table forbids, with the remedy."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A pass that is {state} does not allow {move}.", f"访客通行码{state.zh}，不能{move.zh}。"),
        path=(field,),
        hint=_REMEDIES[state],
    )


def check_window(starts: datetime, ends: datetime | None, now: datetime) -> datetime:
    """The end of a pass that begins at ``starts``; USUAL later where none is said.

    Refuses (INVALID, naming the field) a time that ends before it begins or has passed, is too long, or too far off.
    """
    if not now - BACK <= starts <= now + AHEAD:
        raise _invalid(
            "valid_from",
            Text("It would begin in the past, or too far ahead.", "开始时间已过或过晚。"),
            Text(f"Let it begin now, or within {AHEAD.days} days.", f"开始时间应在当前至 {AHEAD.days} 天之内。"),
        )
    if ends is None:
        return starts + USUAL
    if ends <= max(starts, now):
        raise _invalid(
            "valid_until",
            Text("It would end before it begins.", "结束时间不晚于开始时间。"),
            Text("Give an end after the beginning, and to come.", "请填写晚于开始时间且尚未到来的结束时间。"),
        )
    if ends - starts > LONGEST:
        raise _invalid(
            "valid_until",
            Text(f"It would be good for more than {LONGEST.days} days.", f"有效期超过 {LONGEST.days} 天。"),
            Text("Give a shorter time, and another pass later.", "请缩短有效期，到期后另行开具。"),
        )
    return ends


def check_people(people: int) -> int:
    """How many come on a pass. Refuses INVALID."""
    if 1 <= people <= PEOPLE_MAX:
        return people
    raise _invalid(
        "people",
        Text(f"A pass is not for {people} people.", f"访客人数不能是 {people}。"),
        Text(f"Give 1 to {PEOPLE_MAX}; make several passes for more.", f"请填写 1 到 {PEOPLE_MAX}；人数更多请分开开具。"),
    )


def check_room(waiting: int, most: int) -> None:
    """Refuses (CONFLICT) one more pass where ``most`` wait to be used."""
    if waiting >= most:
        raise Refused(
            RefusalCode.CONFLICT,
            Text(f"{most} passes wait to be used already.", f"已有 {most} 个通行码待使用。"),
            hint=Text(
                "Cancel one with visitorPassCancel, or wait until one is used.", "请先取消不需要的通行码，或待其使用后再开具。"
            ),
        )


def check_arrival(people: int | None, starts: datetime, ends: datetime, now: datetime, most: int) -> None:
    """Whether visitors may come in now; ``people``: how many stand there (None: nobody has counted), ``most``: how many may.

    Refuses ILLEGAL_MOVE before the pass begins and from its end on, INVALID more people than it is for.
    """
    if now < starts:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The pass is good from {starts:%Y-%m-%d %H:%M} on.", f"通行码自 {starts:%Y-%m-%d %H:%M} 起有效。"),
            path=("code",),
            hint=Text("Let them come back then, or ask whoever expects them.", "请届时再来，或联系被访人员。"),
        )
    if now >= ends:
        moved(PassState.EXPIRED, PassMove.ADMIT, "code")
    if people is not None and not 1 <= people <= most:
        raise _invalid(
            "people",
            Text(f"The pass is for {most}, and {people} have come.", f"通行码限 {most} 人，实到 {people} 人。"),
            Text("Let in as many as it is for; the others need a pass of their own.", "请按限定人数放行，其余人员另行开具。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

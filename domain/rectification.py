"""Rectification lists (整改清单): what is to be put right in a compound, item by item, and who says that it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

TITLE_MAX, WHAT_MAX, PLACE_MAX, SAID_MAX = 120, 500, 200, 500
#: The furthest that a deadline may lie ahead.
AHEAD = timedelta(days=1096)
#: How many items a list holds at most.
ITEMS_MAX = 200
#: How many days a burn-down tells at most.
SERIES_MAX = 732


class RectificationSource(Word):
    """What a list comes from."""

    INSPECTION = "INSPECTION", "检查发现", "An inspection."
    OWNERS = "OWNERS", "业主提出", "What owners asked for."
    STREET = "STREET", "街道交办", "The street's or the community's office."
    JOINT_WORK = "JOINT_WORK", "联席议定", "A meeting of branch, owners' body and company."


class RectificationState(Word):
    """Where an item stands."""

    OPEN = "OPEN", "待认领", "On the list; nobody has claimed it."
    CLAIMED = "CLAIMED", "整改中", "Somebody has claimed it, and is at work."
    REPORTED = "REPORTED", "待验收", "Put right, as whoever did it says."
    ACCEPTED = "ACCEPTED", "已验收", "The owners' side has accepted it."
    DROPPED = "DROPPED", "已取消", "The owners' side wants it no more."


class RectificationMove(Word):
    """What can be done to an item."""

    CLAIM = "CLAIM", "认领", "Take it on."
    RELEASE = "RELEASE", "退回", "Give it back, so that it can be claimed anew."
    ASK_TIME = "ASK_TIME", "申请延期", "Ask for a later deadline."
    GRANT_TIME = "GRANT_TIME", "答复延期", "Grant or refuse a later deadline."
    REPORT = "REPORT", "报告完成", "Report it put right."
    ACCEPT = "ACCEPT", "验收通过", "Accept it."
    REFUSE = "REFUSE", "验收不通过", "Refuse it: it is not put right."
    REOPEN = "REOPEN", "重新整改", "Put it on the list again."
    DROP = "DROP", "取消", "Want it no more."


class EvidencePhase(Word):
    """What a file about an item shows."""

    BEFORE = "BEFORE", "整改前", "How it was."
    AFTER = "AFTER", "整改后", "How it is since."


_S, _M = RectificationState, RectificationMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[RectificationState, Mapping[RectificationMove, RectificationState]] = {
    _S.OPEN: {_M.CLAIM: _S.CLAIMED, _M.DROP: _S.DROPPED},
    _S.CLAIMED: {
        _M.RELEASE: _S.OPEN,
        _M.ASK_TIME: _S.CLAIMED,
        _M.GRANT_TIME: _S.CLAIMED,
        _M.REPORT: _S.REPORTED,
        _M.DROP: _S.DROPPED,
    },
    _S.REPORTED: {_M.ACCEPT: _S.ACCEPTED, _M.REFUSE: _S.CLAIMED},
    _S.ACCEPTED: {_M.REOPEN: _S.OPEN},
    _S.DROPPED: {_M.REOPEN: _S.OPEN},
}
#: Over, unless it is opened again.
ENDED = frozenset({_S.ACCEPTED, _S.DROPPED})


def invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


def moved(state: RectificationState, move: RectificationMove) -> RectificationState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"An item that is {state} does not allow {move}.", f"整改事项{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(f"Allowed now: {', '.join(allowed)}.", f"当前可以：{'、'.join(other.zh for other in allowed)}。"),
    )


def check_due(due_on: date, today: date, field: str = "due_on") -> date:
    """The last day in time, today at the earliest. Refuses (INVALID) one that has passed, or lies too far ahead."""
    if today <= due_on <= today + AHEAD:
        return due_on
    raise invalid(
        field,
        Text(f"It cannot be due on {due_on}.", f"整改期限 {due_on} 无效。"),
        Text("Give today or a day within three years.", "请填写今天起三年以内的日期。"),
    )


def check_later(until: date, due_on: date, today: date) -> date:
    """The deadline that is asked for. Refuses (INVALID) one no later than the present one, passed, or too far ahead."""
    if until > due_on:
        return check_due(until, today, "until")
    raise invalid(
        "until",
        Text(f"{until} is no later than {due_on}, when it is due now.", f"{until} 不晚于现有期限 {due_on}。"),
        Text("Give a later day.", "请填写更晚的日期。"),
    )


def check_room(items: int) -> int:
    """The number of the next item of a list that has so many. Refuses (INVALID) more than a list holds."""
    if items < ITEMS_MAX:
        return items + 1
    raise invalid(
        "list_id",
        Text(f"The list has {ITEMS_MAX} items already.", f"清单已满 {ITEMS_MAX} 项。"),
        Text("Make another list.", "请另建清单。"),
    )


def check_shown(asked: bool, files: int) -> None:
    """Refuses (INVALID) to report an item put right of which evidence is asked, and nothing is there since it was claimed."""
    if files or not asked:
        return
    raise invalid(
        "id",
        Text("Evidence is asked of this item.", "该事项须有整改后的证明材料。"),
        Text(
            "Attach a file to the item (POST /files), and say that it shows how it is since: rectificationEvidenceAdd.",
            "请先为该事项上传文件（POST /files），并标注为“整改后”（rectificationEvidenceAdd）。",
        ),
    )


@dataclass(frozen=True)
class Step:
    """A state that an item took on a day; steps come in the order in which they were taken."""

    item_id: str
    day: date
    state: RectificationState


@dataclass(frozen=True)
class BurnDownDay:
    """How the items of a list stood at the end of a day: ``items`` in all, of them each so many in each state."""

    day: date
    items: int
    open: int
    claimed: int
    reported: int
    accepted: int
    dropped: int

    @property
    def left(self) -> int:
        """What is yet to be accepted."""
        return self.items - self.accepted - self.dropped


def burn_down(steps: Iterable[Step], since: date, until: date) -> Sequence[BurnDownDay]:
    """How a list burns down from ``since`` to ``until``, both included, day by day. Refuses (INVALID) days out of order, and
    more than ``SERIES_MAX``."""
    if not timedelta(0) <= until - since < timedelta(days=SERIES_MAX):
        raise invalid(
            "until",
            Text("The days are out of order, or too many.", "日期顺序有误或跨度过大。"),
            Text(
                f"Give a last day not before the first, {SERIES_MAX} days at most.",
                f"结束日不得早于开始日，至多 {SERIES_MAX} 天。",
            ),
        )
    waiting, stood, told = sorted(steps, key=lambda step: step.day), dict[str, RectificationState](), list[BurnDownDay]()
    at = 0
    for ahead in range((until - since).days + 1):
        day = since + timedelta(days=ahead)
        while at < len(waiting) and waiting[at].day <= day:
            stood[waiting[at].item_id] = waiting[at].state
            at += 1
        count = [sum(1 for each in stood.values() if each is state) for state in RectificationState]
        told.append(BurnDownDay(day, len(stood), *count))
    return told

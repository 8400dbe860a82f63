"""Who is on duty: rosters of organisations, their shifts, and what may still be done to a shift."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .refusals import RefusalCode, Refused
from .words import Text, Word

NAME_MAX = 60
#: A shift is somebody's, so it has an end that can be seen from its beginning.
LONGEST = timedelta(days=7)
#: What is planned further ahead is a wish.
AHEAD = timedelta(days=400)
#: How far back a shift may begin that is only written down now.
BACK = timedelta(days=1)


class DutyLevel(Word):
    """For what those on a roster are called."""

    DUTY = "DUTY", "值班", "They are called first."
    MANAGER = "MANAGER", "带班", "They are called when those on duty do not answer."


class ShiftStanding(Word):
    """Where a shift stands at a moment."""

    PLANNED = "PLANNED", "未开始", "It is to come."
    RUNNING = "RUNNING", "进行中", "Somebody is on duty by it."
    OVER = "OVER", "已结束", "It is on record."


class ShiftMove(Word):
    """What a person can do to a shift."""

    REMOVE = "REMOVE", "移除", "Take it off the roster."
    SWAP = "SWAP", "换班", "Give it to somebody in exchange for theirs."


class ShiftEffect(Word):
    """What becomes of a shift."""

    GONE = "GONE", "删除", "As if it had not been planned."
    CUT = "CUT", "提前结束", "It ends now; what was done of it stays on record."
    EXCHANGED = "EXCHANGED", "已换人", "Somebody else does it."


#: Every standing has a row; a move that a row does not name is refused.
MOVES: Mapping[ShiftStanding, Mapping[ShiftMove, ShiftEffect]] = {
    ShiftStanding.PLANNED: {ShiftMove.REMOVE: ShiftEffect.GONE, ShiftMove.SWAP: ShiftEffect.EXCHANGED},
    ShiftStanding.RUNNING: {ShiftMove.REMOVE: ShiftEffect.CUT},
    ShiftStanding.OVER: {},
}


@dataclass(frozen=True)
class Span:
    """From ``starts`` (included) to ``ends`` (not included)."""

    starts: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends

    def overlaps(self, other: "Span") -> bool:
        """Whether some moment lies in both."""
        return max(self.starts, other.starts) < min(self.ends, other.ends)

    def standing(self, now: datetime) -> ShiftStanding:
        if now <= self.starts:
            return ShiftStanding.PLANNED
        return ShiftStanding.RUNNING if now < self.ends else ShiftStanding.OVER


def effect(standing: ShiftStanding, move: ShiftMove) -> ShiftEffect:
    """What the move does to a shift; refuses (ILLEGAL_MOVE) what the table forbids."""
    allowed = MOVES[standing]
    if move in allowed:
        return allowed[move]
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A shift that is {standing} does not allow {move}.", f"班次{standing.zh}，不能{move.zh}。"),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "What is over stays on record; add a new shift.",
            f"当前可以：{'、'.join(each.zh for each in allowed)}。" if allowed else "已结束的班次保留备查，请新增班次。",
        ),
    )


def check_span(span: Span, now: datetime) -> None:
    """Refuses (INVALID, naming the field) a shift that ends before it begins, lasts too long, or lies too far off."""
    if span.ends <= span.starts:
        raise _invalid(
            "ends_at",
            Text("The shift would end before it begins.", "结束时间不晚于开始时间。"),
            Text("Give an end after the beginning.", "请填写晚于开始时间的结束时间。"),
        )
    if span.ends - span.starts > LONGEST:
        raise _invalid(
            "ends_at",
            Text("The shift is longer than seven days.", "班次超过七天。"),
            Text("Add one shift after another.", "请拆分为多个班次。"),
        )
    if not now - BACK <= span.starts <= now + AHEAD:
        raise _invalid(
            "starts_at",
            Text("The shift begins too long ago, or too far ahead.", "开始时间过早或过晚。"),
            Text("Let it begin between yesterday and 400 days from now.", "开始时间应在昨天至 400 天之后之间。"),
        )


def check_free(span: Span, others: Iterable[Span]) -> None:
    """Refuses (CONFLICT, naming the field) a shift that overlaps one of the roster's: one person answers at a time."""
    for other in sorted(others, key=lambda each: each.starts):
        if span.overlaps(other):
            when = f"{other.starts:%Y-%m-%d %H:%M} – {other.ends:%Y-%m-%d %H:%M}"
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"Somebody is on this roster already: {when}.", f"该时段已有人值班：{when}。"),
                path=("starts_at",),
                hint=Text(
                    "Begin when that shift ends, remove it first, or keep a second roster.",
                    "请在该班次结束后开始、先移除该班次，或另建值班表。",
                ),
            )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


@dataclass(frozen=True)
class OnShift:
    """Somebody who is on duty. ``near``: by a roster that names the compound in question."""

    account_id: str
    near: bool


def nearest(on_shift: Iterable[OnShift]) -> tuple[str, ...]:
    """Whom to call: those of rosters that name the compound; where none of these has anybody, those of the others."""
    found = list(on_shift)
    near = [each for each in found if each.near]
    return tuple(dict.fromkeys(each.account_id for each in near or found))

"""Where a round stands, which moves that allows, and what comes of it in the end."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import RoundMove, RoundState

_S, _M = RoundState, RoundMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[RoundState, Mapping[RoundMove, RoundState]] = {
    _S.PLANNED: {_M.START: _S.UNDER_WAY, _M.LAPSE: _S.MISSED, _M.CANCEL: _S.CANCELLED},
    _S.UNDER_WAY: {
        _M.COMPLETE: _S.DONE,
        _M.BREAK_OFF: _S.INCOMPLETE,
        _M.LAPSE: _S.INCOMPLETE,
        _M.CANCEL: _S.CANCELLED,
    },
    _S.INCOMPLETE: {_M.COMPLETE: _S.DONE, _M.HEAR_LATE: _S.INCOMPLETE},
    _S.MISSED: {_M.COMPLETE: _S.DONE, _M.HEAR_LATE: _S.INCOMPLETE},
    _S.DONE: {},
    _S.CANCELLED: {},
}
#: It may still be gone: of a plan at most one such round is open at a moment.
OPEN = frozenset({_S.PLANNED, _S.UNDER_WAY})
#: Its time has passed, and it was not gone as planned.
NOT_DONE = frozenset({_S.MISSED, _S.INCOMPLETE})


def moved(state: RoundState, move: RoundMove) -> RoundState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = [other for other in MOVES[state] if other not in {_M.LAPSE, _M.HEAR_LATE}] if state in OPEN else []
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A round that is {state} does not allow {move}.", f"巡查{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Look for the plan's next round, or open one (roundOpen).",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "请查看下一次巡查，或补巡（roundOpen）。",
        ),
    )


def check_time(opens_at: datetime, closes_at: datetime, moment: datetime) -> None:
    """Refuses (ILLEGAL_MOVE) a moment before a round's time, and one after it."""
    if opens_at <= moment < closes_at:
        return
    early = moment < opens_at
    bound = f"{opens_at if early else closes_at:%Y-%m-%d %H:%M}"
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(
            f"Its time {'begins' if early else 'ended'} at {bound}.",
            f"巡查时段{'自' if early else '已于'} {bound} {'开始' if early else '结束'}。",
        ),
        path=("id",),
        hint=Text("Come back then.", "请在规定时段内巡查。")
        if early
        else Text("Go the next one, or open one to make up for it (roundOpen).", "请执行下一次巡查，或补巡（roundOpen）。"),
    )


def completed(points: Sequence[str], scans: Mapping[str, datetime], *, ordered: bool) -> bool:
    """Whether each of these points (in their order) was scanned: one after the other where the order matters."""
    times = [scans[point] for point in points if point in scans]
    return len(times) == len(points) > 0 and (not ordered or times == sorted(times))

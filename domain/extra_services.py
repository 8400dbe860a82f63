"""Services beyond the contract (合同外服务): what a company did without having to, as the owners' side confirms."""

from collections.abc import Mapping
from datetime import date, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

WHAT_MAX, SAID_MAX = 500, 500
#: How long ago the service may have been done when it is put on record.
BACK = timedelta(days=366)


class ExtraServiceState(Word):
    """Where a service beyond the contract stands."""

    RECORDED = "RECORDED", "待确认", "The company says that it was done."
    CONFIRMED = "CONFIRMED", "已确认", "The owners' side has confirmed it: it is credited in assessment."
    DECLINED = "DECLINED", "不予确认", "The owners' side does not confirm it."
    WITHDRAWN = "WITHDRAWN", "已撤回", "The company has withdrawn it."


class ExtraServiceMove(Word):
    """What can be done to it."""

    CONFIRM = "CONFIRM", "确认", "Confirm it."
    DECLINE = "DECLINE", "不予确认", "Say that it was not done, or was owed."
    WITHDRAW = "WITHDRAW", "撤回", "Withdraw it."


_S, _M = ExtraServiceState, ExtraServiceMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[ExtraServiceState, Mapping[ExtraServiceMove, ExtraServiceState]] = {
    _S.RECORDED: {_M.CONFIRM: _S.CONFIRMED, _M.DECLINE: _S.DECLINED, _M.WITHDRAW: _S.WITHDRAWN},
    _S.CONFIRMED: {},
    _S.DECLINED: {},
    _S.WITHDRAWN: {},
}


def moved(state: ExtraServiceState, move: ExtraServiceMove) -> ExtraServiceState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A service that is {state} does not allow {move}.", f"该服务{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text("Nothing more can be done to it; record another.", "该记录已办结，请另行登记。"),
    )


def check_done(day: date, today: date) -> date:
    """The day on which it was done. Refuses (INVALID) a day to come, and one longer ago than a year."""
    if today - BACK <= day <= today:
        return day
    raise Refused(
        RefusalCode.INVALID,
        Text(f"A service done on {day} cannot be put on record.", f"服务日期 {day} 无效。"),
        path=("done_on",),
        hint=Text("Give today, or a day of the past year.", "请填写今天或过去一年内的日期。"),
    )

"""The words of votes: what owners decide, where a vote stands, what is done to it, what a ballot says."""

from collections.abc import Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

TITLE_MAX, TEXT_MAX, WHY_MAX, NUMBER_MAX, ITEMS_MAX = 120, 4_000, 500, 60, 20


class DecisionKind(Word):
    """What owners decide together (Civil Code art. 278); by it go the thresholds."""

    PROCEDURE = "PROCEDURE", "议事规则", "Make or change the rules of the owners' meeting."
    COVENANT = "COVENANT", "管理规约", "Make or change the covenant of the compound."
    COMMITTEE = "COMMITTEE", "选举业委会", "Elect the owners' committee, or change its members."
    COMPANY = "COMPANY", "选聘解聘物业", "Hire or dismiss the company that serves the compound."
    USE_FUND = "USE_FUND", "使用维修资金", "Use the maintenance fund."
    RAISE_FUND = "RAISE_FUND", "筹集维修资金", "Raise money for the maintenance fund."
    REBUILD = "REBUILD", "改建重建", "Alter or rebuild a building or what belongs to it."
    COMMON_PARTS = "COMMON_PARTS", "改变共有部分用途", "Change what common parts are for, or trade on them."
    OTHER = "OTHER", "其他重大事项", "Anything else of weight for all."


class VoteState(Word):
    """Where a vote stands."""

    PLANNED = "PLANNED", "筹备", "Being written; nobody was told."
    NOTICED = "NOTICED", "已公告", "Announced with its days; its text changes no more."
    OPEN = "OPEN", "表决中", "Ballots are taken."
    CLOSED = "CLOSED", "已结束", "Counted; its result changes no more."
    CANCELLED = "CANCELLED", "已取消", "Called off before it was counted."


class VoteMove(Word):
    """What can be done to a vote."""

    AMEND = "AMEND", "修改", "Change what it says."
    NOTICE = "NOTICE", "公告", "Announce it with its days."
    OPEN = "OPEN", "开始表决", "Freeze the roll, and take ballots."
    EXTEND = "EXTEND", "延长", "Let it close later."
    CLOSE = "CLOSE", "结束计票", "Take no more ballots, and count."
    FILE = "FILE", "备案", "Say that the result was filed."
    CANCEL = "CANCEL", "取消", "Call it off."


class BallotChoice(Word):
    """What a ballot says about an item."""

    FOR = "FOR", "同意", "Yes."
    AGAINST = "AGAINST", "反对", "No."
    ABSTAIN = "ABSTAIN", "弃权", "Neither; it takes part all the same."


class BallotChannel(Word):
    """How a ballot came in."""

    ELECTRONIC = "ELECTRONIC", "电子", "Cast by a resident, or by whom the home sent."
    PAPER = "PAPER", "纸质", "On paper: one clerk entered it, another confirmed it."


_S, _M = VoteState, VoteMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[VoteState, Mapping[VoteMove, VoteState]] = {
    _S.PLANNED: {_M.AMEND: _S.PLANNED, _M.NOTICE: _S.NOTICED, _M.CANCEL: _S.CANCELLED},
    _S.NOTICED: {_M.OPEN: _S.OPEN, _M.CANCEL: _S.CANCELLED},
    _S.OPEN: {_M.EXTEND: _S.OPEN, _M.CLOSE: _S.CLOSED, _M.CANCEL: _S.CANCELLED},
    _S.CLOSED: {_M.FILE: _S.CLOSED},
    _S.CANCELLED: {},
}


def moved(state: VoteState, move: VoteMove) -> VoteState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"{move} is not possible: the vote is {state}.", f"该表决{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(f"Possible now: {', '.join(allowed)}.", f"当前可以：{'、'.join(one.zh for one in allowed)}。")
        if allowed
        else Text("It is over: plan a new one (votePlan).", "该表决已终结，请另行发起（votePlan）。"),
    )


def invalid(field: str, message: Text, hint: Text) -> Refused:
    """The refusal of a value that is wrong, naming its field and what to do."""
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

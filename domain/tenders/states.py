"""Where tenders and bids stand, and what moves them."""

from collections.abc import Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word


class TenderState(Word):
    """Where a tender stands."""

    ANNOUNCED = "ANNOUNCED", "已公告", "Companies ask and bid; what they bid is sealed."
    OPENED = "OPENED", "已开标", "The bids were opened; they are scored."
    TOO_FEW = "TOO_FEW", "投标不足", "Fewer companies bid than the law asks for."
    AGREED = "AGREED", "协议选聘", "The district approved that the owners agree with a company instead."
    SCORED = "SCORED", "评标完成", "Everybody who scores has scored."
    AWARDED = "AWARDED", "已定标", "The owners voted for a company; who objects says so."
    CONTRACTED = "CONTRACTED", "已签约", "The contract is signed."
    CANCELLED = "CANCELLED", "已终止", "Called off."


class TenderMove(Word):
    """What is done with a tender."""

    OPEN = "OPEN", "开标", "Open enough bids."
    FALL_SHORT = "FALL_SHORT", "认定投标不足", "There are fewer bids than the law asks for."
    APPROVE = "APPROVE", "批准协议选聘", "Record the district's approval of an agreement."
    SCORE = "SCORE", "完成评标", "Give the last points."
    AWARD = "AWARD", "定标", "Award it by the owners' vote."
    ANNUL = "ANNUL", "撤销定标", "Take the award back: an objection was right."
    ANNUL_AGREEMENT = "ANNUL_AGREEMENT", "撤销协议选聘结果", "Take an award by agreement back."
    CONTRACT = "CONTRACT", "签约", "Sign the contract."
    CANCEL = "CANCEL", "终止", "Call it off."


class BidState(Word):
    """Where a bid stands."""

    SEALED = "SEALED", "已密封", "Handed in, and read by nobody."
    WITHDRAWN = "WITHDRAWN", "已撤回", "Taken back before the deadline; its content is gone."
    REPLACED = "REPLACED", "已替换", "Another took its place before the deadline; its content is gone."
    OPENED = "OPENED", "已开封", "Opened, and read out."
    REJECTED = "REJECTED", "已否决", "Opened, and found not to be what was asked for."
    AWARDED = "AWARDED", "中标", "The owners voted for it."


class ObjectionState(Word):
    """Where an objection to an award stands."""

    OPEN = "OPEN", "待答复", "It is looked into."
    DISMISSED = "DISMISSED", "不成立", "Found to be wrong, with reasons."
    UPHELD = "UPHELD", "成立", "Found to be right: the award is taken back."


_S, _M = TenderState, TenderMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[TenderState, Mapping[TenderMove, TenderState]] = {
    _S.ANNOUNCED: {_M.OPEN: _S.OPENED, _M.FALL_SHORT: _S.TOO_FEW, _M.CANCEL: _S.CANCELLED},
    _S.OPENED: {_M.SCORE: _S.SCORED, _M.FALL_SHORT: _S.TOO_FEW, _M.CANCEL: _S.CANCELLED},
    _S.TOO_FEW: {_M.APPROVE: _S.AGREED, _M.CANCEL: _S.CANCELLED},
    _S.AGREED: {_M.AWARD: _S.AWARDED, _M.CANCEL: _S.CANCELLED},
    _S.SCORED: {_M.AWARD: _S.AWARDED, _M.CANCEL: _S.CANCELLED},
    _S.AWARDED: {
        _M.CONTRACT: _S.CONTRACTED,
        _M.ANNUL: _S.SCORED,
        _M.ANNUL_AGREEMENT: _S.AGREED,
        _M.CANCEL: _S.CANCELLED,
    },
    _S.CONTRACTED: {},
    _S.CANCELLED: {},
}
#: Bids that were opened and may be awarded.
BIDS_IN_PLAY = frozenset({BidState.OPENED, BidState.AWARDED})


def moved(state: TenderState, move: TenderMove) -> TenderState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A tender that is {state} does not allow {move}.", f"招标{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "It is over; announce a new one.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该招标已结束，请另行公告。",
        ),
    )


def after_opening(bids: int, least: int) -> TenderMove:
    """What opening this many bids is, where the law asks for ``least`` bidders (Property Management Regulations art. 24)."""
    return TenderMove.OPEN if bids >= least else TenderMove.FALL_SHORT


def invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


def illegal(message: Text, hint: Text, field: str = "id") -> Refused:
    return Refused(RefusalCode.ILLEGAL_MOVE, message, path=(field,), hint=hint)

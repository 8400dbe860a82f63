"""Disputes of bills (账单异议): while one is open, nobody is reminded of the bill, and no late fee grows on it."""

from collections.abc import Mapping
from decimal import Decimal

from domain.money import FEN
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

TEXT_MAX = 1_000


class DisputeReason(Word):
    """Why a bill is disputed."""

    AMOUNT = "AMOUNT", "金额有误", "Area, reading, price or sum is wrong."
    PAID = "PAID", "已缴纳", "It was paid before."
    NOT_OURS = "NOT_OURS", "非本户应缴", "It is not for this home, or not for this time."
    SERVICE = "SERVICE", "服务未到位", "What it is for was not done, or not as agreed."
    OTHER = "OTHER", "其他", "Something else."


class DisputeState(Word):
    """Where a dispute stands."""

    OPEN = "OPEN", "待答复", "Nobody has answered yet."
    ANSWERED = "ANSWERED", "已答复", "Answered; not settled."
    UPHELD = "UPHELD", "成立", "The bill was wrong: a credit note puts it right."
    REJECTED = "REJECTED", "不成立", "The bill stands."
    WITHDRAWN = "WITHDRAWN", "已撤回", "Taken back by the home."


class DisputeMove(Word):
    """What can be done to a dispute."""

    ANSWER = "ANSWER", "答复", "Say what is known, or ask back."
    UPHOLD = "UPHOLD", "认定成立", "Agree, and credit what was wrong."
    REJECT = "REJECT", "认定不成立", "Disagree, and say why."
    WITHDRAW = "WITHDRAW", "撤回", "Take it back."


_S, _M = DisputeState, DisputeMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[DisputeState, Mapping[DisputeMove, DisputeState]] = {
    _S.OPEN: {_M.ANSWER: _S.ANSWERED, _M.UPHOLD: _S.UPHELD, _M.REJECT: _S.REJECTED, _M.WITHDRAW: _S.WITHDRAWN},
    _S.ANSWERED: {_M.ANSWER: _S.ANSWERED, _M.UPHOLD: _S.UPHELD, _M.REJECT: _S.REJECTED, _M.WITHDRAW: _S.WITHDRAWN},
    _S.UPHELD: {},
    _S.REJECTED: {},
    _S.WITHDRAWN: {},
}
#: Not settled: these pause reminders and late fees.
PAUSING = frozenset({_S.OPEN, _S.ANSWERED})


def moved(state: DisputeState, move: DisputeMove) -> DisputeState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A dispute that is {state} does not allow {move}.", f"异议{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text("It is settled. Open a new one if there is something new.", "该异议已办结；如有新情况，请另行提出。"),
    )


def check_credit(amount: Decimal, open_: Decimal) -> Decimal:
    """How much of a bill an upheld dispute credits. Refuses (INVALID) nothing, more than is open, and parts of a fen."""
    if 0 < amount <= open_ and amount == amount.quantize(FEN):
        return amount
    raise Refused(
        RefusalCode.INVALID,
        Text(f"{amount} yuan cannot be credited, {open_} yuan are open.", f"不能减免 {amount} 元，该账单未缴 {open_} 元。"),
        path=("amount",),
        hint=Text(
            "Give 0.01 to what is open; what was paid too much goes back as a refund.",
            "请填写 0.01 元到未缴金额；已多缴的，请办理退款。",
        ),
    )

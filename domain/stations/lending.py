"""What is lent: to the number of a slip, for a time, and brought back once."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

#: Too short for a telephone number or a citizen's id.
_SLIP = re.compile(r"[A-Z0-9][A-Z0-9-]{0,7}")
#: For how long something may be lent, and for how long it is unless somebody says otherwise.
DUE_MAX, DUE_USUAL = timedelta(days=60), timedelta(days=3)


class LoanState(Word):
    """Where a lent thing is."""

    OUT = "OUT", "借出中", "With whoever has the slip."
    RETURNED = "RETURNED", "已归还", "Back in the station."
    LOST = "LOST", "已核销", "It will not come back."


class LoanMove(Word):
    """What a person can do to a loan."""

    RETURN = "RETURN", "归还", "Take it back."
    WRITE_OFF = "WRITE_OFF", "核销", "Expect it no longer."


#: Every state has a row; a move that a row does not name is refused. What was written off and is brought back after all is
#: taken back.
MOVES: Mapping[LoanState, Mapping[LoanMove, LoanState]] = {
    LoanState.OUT: {LoanMove.RETURN: LoanState.RETURNED, LoanMove.WRITE_OFF: LoanState.LOST},
    LoanState.RETURNED: {},
    LoanState.LOST: {LoanMove.RETURN: LoanState.RETURNED},
}


def ended(state: LoanState, move: LoanMove) -> LoanState:
    """What the move makes of a loan; refuses (ILLEGAL_MOVE) what the table forbids: to bring a thing back twice."""
    if move in MOVES[state]:
        return MOVES[state][move]
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"The loan is {state}: it does not allow {move}.", f"该借用{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text("Check the number of the slip: each is brought back once.", "请核对借条编号；每张借条只能归还一次。"),
    )


def checked_slip(slip: str) -> str:
    """The number of a slip, in capitals.

    Refuses (INVALID) what is no such number: nobody's telephone number fits, nor a name.
    """
    read = slip.strip().upper()
    if _SLIP.fullmatch(read):
        return read
    raise Refused(
        RefusalCode.INVALID,
        Text("This is not the number of a slip.", "借条编号格式有误。"),
        path=("slip",),
        hint=Text(
            "Write 1 to 8 letters, digits and hyphens, such as A-017; never a name or telephone number.",
            "请填写 1 到 8 位字母、数字或连字符，例如 A-017；请勿填写姓名或电话。",
        ),
    )


def check_due(due: datetime, now: datetime) -> None:
    """Refuses (INVALID) to lend until a moment that has passed, or for longer than 60 days."""
    if not now < due <= now + DUE_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text("It would be due too soon, or too late.", "应还时间过早或过晚。"),
            path=("due_at",),
            hint=Text(f"Lend for {DUE_MAX.days} days at most.", f"借期最长 {DUE_MAX.days} 天。"),
        )

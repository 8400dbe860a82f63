"""What a village, a community or somebody else has to do for a compound, until when (村社区职责)."""

from collections.abc import Mapping

from .refusals import RefusalCode, Refused
from .words import Text, Word

TEXT_MAX, NOTE_MAX = 500, 500


class CompoundDutyState(Word):
    """Where a duty stands."""

    OPEN = "OPEN", "待履行", "It is to be done."
    DONE = "DONE", "已履行", "It was done."
    DROPPED = "DROPPED", "已取消", "It need not be done any more; the reason is on record."


class CompoundDutyMove(Word):
    """What happens to a duty."""

    DO = "DO", "履行", "Say that it was done."
    DROP = "DROP", "取消", "Say that it need not be done."
    RENEW = "RENEW", "重新明确", "Say that it is to be done after all, by another day."


_S, _M = CompoundDutyState, CompoundDutyMove

#: Every move from every state; None: it cannot be made.
MOVES: Mapping[tuple[CompoundDutyState, CompoundDutyMove], CompoundDutyState | None] = {
    **dict.fromkeys(((state, move) for state in _S for move in _M), None),
    (_S.OPEN, _M.DO): _S.DONE,
    (_S.OPEN, _M.DROP): _S.DROPPED,
    (_S.DONE, _M.RENEW): _S.OPEN,
    (_S.DROPPED, _M.RENEW): _S.OPEN,
}


def moved(state: CompoundDutyState, move: CompoundDutyMove) -> CompoundDutyState:
    """The state after the move. Refuses ILLEGAL_MOVE."""
    after = MOVES[state, move]
    if after is not None:
        return after
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"The duty is {state}.", f"该职责当前为“{state.zh}”。"),
        path=("id",),
        hint=Text("Read it again.", "请刷新后再操作。"),
    )

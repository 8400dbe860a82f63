"""The states of tickets: a total table of what leads where, and what becomes of duplicates."""

from collections.abc import Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import TicketMove, TicketState

_S, _M = TicketState, TicketMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[TicketState, Mapping[TicketMove, TicketState]] = {
    _S.OPEN: {_M.ACCEPT: _S.ACCEPTED, _M.TRANSFER: _S.OPEN, _M.CANCEL: _S.CANCELLED},
    _S.ACCEPTED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.TRANSFER: _S.OPEN, _M.CANCEL: _S.CANCELLED},
    _S.ASSIGNED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.TRANSFER: _S.OPEN, _M.CANCEL: _S.CANCELLED},
    _S.IN_PROGRESS: {_M.ASSIGN: _S.ASSIGNED, _M.TRANSFER: _S.OPEN, _M.RESOLVE: _S.RESOLVED},
    _S.RESOLVED: {_M.CONFIRM: _S.CLOSED, _M.REOPEN: _S.ACCEPTED},
    _S.CLOSED: {_M.REOPEN: _S.ACCEPTED},
    _S.CANCELLED: {},
}

#: What becomes of a duplicate when the work on what it duplicates is done; when that is accepted; and when it is opened again.
FOLLOWS_DONE: Mapping[TicketState, TicketState] = {
    **dict.fromkeys((_S.OPEN, _S.ACCEPTED, _S.ASSIGNED, _S.IN_PROGRESS, _S.RESOLVED), _S.RESOLVED),
    _S.CLOSED: _S.CLOSED,
    _S.CANCELLED: _S.CANCELLED,
}
FOLLOWS_ACCEPTED: Mapping[TicketState, TicketState] = {**{state: state for state in TicketState}, _S.OPEN: _S.ACCEPTED}
FOLLOWS_REOPENED: Mapping[TicketState, TicketState] = {**{state: state for state in TicketState}, _S.RESOLVED: _S.ACCEPTED}

#: Tickets that somebody has still to work on.
IN_HAND = frozenset({_S.OPEN, _S.ACCEPTED, _S.ASSIGNED, _S.IN_PROGRESS})
#: What becomes of a ticket when another organisation takes it over and nobody is named any more: what was accepted stays so.
HANDED_OVER: Mapping[TicketState, TicketState] = {
    **{state: state for state in TicketState},
    **dict.fromkeys((_S.ASSIGNED, _S.IN_PROGRESS), _S.ACCEPTED),
}

#: What is not done to a duplicate, but to what it duplicates.
WORK = frozenset({_M.ACCEPT, _M.ASSIGN, _M.START, _M.TRANSFER, _M.RESOLVE})


def next_state(state: TicketState, move: TicketMove) -> TicketState | None:
    """The state after ``move``, or None where the table forbids it."""
    return MOVES[state].get(move)


def moved(state: TicketState, move: TicketMove) -> TicketState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = next_state(state, move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A ticket that is {state} does not allow {move}.", f"工单{state.zh}，不能{move.zh}。"),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Nothing more can be done to it; open a new ticket.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该工单已终结，请新建工单。",
        ),
    )

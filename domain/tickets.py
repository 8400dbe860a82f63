"""Tickets: their words, their total state table and their time limits."""

from collections.abc import Iterable, Mapping

from .access import Role
from .refusals import RefusalCode, Refused
from .words import Text, Word

TITLE_MAX, DESCRIPTION_MAX, REMARK_MAX, CASE_NUMBER_MAX = 200, 5_000, 2_000, 60


class TicketKind(Word):
    """What a ticket asks for."""

    REPAIR = "REPAIR", "报修", "Something is broken."
    COMPLAINT = "COMPLAINT", "投诉", "Somebody is dissatisfied."
    SUGGESTION = "SUGGESTION", "建议", "Somebody proposes an improvement."
    ENQUIRY = "ENQUIRY", "咨询", "Somebody asks."


class TicketPriority(Word):
    """How fast a ticket must move."""

    EMERGENCY = "EMERGENCY", "紧急", "Trapped, burst, fire, power."
    URGENT = "URGENT", "加急", "Today."
    ORDINARY = "ORDINARY", "普通", "Within the ordinary limits."


class TicketState(Word):
    """Where a ticket stands."""

    OPEN = "OPEN", "待受理", "Nobody has accepted it yet."
    ACCEPTED = "ACCEPTED", "已受理", "Somebody answers for it."
    ASSIGNED = "ASSIGNED", "已派单", "A person has been named."
    IN_PROGRESS = "IN_PROGRESS", "处理中", "The person is at work."
    RESOLVED = "RESOLVED", "已处理", "Done, to be confirmed."
    CLOSED = "CLOSED", "已办结", "Confirmed."
    CANCELLED = "CANCELLED", "已取消", "Withdrawn before work was done."


class TicketSource(Word):
    """How a ticket came in."""

    RESIDENT = "RESIDENT", "居民提交", "Somebody who lives there, or sits in the owners' body."
    STAFF = "STAFF", "工作人员登记", "Somebody on duty wrote it down."
    HOTLINE = "HOTLINE", "热线转办", "The city's hotline; it has the number of the case there."
    ALERT = "ALERT", "告警", "An alert opened it."
    JOINT_WORK = "JOINT_WORK", "联访联议", "A joint visit or deliberation brought it up."
    QR = "QR", "扫码提交", "The code on a facility was scanned."


class TicketMove(Word):
    """What a person can do to a ticket's state."""

    ACCEPT = "ACCEPT", "受理", "Answer for it."
    ASSIGN = "ASSIGN", "派单", "Name the person who handles it."
    START = "START", "开始处理", "Begin the work."
    RESOLVE = "RESOLVE", "处理完成", "Report the work done."
    CONFIRM = "CONFIRM", "确认办结", "Agree that it is done."
    REOPEN = "REOPEN", "重新打开", "Say that it is not done."
    CANCEL = "CANCEL", "取消", "Withdraw it."


_S, _M = TicketState, TicketMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[TicketState, Mapping[TicketMove, TicketState]] = {
    _S.OPEN: {_M.ACCEPT: _S.ACCEPTED, _M.CANCEL: _S.CANCELLED},
    _S.ACCEPTED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.CANCEL: _S.CANCELLED},
    _S.ASSIGNED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.CANCEL: _S.CANCELLED},
    _S.IN_PROGRESS: {_M.ASSIGN: _S.ASSIGNED, _M.RESOLVE: _S.RESOLVED},
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

#: What is not done to a duplicate, but to what it duplicates.
WORK = frozenset({_M.ACCEPT, _M.ASSIGN, _M.START, _M.RESOLVE})

_STAFF = frozenset({TicketSource.STAFF, TicketSource.QR, TicketSource.RESIDENT, TicketSource.HOTLINE, TicketSource.JOINT_WORK})

#: Per role: the sources that it may name. ALERT is nobody's: alerts open their tickets themselves.
SOURCES_OF: Mapping[Role, frozenset[TicketSource]] = {
    **dict.fromkeys((Role.STREET_OFFICER, Role.COMMUNITY_STAFF, Role.GRID_WORKER, Role.COMPANY_MANAGER), _STAFF),
    Role.COMPANY_STAFF: _STAFF,
    Role.COMMITTEE_MEMBER: frozenset({TicketSource.RESIDENT, TicketSource.QR, TicketSource.JOINT_WORK}),
    Role.RESIDENT: frozenset({TicketSource.RESIDENT, TicketSource.QR}),
    Role.INTEGRATION: frozenset({TicketSource.HOTLINE}),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
}


def source_of(given: TicketSource | None, roles: Iterable[Role], case_number: str | None, *, facility: bool) -> TicketSource:
    """How a ticket came in that somebody opens in these roles; where they do not say, it follows from the roles.

    Refuses (INVALID) a source that none of the roles may name, HOTLINE without the number of its case, such a number with
    another source, and QR without a facility.
    """
    held = [role for role in Role if role in set(roles)]
    allowed = [source for source in TicketSource if any(source in SOURCES_OF[role] for role in held)]
    usual = (TicketSource.STAFF, TicketSource.RESIDENT, TicketSource.HOTLINE)
    source = given or (TicketSource.HOTLINE if case_number else next((each for each in usual if each in allowed), None))
    if source is None or source not in allowed:
        raise Refused(
            RefusalCode.INVALID,
            Text(
                f"You cannot open a ticket that came in as {source}.", f"您不能登记来源为“{source.zh if source else ''}”的工单。"
            ),
            path=("source",),
            hint=Text(
                f"Choose one of {', '.join(allowed)}." if allowed else "Ask somebody on duty.",
                f"可选：{'、'.join(each.zh for each in allowed)}。" if allowed else "请联系值班人员。",
            ),
        )
    if (source is TicketSource.HOTLINE) != bool(case_number):
        raise Refused(
            RefusalCode.INVALID,
            Text(
                "A hotline's ticket has the number of its case there, and no other has one.",
                "热线工单须填写热线编号，其他来源不填。",
            ),
            path=("case_number",),
            hint=Text("Give source HOTLINE and the hotline's case number together.", "请同时填写来源“热线转办”和热线编号。"),
        )
    if source is TicketSource.QR and not facility:
        raise Refused(
            RefusalCode.INVALID,
            Text("A scanned code is that of a facility.", "扫码提交须指明设施。"),
            path=("facility_id",),
            hint=Text("Name the facility whose code was scanned.", "请填写所扫二维码对应的设施。"),
        )
    return source


#: Those who answer to others for how fast they are: they make a ticket more urgent, and never less.
_BOUND = frozenset({Role.COMPANY_MANAGER, Role.COMPANY_STAFF})


def check_priority(before: TicketPriority, after: TicketPriority, roles: Iterable[Role]) -> None:
    """Refuses (FORBIDDEN) to make a ticket less urgent to whoever may change it as a company's alone: it would put off its own
    limits."""
    order = list(TicketPriority)
    if order.index(after) <= order.index(before) or not _BOUND.issuperset(roles):
        return
    raise Refused(
        RefusalCode.FORBIDDEN,
        Text(
            "A company does not make a ticket less urgent: its own time limits would be put off.",
            "物业公司不能降低工单优先级：这会放宽其自身的时限。",
        ),
        path=("priority",),
        hint=Text("Ask the community or the street office to do it.", "请联系社区或街道办事处调整。"),
    )


#: What stands where a reporter's words were taken away; it is stored in Chinese, the street's language.
CLEARED = Text("(cleared)", "（已清除）")


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

"""Service contracts: the paper behind a mandate; how they begin, how either side leaves, how they end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .refusals import RefusalCode, Refused
from .words import Text, Word


class ContractKind(Word):
    """Whom a contract is for."""

    PROPERTY = "PROPERTY", "物业服务合同", "One compound and one company."
    AREA_WIDE = "AREA_WIDE", "区域化物业服务合同", "One company and several compounds, this one among them."


class ContractBasis(Word):
    """How the company was chosen."""

    TENDER = "TENDER", "公开招标", "By open tender."
    AGREEMENT = "AGREEMENT", "协议选聘", "By agreement, which the district approved."
    EARLIER = "EARLIER", "既有合同", "Signed before it was recorded here, the developer's among them."


class ContractState(Word):
    """Where a contract stands."""

    SIGNED = "SIGNED", "已签订", "Signed; the company does not serve by it yet."
    IN_FORCE = "IN_FORCE", "履行中", "The company serves by it."
    LEAVING = "LEAVING", "退出中", "One side gave notice; the company serves until its last day."
    ENDED = "ENDED", "已终止", "Over, and handed over."
    VOID = "VOID", "未生效", "It never began."


class ContractMove(Word):
    """What is done with a contract."""

    BEGIN = "BEGIN", "开始履行", "Let the mandate begin."
    GIVE_NOTICE = "GIVE_NOTICE", "提出退出", "Give notice."
    END = "END", "终止", "End it, once it was handed over."
    VOID = "VOID", "作废", "It does not begin."


class ContractSide(Word):
    """The two sides of a contract."""

    OWNERS = "OWNERS", "业主方", "The owners of the compound."
    COMPANY = "COMPANY", "物业服务人", "The company."


_S, _M = ContractState, ContractMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[ContractState, Mapping[ContractMove, ContractState]] = {
    _S.SIGNED: {_M.BEGIN: _S.IN_FORCE, _M.VOID: _S.VOID},
    _S.IN_FORCE: {_M.GIVE_NOTICE: _S.LEAVING, _M.END: _S.ENDED},
    _S.LEAVING: {_M.END: _S.ENDED},
    _S.ENDED: {},
    _S.VOID: {},
}
#: The company serves by it.
SERVING = frozenset({_S.IN_FORCE, _S.LEAVING})


@dataclass(frozen=True)
class NoticeDays:
    """Days from a notice to the last day, at least: of owners who dismiss (Civil Code art. 946), of a company that does not renew
    (art. 947), and of either side of a contract without a last day (art. 948)."""

    owners: int
    company: int
    open_ended: int


def moved(state: ContractState, move: ContractMove) -> ContractState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A contract that is {state} does not allow {move}.", f"合同{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "It is over; record the next one.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该合同已结束，请登记新合同。",
        ),
    )


def last_day(side: ContractSide, wished: date | None, ends_on: date | None, today: date, days: NoticeDays) -> date:
    """The company's last day after a notice of today's.

    Owners: ``wished``, or the first day that the law allows. A company leaves when its contract ends, or, where that has no end,
    as owners do. Refuses (INVALID, ``leaves_on``) a day that is too near, one after the contract's end, and another than the
    end for a company.
    """
    needed = days.open_ended if ends_on is None else days.owners if side is ContractSide.OWNERS else days.company
    first = today + timedelta(days=needed)
    bound = side is ContractSide.COMPANY and ends_on is not None
    day = wished or (ends_on if bound else None) or first
    if bound and day != ends_on:
        raise _refused(
            Text(f"A company leaves when the contract ends: {ends_on}.", f"物业服务人应服务至合同期满（{ends_on}）。"),
            Text("Leave the day out.", "请勿另填日期。"),
        )
    if day < first:
        raise _refused(
            Text(f"Notice is given {needed} days before, so not for {day}.", f"应提前 {needed} 日书面通知，不能于 {day} 退出。"),
            Text(f"The first day that the law allows is {first}.", f"依法最早可于 {first} 退出。"),
        )
    if ends_on is not None and day > ends_on:
        raise _refused(
            Text(f"The contract ends before, on {ends_on}.", f"合同已于此前（{ends_on}）期满。"),
            Text("Give an earlier day.", "请填写更早的日期。"),
        )
    return day


def _refused(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("leaves_on",), hint=hint)

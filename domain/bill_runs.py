"""Bill runs: what can be done with one in which state, and what its days may be."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.bills import DUE_DAYS_MAX, EARLIEST
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

#: Homes that one transaction bills, and bills that one takes back.
HOMES_AT_ONCE, BILLS_AT_ONCE = 1_000, 500
#: Bills that a preview shows; items of a run.
EXAMPLES, ITEMS_MOST = 3, 50
#: Days before the month from which on its bills may be issued, and how long they may wait for their money by default.
AHEAD_DAYS, DUE_DAYS = 62, 15


class BillRunState(Word):
    """Where a bill run stands."""

    PREVIEWING = "PREVIEWING", "试算中", "What it would bill is being reckoned; nothing is issued."
    PREVIEWED = "PREVIEWED", "已试算", "What it would bill is known."
    RUNNING = "RUNNING", "出账中", "Bills are being issued."
    DONE = "DONE", "已出账", "All its bills are issued."
    REVERSING = "REVERSING", "撤销中", "Its bills are being taken back."
    REVERSED = "REVERSED", "已撤销", "What could be taken back is."
    CANCELLED = "CANCELLED", "已取消", "Nothing was issued, and nothing will be."


class BillRunMove(Word):
    """What is done with a bill run."""

    FINISH = "FINISH", "完成", "The last home is done."
    START = "START", "出账", "Issue its bills."
    REVERSE = "REVERSE", "撤销", "Take its bills back."
    CANCEL = "CANCEL", "取消", "Leave it."


_S, _M = BillRunState, BillRunMove
#: Every state and what may be done in it; what is not here may not.
MOVES: Mapping[tuple[BillRunState, BillRunMove], BillRunState] = {
    (_S.PREVIEWING, _M.FINISH): _S.PREVIEWED,
    (_S.PREVIEWING, _M.CANCEL): _S.CANCELLED,
    (_S.PREVIEWED, _M.START): _S.RUNNING,
    (_S.PREVIEWED, _M.CANCEL): _S.CANCELLED,
    (_S.RUNNING, _M.FINISH): _S.DONE,
    (_S.DONE, _M.REVERSE): _S.REVERSING,
    (_S.REVERSING, _M.FINISH): _S.REVERSED,
    (_S.REVERSED, _M.REVERSE): _S.REVERSING,
}
#: At work: one run of a book at a time.
AT_WORK = frozenset({_S.PREVIEWING, _S.RUNNING, _S.REVERSING})


def moved(state: BillRunState, move: BillRunMove) -> BillRunState:
    """The state after a move. Refuses (ILLEGAL_MOVE) what cannot be done in this one."""
    after = MOVES.get((state, move))
    if after is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"A run that is {state} cannot {move.lower()}.", f"批次状态为“{state.zh}”，不能{move.zh}。"),
            path=("id",),
            hint=Text("Look at what state it is in.", "请先查看批次状态。"),
        )
    return after


def check_days(month: date, issued_on: date, due_on: date) -> None:
    """Refuses (INVALID) a month that is none, or is too far ahead of its bills, and a due day that cannot be."""
    if month.day != 1 or month < EARLIEST or (month - issued_on).days > AHEAD_DAYS:
        raise _invalid(
            "month",
            Text(f"{month} is no month to bill on {issued_on}.", f"{issued_on} 不能对 {month} 出账。"),
            Text(
                f"Give the first day of a month that begins within {AHEAD_DAYS} days.",
                f"请填写 {AHEAD_DAYS} 天内开始的月份首日。",
            ),
        )
    if not 0 <= (due_on - issued_on).days <= DUE_DAYS_MAX:
        raise _invalid(
            "due_on",
            Text(f"Bills of {issued_on} cannot be due on {due_on}.", f"{issued_on} 开具的账单不能于 {due_on} 到期。"),
            Text(f"Give a day 0 to {DUE_DAYS_MAX} days after it.", f"请填写开具日起 0 至 {DUE_DAYS_MAX} 天内的日期。"),
        )


def check_quantity(quantity: Decimal, discount: Decimal) -> None:
    """Refuses (INVALID) quantities and discounts of a home's part in an item that cannot be."""
    if not (0 < quantity <= 10_000 and quantity == quantity.quantize(Decimal("0.01"))):
        raise _invalid(
            "quantity",
            Text(f"A quantity of {quantity} is none.", f"数量 {quantity} 无效。"),
            Text(
                "Give more than 0, at most 10,000, with two decimals at most.",
                "请填写大于 0 且不超过 10000 的数量，最多两位小数。",
            ),
        )
    if not (0 <= discount <= 100 and discount == discount.quantize(Decimal("0.01"))):
        raise _invalid(
            "discount",
            Text(f"A discount of {discount} % is none.", f"减免比例 {discount}% 无效。"),
            Text("Give 0 to 100, with two decimals at most.", "请填写 0 至 100，最多两位小数。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

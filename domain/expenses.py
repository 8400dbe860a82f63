"""Expenses (支出): what is spent, out of whose money, who approves it, and on what ground."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from .ledger.accounts import AccountCode, Fund
from .ledger.entries import Line
from .money import Money
from .refusals import RefusalCode, Refused
from .words import Text, Word

#: What is spent above it needs another person's approval, where a book has no limit of its own (a default of this product).
DEFAULT_LIMIT = Money("1000.00")
#: Expenses of one supplier and one amount, so near to each other, may be one (a default of this product).
ALIKE = timedelta(days=30)
WHAT_MAX, NUMBER_MAX, BASIS_MAX = 200, 40, 120


class ExpenseCategory(Word):
    """What was spent on."""

    STAFF = "STAFF", "人员费用", "Wages and social insurance."
    CLEANING = "CLEANING", "清洁保洁", "Cleaning and waste."
    GREENING = "GREENING", "绿化养护", "Trees and gardens."
    SECURITY = "SECURITY", "秩序维护", "Guards and patrols."
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE", "电梯维保", "Upkeep of lifts under contract."
    LIFT_REPAIR = "LIFT_REPAIR", "电梯维修", "Repair of lifts, and their parts."
    LIFT_INSPECTION = "LIFT_INSPECTION", "电梯检验", "Inspection of lifts."
    FIRE_MAINTENANCE = "FIRE_MAINTENANCE", "消防维保", "Upkeep and tests of fire facilities."
    FIRE_REPAIR = "FIRE_REPAIR", "消防维修", "Repair of fire facilities, and extinguishers."
    REPAIRS = "REPAIRS", "日常维修", "Repair of everything else."
    POWER = "POWER", "公共用电", "Power of the common parts."
    WATER = "WATER", "公共用水", "Water of the common parts."
    WATER_SUPPLY = "WATER_SUPPLY", "二次供水", "Tanks and pumps of the water supply, and its tests."
    INSURANCE = "INSURANCE", "保险", "Insurance of common parts and of the public."
    OFFICE = "OFFICE", "办公", "The office."
    TAX = "TAX", "税费", "Taxes."
    COMMON_EARNING = "COMMON_EARNING", "公共收益经营成本", "What it costs to earn the common-area income."
    OTHER = "OTHER", "其他", "Anything else."


class ExpenseState(Word):
    """Where an expense stands."""

    DRAFT = "DRAFT", "草稿", "Being written; nothing is posted."
    SUBMITTED = "SUBMITTED", "待审批", "Waits for another person's approval."
    APPROVED = "APPROVED", "待付款", "Approved and posted; not yet paid."
    PAID = "PAID", "已付款", "Paid."
    REJECTED = "REJECTED", "已驳回", "Sent back with a reason."
    REVERSED = "REVERSED", "已冲销", "Taken back after it was approved or paid."


class ExpenseMove(Word):
    """What can be done to an expense."""

    AMEND = "AMEND", "修改", "Write it anew."
    SUBMIT = "SUBMIT", "提交审批", "Submit what another must approve."
    PASS = "PASS", "提交（免审批）", "Submit what needs nobody's approval."
    WITHDRAW = "WITHDRAW", "撤回", "Take it back before it is approved."
    APPROVE = "APPROVE", "批准", "Approve it."
    REJECT = "REJECT", "驳回", "Send it back."
    PAY = "PAY", "付款", "Pay it."
    REVERSE = "REVERSE", "冲销", "Take it back."


_S, _M = ExpenseState, ExpenseMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[ExpenseState, Mapping[ExpenseMove, ExpenseState]] = {
    _S.DRAFT: {_M.AMEND: _S.DRAFT, _M.SUBMIT: _S.SUBMITTED, _M.PASS: _S.APPROVED},
    _S.SUBMITTED: {_M.WITHDRAW: _S.DRAFT, _M.APPROVE: _S.APPROVED, _M.REJECT: _S.REJECTED},
    _S.APPROVED: {_M.PAY: _S.PAID, _M.REVERSE: _S.REVERSED},
    _S.PAID: {_M.REVERSE: _S.REVERSED},
    _S.REJECTED: {_M.AMEND: _S.DRAFT},
    _S.REVERSED: {},
}
#: Those that count: an invoice is in one of them only.
STANDING = frozenset({_S.DRAFT, _S.SUBMITTED, _S.APPROVED, _S.PAID})

_C, _A = ExpenseCategory, AccountCode
_ACCOUNTS: Mapping[ExpenseCategory, AccountCode] = {
    _C.STAFF: _A.STAFF,
    _C.CLEANING: _A.CLEANING,
    _C.GREENING: _A.GREENING,
    _C.SECURITY: _A.SECURITY,
    **dict.fromkeys((_C.LIFT_MAINTENANCE, _C.LIFT_REPAIR, _C.LIFT_INSPECTION), _A.LIFT),
    **dict.fromkeys((_C.FIRE_MAINTENANCE, _C.FIRE_REPAIR), _A.FIRE_SAFETY),
    _C.REPAIRS: _A.REPAIRS,
    **dict.fromkeys((_C.POWER, _C.WATER), _A.UTILITIES),
    _C.WATER_SUPPLY: _A.WATER_SUPPLY,
    _C.INSURANCE: _A.INSURANCE,
    _C.OFFICE: _A.OFFICE,
    _C.TAX: _A.TAX,
    **dict.fromkeys((_C.COMMON_EARNING, _C.OTHER), _A.OTHER_EXPENSE),
}
#: Where a fund is paid from; the first is the default.
PAID_FROM: Mapping[Fund, tuple[AccountCode, ...]] = {
    Fund.COMPANY: (_A.BANK, _A.CASH),
    Fund.COMMON_AREA: (_A.COMMON_BANK,),
    Fund.MAINTENANCE_FUND: (_A.FUND_BANK,),
}


def account_of(category: ExpenseCategory, fund: Fund) -> AccountCode:
    """The account that an expense is posted to."""
    if fund is Fund.MAINTENANCE_FUND:
        return _A.FUND_USE
    if fund is Fund.COMMON_AREA:
        return _A.COMMON_COST if category is _C.COMMON_EARNING else _A.COMMON_USE
    return _ACCOUNTS[category]


def approved_lines(category: ExpenseCategory, fund: Fund, amount: Decimal) -> list[Line]:
    """What is posted when an expense is approved."""
    return [Line(account_of(category, fund), debit=amount, category=category), Line(_A.PAYABLE, credit=amount)]


def paid_lines(source: AccountCode, amount: Decimal) -> list[Line]:
    """What is posted when an expense is paid from ``source``."""
    return [Line(_A.PAYABLE, debit=amount), Line(source, credit=amount)]


def paid_from(fund: Fund, given: AccountCode | None) -> AccountCode:
    """The account that pays for the fund: the one ``given``, or its first. Refuses (INVALID) another fund's."""
    allowed = PAID_FROM[fund]
    if given is None or given in allowed:
        return given or allowed[0]
    raise invalid(
        "paid_from",
        Text(f"What is spent of {fund} is not paid from {given}.", f"“{fund.zh}”支出不能从“{given.zh}”付款。"),
        Text(f"Pay from one of these: {', '.join(allowed)}.", f"可选付款账户：{'、'.join(one.zh for one in allowed)}。"),
    )


def needs_another(amount: Decimal, limit: Decimal, fund: Fund, *, alike: bool) -> bool:
    """Whether another person must approve: above the book's limit, out of the owners' funds, or where it may be there already."""
    return amount > limit or fund is not Fund.COMPANY or alike


def check_basis(fund: Fund, basis: str) -> None:
    """Refuses (INVALID) what is spent of the owners' funds without a ground: the vote or the resolution that allows it."""
    if fund is Fund.COMPANY or basis:
        return
    raise invalid(
        "basis",
        Text("The owners' money is spent by a vote or a resolution only.", "动用业主资金须有业主表决或决议依据。"),
        Text(
            "Give its number (Civil Code art. 278: the maintenance fund by a vote; art. 282: common-area income by the owners).",
            "请填写表决或决议编号（《民法典》第二百七十八条、第二百八十二条）。",
        ),
    )


def check_days(invoice_on: date | None, today: date) -> None:
    """Refuses (INVALID) an invoice of a day to come."""
    if invoice_on is not None and invoice_on > today:
        raise invalid(
            "invoice_on",
            Text(f"The invoice cannot be of {invoice_on}.", f"发票日期 {invoice_on} 无效。"),
            Text("Give its day, today or before.", "请填写不晚于今天的开票日期。"),
        )


def moved(state: ExpenseState, move: ExpenseMove) -> ExpenseState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"An expense that is {state} does not allow {move}.", f"支出“{state.zh}”，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Nothing more can be done to it: enter a new one.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该支出已终结，请新建。",
        ),
    )


def check_other(by: str | None, *before: str | None) -> None:
    """Refuses (FORBIDDEN) the approval of one's own: ``before`` wrote or submitted it."""
    if by not in before:
        return
    raise Refused(
        RefusalCode.FORBIDDEN,
        Text("Nobody approves what they entered or submitted.", "不能审批本人录入或提交的支出。"),
        hint=Text("Ask another person of your organisation.", "请由本单位其他负责人审批。"),
    )


def invalid(field: str, message: Text, hint: Text) -> Refused:
    """The refusal of a value of ``field``."""
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

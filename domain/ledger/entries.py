"""Entries of a journal (记账凭证): lines that balance, and what may be posted by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.money import MOST, fen
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

from .accounts import CHART, CONTROLLED, EQUITY, AccountCode, Fund, debit_grows

NOTHING = Decimal("0.00")
#: So many lines has an entry that is made by hand, at most.
MOST_LINES = 200


class BookRegime(Word):
    """By which contract the money of a compound is kept."""

    LUMP_SUM = "LUMP_SUM", "包干制", "Fees are the company's income, and what is left or missing is its own."
    COMMISSION = "COMMISSION", "酬金制", "Fees are the owners' money; the company takes its commission of it."
    SELF_MANAGED = "SELF_MANAGED", "自管", "The owners or residents keep their money themselves."


class EntryKind(Word):
    """What an entry is about."""

    BILLS = "BILLS", "出账", "Bills were issued."
    CREDIT_NOTE = "CREDIT_NOTE", "冲减", "A bill was reduced."
    PAYMENT = "PAYMENT", "收款", "Money came in."
    ALLOCATION = "ALLOCATION", "核销", "A payment was set against bills, or no longer is."
    REFUND = "REFUND", "退款", "Money went back to who paid it."
    CHARGEBACK = "CHARGEBACK", "退单", "A bank or provider took a payment back."
    SETTLEMENT = "SETTLEMENT", "结算", "A provider handed over what was paid online."
    EXPENSE = "EXPENSE", "支出确认", "Something spent was approved."
    EXPENSE_PAYMENT = "EXPENSE_PAYMENT", "支出付款", "Something approved was paid."
    LATE_FEE = "LATE_FEE", "违约金", "A late fee that the contract has."
    MANUAL = "MANUAL", "手工凭证", "Posted by hand, with a reason."
    REVERSAL = "REVERSAL", "红字冲销", "Another entry, the other way round."
    OPENING = "OPENING", "期初余额", "What was there when the book was opened."


#: Entries that people make by hand, and so may reverse by hand; the others are undone where they come from.
BY_HAND = frozenset({EntryKind.MANUAL, EntryKind.OPENING})


@dataclass(frozen=True)
class Line:
    """One line of an entry: yuan in debit (借) or in credit (贷), never both.

    ``home_id`` and ``bill_id``: whose, and of which bill. ``category``: what was spent, finer than the account (domain/expenses).
    """

    account: AccountCode
    debit: Decimal = NOTHING
    credit: Decimal = NOTHING
    home_id: str | None = None
    bill_id: str | None = None
    category: str | None = None


def balanced(lines: Sequence[Line]) -> bool:
    """Whether debits and credits are the same, each line has one of them, and there are two lines at least."""
    one_each = all((line.debit > 0) != (line.credit > 0) and min(line.debit, line.credit) == 0 for line in lines)
    return len(lines) > 1 and one_each and sum(line.debit for line in lines) == sum(line.credit for line in lines)


def check_balanced(lines: Sequence[Line]) -> None:
    """Refuses (INVALID, path ``lines``) an entry that does not balance."""
    if balanced(lines):
        return
    debit, credit = (sum((getattr(line, side) for line in lines), NOTHING) for side in ("debit", "credit"))
    raise Refused(
        RefusalCode.INVALID,
        Text(f"The entry does not balance: debits {debit}, credits {credit}.", f"借贷不平：借方 {debit}，贷方 {credit}。"),
        path=("lines",),
        hint=Text(
            "Give two lines at least, each with a debit or a credit above 0, and the same sum on both sides.",
            "至少两行，每行借方或贷方只填一项且大于 0，借贷合计须相等。",
        ),
    )


def by_hand(lines: Sequence[Line]) -> None:
    """Refuses (INVALID) lines that nobody posts by hand: too many, none, or on accounts that bills and payments keep."""
    if not 0 < len(lines) <= MOST_LINES:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"The entry has {len(lines)} lines.", f"凭证共 {len(lines)} 行。"),
            path=("lines",),
            hint=Text(f"Give 1 to {MOST_LINES} lines.", f"请填写 1 到 {MOST_LINES} 行。"),
        )
    kept = sorted({line.account for line in lines} & CONTROLLED)
    if kept:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{kept[0]} follows from bills and payments.", f"“{kept[0].zh}”由账单和收款自动记账。"),
            path=("lines",),
            hint=Text("Issue a bill, credit one, or record a payment instead.", "请改用出账、冲减或收款。"),
        )


def twice(field: str) -> Refused:
    """The refusal (INVALID) of an account that is named twice in ``field``."""
    return Refused(
        RefusalCode.INVALID,
        Text("An account is named twice.", "科目重复。"),
        path=(field,),
        hint=Text("Name each account once.", "每个科目请只填写一次。"),
    )


def opening(balances: Mapping[AccountCode, Decimal]) -> list[Line]:
    """The lines of what was on accounts when a book was opened; above 0 is what the account grows by.

    What the owners' funds had follows from what lies on their accounts, unless it is told; the rest is OPENING_EQUITY, unless
    that is told. Refuses INVALID (nothing, an account that bills and payments keep, an amount, or it does not balance).
    """
    lines: list[Line] = []
    for code, balance in balances.items():
        amount = fen(balance, "balances", least=-MOST)
        if amount:
            lines.append(_line(code, amount if debit_grows(code) else -amount))
    if not lines or {line.account for line in lines} & CONTROLLED:
        raise Refused(
            RefusalCode.INVALID,
            Text("These are no opening balances.", "期初余额无效。"),
            path=("balances",),
            hint=Text(
                f"Name one account at least, with an amount, and none of {', '.join(sorted(CONTROLLED))}:"
                " what homes owed comes as bills, what they had paid as payments.",
                "请至少填写一个有金额的科目；应收、预收、待认领款请通过账单和收款导入。",
            ),
        )
    for fund in (Fund.COMMON_AREA, Fund.MAINTENANCE_FUND, Fund.COMPANY):
        of_fund = [line for line in lines if fund in {Fund.COMPANY, CHART[line.account].fund}]
        left = sum((line.debit - line.credit for line in of_fund), NOTHING)
        if left and EQUITY[fund] not in balances:
            lines.append(_line(EQUITY[fund], -left))
    check_balanced(lines)
    return lines


def _line(code: AccountCode, debit: Decimal) -> Line:
    return Line(code, debit=debit) if debit > 0 else Line(code, credit=-debit)


def owners_money(regime: BookRegime, fund: Fund) -> bool:
    """Whether what is on accounts of the fund is the owners' money in a book of this regime."""
    return fund is not Fund.COMPANY or regime is not BookRegime.LUMP_SUM

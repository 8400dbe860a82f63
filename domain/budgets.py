"""Budgets (预算): what a year is planned to bring in and to cost, month by month and account by account."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.ledger import CHART, AccountCode, AccountType
from domain.money import MOST, Money, fen, share
from domain.refusals import RefusalCode, Refused
from domain.words import Text

MONTHS = 12
RESOLUTION_MAX = 120
#: What is planned: what comes in for good, and what is spent for good.
PLANNED = frozenset(code for code, account in CHART.items() if account.type in {AccountType.INCOME, AccountType.EXPENSE})
_FIRST_YEAR, _NOTHING = 2000, Decimal(0)
_PERCENT_LEAST, _PERCENT_MOST = Decimal(-50), Decimal(100)


def check_year(year: int, today: date) -> int:
    """Refuses (INVALID) a year before 2000, or after the next one."""
    if _FIRST_YEAR <= year <= today.year + 1:
        return year
    raise _invalid(
        "year",
        Text(f"There is no budget of {year}.", f"年度 {year} 无效。"),
        Text(f"Give a year from {_FIRST_YEAR} to {today.year + 1}.", f"请填写 {_FIRST_YEAR} 至 {today.year + 1} 年。"),
    )


def check_account(account: AccountCode) -> AccountCode:
    """Refuses (INVALID) an account that is neither income nor an expense."""
    if account in PLANNED:
        return account
    raise _invalid(
        "account",
        Text(f"{account} is not planned: it is neither income nor an expense.", f"“{account.zh}”不是收入或支出科目，不编预算。"),
        Text("Name an account of income or of expenses.", "请选择收入或支出科目。"),
    )


def planned(amount: Decimal | None, months: Sequence[Decimal] | None) -> list[Money]:
    """The twelve months of a year, by its ``amount`` (in equal parts that add up) or by each of the ``months``.

    Refuses (INVALID) both or neither, another number of months, and amounts under 0 or with parts of a fen.
    """
    if (amount is None) == (months is None):
        raise _invalid(
            "amount",
            Text("A budget is given for the year, or month by month.", "请填写全年金额或各月金额之一。"),
            Text("Give either amount or months.", "请仅填写 amount 或 months。"),
        )
    if amount is not None:
        return [Money(each) for each in share(fen(amount, "amount", least=_NOTHING), [Decimal(1)] * MONTHS)]
    given = list(months or ())
    if len(given) != MONTHS:
        raise _invalid(
            "months",
            Text(f"{len(given)} months are given.", f"共填写了 {len(given)} 个月。"),
            Text("Give all twelve, January first, 0 where nothing is planned.", "请填写 12 个月，自一月起，无预算填 0。"),
        )
    return [fen(each, "months", least=_NOTHING) for each in given]


def check_percent(percent: Decimal) -> Decimal:
    """Refuses (INVALID) to plan less than half of last year, or more than twice as much."""
    if _PERCENT_LEAST <= percent <= _PERCENT_MOST:
        return percent
    raise _invalid(
        "percent",
        Text(f"It cannot be {percent} percent.", f"不能是 {percent}%。"),
        Text(f"Give {_PERCENT_LEAST} to {_PERCENT_MOST}.", f"请填写 {_PERCENT_LEAST} 到 {_PERCENT_MOST}。"),
    )


def grown(amount: Decimal, percent: Decimal) -> Money:
    """What an amount of last year comes to, so many percent more; nothing where more went back than came."""
    return fen((max(amount, _NOTHING) * (100 + percent) / 100).quantize(Decimal("0.01")), least=_NOTHING, most=MOST)


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

"""What the journal comes to: trial balance, the statement of an account, income and expense, and the balance of each fund."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.ledger import CHART, AccountCode, AccountType, EntryKind, Fund, debit_grows
from models.connection import query

from .rows import LedgerAccount

_NOTHING = Decimal("0.00")
#: Accounts on which the money of a fund lies.
MONEY = {
    Fund.COMPANY: (AccountCode.CASH, AccountCode.BANK, AccountCode.ONLINE),
    Fund.COMMON_AREA: (AccountCode.COMMON_BANK,),
    Fund.MAINTENANCE_FUND: (AccountCode.FUND_BANK,),
}


@dataclass(frozen=True)
class Balance:
    """An account's debits and credits, in yuan. ``balance``: what the account grows by less the rest."""

    code: AccountCode
    debit: Decimal
    credit: Decimal

    @property
    def type(self) -> AccountType:
        return CHART[self.code].type

    @property
    def fund(self) -> Fund:
        return CHART[self.code].fund

    @property
    def balance(self) -> Decimal:
        return self.debit - self.credit if debit_grows(self.code) else self.credit - self.debit


_TRIAL = """
SELECT code, sum(debit) AS debit, sum(credit) AS credit FROM journal_line
WHERE book_id = $1 AND booked_on <= $2 GROUP BY code ORDER BY code
"""


async def trial_balance(book_id: str, until: date) -> list[Balance]:
    """What was posted to each account until that day, it included, in the chart's order: as much debited as credited."""
    told = {row["code"]: row for row in await query(_TRIAL, book_id, until)}
    return [Balance(code, told[code]["debit"], told[code]["credit"]) for code in CHART if code in told]


@dataclass(frozen=True)
class AccountLine:
    """A line of an account, and what was on the account after it."""

    id: str
    entry_id: str
    number: int
    booked_on: date
    kind: EntryKind
    text: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class AccountStatement:
    """A page of an account: what was on it before the page's first line, its lines, and whether there are more."""

    code: AccountCode
    opening: Decimal
    lines: list[AccountLine]
    more: bool


#: $1: account, $2 and $3: days, $4 and $5: day and id of the line before the page, or null, $6: sign, $7: how many.
_LINES = """
WITH before AS (
    SELECT coalesce(sum(debit - credit), 0) * $6::int AS opening FROM journal_line
    WHERE account_id = $1 AND (booked_on < $2::date OR (booked_on, id) <= ($4::date, $5::text))
), page AS (
    SELECT * FROM journal_line WHERE account_id = $1 AND booked_on BETWEEN $2::date AND $3::date
        AND ($4::date IS NULL OR (booked_on, id) > ($4::date, $5::text))
    ORDER BY booked_on, id LIMIT $7
)
SELECT b.opening, l.id, l.entry_id, e.number, l.booked_on, e.kind, e.text, l.debit, l.credit,
    b.opening + sum((l.debit - l.credit) * $6::int) OVER (ORDER BY l.booked_on, l.id) AS balance
FROM before b LEFT JOIN page l ON true LEFT JOIN journal_entry e ON e.id = l.entry_id ORDER BY l.booked_on, l.id
"""


async def account_statement(
    account: LedgerAccount, since: date, until: date, *, first: int, after: tuple[date, str] | None = None
) -> AccountStatement:
    """Up to ``first`` lines of an account between two days (both included), the earliest first, from the one ``after`` on.

    ``after``: day and id of the last line of the page before.
    """
    day, line = after or (None, None)
    sign = 1 if debit_grows(account.code) else -1
    rows = await query(_LINES, account.id, since, until, day, line, sign, first + 1)
    lines = [
        AccountLine(
            id=row["id"],
            entry_id=row["entry_id"],
            number=row["number"],
            booked_on=row["booked_on"],
            kind=EntryKind(row["kind"]),
            text=row["text"],
            debit=row["debit"],
            credit=row["credit"],
            balance=row["balance"],
        )
        for row in rows
        if row["id"] is not None
    ]
    return AccountStatement(account.code, rows[0]["opening"], lines[:first], len(lines) > first)


@dataclass(frozen=True)
class StatementLine:
    """What came in or was spent on an account, by category where it has one; ``count``: in how many lines."""

    code: AccountCode
    category: str | None
    amount: Decimal
    count: int

    @property
    def type(self) -> AccountType:
        return CHART[self.code].type

    @property
    def fund(self) -> Fund:
        return CHART[self.code].fund


@dataclass(frozen=True)
class FundBalance:
    """A fund over a time: what there was, what came in and was spent, what was paid in otherwise (``moved``), what there is.

    ``held``: what of it lies on its own bank account; the rest is owed to it, or by it.
    """

    fund: Fund
    opening: Decimal
    income: Decimal
    expense: Decimal
    moved: Decimal
    held: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income - self.expense + self.moved


@dataclass(frozen=True)
class Statement:
    """Income and expense of a book between two days (both included), and its funds. Everything follows from the journal."""

    since: date
    until: date
    lines: list[StatementLine] = field(default_factory=list[StatementLine])
    funds: list[FundBalance] = field(default_factory=list[FundBalance])

    def total(self, kind: AccountType, fund: Fund | None = None) -> Decimal:
        """The sum of all income or all expense, of one fund or of all."""
        return sum((line.amount for line in self.lines if line.type is kind and fund in {None, line.fund}), _NOTHING)


#: $1: book, $2 and $3: days.
_SUMS = """
SELECT code, category, booked_on >= $2 AS during, sum(debit - credit) AS amount, count(*) AS count FROM journal_line
WHERE book_id = $1 AND booked_on <= $3 GROUP BY 1, 2, 3 ORDER BY 1, 2
"""


async def statement(book_id: str, since: date, until: date) -> Statement:
    """Income and expense of a book from ``since`` to ``until`` (both included), and what there is of each fund."""
    rows = await query(_SUMS, book_id, since, until)
    order = {code.value: place for place, code in enumerate(CHART)}
    lines = [
        StatementLine(code, row["category"], row["amount"] * (1 if debit_grows(code) else -1), row["count"])
        for row in sorted(rows, key=lambda row: (order[row["code"]], row["category"] or ""))
        if row["during"] and CHART[code := AccountCode(row["code"])].type in {AccountType.INCOME, AccountType.EXPENSE}
    ]
    return Statement(since, until, lines, [_fund(fund, rows) for fund in Fund])


def _fund(fund: Fund, rows: Sequence[dict[str, object]]) -> FundBalance:
    sums = {(type_, during): _NOTHING for type_ in AccountType for during in (True, False)}
    held = _NOTHING
    for row in rows:
        code, amount = AccountCode(row["code"]), row["amount"]
        assert isinstance(amount, Decimal)
        if CHART[code].fund is fund:
            sums[CHART[code].type, bool(row["during"])] += amount
            held += amount if code in MONEY[fund] else _NOTHING
    before = sum((sums[type_, False] for type_ in (AccountType.FUND, AccountType.INCOME, AccountType.EXPENSE)), _NOTHING)
    return FundBalance(
        fund,
        -before,
        -sums[AccountType.INCOME, True],
        sums[AccountType.EXPENSE, True],
        -sums[AccountType.FUND, True],
        held,
    )


@dataclass(frozen=True)
class Flow:
    """What was posted to an account of a book in a month (its first day)."""

    book_id: str
    month: date
    code: AccountCode
    category: str | None
    debit: Decimal
    credit: Decimal
    count: int


_FLOWS = """
SELECT book_id, date_trunc('month', booked_on)::date AS month, code, category, sum(debit) AS debit, sum(credit) AS credit,
    count(*) AS count
FROM journal_line WHERE book_id = ANY($1::text[]) AND booked_on BETWEEN $2 AND $3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


async def flows(book_ids: Sequence[str], since: date, until: date) -> list[Flow]:
    """What was posted in books month by month, between two days (both included): one statement."""
    rows = await query(_FLOWS, list(book_ids), since, until)
    return [
        Flow(
            book_id=row["book_id"],
            month=row["month"],
            code=AccountCode(row["code"]),
            category=row["category"],
            debit=row["debit"],
            credit=row["credit"],
            count=row["count"],
        )
        for row in rows
    ]

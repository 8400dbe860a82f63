"""What the books come to: trial balance, statements of accounts, income and expense. All of it follows from the journal."""

from datetime import date
from typing import Annotated, Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.ledger import AccountCode, AccountType, EntryKind, Fund
from domain.money import Money
from domain.refusals import Refused
from models import ledger
from models.calendar import today
from models.ids import ID
from models.permits import found

for _word in (AccountCode, AccountType, EntryKind, Fund):
    graphql_enum(_word)

_MOST = 100

_Book = Annotated[strawberry.ID, strawberry.argument(description="Book (账套).")]
_Since = Annotated[date, strawberry.argument(description="First day (起始日期).")]
_Until = Annotated[date, strawberry.argument(description="Last day (截止日期).")]


async def _book(info: strawberry.Info[Context, Any], book_id: str) -> models.Book | None:
    try:
        return await found(models.Book, book_id, info.context.viewer)
    except Refused:
        return None


def _check(since: date, until: date) -> None:
    if since > until:
        raise refuse("BAD_USER_INPUT", f"until: not before the first day, {since}; it is {until}.")


@strawberry.type(description="What was posted to an account (科目余额).")
class AccountBalance:
    code: AccountCode = strawberry.field(description="Account (科目).")
    type: AccountType = strawberry.field(description="What it tells of (科目类别).")
    fund: Fund = strawberry.field(description="Whose money it is (资金归属).")
    debit: Money = strawberry.field(description="All debits (借方合计).")
    credit: Money = strawberry.field(description="All credits (贷方合计).")
    balance: Money = strawberry.field(description="What it grew by, less the rest (余额).")


@strawberry.type(description="Trial balance (试算平衡): as much debited as credited.")
class TrialBalance:
    until: date = strawberry.field(description="Until that day, it included (截止日期).")
    debit: Money = strawberry.field(description="All debits (借方合计).")
    credit: Money = strawberry.field(description="All credits (贷方合计).")
    accounts: list[AccountBalance] = strawberry.field(description="The accounts to which anything was posted (科目).")


async def _trial_balance(
    info: strawberry.Info[Context, Any],
    book_id: _Book,
    until: Annotated[date | None, strawberry.argument(description="Last day (截止日期); none: today.")] = None,
) -> TrialBalance | None:
    book, day = await _book(info, book_id), until or today()
    if book is None:
        return None
    told = await ledger.trial_balance(book.id, day)
    return TrialBalance(
        until=day,
        debit=Money(sum(each.debit for each in told)),
        credit=Money(sum(each.credit for each in told)),
        accounts=[
            AccountBalance(
                code=each.code,
                type=each.type,
                fund=each.fund,
                debit=Money(each.debit),
                credit=Money(each.credit),
                balance=Money(each.balance),
            )
            for each in told
        ],
    )


trial_balance = strawberry.field(
    _trial_balance, description="What was posted to each account of a book (试算平衡表); null: no book that the viewer sees."
)


@strawberry.type(description="A line of an account (明细), and what was on it then.")
class AccountStatementLine:
    line_id: strawberry.ID = strawberry.field(description="Line (分录): ask `node` for more of it.")
    entry_id: strawberry.ID = strawberry.field(description="Entry (凭证): ask `node` for more of it.")
    number: int = strawberry.field(description="Number of the entry (凭证号).")
    booked_on: date = strawberry.field(description="Day (记账日期).")
    kind: EntryKind = strawberry.field(description="What the entry is about (凭证类型).")
    debit: Money = strawberry.field(description="Debit (借方).")
    credit: Money = strawberry.field(description="Credit (贷方).")
    balance: Money = strawberry.field(description="What was on the account after it (余额).")


@strawberry.type(description="A page of an account with its running balance (明细账).")
class AccountStatement:
    code: AccountCode = strawberry.field(description="Account (科目).")
    opening: Money = strawberry.field(description="What was on it before the first line of the page (期初余额).")
    lines: list[AccountStatementLine] = strawberry.field(description="Its lines, the earliest first (明细).")
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    end_cursor: str | None = strawberry.field(description="For `after`: the page's last line; null on an empty page.")


def _after(cursor: str | None) -> tuple[date, str] | None:
    if cursor is None:
        return None
    day, _, line = cursor.partition(" ")
    try:
        told = date.fromisoformat(day)
    except ValueError:
        told = None
    if told is None or not ID.match(line):
        raise refuse("BAD_USER_INPUT", "after: no cursor of such a page.")
    return told, line


async def _account_statement(
    info: strawberry.Info[Context, Any],
    account_id: Annotated[strawberry.ID, strawberry.argument(description="Account of a book (科目).")],
    since: _Since,
    until: _Until,
    first: Annotated[int, strawberry.argument(description=f"How many lines, {_MOST} at most.")] = 20,
    after: Annotated[str | None, strawberry.argument(description="Lines after this cursor.")] = None,
) -> AccountStatement | None:
    _check(since, until)
    if not 1 <= first <= _MOST:
        raise refuse("BAD_USER_INPUT", f"first: 1 to {_MOST}; it is {first}.")
    try:
        account = await found(models.LedgerAccount, account_id, info.context.viewer)
    except Refused:
        return None
    told = await ledger.account_statement(account, since, until, first=first, after=_after(after))
    last = told.lines[-1] if told.lines else None
    return AccountStatement(
        code=told.code,
        opening=Money(told.opening),
        lines=[
            AccountStatementLine(
                line_id=strawberry.ID(each.id),
                entry_id=strawberry.ID(each.entry_id),
                number=each.number,
                booked_on=each.booked_on,
                kind=each.kind,
                debit=Money(each.debit),
                credit=Money(each.credit),
                balance=Money(each.balance),
            )
            for each in told.lines
        ],
        has_next_page=told.more,
        end_cursor=last and f"{last.booked_on} {last.id}",
    )


account_statement = strawberry.field(
    _account_statement,
    description="The lines of an account between two days, and what was on it after each (明细账); null: no account that the"
    " viewer sees.",
)


@strawberry.type(description="What came in or was spent on an account (收支项目).")
class BookStatementLine:
    code: AccountCode = strawberry.field(description="Account (科目).")
    type: AccountType = strawberry.field(description="INCOME or EXPENSE (收入或支出).")
    fund: Fund = strawberry.field(description="Whose money it is (资金归属).")
    category: str | None = strawberry.field(description="What was spent, finer than the account (支出类别).")
    amount: Money = strawberry.field(description="How much (金额).")
    count: int = strawberry.field(description="In how many lines of the journal (分录数).")


@strawberry.type(description="A fund between two days (资金结余).")
class FundBalance:
    fund: Fund = strawberry.field(description="Fund (资金归属).")
    opening: Money = strawberry.field(description="What there was before (期初结余).")
    income: Money = strawberry.field(description="What came in (收入).")
    expense: Money = strawberry.field(description="What was spent (支出).")
    moved: Money = strawberry.field(description="What was paid into it or out of it otherwise (其他变动).")
    closing: Money = strawberry.field(description="What there is (期末结余).")
    held: Money = strawberry.field(
        description="What of it lies on its own accounts (账户余额); the rest is owed to it, or by it."
    )


@strawberry.type(description="Income and expense of a book between two days (收支表).")
class BookStatement:
    since: date = strawberry.field(description="First day (起始日期).")
    until: date = strawberry.field(description="Last day (截止日期).")
    income: Money = strawberry.field(description="All income (收入合计).")
    expense: Money = strawberry.field(description="All expense (支出合计).")
    lines: list[BookStatementLine] = strawberry.field(description="By account and category (明细).")
    funds: list[FundBalance] = strawberry.field(description="What there is of each fund (资金结余).")


async def _book_statement(
    info: strawberry.Info[Context, Any], book_id: _Book, since: _Since, until: _Until
) -> BookStatement | None:
    _check(since, until)
    book = await _book(info, book_id)
    if book is None:
        return None
    told = await ledger.statement(book.id, since, until)
    return BookStatement(
        since=since,
        until=until,
        income=Money(told.total(AccountType.INCOME)),
        expense=Money(told.total(AccountType.EXPENSE)),
        lines=[
            BookStatementLine(
                code=each.code,
                type=each.type,
                fund=each.fund,
                category=each.category,
                amount=Money(each.amount),
                count=each.count,
            )
            for each in told.lines
        ],
        funds=[
            FundBalance(
                fund=each.fund,
                opening=Money(each.opening),
                income=Money(each.income),
                expense=Money(each.expense),
                moved=Money(each.moved),
                closing=Money(each.closing),
                held=Money(each.held),
            )
            for each in told.funds
        ],
    )


book_statement = strawberry.field(
    _book_statement,
    description="Income, expense and funds of a book between two days (收支表), from the journal alone; null: no book that the"
    " viewer sees.",
)

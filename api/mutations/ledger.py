"""Mutations on the books; the acts are in models/ledger."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.ledger import NOTHING, AccountCode, BookRegime, twice
from domain.money import Money
from models import ledger

graphql_enum(BookRegime)
graphql_enum(AccountCode)

_ENTRY = "The entry (记账凭证); null when refused."
_MONTH = "The month as it is now (月结记录); null when refused."
_BOOK = "The book as it is now (账套); null when refused."


@strawberry.input(description="Books to open.")
class BookOpenInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    organisation_id: strawberry.ID = strawberry.field(description="Who keeps them (记账单位): your organisation.")
    regime: BookRegime = strawberry.field(description="By which contract the money is kept (计费方式).")
    opened_on: date | None = strawberry.field(
        description="First day of which there will be entries (启用日期). Default: today.", default=strawberry.UNSET
    )


@bound("What bookOpen answers.")
class BookOpenPayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Open the books of a compound, with every account (建账).")
async def book_open(context: Context, given: BookOpenInput) -> BookOpenPayload:
    made = await ledger.open_book(
        context.viewer, given.compound_id, given.organisation_id, given.regime, opened_on=given.opened_on
    )
    return BookOpenPayload(subject_id=made.id)


@strawberry.input(description="A book to close.")
class BookCloseInput(ChangeInput):
    closed_on: date = strawberry.field(description="Its last day (停用日期): not before its last entry, not to come.")


@bound("What bookClose answers.")
class BookClosePayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Close a book: it has no entries after its last day, and another may be opened (停用账套).")
async def book_close(context: Context, given: BookCloseInput) -> BookClosePayload:
    shut = await ledger.close_book(context.viewer, given.id, given.closed_on, expected_version=given.expected_version)
    return BookClosePayload(subject_id=shut.id)


@strawberry.input(description="A book and its approval limit.")
class BookSetLimitInput(ChangeInput):
    limit: Money = strawberry.field(
        description="What is spent above it needs another person's approval (审批限额); 0: all of it."
    )


@bound("What bookSetLimit answers.")
class BookSetLimitPayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Say above which amount spending needs another person's approval (设置支出审批限额).")
async def book_set_limit(context: Context, given: BookSetLimitInput) -> BookSetLimitPayload:
    changed = await ledger.set_limit(context.viewer, given.id, given.limit, expected_version=given.expected_version)
    return BookSetLimitPayload(subject_id=changed.id)


@strawberry.input(description="A line of an entry: a debit or a credit.")
class JournalLineInput:
    account: AccountCode = strawberry.field(description="Account (科目). None that bills and payments keep.")
    debit: Money | None = strawberry.field(description="Debit (借方), in yuan.", default=strawberry.UNSET)
    credit: Money | None = strawberry.field(description="Credit (贷方), in yuan.", default=strawberry.UNSET)


@strawberry.input(description="An entry by hand.")
class JournalPostInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    lines: list[JournalLineInput] = strawberry.field(description="Its lines (分录): as much debited as credited.")
    text: str = strawberry.field(description="Why (摘要), 2 to 300 characters. Names no home and nobody.")
    booked_on: date | None = strawberry.field(description="Day (记账日期). Default: today.", default=strawberry.UNSET)


@bound("What journalPost answers.")
class JournalPostPayload(Payload):
    journal_entry = by_id("JournalEntry", "subject_id", description=_ENTRY)


@mutation("Post an entry by hand, with a reason (录入手工凭证).")
async def journal_post(context: Context, given: JournalPostInput) -> JournalPostPayload:
    lines = [ledger.Line(each.account, each.debit or NOTHING, each.credit or NOTHING) for each in given.lines]
    made = await ledger.post_by_hand(context.viewer, given.book_id, lines, given.text, booked_on=given.booked_on)
    return JournalPostPayload(subject_id=made.id)


@strawberry.input(description="An entry to take back.")
class JournalReverseInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Entry (凭证) that was posted by hand.")
    text: str = strawberry.field(description="Why (摘要), 2 to 300 characters. Names no home and nobody.")
    booked_on: date | None = strawberry.field(description="Day (记账日期). Default: today.", default=strawberry.UNSET)


@bound("What journalReverse answers.")
class JournalReversePayload(Payload):
    journal_entry = by_id("JournalEntry", "subject_id", description="The entry that takes it back (红字凭证); null when refused.")


@mutation("Take back an entry that was posted by hand: the same lines the other way round (冲销凭证).")
async def journal_reverse(context: Context, given: JournalReverseInput) -> JournalReversePayload:
    made = await ledger.reverse_by_hand(context.viewer, given.id, given.text, booked_on=given.booked_on)
    return JournalReversePayload(subject_id=made.id)


@strawberry.input(description="What was on an account.")
class OpeningBalanceInput:
    account: AccountCode = strawberry.field(description="Account (科目). None that bills and payments keep.")
    balance: Money = strawberry.field(description="What was on it (期初余额): above 0 is what the account grows by.")


@strawberry.input(description="What was on accounts when a book was opened.")
class BalancesOpenInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    balances: list[OpeningBalanceInput] = strawberry.field(
        description="Each account once. What the funds had follows, where it is not told."
    )


@bound("What balancesOpen answers.")
class BalancesOpenPayload(Payload):
    journal_entry = by_id("JournalEntry", "subject_id", description=_ENTRY)


@mutation("Post what was on accounts when the book was opened, on that day (录入期初余额).")
async def balances_open(context: Context, given: BalancesOpenInput) -> BalancesOpenPayload:
    balances = {each.account: each.balance for each in given.balances}
    if len(balances) < len(given.balances):
        raise twice("balances")
    made = await ledger.open_balances(context.viewer, given.book_id, balances)
    return BalancesOpenPayload(subject_id=made.id)


@strawberry.input(description="A month to close.")
class MonthCloseInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    month: date = strawberry.field(description="Any day of the month (月份), which is over. Those before it close with it.")


@bound("What monthClose answers.")
class MonthClosePayload(Payload):
    ledger_period = by_id("LedgerPeriod", "subject_id", description=_MONTH)


@mutation("Close a month of the books: nothing is posted in it any more (月结).")
async def month_close(context: Context, given: MonthCloseInput) -> MonthClosePayload:
    shut = await ledger.close_month(context.viewer, given.book_id, given.month)
    return MonthClosePayload(subject_id=shut.id)


@strawberry.input(description="A month to open again.")
class MonthReopenInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    month: date = strawberry.field(description="Any day of the month (月份): the last one that is closed.")
    why: str = strawberry.field(description="Why (反结账原因), 2 to 300 characters.")


@bound("What monthReopen answers.")
class MonthReopenPayload(Payload):
    ledger_period = by_id("LedgerPeriod", "subject_id", description=_MONTH)


@mutation("Open the last month that is closed again, with a reason (反结账).")
async def month_reopen(context: Context, given: MonthReopenInput) -> MonthReopenPayload:
    opened = await ledger.reopen_month(context.viewer, given.book_id, given.month, given.why)
    return MonthReopenPayload(subject_id=opened.id)


#: Every mutation on the books, in the order of the schema.
LEDGER = (
    book_open,
    book_close,
    book_set_limit,
    balances_open,
    journal_post,
    journal_reverse,
    month_close,
    month_reopen,
)

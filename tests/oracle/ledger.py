"""Books: amounts at the edge, entries of one day, lines that belong to owners and lines that do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

import models
from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger import CHART, AccountCode, BookRegime, EntryKind, Fund, owners_money
from tests import builders as build

from .hostile import MOMENTS, Making

_DAYS = [date(2024, 2, 29), date(2024, 2, 29), date(2024, 12, 31)]
_CODES = (AccountCode.BANK, AccountCode.RECEIVABLE, AccountCode.COMMON_RENT, AccountCode.FUND_USE)


async def fill_ledger(m: Making, compounds: list[models.Compound], homes: list[models.Home]) -> None:
    """A book or two of each compound, one of them closed."""
    organisations = await models.Organisation.all().order_by("id").values_list("id", flat=True)
    accounts: Any = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for n, compound in enumerate(compounds):
        for last in (None, date(2999, 12, 31)):
            place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
            place["organisation_id"] = organisations[n % len(organisations)]
            columns: dict[str, Any] = {"regime": m.of(BookRegime), "opened_on": date(2020, 1, 1), "closed_on": last}
            limit = m.of([Decimal(0), Decimal("0.10"), Decimal("999999999999.99")])
            book = await models.Book.create(id=m.id(models.Book), approval_limit=limit, **columns, **place)
            place["book_id"] = book.id
            of_code: dict[AccountCode, str] = {}
            for code in _CODES:
                kind = CHART[code]
                account = await models.LedgerAccount.create(
                    id=m.id(models.LedgerAccount), code=code, type=kind.type, fund=kind.fund, **place
                )
                of_code[code] = account.id
            again: dict[str, Any] = {"reopened_at": m.moment(), "reopened_by_id": m.of(accounts), "reopened_why": m.text()}
            await models.LedgerPeriod.create(
                id=m.id(models.LedgerPeriod), month=date(2023, 1, 1), closed_by_id=m.of(accounts), **m.of([again, {}]), **place
            )
            for month in (1, 2):
                code = m.of([_CODES[0], _CODES[2]])
                await models.BudgetLine.create(
                    id=m.id(models.BudgetLine),
                    code=code,
                    fund=CHART[code].fund,
                    month=date(2024, month, 1),
                    amount=m.of([Decimal(0), Decimal("0.10"), Decimal("999999999999.99")]),
                    resolution=m.text()[:120],
                    owners_compound_id=compound.id if owners_money(book.regime, CHART[code].fund) else None,
                    **place,
                )
            for _ in range(m.of([1, 3])):
                await _entry(m, book, of_code, place, homes)
            await _expenses(m, place, accounts)


async def _entry(
    m: Making, book: models.Book, of_code: dict[AccountCode, str], place: dict[str, Any], homes: list[models.Home]
) -> None:
    day, amount = m.of(_DAYS), m.of([Decimal("0.01"), Decimal("10.00"), Decimal("999999999999.99")])
    sides: tuple[int, int] = m.of([(0, 1), (1, 2), (3, 0)])
    kinds = [kind for kind in EntryKind if kind is not EntryKind.REVERSAL]
    async with in_transaction():
        entry = await models.JournalEntry.create(
            id=m.id(models.JournalEntry),
            booked_on=day,
            kind=m.of(kinds),
            text=m.text(),
            actor=m.text(),
            posted_at=m.of(MOMENTS),
            source_id=m.maybe([home.id for home in homes]),
            key=m.code(),
            **place,
        )
        lines: list[models.JournalLine] = []
        for n, code in enumerate(_CODES[side] for side in sides):
            fund = CHART[code].fund
            lines.append(
                models.JournalLine(
                    id=m.id(models.JournalLine),
                    code=code,
                    fund=fund,
                    debit=amount * (n == 0),
                    credit=amount * (n == 1),
                    category=m.maybe(["LIFT", ""]),
                    booked_on=day,
                    home_id=m.maybe([home.id for home in homes]),
                    entry_id=entry.id,
                    account_id=of_code[code],
                    owners_compound_id=book.compound_id if owners_money(book.regime, fund) else None,
                    **place,
                )
            )
        await build.post_lines(lines)


async def _expenses(m: Making, place: dict[str, Any], accounts: Any) -> None:
    desk = {"organisation_id": place["organisation_id"], "street_id": place["street_id"]}
    ended = m.of(MOMENTS)
    supplier = await models.Supplier.create(
        id=m.id(models.Supplier), name=m.code(), credit_code=m.maybe(["X" * 18]), added_at=m.moment(), ended_at=ended, **desk
    )
    tickets: Any = await models.Ticket.all().order_by("id").limit(5).values_list("id", flat=True)
    before: list[str] = []
    for state in (ExpenseState.DRAFT, ExpenseState.PAID):
        paid = state is ExpenseState.PAID
        at: dict[str, Any] = {"approved_at": m.moment(), "paid_on": m.of(_DAYS), "paid_from": AccountCode.CASH} if paid else {}
        expense = await models.Expense.create(
            id=m.id(models.Expense),
            state=state,
            category=m.of(ExpenseCategory),
            fund=m.of(Fund),
            amount=m.of([Decimal("0.01"), Decimal("999999999999.99")]),
            what=m.text(),
            spent_on=m.of(_DAYS),
            invoice_number=m.code(),
            invoice_on=m.maybe(_DAYS),
            basis=m.code(),
            drafted_at=m.moment(),
            submitted_at=m.moment(),
            said=m.text(),
            supplier_id=m.maybe([supplier.id]),
            alike_id=m.maybe(before),
            ticket_id=m.maybe(tickets),
            drafted_by_id=m.of(accounts),
            **at,
            **place,
        )
        before.append(expense.id)

"""The books of the compounds of the story: the company's or office's in each, and in one the committee's own as well."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

import models
from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger import CHART, AccountCode, BookRegime, EntryKind, Fund, owners_money
from domain.sheets import ImportState, SheetKind
from tests import builders as build

from .desk import SERVERS, WORKERS
from .people import COMMITTEE
from .story import a_moment, plant, planted
from .world import Ground

_DAY = date(2024, 6, 1)
HOMES = {"K": "K-101", "L": "L-101", "M": "M-101", "P": "P-101", "S": "S-101"}


async def ledger(world: Ground) -> None:
    """A book of each, with what is the owners' money and what is not."""
    for compound in "KLMPS":
        await _book(world, compound, SERVERS[compound], BookRegime.LUMP_SUM)
    await _book(world, "K", COMMITTEE, BookRegime.SELF_MANAGED)


async def _book(world: Ground, compound: str, desk: str, regime: BookRegime) -> None:
    row, told = world.stored, world.told
    street, name = told[compound].street, f"book of {compound} by {desk}"
    columns: dict[str, Any] = {"regime": regime, "opened_on": date(2024, 1, 1), "closed_on": date(2024, 12, 31)}
    columns |= {"approval_limit": Decimal(plant()), "next_entry_number": 1}
    place = {"compound_id": row[compound].id, "organisation_id": row[desk].id, "street_id": row[compound].street_id}
    book = await models.Book.create(**planted(models.Book, {**columns, **place}))
    world.keep(name, book, street, compound, desk=desk, links={"compound": told[compound], "organisation": told[desk]})
    await world.happened(name)
    await _sheet(world, name, compound, desk)
    of_book: dict[str, Any] = {"book_id": book.id, **place}
    by = WORKERS[compound]
    again = {"reopened_at": a_moment(), "reopened_by_id": row[by].id, "reopened_why": f"~{plant()}~"}
    for month, opened in ((date(2024, 1, 1), again), (date(2024, 2, 1), {})):
        shut = await models.LedgerPeriod.create(
            **planted(models.LedgerPeriod, {"month": month, "closed_by_id": row[by].id, **opened, **of_book})
        )
        links = {"book": told[name], "closedBy": told[by], "reopenedBy": told[by] if opened else None}
        world.keep(f"period {shut.id}", shut, street, compound, desk=desk, links=links)
    codes = (AccountCode.BANK, AccountCode.PREPAID, AccountCode.COMMON_BANK, AccountCode.COMMON_RENT)
    for code in codes:
        columns = {"code": code, "type": CHART[code].type, "fund": CHART[code].fund, **of_book}
        account = await models.LedgerAccount.create(**planted(models.LedgerAccount, columns))
        world.keep(f"{name} {code}", account, street, compound, desk=desk, links={"book": told[name]})
    for code in (AccountCode.BANK, AccountCode.COMMON_RENT):
        fund, owners = CHART[code].fund, CHART[code].fund != "COMPANY" or regime != "LUMP_SUM"
        columns = {
            "code": code,
            "fund": fund,
            "month": date(2024, 3, 1),
            "amount": Decimal(plant()),
            "resolution": f"~{plant()}~",
        }
        columns |= {"owners_compound_id": row[compound].id if owners else None, **of_book}
        line = await models.BudgetLine.create(**planted(models.BudgetLine, columns))
        links = {"book": told[name], "compound": told[compound]}
        world.keep(f"budget {line.id}", line, street, compound, desk=desk, inside=not owners, links=links)
    await _entry(world, compound, desk, name, codes[:2], regime)
    await _entry(world, compound, desk, name, codes[2:], regime)
    await _expenses(world, compound, desk, name)


async def _sheet(world: Ground, book: str, compound: str, desk: str) -> None:
    """A sheet that was sent to the book, which nobody sees who sees the street, and its import."""
    row, told, by = world.stored, world.told, WORKERS[compound]
    place = {"organisation_id": row[desk].id, "street_id": row[compound].street_id}
    columns: dict[str, Any] = {"subject_id": row[book].id, "media_type": "text/csv", "sha256": f"{plant():a>64}"}
    columns |= {"private": True, "uploaded_by_id": row[by].id}
    file = await models.File.create(**planted(models.File, {**columns, **place}))
    world.keep(f"file {file.id}", file, "", desk=desk, links={"uploadedBy": told[by]})
    columns = {"kind": SheetKind.HOMES, "state": ImportState.DONE, "file_id": file.id, "book_id": row[book].id, "faults": []}
    columns |= {"started_by_id": row[by].id, "checked_at": a_moment(), "finished_at": a_moment(), **place}
    made = await models.SheetImport.create(**planted(models.SheetImport, columns))
    links = {"file": told[f"file {file.id}"], "book": told[book], "startedBy": told[by], "compound": None}
    world.keep(f"import {made.id}", made, told[compound].street, desk=desk, links=links)


async def _entry(world: Ground, compound: str, desk: str, book: str, codes: tuple[AccountCode, ...], regime: BookRegime) -> None:
    """An entry and its reversal, of two lines each."""
    row, told = world.stored, world.told
    street, home, source, before = told[compound].street, HOMES[compound], f"{compound} facility 1", None
    of_book = {"book_id": row[book].id, "compound_id": row[compound].id, "organisation_id": row[desk].id}
    of_book |= {"street_id": row[compound].street_id, "booked_on": _DAY}
    around = {"book": told[book], "compound": told[compound], "source": told[source]}
    for kind in (EntryKind.MANUAL, EntryKind.REVERSAL):
        columns = {"kind": kind, "source_id": row[source].id, "reverses_id": before and row[before].id, **of_book}
        async with in_transaction():
            entry = await models.JournalEntry.create(**planted(models.JournalEntry, columns))
            lines = [
                models.JournalLine(
                    **planted(
                        models.JournalLine,
                        {
                            "code": code,
                            "fund": (fund := CHART[code].fund),
                            "debit": Decimal(5) * (n == 0),
                            "credit": Decimal(5) * (n == 1),
                            "category": f"~{plant()}~",
                            "home_id": row[home].id,
                            "entry_id": entry.id,
                            "account_id": row[f"{book} {code}"].id,
                            "owners_compound_id": row[compound].id if owners_money(regime, fund) else None,
                            **of_book,
                        },
                    )
                )
                for n, code in enumerate(codes)
            ]
            await build.post_lines(lines)
        await entry.refresh_from_db()
        name = f"entry {entry.id}"
        links = around | {"reverses": told[before] if before else None, "reversedBy": None}
        world.keep(name, entry, street, compound, desk=desk, links=links)
        if before:
            told[before].links["reversedBy"] = told[name]
        before = name
        for line in lines:
            links = {"compound": told[compound], "home": told[home], "entry": told[name]}
            links["account"] = told[f"{book} {line.code}"]
            inside = line.owners_compound_id is None
            world.keep(f"line {line.id}", line, street, compound, desk=desk, inside=inside, links=links)


async def _expenses(world: Ground, compound: str, desk: str, book: str) -> None:
    """A supplier, and of it an expense that was approved and one that may be the same."""
    row, told = world.stored, world.told
    street, by, first = told[compound].street, WORKERS[compound], None
    desk_of = {"organisation_id": row[desk].id, "street_id": row[desk].street_id}
    columns: dict[str, Any] = {"credit_code": f"~{plant()}~", "ended_at": a_moment(), **desk_of}
    supplier = await models.Supplier.create(**planted(models.Supplier, columns))
    name = f"supplier of {book}"
    world.keep(name, supplier, street, desk=desk, links={"organisation": told[desk]})
    order = await models.WorkOrder.filter(compound_id=row[compound].id).first()
    ticket = await models.Ticket.filter(compound_id=row[compound].id).first()
    place = {**desk_of, "compound_id": row[compound].id, "book_id": row[book].id}
    for state in (ExpenseState.PAID, ExpenseState.SUBMITTED):
        paid = state is ExpenseState.PAID
        when = {"approved_at": a_moment(), "paid_on": _DAY, "paid_from": AccountCode.BANK} if paid else {}
        columns = {
            "state": state,
            "category": world.of(ExpenseCategory),
            "fund": Fund.COMPANY,
            "amount": Decimal(plant()),
            "spent_on": _DAY,
            "invoice_on": _DAY,
            "submitted_at": a_moment(),
            "supplier_id": supplier.id,
            "alike_id": row[first].id if first else None,
            "ticket_id": ticket and ticket.id,
            "work_order_id": order and order.id,
            "drafted_by_id": row["officer of the north"].id,
            "submitted_by_id": row["officer of the north"].id,
            "approved_by_id": row[by].id if paid else None,
            **when,
            **place,
        }
        expense = await models.Expense.create(**planted(models.Expense, columns))
        links = {
            "book": told[book],
            "compound": told[compound],
            "supplier": told[name],
            "alike": told[first] if first else None,
            "ticket": world.story.rows[ticket.id] if ticket else None,
            "workOrder": world.story.rows[order.id] if order else None,
            "approvedBy": told[by] if paid else None,
            **dict.fromkeys(("draftedBy", "submittedBy"), told["officer of the north"]),
        }
        first = f"expense {expense.id}"
        world.keep(first, expense, street, compound, desk=desk, links=links)
        await world.happened(first)
    about = first or ""
    columns = {"subject_id": row[about].id, "media_type": "image/png", "sha256": f"{plant():a>64}", **desk_of}
    file = await models.File.create(**planted(models.File, {**columns, "uploaded_by_id": row[by].id}))
    links = {"of": told[about], "uploadedBy": told[by]}
    world.keep(f"file {file.id}", file, street, desk=desk, links=links)

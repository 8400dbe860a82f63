"""Statements of banks become payments: of homes where a line says whose it is, else in suspense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.payments import MOST_BYTES, BankFileState, BankLine, BankStatement, MatchedBy, PaymentMethod, read_statement
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now
from models.connection import constrained, query
from models.facts import record
from models.ledger import Book, kept
from models.permits import actor_of
from models.sheets import open_sheet, sheet_kind
from models.sheets.reading import pieces
from models.work import add, ringing

from .orders import SYSTEM
from .receiving import receive
from .rows import BankFile
from .settling import of_book

#: The kind of the work rows that enter a statement's lines; payload ``{"file": id}``.
KIND = "payment.bank_file"
#: Lines that one transaction enters: it holds the book.
AT_ONCE = 100

_KNOWN = "SELECT bank_key FROM payment WHERE book_id = $1 AND bank_key = ANY($2::text[])"
#: $1: compound, $2: codes in capitals.
_HOMES = "SELECT id, upper(code) AS code FROM home WHERE compound_id = $1 AND upper(code) = ANY($2::text[])"
_BILLS = "SELECT home_id, id, number FROM bill WHERE book_id = $1 AND number = ANY($2::int[])"
#: Amounts that exactly one bill of the book has open.
_AMOUNTS = """
SELECT open AS amount, min(id) AS bill, min(home_id) AS home_id FROM bill WHERE book_id = $1 AND open = ANY($2::numeric[])
GROUP BY open HAVING count(*) = 1
"""
#: $1: book, $2: homes.
_HOLD = """
SELECT id, home_id, due_on, number FROM bill WHERE book_id = $1 AND home_id = ANY($2::text[]) AND open > 0
ORDER BY id FOR NO KEY UPDATE
"""


@dataclass(frozen=True)
class _Whose:
    home_id: str
    by: MatchedBy
    bill_ids: Sequence[str] = ()


def read_bank_file(content: bytes, account: str) -> BankStatement:
    """What a statement says, XLSX or CSV. It takes a processor's time: call it in a thread. Refuses INVALID."""
    if not 0 < len(content) <= MOST_BYTES:
        raise _invalid(
            Text(f"The file has {len(content)} bytes.", f"文件大小为 {len(content)} 字节。"),
            Text(
                f"Send 1 to {MOST_BYTES} bytes: split it into several.", f"文件不能为空，也不能超过 {MOST_BYTES} 字节，请拆分。"
            ),
        )
    with TemporaryDirectory() as folder:
        source = Path(folder) / "statement"
        source.write_bytes(content)
        try:
            kind = sheet_kind(source)
            if kind is None:
                raise _invalid(
                    Text("The file is no sheet.", "文件不是表格。"),
                    Text("Send it as .xlsx or .csv.", "请保存为 .xlsx 或 .csv。"),
                )
            with open_sheet(source, kind) as sheet:
                statement = read_statement((row for some in pieces(sheet.rows, 500) for row in some), account)
        except Refused as refused:
            raise Refused(refused.code, refused.message, path=("content",), hint=refused.hint) from refused
    if statement.faults:
        fault = statement.faults[0]
        more = len(statement.faults)
        raise _invalid(
            Text(
                f"Row {fault.row}, {fault.column}: {fault.message.en} ({more} in all.)",
                f"第 {fault.row} 行“{fault.column}”：{fault.message.zh}（共 {more} 处）",
            ),
            fault.remedy,
        )
    return statement


async def send_bank_file(viewer: Viewer, book_id: str, content: bytes, statement: BankStatement) -> BankFile:
    """Take a statement to be entered, within moments, by the worker; a line that is known from another file is passed over.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (nothing came) and CONFLICT (the same file was sent before).
    """
    if not statement.lines:
        raise _invalid(Text("No money came by it.", "文件中没有收款记录。"), Text("Send another period.", "请选择其他期间。"))
    async with ringing(), in_transaction():
        book = await kept(viewer, book_id, "bankFileEnter")
        file = BankFile(
            state=BankFileState.ENTERING,
            sha256=sha256(content).hexdigest(),
            lines=len(statement.lines),
            waiting=[line.told() for line in statement.lines],
            entered_at=now(),
            entered_by_id=viewer.account_id or "",
            **of_book(book),
        )
        async with constrained(_sent_before()):
            await file.save(force_create=True)
        await add(KIND, {"file": file.id})
        await record(actor_of(viewer), "bankFileEnter", file, after={"state": file.state})
        return file


async def enter_lines(file_id: str) -> bool:
    """Enter the next lines of a statement, in one transaction; whether that was the last of them."""
    async with in_transaction():
        file = await BankFile.filter(id=file_id).select_for_update().get()
        book = await Book.get(id=file.book_id)
        some = [BankLine.read(told) for told in file.waiting[:AT_ONCE]]
        known = {row["bank_key"] for row in await query(_KNOWN, book.id, [line.key for line in some])}
        lines = [line for line in some if line.key not in known]
        whose = await _whose(book, lines)
        # All bills that may be paid, before the book is taken: so nobody who holds one waits for what waits for them.
        theirs: dict[str, list[str]] = {}
        for row in sorted(
            await query(_HOLD, book.id, [each.home_id for each in whose.values()]), key=itemgetter("due_on", "number")
        ):
            theirs.setdefault(row["home_id"], []).append(row["id"])
        for line in lines:
            found = whose.get(line.key)
            first = [bill for bill in found.bill_ids if bill in theirs.get(found.home_id, ())] if found else []
            await receive(
                SYSTEM,
                book,
                found.home_id if found else None,
                line.amount,
                PaymentMethod.BANK_FILE,
                received_on=line.day,
                reference=line.reference,
                bill_ids=[*first, *(bill for bill in theirs.get(found.home_id, ()) if bill not in first)] if found else None,
                matched_by=found.by if found else MatchedBy.GIVEN,
                bank_file_id=file.id,
                bank_key=line.key,
            )
        file.waiting = file.waiting[AT_ONCE:]
        file.known += len(known)
        file.matched += len(whose)
        file.suspense += len(lines) - len(whose)
        file.total += sum((line.amount for line in lines), Decimal("0.00"))
        file.state = BankFileState.ENTERING if file.waiting else BankFileState.DONE
        await file.save(update_fields=["waiting", "known", "matched", "suspense", "total", "state"])
        return not file.waiting


async def _whose(book: Book, lines: Sequence[BankLine]) -> Mapping[str, _Whose]:
    """Whose the lines are, by key, as far as they say it: a bill's number before a home's code before the amount.

    A line that names two homes says nothing; nor does an amount that two lines or two bills have.
    """
    codes = {row["code"]: row["id"] for row in await query(_HOMES, book.compound_id, [c for line in lines for c in line.codes])}
    bills = {row["number"]: row for row in await query(_BILLS, book.id, [number for line in lines for number in line.bills])}
    amounts = {row["amount"]: row for row in await query(_AMOUNTS, book.id, [line.amount for line in lines])}
    once = [line.amount for line in lines]
    found: dict[str, _Whose] = {}
    for line in lines:
        named = [bills[number] for number in line.bills if number in bills]
        homes = {codes[code] for code in line.codes if code in codes}
        of_bills = {bill["home_id"] for bill in named}
        if len(of_bills) == 1:
            found[line.key] = _Whose(of_bills.pop(), MatchedBy.BILL_NUMBER, [bill["id"] for bill in named])
        elif len(homes) == 1 and not of_bills:
            found[line.key] = _Whose(homes.pop(), MatchedBy.HOME_CODE)
        elif not homes and not of_bills and line.amount in amounts and once.count(line.amount) == 1:
            row: Mapping[str, Any] = amounts[line.amount]
            found[line.key] = _Whose(row["home_id"], MatchedBy.AMOUNT, [row["bill"]])
    return found


def _sent_before() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("This file was sent before.", "该文件已导入过。"),
        path=("content",),
        hint=Text("Look it up among the book's bank files.", "请查看该账套的银行对账文件。"),
    )


def _invalid(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("content",), hint=hint)

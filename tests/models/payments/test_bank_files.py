"""Statements of banks: whose the lines are, what is not known, and what comes twice."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from domain.payments import BankFileState, BuyerKind, MatchedBy
from domain.refusals import RefusalCode, Refused
from models import BankFile, Bill, Payment, Work
from models.calendar import today
from models.payments import bank_files
from models.payments.bank_files import enter_lines, read_bank_file, send_bank_file
from models.payments.invoices import as_csv, as_json, export_invoices, report_invoice, request_invoice
from models.payments.rows import Receipt
from tests.models.ticket_world import refusal

from .world import Paying, a_paying_world, uneven

pytestmark = pytest.mark.usefixtures("database")


async def _send(world: Paying, content: bytes) -> BankFile:
    return await send_bank_file(world.cashier, world.book.id, content, read_bank_file(content, world.book.id))


async def test_lines_go_to_the_homes_that_they_name_and_else_to_suspense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_files, "AT_ONCE", 2)
    world, day = await a_paying_world(), today().isoformat()
    other = world.homes[1]
    rows: list[list[Any]] = [
        ["某银行对账单"],
        ["交易日期", "户名", "贷方发生额", "流水号", "摘要"],
        [day, "某某", "50.25", "S1", f"账单 {world.bills[1].number}"],
        [day, "某某", "30", "S2", other.code.lower()],
        [day, "某某", "100.00", "S3", "物业费"],
        [day, "某某", "7.77", "S4", "不知道"],
        [day, "某某", "7.77", "S5", f"{world.home.code} {other.code}"],
    ]
    content = "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")
    file = await _send(world, content)
    assert await Work.filter(kind="payment.bank_file").count() == 1
    assert [await enter_lines(file.id) for _ in range(3)] == [False, False, True]
    done = await BankFile.get(id=file.id)
    assert (done.state, done.matched, done.suspense, done.known) == (BankFileState.DONE, 3, 2, 0)
    assert done.total == Decimal("195.79")
    by = {payment.reference: (payment.matched_by, payment.home_id) for payment in await Payment.all()}
    assert by == {
        "S1": (MatchedBy.BILL_NUMBER, world.home.id),
        "S2": (MatchedBy.HOME_CODE, other.id),
        "S3": (MatchedBy.AMOUNT, world.home.id),
        "S4": (None, None),
        "S5": (None, None),
    }
    assert await world.open() == ["0.00", "0.00", "50.00"]
    assert (await refusal(_send(world, content))).code is RefusalCode.CONFLICT

    # The next month's file begins a little earlier: what is known from this one is passed over.
    book: Any = Workbook()
    for row in [*rows[1:2], *rows[5:], [day, "", "5.00", "S6", ""]]:
        book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    again = await _send(world, kept.getvalue())
    while not await enter_lines(again.id):
        pass
    done = await BankFile.get(id=again.id)
    assert (done.lines, done.known, done.suspense) == (3, 2, 1)
    assert await uneven() == []


async def test_what_is_no_statement_is_refused_by_its_row_and_column() -> None:
    world = await a_paying_world()
    for content in (b"", b"\0\1", b"PK\3\4 nothing", b"a,b\n1,2", "日期,金额\n2026-02-30,5".encode(), b"x" * 700_001):
        with pytest.raises(Refused) as told:
            read_bank_file(content, world.book.id)
        assert (told.value.code, told.value.path) == (RefusalCode.INVALID, ("content",))
    assert "第 2 行“日期”" in (await refusal(_raised("日期,金额\n2026-02-30,5".encode()))).message.zh
    assert (await refusal(_send(world, "日期,金额\n2026-02-03,-5".encode()))).path == ("content",)


async def _raised(content: bytes) -> None:
    read_bank_file(content, "")


async def test_an_invoice_is_asked_for_exported_and_made() -> None:
    world = await a_paying_world()
    await world.pay("60.00")
    (receipt,) = await Receipt.all()
    organisation = await refusal(request_invoice(world.resident, receipt.id, BuyerKind.ORGANISATION, buyer_code="91440300MA5"))
    assert organisation.path == ("buyer_code",)
    request = await request_invoice(world.resident, receipt.id, BuyerKind.PERSON)
    assert (await refusal(request_invoice(world.cashier, receipt.id, BuyerKind.PERSON))).code is RefusalCode.CONFLICT
    _, rows = await export_invoices(world.cashier, world.book.id)
    assert as_csv(rows).splitlines()[1].startswith(f"{request.id},1,60.00,PERSON,,")
    assert '"amount":"60.00"' in as_json(rows).replace(" ", "")
    assert (await export_invoices(world.cashier, world.book.id))[1] == []
    assert (await refusal(report_invoice(world.cashier, request.id, number="1", problem="x"))).code is RefusalCode.INVALID
    failed = await report_invoice(world.cashier, request.id, number=None, problem="The tax server is away.")
    assert (failed.state, failed.invoice_number) == ("FAILED", "")
    assert len((await export_invoices(world.cashier, world.book.id))[1]) == 1
    made = await report_invoice(world.cashier, request.id, number="26442000000000000001", problem=None)
    assert (made.state, made.problem) == ("ISSUED", "")
    assert (await refusal(report_invoice(world.cashier, request.id, number="2", problem=None))).code is RefusalCode.ILLEGAL_MOVE
    assert (await Bill.get(id=world.bills[0].id)).open == Decimal("40.00")

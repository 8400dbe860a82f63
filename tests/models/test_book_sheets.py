"""Sheets for books: homes' parts in items, meters and readings, what homes owe, balances, entries and expenses."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.access import Viewer
from domain.charges import FeeKind
from domain.refusals import RefusalCode, Refused
from domain.sheets import ImportState, SheetKind
from models import Bill, Expense, FeeAssignment, File, Job, JournalEntry, Meter, MeterReading, Payment, SheetImport
from models.calendar import today
from models.files import Folder, attach, readable
from models.ledger.statements import trial_balance
from models.sheets.importing import check, check_for_book, commit_for_book, perform
from settings import Settings
from tests.models.fees.world import BEGAN, an_item
from tests.models.ledger.world import BookWorld, a_book_world


class Sheets:
    """A book and who keeps it, and sheets that are sent to it."""

    def __init__(self, books: BookWorld, store: Folder) -> None:
        self.books, self.store = books, store

    async def sent(self, viewer: Viewer, *rows: str) -> File:
        with self.store.spooled() as path:
            path.write_text("\r\n".join(rows))
            return (await attach(viewer, self.books.book.id, "sheet.csv", path, self.store)).file

    async def worked(self, row: SheetImport) -> SheetImport:
        row = await SheetImport.get(id=row.id)
        with self.store.spooled() as path:
            path.write_bytes(b"".join([piece async for piece in self.store.read(row.file_id)]))
            await perform(row, path, job_id=(await row_job(row)))
        return await SheetImport.get(id=row.id)

    async def checked(self, kind: SheetKind, *rows: str, viewer: Viewer | None = None) -> SheetImport:
        who = viewer or self.books.manager
        return await self.worked(await check_for_book(who, (await self.sent(who, *rows)).id, kind))

    async def entered(self, kind: SheetKind, *rows: str) -> SheetImport:
        row = await self.checked(kind, *rows)
        assert (row.state, row.faults) == (ImportState.READY, [])
        row = await self.worked(await commit_for_book(self.books.manager, row.id))
        assert (row.state, row.faults) == (ImportState.DONE, [])
        return row

    async def told(self, kind: SheetKind, *rows: str) -> list[tuple[int, str, str]]:
        row = await self.checked(kind, *rows)
        assert row.state is ImportState.FAULTY
        return [(fault["row"], fault["column"], fault["message"]["en"]) for fault in row.faults]


async def row_job(row: SheetImport) -> str:
    """The job that is going on about the import."""
    jobs = await Job.filter(subject_id=row.id, ended_at=None)
    return jobs[0].id


@pytest.fixture
async def sheets(database: Settings) -> Sheets:
    return Sheets(await a_book_world(), Folder(database))


async def test_homes_parts_meters_and_readings_come_as_sheets(sheets: Sheets) -> None:
    books = sheets.books
    await an_item(books, "W1", FeeKind.METERED, name="水费")
    await an_item(books, "P1", FeeKind.FIXED, name="车位费")
    first, second, third = (home.code for home in books.homes)
    head = "房屋编码,收费项目,起始日期,结束日期,数量,减免比例(%),免收原因"
    rows = [f"{first},P1,{BEGAN},,２,10,", f"{second},车位费,{BEGAN},,,,困难减免"]
    await sheets.entered(SheetKind.FEE_ASSIGNMENTS, head, *rows)
    one, two = await FeeAssignment.all().order_by("quantity")
    assert (two.quantity, two.discount, one.quantity, one.exemption) == (2, 10, 1, "HARDSHIP")
    assert await sheets.told(
        SheetKind.FEE_ASSIGNMENTS, head, rows[0], *[f"{third},P1,{BEGAN},,,,"] * 2, "X,Q,2020-01-01,,0,,"
    ) == [
        (2, "房屋编码", "The home has a part in the item on some of these days."),
        (4, "房屋编码", "Row 3 has them on some of these days."),
        (5, "房屋编码", "There is none of this name here."),
        (5, "收费项目", "There is none of this name here."),
        (5, "数量", "It is out of range."),
    ]
    head = "表号,房屋编码,收费项目,表盘位数,起始读数,倍率,启用日期"
    await sheets.entered(SheetKind.METERS, head, f"M1,{first},W1,4,9990,,{BEGAN}", f"M2,{second},水费,5,,10,{BEGAN}")
    assert await sheets.told(SheetKind.METERS, head, f"M1,{first},W1,4,,,{BEGAN}", f"M3,{first},P1,4,99999,,{BEGAN}") == [
        (2, "表号", "A meter with this code counts for the item."),
        (3, "收费项目", "The item is not metered."),
        (3, "起始读数", "It is out of range."),
    ]
    head, day = "表号,抄表日期,读数,是否归零", [BEGAN + timedelta(days=n) for n in range(90)]
    rows = [f"M1,{day[60]},30,", f"M1,{day[30]},15,是", f"M2,{day[30]},2.5,"]
    await sheets.entered(SheetKind.METER_READINGS, head, *rows)
    read = await MeterReading.all().order_by("read_on", "used")
    assert [reading.used for reading in read] == [Decimal(25), Decimal(25), Decimal(15)]
    meter = await Meter.get(code="M1")
    assert (meter.value, meter.turns, meter.read_on, meter.version) == (30, 1, day[60], 2)
    assert await sheets.told(SheetKind.METER_READINGS, head, f"M1,{day[60]},40,", f"M2,{day[40]},1,", f"M2,{day[50]},3,x") == [
        (2, "抄表日期", f"The meter was read on {day[60]}."),
        (3, "读数", "The meter shows less than before: 1.000 after 2.500."),
        (4, "是否归零", "It is neither yes nor no."),
    ]


async def test_what_homes_owe_becomes_bills_once(sheets: Sheets) -> None:
    first, second, _ = (home.code for home in sheets.books.homes)
    head = "欠费清单\r\n房屋编码,金额,费用说明,收入科目,计费起始日,计费截止日,开具日期,到期日"
    days = f"{BEGAN},{BEGAN + timedelta(days=30)},{BEGAN},{BEGAN + timedelta(days=20)}"
    rows = [f'{first},"1,200.50",物业费,,{days}', f"{second},80,物业费,,{days}"]
    await sheets.entered(SheetKind.BILLS, head, *rows)
    assert [(bill.number, bill.total, bill.open) for bill in await Bill.all().order_by("number")] == [
        (1, Decimal("1200.50"), Decimal("1200.50")),
        (2, Decimal(80), Decimal(80)),
    ]
    assert await JournalEntry.filter(kind="BILLS").count() == 1
    balances = await trial_balance(sheets.books.book.id, today())
    assert sum(each.debit - each.credit for each in balances) == 0
    head_, paid = "房屋编码,金额,收款日期,收款方式,流水号", f"{second},50,{BEGAN + timedelta(days=9)}"
    await sheets.entered(SheetKind.PAYMENTS, head_, f"{paid},转账,T1", f"{paid},现金,")
    assert [bill.open for bill in await Bill.all().order_by("number")] == [Decimal("1200.50"), Decimal(0)]
    assert [payment.unallocated for payment in await Payment.all().order_by("unallocated")] == [Decimal(0), Decimal(20)]
    assert await sheets.told(SheetKind.PAYMENTS, head_, f"{paid},现金,", f"{paid},,", f"{paid},银行文件,T2") == [
        (2, "房屋编码", "This payment is entered already."),
        (3, "流水号", "It is required."),
        (4, "收款方式", "It is none of the words."),
    ]
    before = f"{BEGAN},{BEGAN + timedelta(days=30)},{BEGAN - timedelta(days=9)},{BEGAN}"
    assert await sheets.told(SheetKind.BILLS, head, rows[0], f"{second},-5,x,,{before}", *[f"{second},9,y,,{days}"] * 2) == [
        (3, "房屋编码", "The home was billed this before."),
        (4, "金额", "It is negative."),
        (4, "开具日期", f"The book has no entries before {BEGAN}."),
        (6, "房屋编码", "Row 5 has this home code too."),
    ]
    assert await Bill.all().count() == 2


async def test_balances_entries_and_expenses_come_as_sheets(sheets: Sheets) -> None:
    book = sheets.books.book
    await sheets.entered(SheetKind.OPENING_BALANCES, "科目,期初余额", "银行存款,5000", "CASH,12.30")
    (fault,) = await sheets.told(SheetKind.OPENING_BALANCES, "科目,期初余额", "库存现金,1")
    assert fault[2] == "The opening balance of CASH is posted."
    head = "凭证序号,日期,科目,借方,贷方,摘要"
    day = BEGAN + timedelta(days=5)
    good = [f"1,{day},库存现金,100,,提现", f"1,{day},银行存款,,100,提现"]
    await sheets.entered(SheetKind.JOURNAL_ENTRIES, head, *good)
    bad = [
        f"2,{day},库存现金,100,,x",
        f"2,{day},银行存款,,90,x",
        f"3,{day},应收账款,1,1,x",
        f"4,{day},库存现金,1,,x",
        f"4,{day},银行存款,,1,y",
    ]
    told = await sheets.told(SheetKind.JOURNAL_ENTRIES, head, *bad)
    assert [(row, message) for row, _, message in told if row != 4] == [
        (2, "Its lines do not balance."),
        (5, "Its lines have several days or texts."),
    ]
    assert {row for row, *_ in told} == {2, 4, 5}
    entries = await JournalEntry.filter(book_id=book.id).order_by("number")
    assert [(entry.kind, entry.text) for entry in entries] == [("OPENING", ""), ("MANUAL", "提现")]
    head = "类目,金额,用途,资金来源,支出日期,供应商,发票号码,开票日期,依据"
    await sheets.entered(SheetKind.EXPENSES, head, f"CLEANING,300,保洁,,{day},,F1,{day},")
    assert [(row.state, row.amount) for row in await Expense.all()] == [("DRAFT", Decimal(300))]
    assert await sheets.told(
        SheetKind.EXPENSES, head, f"CLEANING,1,aa,COMMON_AREA,{day},没有,,,", f"CLEANING,1,bb,,{day},,F1,,"
    ) == [
        (2, "依据", "The owners' money is spent by a resolution."),
        (2, "供应商", "There is none of this name here."),
        (3, "发票号码", "This invoice is entered already."),
    ]


async def test_a_book_is_its_keepers_alone(sheets: Sheets) -> None:
    books = sheets.books
    file = await sheets.sent(books.cashier, "科目,期初余额", "库存现金,1")
    assert await readable(books.officer, [file.id]) == await readable(books.member, [file.id]) == {}
    refused: list[tuple[Callable[[Viewer, str, SheetKind], Awaitable[SheetImport]], Viewer, SheetKind, RefusalCode]] = [
        (check_for_book, books.officer, SheetKind.BILLS, RefusalCode.NOT_FOUND),
        (check_for_book, books.cashier, SheetKind.OPENING_BALANCES, RefusalCode.FORBIDDEN),
        (check_for_book, books.manager, SheetKind.HOMES, RefusalCode.INVALID),
        (check, books.manager, SheetKind.BILLS, RefusalCode.INVALID),
    ]
    for act, viewer, kind, code in refused:
        with pytest.raises(Refused) as told:
            await act(viewer, file.id, kind)
        assert told.value.code is code, kind
    row = await sheets.checked(SheetKind.OPENING_BALANCES, "科目,期初余额", "库存现金,1")
    with pytest.raises(Refused) as told:
        await commit_for_book(books.cashier, row.id)
    assert told.value.code is RefusalCode.FORBIDDEN

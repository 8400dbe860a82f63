"""Registers that come as sheets: hostile ones refused, half wrong ones told of, good ones entered whole or not at all."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from domain.access import Role
from domain.facilities import FacilityKind
from domain.facilities.imports import headings
from domain.refusals import RefusalCode, Refused
from domain.sheets import Faults, ImportState, SheetFault, SheetKind, SheetReader, SheetRow
from domain.upkeep import UPKEEP_WORK
from models import Compound, Facility, FacilityStatusChange, File, Place, SheetImport, Work
from models.files import Folder, attach, remove
from models.sheets import CSV, XLSX, open_sheet, sheet_kind, template
from models.sheets.importing import check, commit, perform
from settings import Settings
from tests.builders import a_building, a_community, a_compound, a_facility, a_street
from tests.models.ticket_world import somebody

HEADINGS = headings(FacilityKind.EXTINGUISHER)
HEAD = ("编码", "名称", "灭火剂", "出厂日期")
GOOD = [("E-1", "灭火器", "干粉", "2020-05-01"), ("E-2", "灭火器", "CO2", "2021-05-01")]


def a_csv(*rows: tuple[object, ...], encoding: str = "utf-8") -> bytes:
    lines = [HEAD, *rows]
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode(encoding)


def a_workbook(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    given: list[Any] = [head, *rows]
    for row in given:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def a_workbook_saying(row: tuple[object, ...], numbers: Mapping[int, str], head: tuple[str, ...] = HEAD) -> bytes:
    """A workbook whose numbers are written as others than the library write them."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(a_workbook(row, head=head))) as parts, zipfile.ZipFile(kept, "w") as written:
        for name in parts.namelist():
            content = parts.read(name)
            for number, said in numbers.items():
                content = content.replace(f"<v>{number}</v>".encode(), f"<v>{said}</v>".encode())
            written.writestr(name, content)
    return kept.getvalue()


def a_bomb(*, inner: bytes = b"", name: str = "xl/workbook.xml", also: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, b"<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", inner)
        for part, content in also.items():
            parts.writestr(part, content)
    return kept.getvalue()


def read_sheet(path: Path, kind: str) -> tuple[list[SheetRow], list[SheetFault], dict[str, str]]:
    """The rows of a file, what is wrong in it, and its titles."""
    faults = Faults()
    with open_sheet(path, kind) as opened:
        reader = SheetReader(opened.name, HEADINGS, faults, merged=opened.merged)
        return list(reader.rows(opened.rows)), faults.told, reader.titles


@pytest.mark.parametrize(
    "content", [a_csv(*GOOD), a_csv(*GOOD, encoding="gb18030"), a_csv(*GOOD, encoding="utf-16"), a_workbook(*GOOD)]
)
def test_sheets_of_every_kind_say_the_same(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(content)
    kind = sheet_kind(path)
    assert kind is not None
    rows, faults, _ = read_sheet(path, kind)
    assert [dict(row.cells) for row in rows] == [
        {"code": code, "name": name, "agent": agent, "made_on": made} for code, name, agent, made in GOOD
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (a_bomb(inner=b"0" * 140_000_000), "too large"),
        (a_bomb(inner=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "entities"),
        (a_bomb(name="word/document.xml"), "no workbook"),
        (a_workbook(*GOOD)[:-30], "broken"),
        (b"PK\x03\x04nonsense", "broken"),
        (a_bomb(inner=b"<!--" + b" " * 5_000_000 + b'--><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "entities"),
        (a_bomb(inner="<!DOCTYPE x><x/>".encode("utf-16")), "entities"),
        (a_bomb(also={"xl/styles.xml": b"<xf/>" * 300_000}), "styles"),
        (a_bomb(also={"xl/other.xml": b'<x:sheet name="a"/><sheet name="b"/>' * 101}), "more than 200 sheets"),
    ],
    ids=["bomb", "entities", "document", "cut", "nonsense", "late-entities", "utf-16", "styles", "sheets"],
)
def test_a_hostile_or_broken_workbook_is_refused_before_it_is_unpacked(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(content)
    with pytest.raises(Refused, match=says) as refused:
        sheet_kind(path)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("file_id",))
    path.write_bytes(a_bomb(inner=b"<nothing"))
    with pytest.raises(Refused, match="broken"):
        read_sheet(path, XLSX)
    path.write_bytes(b"\0\1")
    assert sheet_kind(path) is None


def test_a_formula_comes_as_text_and_is_not_reckoned(tmp_path: Path) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(a_workbook(("E-1", '=HYPERLINK("https://example.com")', "干粉", "2020-05-01")))
    (fault,) = read_sheet(path, XLSX)[1]
    assert (fault.row, fault.column, "formula" in fault.message.en) == (2, "名称", True)
    # one over several cells comes as an object of the library, which is no text either
    path.write_bytes(a_workbook(("E-1", ArrayFormula("B2:B3", "=SUM(1,2)"), "干粉", "#REF!")))
    assert [(fault.column, "formula" in fault.message.en) for fault in read_sheet(path, XLSX)[1]] == [
        ("名称", True),
        ("出厂日期", True),
    ]


def test_what_stands_far_below_is_read_too(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(a_workbook(*GOOD)))
    book.worksheets[0].cell(30_000, 1, "E-3")
    book.save(path := tmp_path / "sheet")
    assert [row.number for row in read_sheet(path, XLSX)[0]] == [2, 3, 30_000]


def test_a_template_can_be_filled_in_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "sheet"
    book = load_workbook(BytesIO(template("灭火器", HEADINGS, XLSX, "zh-CN")))
    book.worksheets[0].append(["E-1", "灭火器", None, None, "WATER", "2020-05-01"])
    assert len(book.worksheets[1]["A"]) == len(HEADINGS)
    book.save(path)
    assert read_sheet(path, XLSX)[0][0].cells["agent"] == "WATER"
    book = load_workbook(BytesIO(a_workbook(*GOOD)))
    book.worksheets[0].merge_cells("B2:B3")
    book.save(path)
    assert [(fault.row, fault.column) for fault in read_sheet(path, XLSX)[1]] == [(2, "B")]
    path.write_bytes(template("灭火器", HEADINGS, CSV, "en"))
    rows, faults, titles = read_sheet(path, CSV)
    assert (len(titles), rows, faults) == (len(HEADINGS), [], [])


class World:
    """A compound, and who keeps its register."""

    def __init__(self, compound: Compound, store: Folder) -> None:
        self.compound, self.store = compound, store

    async def begun(self, content: bytes) -> SheetImport:
        viewer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=self.compound.street_id))
        with self.store.spooled() as sent:
            sent.write_bytes(content)
            file = (await attach(viewer, self.compound.id, "register", sent, self.store)).file
        return await check(viewer, file.id, SheetKind.FACILITIES, FacilityKind.EXTINGUISHER)

    async def worked(self, row: SheetImport) -> SheetImport:
        row = await SheetImport.get(id=row.id)
        with self.store.spooled() as sheet:
            sheet.write_bytes(b"".join([piece async for piece in self.store.read(row.file_id)]))
            await perform(row, sheet)
        return await SheetImport.get(id=row.id)


@pytest.fixture
async def world(database: Settings) -> World:
    compound = await a_compound(await a_community(await a_street()))
    await a_building(compound, name="24栋")
    return World(compound, Folder(database))


async def test_a_good_sheet_is_checked_then_entered_as_a_whole(world: World) -> None:
    row = await world.worked(await world.begun(a_workbook(*GOOD)))
    assert (row.state, row.rows, row.fault_count, await Facility.exists()) == (ImportState.READY, 2, 0, False)
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=world.compound.street_id))
    row = await world.worked(await commit(officer, row.id))
    assert row.state is ImportState.DONE
    first, second = await Facility.all().order_by("code")
    assert (first.code, first.kind, first.attributes) == (
        "E-1",
        FacilityKind.EXTINGUISHER,
        {"agent": "POWDER", "made_on": "2020-05-01"},
    )
    assert (str(first.scrap_on), str(second.scrap_on)) == ("2030-05-01", "2033-05-01")
    assert await FacilityStatusChange.all().count() == 2
    assert await Work.filter(kind="sheet_import").count() == 2
    wound = await Work.get(kind=UPKEEP_WORK)
    assert sorted(wound.payload["facilities"]) == sorted([first.id, second.id])
    with pytest.raises(Refused) as refused:
        await commit(officer, row.id)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE


async def test_half_its_rows_wrong_are_all_told_and_nothing_is_entered(world: World) -> None:
    await a_facility(world.compound, code="E-9")
    bad = [("E-1", "", "干粉", "2020-05-01"), ("E-9", "灭火器", "sand", "tomorrow")]
    row = await world.worked(await world.begun(a_csv(*GOOD, *bad)))
    assert (row.state, row.rows, row.bad_rows, row.fault_count) == (ImportState.FAULTY, 4, 2, 5)
    told = [(fault["row"], fault["column"], fault["message"]["en"]) for fault in row.faults]
    assert told == [
        (4, "名称", "It is required."),
        (4, "编码", "Row 2 has this code too."),
        (5, "灭火剂", "It is none of the words."),
        (5, "出厂日期", "It is no day."),
        (5, "编码", "A facility has this code already."),
    ]
    assert await Facility.all().count() == 1
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=world.compound.street_id))
    with pytest.raises(Refused) as refused:
        await commit(officer, row.id)
    assert refused.value.path == ("id",)


async def test_what_others_entered_meanwhile_stops_all_of_it(world: World) -> None:
    row = await world.worked(await world.begun(a_csv(*GOOD)))
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=world.compound.street_id))
    row = await commit(officer, row.id)
    await a_facility(world.compound, code="E-2")
    row = await world.worked(row)
    assert (row.state, row.faults[0]["row"], await Facility.all().count()) == (ImportState.FAULTY, 3, 1)


async def test_a_code_is_taken_however_the_sheet_writes_its_number(world: World) -> None:
    await a_facility(world.compound, code="12")
    row = await world.worked(await world.begun(a_workbook_saying((12, "灭火器", "干粉", "2020-05-01"), {12: "12.0"})))
    assert (row.state, [fault["message"]["en"] for fault in row.faults]) == (
        ImportState.FAULTY,
        ["A facility has this code already."],
    )


async def test_numbers_that_no_float_holds_are_told_and_end_the_import(world: World) -> None:
    head = (*HEAD, "灭火剂质量")
    content = a_workbook_saying((77, 77, "干粉", 77, 77), {77: "9" * 400}, head=head)
    row = await world.worked(await world.begun(content))
    assert (row.state, row.bad_rows, row.fault_count) == (ImportState.FAULTY, 1, 4)


async def test_nothing_is_entered_from_a_sheet_that_was_removed_meanwhile(world: World) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=world.compound.street_id))
    row = await commit(officer, (await world.worked(await world.begun(a_csv(*GOOD)))).id)
    await remove(officer, row.file_id)
    row = await world.worked(row)
    assert (row.state, row.faults[0]["message"]["en"]) == (ImportState.FAULTY, "The sheet was removed.")
    await perform(row, None)
    assert (row.fault_count, await Facility.exists()) == (1, False)


async def test_only_a_sheet_of_the_compound_is_checked_by_who_keeps_its_register(world: World) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=world.compound.street_id))
    worker = await somebody(Role.GRID_WORKER, compound=world.compound)
    file = await File.get(id=(await world.begun(a_csv(*GOOD))).file_id)
    with pytest.raises(Refused) as refused:
        await check(worker, file.id, SheetKind.FACILITIES, FacilityKind.LIFT)
    assert refused.value.code is RefusalCode.FORBIDDEN
    await remove(officer, file.id)
    with pytest.raises(Refused) as refused:
        await check(officer, file.id, SheetKind.FACILITIES, FacilityKind.LIFT)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("file_id",))
    with world.store.spooled() as sent:
        sent.write_bytes(b"\xff\xd8\xff\xe0 a picture \0")
        with pytest.raises(Refused, match="Only sheets"):
            await attach(officer, world.compound.id, "x.jpg", sent, world.store)

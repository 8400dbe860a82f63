"""Lists that are taken away as sheets: what everybody sees of them, and nothing in them that would run."""

import csv
from collections.abc import AsyncGenerator
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import httpx2
import pytest
from graphql import parse, validate
from openpyxl import load_workbook

from api.asgi import create_app
from api.exports.lists import LISTS
from api.exports.writing import CsvWriter, Writer, XlsxWriter
from api.schema import SCHEMA
from domain.access import Role
from models import Compound, Fact, Home
from settings import Settings
from tests.api.doors import bearer
from tests.builders import a_building, a_company_serving, a_compound, a_home, a_unit, an_account

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain", "<&>\x01", "'quoted", " kept "]


@pytest.fixture
async def http(database: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    app = create_app(database)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://steward.test") as client:
            yield client


@pytest.fixture
async def compound(database: Settings) -> Compound:
    compound = await a_compound(code="K")
    unit = await a_unit(await a_building(compound, name="1栋"), name="=cmd()")
    first = await a_home(unit, code="H-000", name="=1+1", area_m2="89.50", residents=3)
    await Home.bulk_create(
        [Home(code=f"H-{n:03}", name=str(n), floor=1, area_m2="50.00", unit_id=unit.id, **_place(first)) for n in range(1, 250)]
    )
    return compound


def _place(home: Home) -> dict[str, Any]:
    return {"compound_id": home.compound_id, "street_id": home.street_id}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_asks_what_there_is(name: str) -> None:
    assert validate(SCHEMA, parse(LISTS[name].document)) == []


def _written(writer: Writer, *rows: list[Any]) -> bytes:
    return b"".join([writer.begin("表", ["甲"]), *(writer.rows([row]) for row in rows), writer.end()])


def test_what_would_run_in_a_spreadsheet_is_kept_from_it() -> None:
    said = _written(CsvWriter(), HOSTILE, [None, Decimal("-5.00")])
    assert said.startswith(b"\xef\xbb\xbf")
    _, first, second = csv.reader(StringIO(said.decode("utf-8-sig"), newline=""))
    assert first == [f"'{text}" for text in HOSTILE[:5]] + HOSTILE[5:]
    assert second == ["", "-5.00"]
    book = load_workbook(BytesIO(_written(XlsxWriter(), HOSTILE, [None, Decimal("-5.00"), "长" * 40])))
    sheet = book.worksheets[0]
    assert (sheet.title, sheet["A1"].value) == ("表", "甲")
    cells = [sheet.cell(2, column) for column in range(1, len(HOSTILE) + 1)]
    assert [cell.value for cell in cells] == [text.replace("\x01", "") for text in HOSTILE]
    assert [cell.data_type for cell in cells[:5]] == ["s"] * 5, "no cell is a formula"
    assert [cell.quotePrefix for cell in cells[:6]] == [True] * 5 + [False]
    assert [sheet.cell(3, column).value for column in (1, 2)] == [None, -5]


async def test_whoever_asks_gets_the_rows_and_fields_that_they_see(
    http: httpx2.AsyncClient, compound: Compound, database: Settings
) -> None:
    company = await a_company_serving(compound)
    of_company: dict[str, Any] = {"organisation": company}
    of_committee: dict[str, Any] = {"compound": compound}
    for role, bound, shown in ((Role.COMPANY_STAFF, of_company, "3"), (Role.COMMITTEE_MEMBER, of_committee, "")):
        headers = {"authorization": await bearer(await an_account(role, **bound), database), "accept-language": "zh-CN"}
        answer = await http.get(f"/exports/homes.csv?compound={compound.id}", headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["content-disposition"] == 'attachment; filename="homes-K.csv"'
        head, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
        assert head == ["房屋编码", "房号", "楼栋", "单元", "楼层", "建筑面积 (m²)", "用途", "居住人数"]
        assert [row[0] for row in rows] == [f"H-{n:03}" for n in range(250)], "all of them, once, in order"
        assert (rows[0][1:4], rows[0][5:]) == (["'=1+1", "1栋", "'=cmd()"], ["89.50", "住宅", shown])
        book = await http.get(f"/exports/homes.xlsx?compound={compound.id}", headers=headers)
        assert load_workbook(BytesIO(book.content)).worksheets[0].max_row == 251
    assert await Fact.filter(action="listExport", subject_id=compound.id).count() == 4


async def test_what_cannot_be_taken_away_is_refused(http: httpx2.AsyncClient, compound: Compound, database: Settings) -> None:
    stranger = await an_account(Role.COMPANY_STAFF, organisation=await a_company_serving(await a_compound()))
    headers = {"authorization": await bearer(stranger, database)}
    for path, sent, status in (
        (f"/exports/homes.csv?compound={compound.id}", {}, 401),
        (f"/exports/homes.csv?compound={compound.id}", headers, 404),
        (f"/exports/nothing.csv?compound={compound.id}", headers, 404),
        (f"/exports/homes.exe?compound={compound.id}", headers, 404),
        ("/exports/homes.csv", headers, 400),
        ("/exports/homes.csv?compound=x&compound=y", headers, 400),
    ):
        assert (await http.get(path, headers=sent)).status_code == status, path
    assert (await http.post(f"/exports/homes.csv?compound={compound.id}", headers=headers)).status_code == 405
    assert not await Fact.exists(action="listExport")

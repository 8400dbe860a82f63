"""Sheets told through HTTP: a register that comes in and goes out again, and what homes owe, with the jobs that read them."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import httpx2

from domain.access import Role
from domain.ledger import BookRegime
from models.calendar import today
from tests.builders import a_building, a_community, a_company_serving, a_compound, a_street, a_unit, an_account
from tests.waiting import until

from .stack import Client, Stack, log_in

PASSWORD = "Correct-horse-7"
_ASK = """query ($id: ID!) { node(id: $id) { ... on SheetImport { state rows badRows faultCount
  jobs(first: 1) { nodes { id state done total errors } } } } }"""
_FAULTS = "query ($id: ID!) { sheetImportFaults(id: $id) { row column message remedy } }"


async def _act(client: Client, act: str, **given: Any) -> dict[str, Any]:
    kind = f"{act[0].upper()}{act[1:]}Input"
    what = "book { id }" if act == "bookOpen" else "sheetImport { id }"
    query = f"mutation ($i: {kind}!) {{ {act}(input: $i) {{ {what} errors {{ code field }} }} }}"
    return (await client.ask(query, i=given))[act]


async def _settled(client: Client, id_: str) -> dict[str, Any]:
    """The import, once its job is over."""
    told: dict[str, Any] = {}

    async def over() -> bool:
        told.update((await client.ask(_ASK, id=id_))["node"])
        return told["jobs"]["nodes"][0]["state"] not in {"QUEUED", "RUNNING"}

    await until(over, what="the job")
    return told | told.pop("jobs")["nodes"][0] | {"import": told["state"]}


async def _checked(client: Client, act: str, subject: str, text: str, **given: Any) -> tuple[str, dict[str, Any]]:
    async with httpx2.AsyncClient(timeout=15) as http:
        where = {"subject": subject, "name": "sheet.csv"}
        sent = await http.post(f"{client.stack.url}/files", params=where, content=text.encode("gb18030"), headers=client.headers)
        assert sent.status_code == 201, sent.text
    made = await _act(client, act, fileId=sent.json()["id"], **given)
    assert made["errors"] == [], made
    return made["sheetImport"]["id"], await _settled(client, made["sheetImport"]["id"])


async def _list(client: Client, name: str, compound_id: str) -> list[list[str]]:
    async with httpx2.AsyncClient(timeout=15) as http:
        url = f"{client.stack.url}/exports/{name}.csv?compound={compound_id}"
        answer = await http.get(url, headers={**client.headers, "accept-language": "zh-CN"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_register_and_what_homes_owe_come_as_sheets_and_go_again(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street), code="KQ")
    await a_unit(await a_building(compound, name="1栋"), name="1单元")
    company = await a_company_serving(compound)
    await an_account(Role.STREET_OFFICER, login="the.officer", password=PASSWORD, place=street)
    await an_account(Role.COMPANY_MANAGER, login="the.manager", password=PASSWORD, organisation=company)
    await stack.start()
    officer, manager = [(await log_in(stack, f"the.{name}", PASSWORD))[0] for name in ("officer", "manager")]

    # a register half wrong is told of; put right, it is entered whole, and by whoever may
    head = "小区住户房屋表\r\n房屋编码,房号,楼栋,单元,楼层,建筑面积（m²）,用途\r\n"
    rows = [f"H-{n},{n},1栋,1单元,{n % 20 + 1},８９.５,住宅" for n in range(1, 251)]
    wrong = [*rows[:2], rows[0], "H-9,9,2栋,1单元,一,89.5,城堡"]
    id_, told = await _checked(officer, "sheetImportCheck", compound.id, head + "\r\n".join(wrong), kind="HOMES")
    assert (told["import"], told["badRows"], told["state"], told["errors"]) == ("FAULTY", 2, "DONE", 2)
    faults = (await officer.ask(_FAULTS, id=id_))["sheetImportFaults"]
    assert [(fault["row"], fault["column"]) for fault in faults] == [(5, "房屋编码"), *((6, c) for c in ("楼栋", "楼层", "用途"))]
    id_, told = await _checked(officer, "sheetImportCheck", compound.id, head + "\r\n".join(rows), kind="HOMES")
    assert (told["import"], told["done"], told["total"], told["errors"]) == ("READY", 250, 250, 0)
    assert (await _act(manager, "sheetImportCommit", id=id_))["errors"] == [{"code": "FORBIDDEN", "field": []}]
    assert (await _act(officer, "sheetImportCommit", id=id_))["errors"] == []
    assert (await _settled(officer, id_))["import"] == "DONE"
    listed = await _list(manager, "homes", compound.id)
    assert (len(listed), listed[1][:2]) == (251, ["H-1", "1"])

    # what homes owe goes into the company's book: the street sees that it was done, and neither the sheet nor the bills
    first = today().replace(year=today().year - 1, month=1, day=1)
    opened = {"compoundId": compound.id, "organisationId": company.id, "regime": BookRegime.LUMP_SUM, "openedOn": str(first)}
    book = (await _act(manager, "bookOpen", **opened))["book"]["id"]
    days = f"{first},{first + timedelta(days=30)},{first},{first + timedelta(days=20)}"
    owed = "房屋编码,金额,费用说明,计费起始日,计费截止日,开具日期,到期日\r\n" + "\r\n".join(
        f'H-{n},"1,000.{n:02}",物业费,{days}' for n in range(1, 21)
    )
    id_, told = await _checked(manager, "bookImportCheck", book, owed, kind="BILLS")
    assert (told["import"], told["rows"]) == ("READY", 20)
    assert (await _act(manager, "bookImportCommit", id=id_))["errors"] == []
    assert (await _settled(manager, id_))["import"] == "DONE"
    bills = await _list(manager, "bills", compound.id)
    assert sorted(bill[7] for bill in bills[1:]) == sorted(f"1000.{n:02}" for n in range(1, 21))
    assert (await officer.ask(_ASK, id=id_))["node"]["rows"] == 20
    assert (await officer.ask("query ($id: ID!) { node(id: $id) { ... on SheetImport { file { id } } } }", id=id_))["node"] == {
        "file": None
    }
    assert len(await _list(officer, "bills", compound.id)) == 1
    journal = (await _list(officer, "journal", compound.id))[1:]
    assert (len(journal), {line[7] for line in journal}) == (21, {""}), "the street sees what was booked, and no home"
    assert {line[7] for line in (await _list(manager, "journal", compound.id))[1:]} == {"", *(f"H-{n}" for n in range(1, 21))}

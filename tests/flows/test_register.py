"""A compound's register told through HTTP: lift 24 that stood still for a year, a sheet half wrong, cameras, a code to scan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2

from domain.access import Role
from tests.builders import (
    a_building,
    a_community,
    a_company_serving,
    a_compound,
    a_device,
    a_home,
    a_street,
    a_unit,
    an_account,
)
from tests.waiting import until

from .stack import Client, Stack, log_in

PASSWORD = "Correct-horse-7"
_SCAN = """query ($id: ID!) { node(id: $id) { ... on Facility {
  id name status attributes qr compound { id } devices { nodes { id } } } } }"""
_DOWN = """query ($id: ID!, $from: DateTime!, $to: DateTime) { facilityDowntime(id: $id, from: $from, to: $to) {
  outSeconds downSeconds availability longestDownSeconds spells { status seconds goingOn } } }"""
_SHARES = """query ($from: DateTime!, $to: DateTime) { facilityAvailability(from: $from, to: $to, per: KIND) {
  key name facilities everDown availability } }"""
_IMPORT = "query ($id: ID!) { node(id: $id) { ... on SheetImport { state rows badRows faultCount } } }"
_FAULTS = "query ($id: ID!) { sheetImportFaults(id: $id) { sheet row column message remedy } }"
_COVERAGE = "query ($id: ID!) { cameraCoverage(compoundId: $id) { declared covered percent missing { kind name } } }"
_COUNTS = "query ($c: String!) { compound(code: $c) { id zoneCount coveredZoneCount facilityCount } }"
_TWO_YEARS = {"from": "2022-01-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}


async def _act(client: Client, act: str, what: str, given: dict[str, Any]) -> Any:
    kind = f"{act[0].upper()}{act[1:]}Input"
    query = f"mutation ($i: {kind}!) {{ {act}(input: $i) {{ {what} errors {{ code field message hint }} }} }}"
    return (await client.ask(query, i=given))[act]


async def _done(client: Client, act: str, what: str = "facility { id version }", **given: Any) -> Any:
    payload = await _act(client, act, what, given)
    assert payload.pop("errors") == [], payload
    (made,) = payload.values()
    return made


async def _refused(client: Client, act: str, **given: Any) -> tuple[str, list[str]]:
    (error,) = (await _act(client, act, "__typename", given))["errors"]
    assert error["message"]
    assert error["hint"] or error["code"] == "FORBIDDEN"
    return error["code"], error["field"]


async def _sent(client: Client, compound_id: str, text: str) -> str:
    """The id of a sheet that was sent to a compound."""
    where = {"subject": compound_id, "name": "register.csv"}
    async with httpx2.AsyncClient(timeout=15) as http:
        url = f"{client.stack.url}/files"
        answer = await http.post(url, params=where, content=text.encode(), headers=client.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _checked(client: Client, file_id: str) -> tuple[str, dict[str, Any]]:
    """The import of a sheet of extinguishers, once it was checked."""
    sheet = {"fileId": file_id, "kind": "FACILITIES", "facilityKind": "EXTINGUISHER"}
    made = (await _done(client, "sheetImportCheck", "sheetImport { id }", **sheet))["id"]
    return made, await _settled(client, made, "CHECKING")


async def _settled(client: Client, id_: str, passing: str) -> dict[str, Any]:
    told: dict[str, Any] = {}

    async def settled() -> bool:
        told.update((await client.ask(_IMPORT, id=id_))["node"])
        return told["state"] != passing

    await until(settled, what="the import")
    return told


async def test_the_register_of_a_compound_tells_its_story(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    compound, neighbour = await a_compound(community, code="KQ"), await a_compound(community)
    company = await a_company_serving(compound)
    building = await a_building(compound, name="24栋")
    unit = await a_unit(building, name="1单元")
    home, elsewhere = await a_home(unit), await a_compound(await a_community(await a_street()))
    for name, role, bound in (
        ("manager", Role.COMPANY_MANAGER, {"organisation": company}),
        ("officer", Role.STREET_OFFICER, {"place": street}),
        ("resident", Role.RESIDENT, {"home": home}),
    ):
        await an_account(role, login=f"the.{name}", password=PASSWORD, **bound)
    await stack.start()
    manager, officer, resident = [
        (await log_in(stack, f"the.{name}", PASSWORD))[0] for name in ("manager", "officer", "resident")
    ]

    # lift 24 is entered; what cannot be is refused by name
    lift = {"compoundId": compound.id, "code": "KQ-LFT-24-1", "kind": "LIFT", "name": "24栋电梯", "unitId": unit.id}
    good = {"in_use_since": "2008-06-30", "stops": 18, "rated_load_kg": {"value": 1000, "unit": "kg"}}
    for wrong, key in (
        ({**good, "rated_load_kg": {"value": 1, "unit": "t"}}, "rated_load_kg"),
        ({**good, "colour": "red"}, "colour"),
        ({"stops": 18}, "in_use_since"),
        ({**good, "stops": "many"}, "stops"),
    ):
        assert await _refused(manager, "facilityAdd", **lift, attributes=wrong) == ("INVALID", ["attributes", key])
    assert await _refused(resident, "facilityAdd", **lift, attributes=good) == ("FORBIDDEN", [])
    id_ = (await _done(manager, "facilityAdd", **lift, attributes=good))["id"]
    assert await _refused(manager, "facilityAdd", **lift, attributes=good) == ("CONFLICT", ["code"])
    amended = await _done(manager, "facilityAmend", id=id_, attributes={"maker": "Maker"}, expectedVersion=1)
    assert await _refused(manager, "facilityAmend", id=id_, name="x", expectedVersion=1) == ("STALE_VERSION", ["expectedVersion"])
    assert amended["version"] == 2

    # it stood still for over a year, whatever the order in which that is told
    for status, since in (
        ("IN_SERVICE", "2023-08-21T08:30:00Z"),
        ("OUT_OF_SERVICE", "2022-04-18T00:40:00Z"),
        ("UNDER_MAINTENANCE", "2023-07-03T01:00:00Z"),
    ):
        await _done(manager, "facilityReportStatus", id=id_, status=status, since=since)
    down = (await officer.ask(_DOWN, id=id_, **_TWO_YEARS))["facilityDowntime"]
    assert down["outSeconds"] > 365 * 86_400
    assert down["longestDownSeconds"] == down["downSeconds"] == 490 * 86_400 + 7 * 3_600 + 50 * 60
    assert down["availability"] == 0.32832
    assert [spell["status"] for spell in down["spells"]] == ["IN_SERVICE", "OUT_OF_SERVICE", "UNDER_MAINTENANCE", "IN_SERVICE"]
    (lifts,) = (await officer.ask(_SHARES, **_TWO_YEARS))["facilityAvailability"]
    assert (lifts["key"], lifts["facilities"], lifts["everDown"], lifts["availability"]) == ("LIFT", 1, 1, 0.32832)

    # a sheet with half its rows wrong: told of all of them, nothing written
    head = "编码,名称,楼栋,灭火剂,出厂日期\r\n"
    rows = "KQ-EXT-1,灭火器,24栋,干粉,2015-05-01\r\nKQ-EXT-2,灭火器,24栋,CO2,2021-05-01\r\n"
    bad = "KQ-EXT-1,灭火器,24栋,沙子,2015-05-01\r\nKQ-EXT-4,,25栋,干粉,=1+1\r\n"
    made, told = await _checked(manager, await _sent(manager, compound.id, head + rows + bad))
    assert told == {"state": "FAULTY", "rows": 4, "badRows": 2, "faultCount": 5}
    faults = (await manager.ask(_FAULTS, id=made))["sheetImportFaults"]
    assert sorted((fault["row"], fault["column"]) for fault in faults) == sorted(
        [(4, "灭火剂"), (4, "编码"), (5, "出厂日期"), (5, "名称"), (5, "楼栋")]
    )
    assert all(fault["message"] and fault["remedy"] for fault in faults)
    assert await _refused(manager, "sheetImportCommit", id=made) == ("ILLEGAL_MOVE", ["id"])
    assert (await manager.ask(_COUNTS, c="KQ"))["compound"]["facilityCount"] == 1
    made, told = await _checked(manager, await _sent(manager, compound.id, head + rows))
    assert told["state"] == "READY"
    await _done(manager, "sheetImportCommit", "sheetImport { state }", id=made)
    assert (await _settled(manager, made, "COMMITTING"))["state"] == "DONE"
    overdue = """query ($d: Date!) { facilities(filter: {scrapOn: {lt: $d}}) { nodes { code scrapOn } } }"""
    scrap = (await officer.ask(overdue, d="2026-01-01"))["facilities"]["nodes"]
    assert scrap == [{"code": "KQ-EXT-1", "scrapOn": "2025-05-01"}]

    # cameras cover one of two zones, until the one goes off line
    ground, garage = [
        (await _done(manager, "zoneDeclare", "zone { id }", compoundId=compound.id, kind=kind, name=kind))["id"]
        for kind in ("GROUND", "GARAGE")
    ]
    eye = {"compoundId": compound.id, "code": "KQ-CAM-1", "kind": "CAMERA", "name": "摄像头"}
    camera = (await _done(manager, "facilityAdd", **eye))["id"]
    assert await _refused(manager, "cameraCover", id=id_, zoneIds=[ground]) == ("INVALID", ["id"])
    await _done(manager, "cameraCover", id=camera, zoneIds=[ground])
    told = (await officer.ask(_COVERAGE, id=compound.id))["cameraCoverage"]
    assert told == {"declared": 2, "covered": 1, "percent": 50.0, "missing": [{"kind": "GARAGE", "name": "GARAGE"}]}
    assert (await resident.ask(_COVERAGE, id=compound.id))["cameraCoverage"] is None
    counts = (await manager.ask(_COUNTS, c="KQ"))["compound"]
    assert (counts["zoneCount"], counts["coveredZoneCount"]) == (2, 1)
    await _done(manager, "zoneWithdraw", "zone { id }", id=garage)
    await _done(manager, "facilityReportStatus", id=camera, status="OUT_OF_SERVICE")
    assert (await officer.ask(_COVERAGE, id=compound.id))["cameraCoverage"]["covered"] == 0

    # a resident scans the code, sees the lift and reports
    async with httpx2.AsyncClient(timeout=15) as http:
        scanned = (await resident.ask(_SCAN, id=id_))["node"]
        picture = await http.get(stack.url + scanned["qr"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
        assert b"<svg" in picture.content
        assert (await http.get(f"{stack.url}/facilities/{compound.id}/qr.svg")).status_code == 404
        template = await http.get(f"{stack.url}/sheets/facilities.csv?kind=LIFT")
        assert template.text.startswith("\ufeff编码 *,名称 *,楼栋,单元,投用日期 *,停靠层数 *,额定载重 (kg)")
    assert (scanned["name"], scanned["attributes"]["rated_load_kg"], scanned["devices"]["nodes"]) == ("24栋电梯", 1000, [])
    about = {
        "compoundId": compound.id,
        "facilityId": id_,
        "kind": "REPAIR",
        "source": "QR",
        "homeId": home.id,
        "title": "异响",
        "description": "二楼",
    }
    told = await _done(resident, "ticketOpen", "ticket { source facility { code } }", **about)
    assert told == {"source": "QR", "facility": {"code": "KQ-LFT-24-1"}}

    # it moves within the street with its devices, never to another street, and is retired for good
    await a_device(compound, facility_id=id_)
    assert await _refused(officer, "facilityMove", id=id_, compoundId=elsewhere.id) == ("NOT_FOUND", ["compoundId"])
    await _done(officer, "facilityMove", id=id_, compoundId=neighbour.id)
    assert (await officer.ask(_SCAN, id=id_))["node"]["compound"]["id"] == neighbour.id
    assert (await manager.ask(_SCAN, id=id_))["node"] is None
    down = (await officer.ask(_DOWN, id=id_, **_TWO_YEARS))["facilityDowntime"]
    assert down["availability"] == 0.32832
    await _done(officer, "facilityRetire", id=id_, note="worn out")
    now = datetime.now(UTC).isoformat()
    assert await _refused(officer, "facilityReportStatus", id=id_, status="IN_SERVICE", since=now) == ("ILLEGAL_MOVE", ["since"])

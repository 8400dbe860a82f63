"""A month of a compound is billed, told through HTTP: lawful prices, a run that is killed half-way, what was wrong put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.access import Role
from models import Bill, Building, Unit
from models.calendar import today
from models.connection import query
from models.ids import new_id
from tests.builders import a_building, a_community, a_company_serving, a_compound, a_home, a_street, a_unit
from tests.waiting import until

from .people import Somebody, a_person
from .stack import Stack

MONTH = today().replace(day=1)
#: Homes of the compound: so many that a run takes two pieces.
HOMES = 1_100
_RUN = """query ($id: ID!) { node(id: $id) { ... on BillRun { state version homes bills faults total examples
  job { state done total errors } items { nodes { homes exempt already faults amount feeItem { code } } }
  faultList { nodes { fault home { id } feeItem { code } } } } } }"""
_BILLS = """query ($home: ID!) { bills(filter: {home: {eq: $home}}, sort: NUMBER_ASC) { nodes { id number state total open
  credited corrects { id } lines { nodes { description quantity unitPrice factor amount feeItem { code } } }
  creditNotes { nodes { number kind amount why } } } } }"""


async def test_a_month_is_billed_once_whatever_is_killed_and_put_right_by_credit_notes(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street), name="康桥生活公园")
    company = await a_company_serving(compound)
    home = await a_home(await a_unit(await a_building(compound)), area_m2="100.00")
    await _more_homes(await Unit.get(id=home.unit_id))
    await stack.start()
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    cashier = await a_person(stack, Role.COMPANY_STAFF, organisation=company)
    resident = await a_person(stack, Role.RESIDENT, home=home)
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)

    # The book, two items, and prices on grounds that the law knows.
    began = MONTH.isoformat()
    book = await manager.did(
        "bookOpen", "book { id }", compoundId=compound.id, organisationId=company.id, regime="LUMP_SUM", openedOn=began
    )
    of_book = {"bookId": book["id"], "startsOn": began}
    service: dict[str, Any] = {"code": "A1", "name": "物业费", "kind": "AREA", "account": "SERVICE_INCOME", **of_book}
    assert await cashier.refused("feeItemAdd", **service) == {"code": "FORBIDDEN", "field": []}
    item = (await manager.did("feeItemAdd", "feeItem { id }", **service))["id"]
    ground = {"basisNumber": "康业字[2026]1号", "basisOn": began, "startsOn": began}
    priced: dict[str, Any] = {"itemId": item, "price": "1.85", "basis": "CONTRACT", **ground}
    await manager.did("feePriceSet", "feePrice { id }", **priced)
    water: dict[str, Any] = {"code": "W1", "name": "水费", "kind": "METERED", "account": "COLLECTED_FOR_OTHERS", **of_book}
    tap = (await manager.did("feeItemAdd", "feeItem { id }", **water))["id"]
    dear = {"itemId": tap, "price": "4.50", **ground}
    assert await manager.refused("feePriceSet", basis="OWNERS_VOTE", **dear) == {"code": "INVALID", "field": ["basis"]}
    await manager.did("feePriceSet", "feePrice { id }", basis="SUPPLIER_BILL", **dear)
    await cashier.did("feeAssignAll", "feeItem { id }", itemId=item, uses=["RESIDENTIAL"])
    await cashier.did("feeAssign", "feeItem { id }", itemId=tap, homeIds=[home.id])
    listed = await resident.ask("query { feeItems { nodes { name prices { nodes { price basisNumber } } } } }")
    assert listed["feeItems"]["nodes"][0] == {
        "name": "物业费",
        "prices": {"nodes": [{"price": "1.850000", "basisNumber": "康业字[2026]1号"}]},
    }

    # A preview says what is missing; it is mended, and the run is killed half-way.
    run = await _previewed(cashier, book["id"])
    assert (run["homes"], run["bills"], run["faults"]) == (HOMES, HOMES, 1)
    assert run["faultList"]["nodes"] == [{"fault": "NO_METER", "home": {"id": home.id}, "feeItem": {"code": "W1"}}]
    assert not await Bill.exists()
    meter = await cashier.did("meterAdd", "meter { id }", itemId=tap, homeId=home.id, code="1", digits=5, startedOn=began)
    late = {"readOn": (today() + timedelta(days=1)).isoformat()}
    assert (await cashier.refused("meterRead", id=meter["id"], value="10", **late))["field"] == ["readOn"]
    if today() > MONTH:
        await cashier.did("meterRead", "meterReading { used }", id=meter["id"], value="10")
    assert (await cashier.refused("billRunStart", id=run["id"]))["code"] == "FORBIDDEN"
    await manager.did("billRunStart", "billRun { id }", id=run["id"], expectedVersion=run["version"])
    await until(Bill.exists, what="the first bills")
    await stack.kill("worker")
    await stack.start("worker")
    done = await _over(manager, run["id"])
    assert (done["state"], done["bills"], done["job"]) == (
        "DONE",
        HOMES,
        {"state": "DONE", "done": HOMES, "total": HOMES, "errors": 0},
    )
    (told,) = await query(
        "SELECT count(DISTINCT home_id) AS homes, count(*) AS bills, sum(total) AS total, max(number) AS n FROM bill"
    )
    assert (told["homes"], told["bills"], told["n"], f"{told['total']:.2f}") == (HOMES, HOMES, HOMES, done["total"])
    owed = "SELECT sum(debit - credit) AS owed FROM journal_line WHERE code = 'RECEIVABLE'"
    assert f"{(await query(owed))[0]['owed']:.2f}" == done["total"]

    # Nobody is billed twice; who lives there sees the bill, and the street does not.
    again = await _previewed(cashier, book["id"])
    assert (again["bills"], again["total"]) == (0, "0.00")
    (bill,) = (await resident.ask(_BILLS, home=home.id))["bills"]["nodes"]
    lines = {line["feeItem"]["code"]: line["amount"] for line in bill["lines"]["nodes"]}
    assert lines == {"A1": "185.00", **({"W1": "45.00"} if today() > MONTH else {})}
    assert (await officer.ask(_BILLS, home=home.id))["bills"]["nodes"] == []
    assert (await officer.refused("billCredit", id=bill["id"], kind="WAIVER", reason="x"))["code"] == "NOT_FOUND"

    # A waiver of a line; the rest is corrected when half was agreed. All of another run is taken back.
    await manager.did("billCredit", "creditNote { amount }", id=bill["id"], kind="WAIVER", reason="停水三天", amount="10.00")
    part = await cashier.ask(
        "query ($id: ID!) { node(id: $id) { ... on Home { feeAssignments { nodes { id feeItem { code } } } } } }", id=home.id
    )
    (mine,) = (each["id"] for each in part["node"]["feeAssignments"]["nodes"] if each["feeItem"]["code"] == "A1")
    await cashier.did("feeAssignmentEnd", "feeAssignment { id }", id=mine, endsOn=began)
    anew = await manager.did("billCorrect", "bill { id corrects { id } open }", id=bill["id"], reason="协议调整")
    assert anew["corrects"] == {"id": bill["id"]}
    first, second = (await resident.ask(_BILLS, home=home.id))["bills"]["nodes"]
    assert (first["state"], first["open"], [note["kind"] for note in first["creditNotes"]["nodes"]]) == (
        "CREDITED",
        "0.00",
        ["WAIVER", "CORRECTION"],
    )
    assert second["lines"]["nodes"][0]["description"].startswith("物业费")
    charge = {"account": "OTHER_INCOME", "what": "补办门禁卡", "amount": "20.00"}
    by_hand = await cashier.did("billIssue", "bill { state total }", bookId=book["id"], homeId=home.id, charges=[charge])
    assert by_hand == {"state": "OPEN", "total": "20.00"}
    await manager.did("billRunReverse", "billRun { id }", id=run["id"], reason="价格有误")
    back = await _over(manager, run["id"])
    assert (back["state"], back["bills"]) == ("REVERSED", 0)
    left = await query("SELECT sum(open) AS open FROM bill")
    assert left[0]["open"] == (await query(owed))[0]["owed"]


async def _previewed(who: Somebody, book_id: str) -> dict[str, Any]:
    run = await who.did("billRunPreview", "billRun { id }", bookId=book_id, month=MONTH.isoformat())
    return await _over(who, run["id"])


async def _over(who: Somebody, run_id: str) -> dict[str, Any]:
    """The run when its job is over."""

    async def over() -> dict[str, Any]:
        run: dict[str, Any] = (await who.ask(_RUN, id=run_id))["node"]
        return run | {"id": run_id} if run["job"]["state"] not in {"QUEUED", "RUNNING"} else {}

    return await until(over, what="the end of the run")


async def _more_homes(unit: Unit) -> None:
    building = await Building.get(id=unit.building_id)
    ids = [new_id("hom") for _ in range(HOMES - 1)]
    await query(
        "INSERT INTO home (id, code, name, floor, area_m2, unit_id, compound_id, street_id)"
        " SELECT id, id, 'home', 1, 89.5, $2, $3, $4 FROM unnest($1::text[]) AS id",
        ids,
        unit.id,
        building.compound_id,
        building.street_id,
    )

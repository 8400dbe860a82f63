"""Lift 24 of Kangqiao from plan to countersignature, through a lawful suspension, told through HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from domain.access import Role
from domain.facilities import FacilityKind
from domain.organisations import MandateService
from domain.upkeep import CHECKLISTS, UpkeepKind
from models import Work
from models.calendar import now, today
from models.upkeep import KIND, leave_due, wind_all
from tests.builders import (
    a_channel,
    a_community,
    a_company_serving,
    a_compound,
    a_facility,
    a_mandate,
    a_street,
    an_organisation,
)

from .people import a_person
from .stack import Stack

_LIFT = """query ($code: String!) { facility(code: $code) { id status
  nextDue { what due why } dues(first: 20) { nodes { what state due why applyBy overdue } }
  workOrders { nodes { id kind state source dueOn faults rejections organisation { id }
    items { nodes { code result } } parts { nodes { name quantity unitPrice } } } }
  suspensions { nodes { startsOn endsOn filing } } inspections { nodes { kind result until } } } }"""
_ORDER = "workOrder { id state doneAt objection faultTicket { id } }"
_DAY = timedelta(days=1)


def _checked(**faults: str) -> list[dict[str, Any]]:
    """The checklist of every half month, item by item."""
    found: list[dict[str, Any]] = []
    for item in CHECKLISTS[UpkeepKind.LIFT_HALF_MONTH]:
        result = {"code": item.code, "result": "OK", **({"reading": "3.5"} if item.unit else {})}
        found.append(result | ({"result": "FAULT", "note": faults[item.code]} if item.code in faults else {}))
    return found


async def _a_morning() -> None:
    """The check of every morning, and the work that it and acts leave."""
    await leave_due(today())
    for row in await Work.filter(kind=KIND).order_by("id"):
        await wind_all(row.payload["facilities"])
        await row.delete()


async def test_lift_24_is_maintained_suspended_and_used_again(stack: Stack) -> None:
    street = await a_street()
    kangqiao = await a_compound(await a_community(street), name="康桥生活公园")
    company, lifters = await a_company_serving(kangqiao), await an_organisation(street, name="Lift Company")
    await a_mandate(lifters, kangqiao, service=MandateService.LIFT_MAINTENANCE)
    used = {"in_use_since": "2016-06-01"}
    lift = await a_facility(kangqiao, kind=FacilityKind.LIFT, code="KQ-24-L1", name="24 栋电梯", attributes=used)
    await a_channel(company)
    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    fitter = await a_person(stack, Role.COMPANY_STAFF, organisation=lifters)
    chief = await a_person(stack, Role.COMPANY_MANAGER, organisation=lifters)

    async def look() -> dict[str, Any]:
        return (await manager.ask(_LIFT, code="KQ-24-L1"))["facility"]

    async def half_month() -> dict[str, Any]:
        return next(due for due in (await look())["dues"]["nodes"] if due["what"] == "LIFT_HALF_MONTH")

    def day(ahead: int) -> str:
        return (today() + ahead * _DAY).isoformat()

    # The law says how often; the first morning gives the lift its clocks.
    defaults = (await manager.ask("{ upkeepDefaults { kind every clause countersigned } }"))["upkeepDefaults"]
    assert {"kind": "LIFT_HALF_MONTH", "every": 15, "clause": "TSG T5002-2017 附件 A", "countersigned": True} in defaults
    assert (await look())["nextDue"] is None
    await _a_morning()
    assert (await look())["nextDue"]["what"] == "LIFT_HALF_MONTH"
    assert (await half_month())["due"] == day(15)

    # What was done 20 days ago is written down, once, as it was; what cannot be is refused.
    done_at = now() - 20 * _DAY
    given = {"facilityId": lift.id, "kind": "LIFT_HALF_MONTH", "plannedOn": day(-20)}
    order = (await manager.did("workOrderOpen", _ORDER, **given))["id"]
    assert await manager.refused("workOrderOpen", **given) == {"code": "CONFLICT", "field": ["kind"]}
    assert await manager.refused("workOrderStart", id=order) == {"code": "INVALID", "field": ["id"]}
    await fitter.did("workOrderStart", _ORDER, id=order)
    part = {"name": "Door roller", "quantity": "2", "unit": "件", "unitPrice": "35.5"}

    async def wrong(**report: Any) -> list[str]:
        answer = await fitter.refused("workOrderFinish", id=order, **({"items": _checked()} | report))
        assert answer["code"] == "INVALID"
        return answer["field"]

    assert await wrong(items=_checked()[1:]) == ["items"]
    assert await wrong(parts=[part | {"quantity": "-2"}]) == ["parts", "0", "quantity"]
    assert await wrong(doneAt=_at(now() + _DAY)) == ["doneAt"]
    assert await wrong(doneAt=_at(now() - 30 * _DAY)) == ["doneAt"]
    report = {"id": order, "items": _checked(), "parts": [part], "doneAt": _at(done_at)}
    assert (await fitter.did("workOrderFinish", _ORDER, **report))["state"] == "DONE"
    assert await chief.refused("workOrderFinish", **report) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    assert await chief.refused("workOrderCountersign", id=order) == {"code": "INVALID", "field": ["id"]}
    assert (await manager.did("workOrderCountersign", _ORDER, id=order))["state"] == "COUNTERSIGNED"

    # The clock follows: it is five days late, an order was made for it, and the company was told once.
    late = await half_month()
    assert (late["due"], late["overdue"]) == (day(-5), True)
    for _ in range(2):
        await _a_morning()
    notices = (await manager.ask("{ notices { nodes { type } } }"))["notices"]["nodes"]
    assert [notice["type"] for notice in notices] == ["steward.upkeep.overdue.v1"]
    planned = [each for each in (await look())["workOrders"]["nodes"] if each["source"] == "PLAN"]
    assert [(each["state"], each["dueOn"], each["organisation"]["id"]) for each in planned] == [("PLANNED", day(-5), lifters.id)]
    overdue = "query ($today: Date!) { upkeepDues(filter: {due: {lt: $today}}) { nodes { what facility { code } } } }"
    found = (await officer.ask(overdue, today=day(0)))["upkeepDues"]["nodes"]
    assert found == [{"what": "LIFT_HALF_MONTH", "facility": {"code": "KQ-24-L1"}}]

    # The lift breaks. Broken alone, its clock goes on; reported to the registrar, it stands still lawfully.
    stop = {"id": lift.id, "startsOn": day(-10), "filedOn": day(-3), "filing": "渝特停〔2026〕24 号"}
    assert await manager.refused("facilitySuspend", **stop) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    broken = {"id": lift.id, "status": "OUT_OF_SERVICE", "since": _at(now() - 10 * _DAY), "note": "Waits for a controller"}
    await manager.did("facilityReportStatus", "facility { id }", **broken)
    await _a_morning()
    goes_on = await half_month()
    assert (goes_on["state"], goes_on["due"]) == ("RUNNING", day(-5))
    assert "继续计时" in goes_on["why"] or "the clock goes on" in goes_on["why"]
    suspension = await manager.did("facilitySuspend", "suspension { id }", **stop)
    standing = await half_month()
    assert (standing["state"], standing["due"], standing["overdue"]) == ("STANDING", None, False)
    assert "渝特停〔2026〕24 号" in standing["why"]
    assert (await look())["nextDue"] is None
    assert {each["state"] for each in (await look())["workOrders"]["nodes"]} == {"COUNTERSIGNED", "CANCELLED"}

    # Before it is used again it is maintained: done badly, rejected, done again with a fault that becomes a ticket.
    again = (await chief.did("workOrderOpen", _ORDER, facilityId=lift.id, kind="LIFT_HALF_MONTH"))["id"]
    for objection in ("The pit is wet", ""):
        await fitter.did("workOrderStart", _ORDER, id=again)
        faults = {} if objection else {"notices": "Mark of use has faded"}
        report = {"id": again, "items": _checked(**faults), "opensTicket": True}
        report |= {} if objection else {"status": "IN_SERVICE"}
        done = await fitter.did("workOrderFinish", _ORDER, **report)
        assert bool(done["faultTicket"]) == bool(faults)
        if objection:
            assert await manager.refused("workOrderReject", id=again, reason="") == {"code": "INVALID", "field": ["reason"]}
            assert (await manager.did("workOrderReject", _ORDER, id=again, reason=objection))["objection"] == objection
    await manager.did("facilityResume", "suspension { endsOn }", id=suspension["id"])
    await manager.did("workOrderCountersign", _ORDER, id=again)
    await _a_morning()
    told = await look()
    assert (told["status"], (await half_month())["due"]) == ("IN_SERVICE", day(15))
    assert told["suspensions"]["nodes"] == [{"startsOn": day(-10), "endsOn": day(0), "filing": "渝特停〔2026〕24 号"}]

    # Inspected, and by the street's own word looked after more often.
    inspected = {"facilityId": lift.id, "kind": "LIFT_INSPECTION", "result": "PASSED", "doneOn": day(-1), "until": day(200)}
    inspected |= {"body": "市特检院", "reportNumber": "TJ-24"}
    await manager.did("inspectionRecord", "inspection { id }", **inspected)
    assert await manager.refused("inspectionRecord", **inspected) == {"code": "CONFLICT", "field": ["reportNumber"]}
    inspection = next(due for due in (await look())["dues"]["nodes"] if due["what"] == "LIFT_INSPECTION")
    assert inspection["due"] == day(200)
    assert inspection["applyBy"] < inspection["due"]
    plan = {"placeId": lift.id, "facilityKind": "LIFT", "kind": "LIFT_HALF_MONTH", "measure": "DAYS", "clause": "使用 10 年以上"}
    assert await officer.refused("upkeepPlanSet", **plan, every=0) == {"code": "INVALID", "field": ["every"]}
    await officer.did("upkeepPlanSet", "upkeepPlan { id }", **plan, every=10)
    await _a_morning()
    assert (await half_month())["due"] == day(10)
    history = "query ($id: ID!) { node(id: $id) { ... on WorkOrder { history { nodes { action } } } } }"
    facts = (await officer.ask(history, id=again))["node"]["history"]["nodes"]
    assert [fact["action"].removeprefix("workOrder") for fact in reversed(facts)] == [
        *("Open", "Start", "Finish", "Reject", "Start", "Finish", "Countersign")
    ]


def _at(moment: datetime) -> str:
    return moment.isoformat()

"""M3 told through HTTP: a compound with nothing behind it gets branch, owners' body, company and a joint office, day by day; and
what its numbers were is told by month."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from domain.access import Role
from domain.organisations import OrganisationKind
from domain.territory import CompoundKind
from models import Compound
from models.calendar import zone
from tasks.figures import figures_taken
from tests.builders import a_building, a_community, a_compound, a_home, a_street, a_ticket, a_unit, an_organisation

from .people import Somebody, a_person
from .stack import Stack

_ASPECTS = ("PARTY_ORGANISATION", "PARTY_WORK", "OWNERS_BODY", "COMPANY", "JOINT_OFFICE")
_COVERAGE = """query ($on: Date) { coverage(on: $on, by: [KIND]) { kind compounds aspects { aspect covered percent } } }"""
_LACKING = """query ($aspect: CoverageAspect!, $on: Date, $kind: CompoundKind) {
  lacking(aspect: $aspect, on: $on, among: {kind: $kind}) { total compounds { code } } }"""
_TREND = """query ($of: ID!, $until: Date!) {
  open: trend(of: $of, figure: OPEN_TICKETS, until: $until) { month until value compounds }
  company: trend(of: $of, figure: COMPANY, until: $until) { month value compounds } }"""


async def covered(who: Somebody, on: str | None, kind: str = "PROPERTY_MANAGED") -> list[int] | None:
    """How many compounds of the kind have what on a day, in the order of _ASPECTS."""
    for group in (await who.ask(_COVERAGE, on=on))["coverage"]:
        if group["kind"] == kind:
            assert [each["aspect"] for each in group["aspects"]] == [*_ASPECTS]
            return [each["covered"] for each in group["aspects"]]
    return None


async def test_a_compound_is_covered_step_by_step_and_one_can_look_back(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    garden: Compound = await a_compound(community, name="Garden")
    other = await a_compound(community)
    await a_compound(await a_community(street), kind=CompoundKind.UNMANAGED)
    bodies = {
        kind: await an_organisation(street, kind=kind)
        for kind in (
            *(OrganisationKind.COMMUNITY_OFFICE, OrganisationKind.PARTY_BRANCH, OrganisationKind.OWNERS_COMMITTEE),
            OrganisationKind.PROPERTY_COMPANY,
        )
    }
    office, branch, committee, company = bodies.values()
    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    home = await a_home(await a_unit(await a_building(garden)))
    resident = await a_person(stack, Role.RESIDENT, home=home, street_id=street.id)

    # First an instructor comes, then a branch; the owners elect; a company is hired; they move into one office.
    assert await covered(officer, None) == [0, 0, 0, 0, 0]
    starts: Any = {"compoundId": garden.id}
    await officer.did("mandateStart", "mandate { id }", **starts, organisationId=office.id, role="GUIDES", startsOn="2022-06-01")
    guides = {"organisationId": branch.id, "role": "GUIDES", "startsOn": "2023-01-12"}
    await officer.did("mandateStart", "mandate { id }", **starts, **guides)
    speaks = {"organisationId": committee.id, "role": "REPRESENTS", "startsOn": "2023-03-15"}
    await officer.did("mandateStart", "mandate { id }", **starts, **speaks)
    served = await officer.did(
        *("mandateStart", "mandate { id service }"), **starts, organisationId=company.id, role="SERVES", startsOn="2023-06-01"
    )
    assert served["service"] == "FULL"
    place = {"address": "1 Garden Street", "startsOn": "2023-07-01"}
    assert await manager.refused("jointOfficeDeclare", **starts, **place) == {"code": "FORBIDDEN", "field": []}
    joint = await clerk.did("jointOfficeDeclare", "jointOffice { id }", **starts, **place)
    again = {"address": "2 Garden Street", "startsOn": "2024-01-01"}
    assert await officer.refused("jointOfficeDeclare", **starts, **again) == {"code": "CONFLICT", "field": ["startsOn"]}
    wrong = {"address": "2", "startsOn": "2024-01-02", "endsOn": "2024-01-01"}
    assert await officer.refused("jointOfficeDeclare", **starts, **wrong) == {"code": "INVALID", "field": ["endsOn"]}

    # Whoever looks back sees each step on its day, and not a day before.
    for on, wanted in (
        ("2022-05-31", [0, 0, 0, 0, 0]),
        ("2022-06-01", [0, 1, 0, 0, 0]),
        ("2023-01-11", [0, 1, 0, 0, 0]),
        ("2023-01-12", [1, 1, 0, 0, 0]),
        ("2023-03-15", [1, 1, 1, 0, 0]),
        ("2023-06-01", [1, 1, 1, 1, 0]),
        ("2023-07-01", [1, 1, 1, 1, 1]),
        (None, [1, 1, 1, 1, 1]),
    ):
        assert await covered(officer, on) == wanted
    assert await covered(officer, None, "UNMANAGED") == [0, 0, 0, 0, 0]
    trend = (await officer.ask('{ coverageTrend(months: 4, until: "2023-07-15") { on aspects { covered } } }'))["coverageTrend"]
    assert [(day["on"], sum(each["covered"] for each in day["aspects"])) for day in trend] == [
        *(("2023-04-30", 3), ("2023-05-31", 3), ("2023-06-30", 4), ("2023-07-15", 5)),
    ]

    # What is still to be done is a list; it ends where the work is done, and begins anew where something ends.
    todo = {"aspect": "COMPANY", "kind": "PROPERTY_MANAGED"}
    assert (await officer.ask(_LACKING, **todo))["lacking"] == {"total": 1, "compounds": [{"code": other.code}]}
    assert (await clerk.ask(_LACKING, **todo, on="2023-05-31"))["lacking"]["total"] == 2
    await officer.did("mandateEnd", "mandate { endsOn }", id=served["id"], endsOn="2025-12-31")
    await clerk.did("jointOfficeEnd", "jointOffice { endsOn }", id=joint["id"], endsOn="2025-06-30")
    assert await covered(officer, "2025-12-31") == [1, 1, 1, 1, 0]
    assert await covered(officer, "2026-01-01") == [1, 1, 1, 0, 0]
    assert (await officer.ask(_LACKING, **todo, on="2026-01-01"))["lacking"]["total"] == 2

    # Everybody counts what they see: a community its own, a resident their own compound, a company that left nothing.
    assert await covered(clerk, None, "UNMANAGED") is None
    assert (await resident.ask(_LACKING, aspect="COMPANY"))["lacking"] == {"total": 1, "compounds": [{"code": garden.code}]}
    assert (await manager.ask(_LACKING, aspect="COMPANY"))["lacking"]["total"] == 0


async def test_what_the_nights_noted_is_told_by_month(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    old = await a_compound(community)
    await a_ticket(old, opened_at=datetime(2026, 1, 5, 9, tzinfo=zone()))

    async def night_after(day: date) -> dict[str, int]:
        return dict(await figures_taken(datetime.combine(day + timedelta(days=1), time(0, 5), zone())) or {})

    assert await night_after(date(2026, 1, 30)) == {"compounds": 1}
    await a_ticket(old, opened_at=datetime(2026, 1, 31, 23, 59, tzinfo=zone()))
    assert await night_after(date(2026, 1, 31)) == {"compounds": 1}
    assert await night_after(date(2026, 1, 31)) == {"compounds": 0}
    new = await a_compound(community)  # founded in the middle of February
    await a_ticket(new, opened_at=datetime(2026, 2, 14, 9, tzinfo=zone()))
    assert await night_after(date(2026, 2, 14)) == {"compounds": 2}

    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community)
    resident = await a_person(stack, Role.RESIDENT, home=await a_home(await a_unit(await a_building(old))), street_id=street.id)
    for who, of in ((officer, street), (clerk, community)):
        told = await who.ask(_TREND, of=of.id, until="2026-03-31")
        assert told["open"] == [
            {"month": "2026-01-01", "until": "2026-01-31", "value": "2", "compounds": 1},
            {"month": "2026-02-01", "until": "2026-02-14", "value": "3", "compounds": 2},
        ]
        assert [(each["value"], each["compounds"]) for each in told["company"]] == [("0", 1), ("0", 2)]
    told = await clerk.ask(_TREND, of=new.id, until="2026-03-31")
    assert [(each["month"], each["value"]) for each in told["open"]] == [("2026-02-01", "1")]
    assert (await resident.ask(_TREND, of=old.id, until="2026-03-31"))["open"] == []

"""A compound's page is one document and one statement; what is counted over compounds takes as many however many there are."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.access import Reach, Role, Viewer
from domain.alerts import Severity
from domain.facilities import FacilityStatus
from domain.organisations import MandateRole, OrganisationKind
from domain.tickets import TicketState
from models import Compound
from models.calendar import today
from models.figures import take_figures
from models.joint_offices import declare_joint_office
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import (
    a_community,
    a_company_serving,
    a_compound,
    a_device,
    a_facility,
    a_mandate,
    a_street,
    a_ticket,
    an_alert,
    an_organisation,
)

PAGE = """
query ($code: String!, $today: Date!) { compound(code: $code) {
  name kind governance address latitude longitude handedOverYear homeCount residentCount community { name } grid { name }
  mandates(filter: {startsOn: {lte: $today}, lastsTo: {gte: $today}}) {
    nodes { role service startsOn endsOn organisation { kind name } }
  }
  hasPartyOrganisation hasPartyWork hasOwnersBody hasCompany hasJointOffice
  jointOffices(last: 1) { nodes { address startsOn endsOn } }
  openTicketCount overdueTicketCount openAlertCount facilityCount facilitiesOutCount
  alertStats(groupBy: [SEVERITY], filter: {state: {eq: OPEN}}) { severity count }
  ticketStats(groupBy: [STATE]) { state count }
  figures(first: 1) { nodes { day openTickets overdueTickets openAlerts facilitiesOut hasCompany } }
} }
"""
DAY = timedelta(days=1)


@pytest.fixture
async def compound(database: Settings) -> Compound:
    return await a_compound(await a_community(await a_street()))


@pytest.fixture
async def officer(database: Settings, compound: Compound) -> AsyncGenerator[Client]:
    viewer = Viewer("acc_officer", "", {Role.STREET_OFFICER: {Reach.STREET: (compound.street_id,)}})
    async with a_client(database, viewer) as client:
        yield client


async def data(client: Client, query: str, **variables: Any) -> Any:
    answer = await client.post(query, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def refused(client: Client, query: str) -> str:
    (error,) = (await client.post(query))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return error["message"]


async def test_all_that_the_page_shows_is_read_in_one_statement(
    compound: Compound, officer: Client, statements: list[str]
) -> None:
    company = await a_company_serving(compound)
    before = await an_organisation(street_id=compound.street_id)
    await a_mandate(before, compound, starts_on=date(2020, 1, 1), ends_on=date(2023, 12, 31))
    committee = await an_organisation(street_id=compound.street_id, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, compound, role=MandateRole.REPRESENTS, starts_on=today())
    branch = await an_organisation(street_id=compound.street_id, kind=OrganisationKind.PARTY_BRANCH)
    await a_mandate(branch, compound, role=MandateRole.GUIDES, starts_on=today() + DAY)
    await declare_joint_office(officer.viewer, compound.id, "1 Long Street")
    now = datetime.now(UTC)
    for opened, state in ((now, TicketState.OPEN), (now - 9 * DAY, TicketState.OPEN), (now - 9 * DAY, TicketState.CLOSED)):
        await a_ticket(compound, opened_at=opened, state=state)
    device = await a_device(compound)
    for rule, severity in (("a.b", Severity.CRITICAL), ("c.d", Severity.MINOR), ("e.f", Severity.MINOR)):
        await an_alert(device, rule=rule, severity=severity)
    for status in (FacilityStatus.IN_SERVICE, FacilityStatus.OUT_OF_SERVICE):
        await a_facility(compound, status=status)
    await take_figures(now)

    statements.clear()
    page = (await data(officer, PAGE, code=compound.code, today=today().isoformat()))["compound"]
    assert len(statements) == 1, statements
    current = {each["role"]: each["organisation"]["name"] for each in page["mandates"]["nodes"]}
    assert current == {"SERVES": company.name, "REPRESENTS": committee.name}
    assert [page[f"has{name}"] for name in ("PartyOrganisation", "PartyWork", "OwnersBody", "Company", "JointOffice")] == [
        *(False, False, True, True, True),
    ]
    assert page["jointOffices"]["nodes"] == [{"address": "1 Long Street", "startsOn": today().isoformat(), "endsOn": None}]
    assert (page["openTicketCount"], page["overdueTicketCount"], page["openAlertCount"]) == (2, 1, 3)
    assert (page["facilityCount"], page["facilitiesOutCount"]) == (2, 1)
    assert page["alertStats"] == [{"severity": "CRITICAL", "count": 1}, {"severity": "MINOR", "count": 2}]
    (yesterday,) = page["figures"]["nodes"]
    assert yesterday["day"] == (today() - DAY).isoformat()
    assert (yesterday["overdueTickets"], yesterday["hasCompany"]) == (1, True)


COUNTED = """
query ($street: ID!) {
  coverage(by: [KIND, COMMUNITY, STREET]) { streetId communityId communityName kind compounds aspects { aspect covered percent } }
  coverageTrend(months: 24) { on compounds } lacking(aspect: COMPANY, first: 2) { total endCursor compounds { name } }
  trend(of: $street, figure: OPEN_TICKETS) { month value compounds }
}
"""


async def test_what_is_counted_takes_as_many_statements_for_many_compounds(
    compound: Compound, officer: Client, statements: list[str]
) -> None:
    async def counted() -> tuple[Any, int]:
        statements.clear()
        told = await data(officer, COUNTED, street=compound.street_id)
        return told, len(statements)

    first, few = await counted()
    for _ in range(3):
        await a_compound(await a_community(await compound.street))
    await take_figures(datetime.now(UTC))
    then, many = await counted()
    assert (few, many) == (5, 5)
    assert (len(first["coverage"]), len(then["coverage"]), len(then["coverageTrend"])) == (1, 4, 24)
    assert first["lacking"] == {"total": 1, "endCursor": None, "compounds": [{"name": compound.name}]}
    cursor = then["lacking"]["endCursor"]
    rest = f'{{ lacking(aspect: COMPANY, first: 2, after: "{cursor}") {{ total endCursor compounds {{ code }} }} }}'
    page = (await data(officer, rest))["lacking"]
    assert (page["total"], page["endCursor"], len(page["compounds"])) == (4, None, 2)
    assert all(each["code"] > cursor for each in page["compounds"])
    assert first["trend"] == []
    assert [(each["value"], each["compounds"]) for each in then["trend"]] == [("0", 4)]


async def test_what_cannot_be_asked_is_said(officer: Client) -> None:
    assert await refused(officer, "{ coverageTrend(months: 61) { compounds } }") == "months: from 1 to 60; it is 61."
    assert await refused(officer, '{ trend(of: "x", figure: COMPANY, months: 0) { value } }') == "months: from 1 to 60; it is 0."
    assert await refused(officer, "{ lacking(aspect: COMPANY, first: 0) { total } }") == "first: from 1 to 100; it is 0."
    for month in ("1999-12-31", "2999-01-01"):
        said = await refused(officer, f'{{ fireReport(of: "x", month: "{month}") {{ compounds }} }}')
        assert said == f"month: not to come, and at most 60 months ago; it is {month}."

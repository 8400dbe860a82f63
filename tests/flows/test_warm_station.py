"""A warm station from its opening to its end, told through HTTP: what is open, what is there, who is told, and nobody named."""

from __future__ import annotations

from datetime import timedelta

from domain.access import Role
from domain.notices import ChannelKind
from domain.organisations import OrganisationKind
from domain.territory import PlaceKind
from models import Place
from models.calendar import now
from tests.builders import a_channel, a_community, a_community_office, a_grid, a_home, a_street, an_organisation

from .people import a_person
from .stack import Stack

_STATION = """query ($code: String!) { station(code: $code) {
  openNow policePoint grid { kind } organisation { code } office { code }
  items { nodes { kind inStock lent minimum short } } equipment { nodes { kind state } }
  services { nodes { partner times } } points { nodes { kind } }
  loans { nodes { slip state overdue } } visitStats(groupBy: [VISITORS]) { visitors visits { sum } }
} }"""
_NEARBY = """query ($lat: Float!, $lon: Float!) { openNearby(latitude: $lat, longitude: $lon, withinMetres: 1500) {
  stationId kind name distanceMetres until } }"""


async def test_a_station_opens_serves_runs_short_is_restocked_and_ends(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    grid: Place = await a_grid(community, kind=PlaceKind.BUSINESS_GRID, name="Market")
    office = await a_community_office(community)
    team = await an_organisation(street, kind=OrganisationKind.GRID_TEAM, place_id=grid.id)
    await a_channel(team, ChannelKind.WEBHOOK)
    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community, employer=office)
    worker = await a_person(stack, Role.GRID_WORKER, place=grid, employer=team)
    resident = await a_person(stack, Role.RESIDENT, home=await a_home(), street_id=street.id)

    # It opens, and only in a business grid.
    about = {"organisationId": team.id, "code": "NX-1", "name": "Market station", "address": "1 Market Street"}
    about |= {"latitude": 29.356, "longitude": 105.918, "policePoint": True}
    assert await officer.refused("stationOpen", gridId=community.id, **about) == {"code": "INVALID", "field": ["gridId"]}
    assert await worker.refused("stationOpen", gridId=grid.id, **about) == {"code": "FORBIDDEN", "field": []}
    station = (await officer.did("stationOpen", gridId=grid.id, **about))["id"]
    assert await officer.refused("stationOpen", gridId=grid.id, **about) == {"code": "CONFLICT", "field": ["code"]}

    # Those who keep it furnish it; a resident reads what hangs on the board, and does nothing.
    chair = await worker.did("stationFurnish", "equipment { id }", stationId=station, kind="TABLE", name="Tables", amount=6)
    await clerk.did("stationEquipmentReport", "equipment { id }", id=chair["id"], state="WORN", note="Legs")
    given = {"kind": "HEALTH", "name": "Blood pressure", "partner": "District hospital", "times": "Wednesdays"}
    await clerk.did("stationServiceOffer", "service { id }", stationId=station, **given)
    for kind, north in (("WORKPLACE", 0.001), ("ENTRANCE", 0.002), ("DOORSTEP", 0.003), ("REST_PLACE", 0.1)):
        place = {"name": kind, "address": "2 Market Street", "latitude": 29.356 + north, "longitude": 105.918}
        await worker.did("stationPointOpen", "point { id }", stationId=station, kind=kind, **place)
    coat = await worker.did(
        *("stationItemAdd", "item { id short }"),
        stationId=station,
        kind="RAINCOAT",
        name="Raincoat",
        unit="件",
        inStock=3,
        minimum=2,
    )
    umbrella = await worker.did(
        *("stationItemAdd", "item { id }"),
        stationId=station,
        kind="UMBRELLA",
        name="Umbrella",
        unit="把",
        inStock=1,
    )
    assert await resident.refused("stationItemGive", id=coat["id"]) == {"code": "FORBIDDEN", "field": []}

    # An umbrella goes to a slip, and comes back once.
    assert await worker.refused("stationItemLend", id=umbrella["id"], slip="13800000000") == {
        "code": "INVALID",
        "field": ["slip"],
    }
    loan = await worker.did("stationItemLend", "loan { id slip dueAt }", id=umbrella["id"], slip="a-017")
    assert loan["slip"] == "A-017"
    assert await clerk.refused("stationItemLend", id=umbrella["id"], slip="B-1") == {"code": "CONFLICT", "field": ["amount"]}
    await clerk.did("stationLoanReturn", "loan { state }", id=loan["id"])
    assert await worker.refused("stationLoanReturn", id=loan["id"]) == {"code": "ILLEGAL_MOVE", "field": ["id"]}

    # Raincoats run short: those who keep the station are told, once, until they were restocked.
    assert await worker.refused("stationItemGive", id=coat["id"], amount=4) == {"code": "CONFLICT", "field": ["amount"]}
    for _ in range(3):
        left = await worker.did("stationItemGive", "item { inStock short lowSince }", id=coat["id"])
    assert (left["inStock"], left["short"]) == (0, True)
    assert await worker.refused("stationItemGive", id=coat["id"]) == {"code": "CONFLICT", "field": ["amount"]}
    notices = (await worker.ask("{ notices { nodes { type title } } }"))["notices"]["nodes"]
    assert [notice["type"] for notice in notices] == ["steward.station.stock_low.v1"]
    short = "query ($now: DateTime!) { stationItems(filter: {lowSince: {lte: $now}}) { nodes { name station { code } } } }"
    short_now = now() + timedelta(minutes=1)
    found = await officer.ask(short, now=short_now.isoformat())
    assert found["stationItems"]["nodes"] == [{"name": "Raincoat", "station": {"code": "NX-1"}}]
    await clerk.did("stationItemRestock", "item { short }", id=coat["id"], amount=20)
    assert (await officer.ask(short, now=short_now.isoformat()))["stationItems"]["nodes"] == []

    # Visits are counts of hours that have been.
    await worker.did("stationVisitsAdd", "visits { visits }", stationId=station, visitors="RIDER", visits=4)
    await worker.did("stationVisitsAdd", "visits { visits }", stationId=station, visitors="RIDER")
    later = {"stationId": station, "visitors": "RIDER", "visits": 1, "hour": (now() + timedelta(hours=2)).isoformat()}
    assert await worker.refused("stationVisitsSet", **later) == {"code": "INVALID", "field": ["hour"]}

    # What all may read, and what those who keep it read besides.
    told = (await clerk.ask(_STATION, code="NX-1"))["station"]
    assert (told["openNow"], told["policePoint"], told["grid"]["kind"]) == (True, True, "BUSINESS_GRID")
    assert told["office"]["code"] == office.code
    assert (await officer.ask(_STATION, code="NX-1"))["station"]["organisation"]["code"] == team.code
    items = {item["kind"]: (item["inStock"], item["lent"]) for item in told["items"]["nodes"]}
    assert items == {"RAINCOAT": (20, 0), "UMBRELLA": (1, 0)}
    assert told["loans"]["nodes"] == [{"slip": "A-017", "state": "RETURNED", "overdue": False}]
    assert told["visitStats"] == [{"visitors": "RIDER", "visits": {"sum": "5"}}]
    read = (await resident.ask(_STATION, code="NX-1"))["station"]
    assert read["items"] == told["items"]
    assert (read["loans"]["nodes"], read["visitStats"]) == ([], [])

    # It closes for a time; what is near is told to whoever asks.
    here = {"lat": 29.356, "lon": 105.918}
    kinds = [each["kind"] for each in (await resident.ask(_NEARBY, **here))["openNearby"]]
    assert kinds == [None, "WORKPLACE", "ENTRANCE", "DOORSTEP"]
    moment = now()
    wrong = {"stationId": station, "reason": "REPAIR", "startsAt": moment.isoformat(), "endsAt": moment.isoformat()}
    assert await worker.refused("stationClose", **wrong) == {"code": "INVALID", "field": ["endsAt"]}
    closure = await worker.did("stationClose", "closure { id endsAt }", stationId=station, reason="REPAIR")
    assert [each["kind"] for each in (await resident.ask(_NEARBY, **here))["openNearby"]] == kinds[1:]
    assert (await resident.ask(_STATION, code="NX-1"))["station"]["openNow"] is False
    await clerk.did("stationReopen", id=closure["id"])
    assert (await resident.ask(_STATION, code="NX-1"))["station"]["openNow"] is True

    # It goes to another keeper, and ends; all of it is on record.
    company = await an_organisation(street)
    await officer.did("stationHandOver", id=station, organisationId=company.id)
    assert await worker.refused("stationItemGive", id=coat["id"]) == {"code": "FORBIDDEN", "field": []}
    await officer.did("stationEnd", id=station)
    assert (await resident.ask(_NEARBY, **here))["openNearby"] == []
    history = await officer.ask("query ($id: ID!) { node(id: $id) { ... on Station { history { totalCount } } } }", id=station)
    assert history["node"]["history"]["totalCount"] == 22

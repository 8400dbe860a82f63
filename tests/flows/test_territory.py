"""A territory told through HTTP: drawn, named, counted, found, split, merged, and never forgotten."""

from __future__ import annotations

from typing import Any

from domain.access import Role
from models import Place
from tests.builders import a_street

from .people import Somebody, a_person
from .stack import Stack

_OUTLINE = {"type": "Polygon", "coordinates": [[[105.9, 29.3], [105.91, 29.3], [105.91, 29.31], [105.9, 29.3]]]}
_COMPOUND = """query ($code: String!) { compound(code: $code) {
  name kind address latitude outline homeCount residentCount handedOverYear community { name } grid { name splitFrom { name } }
  buildings { nodes { name units { nodes { name homes { nodes { name use areaM2 residents } } } } } }
  homeStats(groupBy: [USE]) { use count } history { nodes { action words } } } }"""
_PLACES = """query ($community: ID!) { places(filter: {parent: {eq: $community}, living: {eq: true}}) { nodes {
  name gridCompounds { totalCount nodes { code } } absorbed { nodes { name endedOn living became { name } } }
  splitOff { nodes { name } } history { nodes { action } } } } }"""
_SEARCH = "query ($text: String!) { search(text: $text, first: 5) { kind name compoundName subjectId } }"


async def found(who: Somebody, text: str) -> list[tuple[str, str]]:
    return [(hit["kind"], hit["name"]) for hit in (await who.ask(_SEARCH, text=text))["search"]]


async def add_compound(officer: Somebody, grid: str, code: str, name: str) -> Any:
    about = {"kind": "PROPERTY_MANAGED", "governance": "COMPANY", "address": f"中山路街道棠城大道{code}号"}
    return await officer.did("compoundAdd", "compound { id version }", placeId=grid, code=code, name=name, **about)


async def test_a_street_is_drawn_named_counted_found_split_and_merged(stack: Stack):
    street: Place = await a_street(name="中山路街道")
    await stack.start()
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)

    community = await officer.did("placeAdd", "place { id }", parentId=street.id, kind="COMMUNITY", code="TC", name="棠城社区")
    grids = [
        await officer.did("placeAdd", "place { id }", parentId=community["id"], kind="GRID", code=f"G{n}", name=f"第{n}网格")
        for n in (1, 2)
    ]
    first, second = (grid["id"] for grid in grids)
    kangqiao = await add_compound(officer, first, "KQ", "康桥生活公园")
    await add_compound(officer, first, "SR", "树人大院")
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=await Place.get(id=community["id"]))
    worker = await a_person(stack, Role.GRID_WORKER, place=await Place.get(id=first))

    compound, what = {"id": kangqiao["id"]}, "compound { version }"
    for wrong, field in (
        ({"type": "Point", "coordinates": [105.9, 29.3]}, "outline"),
        ({"type": "Polygon", "coordinates": [_OUTLINE["coordinates"][0][:-1]]}, "outline"),
    ):
        refused = await clerk.refused("compoundSetOutline", **compound, outline=wrong)
        assert refused == {"code": "INVALID", "field": [field]}
    await clerk.did("compoundSetOutline", what, **compound, outline=_OUTLINE)
    await clerk.did("compoundSetPoint", what, **compound, latitude=29.356, longitude=105.918)
    await clerk.did("compoundSetYear", what, **compound, handedOverYear=2008)
    counted = await clerk.did("compoundSetCounts", what, **compound, homeCount=1504, residentCount=3000)
    stale = await clerk.refused("compoundRename", **compound, name="康桥", expectedVersion=counted["version"] - 1)
    assert stale["code"] == "STALE_VERSION"
    building = await clerk.did(
        "buildingAdd", "building { id }", compoundId=kangqiao["id"], code="KQ-24", name="24幢", storeys=33, heightM="99.00"
    )
    unit = await clerk.did("unitAdd", "unit { id }", buildingId=building["id"], code="KQ-24-1", name="1单元")
    homes = [
        {"code": "KQ-24-1-1", "name": "3-1", "floor": 3, "areaM2": "89.50", "residents": 2},
        {"code": "KQ-24-1-2", "name": "底商", "floor": 1, "areaM2": "40.00", "use": "COMMERCIAL"},
    ]
    await clerk.did("homesAdd", "unit { id }", unitId=unit["id"], homes=homes)
    ((kind, name),) = (await found(worker, "康桥24栋3-1"))[:1]
    assert (kind, name) == ("HOME", "24幢 1单元 3-1")
    home = (await worker.ask(_SEARCH, text="康桥24栋3-1"))["search"][0]["subjectId"]
    await worker.did("homeSetResidents", "home { residents }", id=home, residents=4)
    forbidden = await worker.refused("homeSetUse", id=home, use="OFFICE")
    assert forbidden["code"] == "FORBIDDEN"

    for text in ("kqsh", "康桥", "kangqiao", "棠城大道KQ号"):
        assert ("COMPOUND", "康桥生活公园") in await found(officer, text)
    assert await found(officer, "24栋") == await found(officer, "２４号楼") == [("BUILDING", "24幢")]
    resident = await a_person(stack, Role.STREET_OFFICER, place=await a_street())
    assert await found(resident, "康桥") == []

    itself = await officer.refused("gridMerge", id=first, intoId=first)
    assert itself == {"code": "INVALID", "field": ["intoId"]}
    split = {"id": first, "code": "G3", "name": "康桥网格"}
    assert (await officer.refused("gridSplit", **split, compoundIds=[]))["field"] == ["compoundIds"]
    part = await officer.did("gridSplit", "place { id splitFrom { name } }", **split, compoundIds=[kangqiao["id"]])
    assert part["splitFrom"] == {"name": "第1网格"}
    assert await found(worker, "康桥生活") == []
    told = (await clerk.ask(_COMPOUND, code="KQ"))["compound"]
    assert told["grid"] == {"name": "康桥网格", "splitFrom": {"name": "第1网格"}}
    assert told["outline"] == _OUTLINE
    assert (told["homeCount"], told["residentCount"], told["handedOverYear"]) == (1504, 3000, 2008)
    assert {each["use"]: each["count"] for each in told["homeStats"]} == {"RESIDENTIAL": 1, "COMMERCIAL": 1}
    assert told["buildings"]["nodes"][0]["units"]["nodes"][0]["homes"]["nodes"][0]["residents"] == 4
    assert told["history"]["nodes"][0]["action"] == "gridSplit"

    await officer.did("gridMerge", "place { endedOn living }", id=first, intoId=second)
    places = {each["name"]: each for each in (await officer.ask(_PLACES, community=community["id"]))["places"]["nodes"]}
    assert set(places) == {"第2网格", "康桥网格"}
    (gone,) = places["第2网格"]["absorbed"]["nodes"]
    assert (gone["name"], gone["living"], gone["became"]) == ("第1网格", False, {"name": "第2网格"})
    assert gone["endedOn"]
    assert [each["code"] for each in places["第2网格"]["gridCompounds"]["nodes"]] == ["SR"]
    assert ("COMPOUND", "树人大院") in await found(worker, "srdy")
    again = await officer.refused("gridMerge", id=first, intoId=second)
    assert again["code"] == "ILLEGAL_MOVE"

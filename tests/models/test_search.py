"""Search: what is found by what, the best first, and nothing that the viewer may not read."""

from __future__ import annotations

from typing import Any

import pytest

from domain.access import ANONYMOUS, Role, Viewer
from domain.refusals import RefusalCode
from domain.search import SearchKind
from models import Building, Compound, Home, Organisation, Place
from models.connection import query
from models.search import finding
from models.search.finding import Hit, search
from models.territory import rename_compound, set_address
from settings import Settings
from tasks.search import words
from tests.builders import (
    a_building,
    a_community,
    a_company_serving,
    a_compound,
    a_grid,
    a_home,
    a_street,
    a_unit,
)
from tests.models.ticket_world import refusal, somebody

C, B, H, P, O = SearchKind.COMPOUND, SearchKind.BUILDING, SearchKind.HOME, SearchKind.PLACE, SearchKind.ORGANISATION  # noqa: E741


class World:
    """Two compounds in two communities, a building 24 in each, homes in the first."""

    street: Place
    kangqiao: Compound
    shuren: Compound
    building: Building
    home: Home
    company: Organisation
    officer: Viewer


@pytest.fixture
async def world(database: Settings) -> World:
    made = World()
    made.street = await a_street(name="中山路街道")
    tangcheng = await a_community(made.street, name="棠城社区")
    changzhou = await a_community(made.street, name="昌州路社区")
    await a_grid(tangcheng, name="棠城社区第1网格")
    made.kangqiao = await a_compound(tangcheng, name="康桥生活公园", address="中山路街道棠城大道88号")
    made.shuren = await a_compound(changzhou, name="树人大院", address="中山路街道昌州路3号")
    made.company = await a_company_serving(made.kangqiao, name="重庆康桥生活服务有限公司")
    made.building = await a_building(made.kangqiao, name="24幢")
    await a_building(made.kangqiao, name="2幢")
    await a_building(made.shuren, name="０２４号楼")
    made.home = await a_home(await a_unit(made.building, name="1单元"), name="24幢1单元3-1")
    await a_home(await a_unit(made.building, name="2单元"), name="3-1室")
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    assert (await words(None))["made"] >= 7  # pyright: ignore[reportArgumentType]
    return made


def _told(hits: list[Hit]) -> list[tuple[SearchKind, str]]:
    return [(hit.kind, hit.name) for hit in hits]


_KANGQIAO, _SHUREN = (C, "康桥生活公园"), (C, "树人大院")
_COMPANY = (O, "重庆康桥生活服务有限公司")
_24, _024 = (B, "24幢"), (B, "０２４号楼")
_HOMES = [(H, "24幢 1单元 3-1"), (H, "24幢 2单元 3-1")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("康桥", [_KANGQIAO, _COMPANY]),
        ("kqsh", [_KANGQIAO, _COMPANY]),
        ("KQSHGY", [_KANGQIAO]),
        ("kang qiao", [_KANGQIAO, _COMPANY]),
        ("生活公园", [_KANGQIAO]),
        ("cqkq", [_COMPANY]),
        ("chongqingkangqiao", [_COMPANY]),
        ("srdy", [_SHUREN]),
        ("棠城大道88号", [_KANGQIAO]),
        ("棠城", [(P, "棠城社区"), (P, "棠城社区第1网格"), _KANGQIAO]),
        ("24栋", [_24, _024]),
        ("２４号楼", [_24, _024]),
        ("康桥24栋", [_24]),
        ("kq24幢", [_24]),
        ("康桥24", [_24]),
        ("树人二十四栋", [_024]),
        ("康桥24栋3-1", [*_HOMES, _24]),
        ("康桥24栋2单元3-1", [_HOMES[1], _24]),
        ("24-1-3-1", [_HOMES[0], _24, _024]),
        ("康桥3-1", _HOMES),
        ("3-1", []),
        ("没有", []),
        ("' OR 1=1 --", []),
        ("%", []),
        ("\0", []),
        ("\U0010ffff", []),
        ("\ud800", []),
    ],
)
async def test_it_is_found_the_best_first(world: World, text: str, found: list[Any]):
    assert _told(await search(world.officer, text)) == found


async def test_one_character_finds_what_begins_so(world: World):
    assert _told(await search(world.officer, "康"))[0] == _KANGQIAO
    assert _KANGQIAO in _told(await search(world.officer, "k"))
    assert _KANGQIAO not in _told(await search(world.officer, "g"))


async def test_only_the_kinds_that_are_asked_for_and_no_more_than_that(world: World):
    assert _told(await search(world.officer, "康桥", [O, P])) == [_COMPANY]
    assert await search(world.officer, "康桥", []) == []
    assert _told(await search(world.officer, "康桥", first=1)) == [_KANGQIAO]
    for first in (0, 51):
        assert (await refusal(search(world.officer, "康桥", first=first))).path == ("first",)
    refused = await refusal(search(world.officer, "x" * 61))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("text",))


async def test_nobody_finds_what_they_may_not_read(world: World):
    manager = await somebody(Role.COMPANY_MANAGER, organisation=world.company)
    assert _told(await search(manager, "24栋")) == [_24]
    assert _told(await search(manager, "树人")) == []
    resident = await somebody(Role.RESIDENT, home=world.home)
    assert _told(await search(resident, "康桥24栋3-1")) == [_HOMES[0], _24]
    assert _told(await search(resident, "社区")) == [(P, "棠城社区"), (P, "昌州路社区"), (P, "棠城社区第1网格")]
    administrator = await somebody(Role.ADMINISTRATOR, place=world.street)
    assert _told(await search(administrator, "康桥24栋3-1")) == [_24]
    stranger = await somebody(Role.STREET_OFFICER, place=await a_street())
    for text in ("康桥", "24栋", "康桥24栋3-1", "棠城"):
        assert await search(stranger, text) == await search(ANONYMOUS, text) == []


async def test_one_statement_is_asked_however_much_is_looked_for(world: World, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    async def counted(sql: str, *values: Any) -> list[dict[str, Any]]:
        asked.append(sql)
        return await query(sql, *values)

    monkeypatch.setattr(finding, "query", counted)
    for text in ("康桥", "康桥24栋3-1", "k"):
        assert await search(world.officer, text)
    assert len(asked) == 3
    assert await search(ANONYMOUS, "康桥") == await search(world.officer, "--") == []
    assert len(asked) == 3


async def test_words_follow_what_is_renamed(world: World):
    await rename_compound(world.officer, world.kangqiao.id, "海棠湾")
    assert _told(await search(world.officer, "康桥")) == [_COMPANY]
    assert _told(await search(world.officer, "htw")) == [(C, "海棠湾")]
    await set_address(world.officer, world.kangqiao.id, "清泉路9号")
    assert _told(await search(world.officer, "清泉路")) == [(C, "海棠湾")]
    await Organisation.filter(id=world.company.id).update(name="青檐物业")
    await words(None)  # pyright: ignore[reportArgumentType]
    assert _told(await search(world.officer, "qywy")) == [(O, "青檐物业")]
    await Building.filter(id=world.building.id).update(name="25栋")
    assert _told(await search(world.officer, "海棠湾25幢")) == [(B, "25栋")]
    assert await query("SELECT * FROM search_stale") == []

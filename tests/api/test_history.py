"""History on nodes: who is told what was done to a thing, and in which words."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.audit import Door
from domain.policy import ACTS, OPEN_ACTS, OWN_ACTS
from domain.sentences import SENTENCES, sentence
from domain.tickets import TicketKind
from models import Fact, tickets
from models.alerts.acts import acknowledge
from models.viewers import viewer_of
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_company_serving, a_device, a_facility, a_home, a_role, a_street, an_account, an_alert
from tests.models.ticket_world import World, a_world, somebody

_HISTORY = """
query ($id: ID!) {
  node(id: $id) {
    ... on Ticket { history { totalCount nodes { action words role door actor { name } before after } } }
    ... on Alert { history { nodes { words } } }
    ... on Facility { history { nodes { words } } }
  }
}
"""


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(database: Settings, world: World) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as made:
        yield made


async def a_resident(world: World) -> Viewer:
    return await somebody(Role.RESIDENT, home=world.home, name="Resident of 301")


async def a_course(world: World, resident: Viewer) -> str:
    """A resident's ticket that went through many hands; its id."""
    opened = await tickets.open_ticket(resident, world.compound.id, kind=TicketKind.REPAIR, title="Lamp", description="Dark.")
    await tickets.accept(world.manager, opened.id)
    await tickets.comment(world.manager, opened.id, "She calls every week.", internal=True)
    await tickets.comment(world.manager, opened.id, "We come tomorrow.")
    await tickets.assign(world.manager, opened.id, world.worker.id)
    return opened.id


async def history(client: Client, viewer: Viewer, id_: str, language: str = "en") -> dict[str, Any] | None:
    """The node's history as the viewer is told it; None where there is no such node for them."""
    client.viewer, client.language = viewer, language
    answer = await client.post(_HISTORY, id=id_)
    assert "errors" not in answer, answer
    return answer["data"]["node"] and answer["data"]["node"]["history"]


async def test_those_on_duty_are_told_all_with_the_names_of_their_colleagues(client: Client, world: World) -> None:
    told = await history(client, world.manager, await a_course(world, await a_resident(world)))

    assert told is not None
    assert [(fact["words"], fact["actor"]) for fact in told["nodes"]] == [
        ("The company manager assigned the ticket.", {"name": "Somebody"}),
        ("The company manager wrote a remark.", {"name": "Somebody"}),
        ("The company manager wrote a remark.", {"name": "Somebody"}),
        ("The company manager accepted the ticket.", {"name": "Somebody"}),
        ("The resident opened the ticket.", None),
    ]
    assert told["totalCount"] == 5


async def test_a_resident_is_told_the_course_of_their_own_ticket_without_inside_remarks_and_names(
    client: Client, world: World
) -> None:
    resident = await a_resident(world)
    told = await history(client, resident, await a_course(world, resident), "zh-CN")

    assert told is not None
    assert [(fact["words"], fact["actor"]) for fact in told["nodes"]] == [
        ("物业项目经理指派了工单。", None),
        ("物业项目经理添加了备注。", None),
        ("物业项目经理受理了工单。", None),
        ("居民提交了工单。", {"name": "Resident of 301"}),
    ]
    assert told["totalCount"] == 4
    assert told["nodes"][0]["role"] == "COMPANY_MANAGER"


async def test_values_are_told_but_no_ids(client: Client, world: World) -> None:
    told = await history(client, world.manager, await a_course(world, await a_resident(world)))

    assert told is not None
    assigned, remark, inside, accepted, opened = told["nodes"]
    assert (assigned["before"], assigned["after"]) == (
        {"state": "ACCEPTED", "version": 2},
        {"state": "ASSIGNED", "version": 3},
    )
    assert (remark["before"], remark["after"], inside["after"]) == ({}, {"internal": False}, {"internal": True})
    assert accepted["before"] == {"state": "OPEN", "version": 1, "accepted_at": None}
    assert opened["after"] == {"state": "OPEN", "kind": "REPAIR", "priority": "ORDINARY", "category": None}


@pytest.mark.parametrize("role", [Role.STREET_OFFICER, Role.AUDITOR])
async def test_the_street_is_told_everything(client: Client, world: World, role: Role) -> None:
    viewer = await somebody(role, place=world.street)
    told = await history(client, viewer, await a_course(world, await a_resident(world)))

    assert told is not None
    assert told["totalCount"] == 5
    assert told["nodes"][0]["actor"] == {"name": "Somebody"}


async def test_nobody_is_told_of_what_is_foreign_neither_by_the_node_nor_by_the_fact(client: Client, world: World) -> None:
    ticket_id = await a_course(world, await a_resident(world))
    elsewhere = await a_company_serving(world.unserved)
    strangers = [
        await a_resident(world),
        await somebody(Role.COMPANY_MANAGER, organisation=elsewhere),
        await somebody(Role.STREET_OFFICER, place=await a_street()),
        await somebody(Role.ADMINISTRATOR, place=world.street),
        Viewer(),
    ]
    facts = [fact.id for fact in await Fact.filter(subject_id=ticket_id)]

    for stranger in strangers:
        assert await history(client, stranger, ticket_id) is None
        answer = await client.post("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=facts)
        assert answer["data"]["nodes"] == [None] * len(facts)


async def test_a_resident_does_not_find_the_fact_of_an_inside_remark_by_its_id(client: Client, world: World) -> None:
    resident = await a_resident(world)
    ticket_id = await a_course(world, resident)
    facts = await Fact.filter(subject_id=ticket_id).order_by("id")

    client.viewer = resident
    answer = await client.post("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[fact.id for fact in facts])

    assert [node is not None for node in answer["data"]["nodes"]] == [True, True, False, True, True]


async def test_one_who_both_lives_and_works_there_sees_as_much_as_either_role_allows(client: Client, world: World) -> None:
    account = await an_account(Role.RESIDENT, home=world.home)
    await a_role(account, Role.COMMITTEE_MEMBER, compound=world.compound)
    both = await viewer_of(account.id)
    assert both is not None
    told = await history(client, both, await a_course(world, both))

    assert told is not None
    assert told["totalCount"] == 4
    fact = await Fact.filter(action="ticketOpen").get()
    assert (fact.roles, fact.role) == ("COMMITTEE_MEMBER,RESIDENT", Role.COMMITTEE_MEMBER)


async def test_alerts_and_facilities_have_a_history_too(client: Client, world: World) -> None:
    facility = await a_facility(world.compound)
    alert = await an_alert(await a_device(facility=facility))
    await acknowledge(world.manager, alert.id)
    await client.act(
        "facilityReportStatus",
        "facility { history { nodes { words } } }",
        id=facility.id,
        status="OUT_OF_SERVICE",
    )

    assert await history(client, world.manager, alert.id) == {"nodes": [{"words": "The company manager took note of the alert."}]}
    assert await history(client, world.manager, facility.id) == {
        "nodes": [{"words": "The company manager reported the facility's status."}]
    }
    assert await history(client, await somebody(Role.RESIDENT, home=await a_home()), facility.id) is None


def test_every_act_has_its_words_in_both_languages() -> None:
    unrecorded = {"sessionRefresh", "noticeRead", "roundScan"}
    assert {*ACTS, *OWN_ACTS, *OPEN_ACTS} - unrecorded <= SENTENCES.keys()
    for words in SENTENCES.values():
        assert (words.en.startswith("{} "), words.en[-1], words.zh[:2], words.zh[-1]) == (True, ".", "{}", "。")


@pytest.mark.parametrize(
    ("actor", "role", "door", "en", "zh"),
    [
        ("acc_1", Role.GRID_WORKER, Door.GRAPHQL, "The grid worker accepted the ticket.", "网格员受理了工单。"),
        ("acc_1", None, Door.GRAPHQL, "Somebody accepted the ticket.", "用户受理了工单。"),
        ("key_1", None, Door.EVENTS, "A machine accepted the ticket.", "接入设备受理了工单。"),
        ("system:keys", None, Door.CLI, "The operator accepted the ticket.", "运维人员受理了工单。"),
        ("system:events", None, Door.SYSTEM, "The system accepted the ticket.", "系统受理了工单。"),
    ],
)
def test_a_sentence_tells_who_did_it(actor: str, role: Role | None, door: Door, en: str, zh: str) -> None:
    told = sentence("ticketAccept", actor, role, door)

    assert (told.en, told.zh) == (en, zh)


def test_an_action_without_words_is_told_all_the_same() -> None:
    assert sentence("somethingNew", "acc_1", Role.AUDITOR, Door.GRAPHQL).zh == "审计员执行了一项操作。"

"""Telephone numbers over GraphQL: shown masked, told in full to those whose work needs it, for a reason and on record."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain.access import Role, Viewer
from models import Account, Attempt, Fact, RoleBinding, Ticket, Unmasking
from models.ids import new_id
from models.viewers import viewer_of
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import LONG_AGO, a_community, a_company_serving, a_compound, a_street
from tests.models.ticket_world import World, a_world, somebody

NUMBER, E164, MASKED = "138 0013 8000", "+8613800138000", "138****8000"
CALL_BACK = {"reason": "CALL_BACK"}


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(world: World, database: Settings) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as client:
        yield client


async def a_ticket_with_number(world: World, client: Client, **changed: Any) -> tuple[str, Viewer]:
    """A ticket that a resident opened with a number; and the resident."""
    before, client.viewer = client.viewer, await somebody(Role.RESIDENT, home=world.home)
    given = {"compoundId": world.compound.id, "kind": "REPAIR", "title": "No water", "contactPhone": NUMBER} | changed
    payload = await client.act("ticketOpen", "ticket { id contactPhone }", **given)
    assert payload["errors"] == []
    assert payload["ticket"]["contactPhone"] == MASKED
    resident, client.viewer = client.viewer, before
    return payload["ticket"]["id"], resident


async def shown(client: Client, id_: str) -> Any:
    answer = await client.post("query ($id: ID!) { node(id: $id) { ... on Ticket { contactPhone } } }", id=id_)
    return answer["data"]["node"] and answer["data"]["node"]["contactPhone"]


async def test_a_number_is_stored_sealed_and_shown_masked(world: World, client: Client) -> None:
    ticket_id, _ = await a_ticket_with_number(world, client)
    stored = await Ticket.get(id=ticket_id)
    assert stored.contact_phone_masked == MASKED
    assert b"138001" not in bytes(stored.contact_phone_sealed or b"") + bytes(stored.contact_phone_index or b"")
    assert await shown(client, ticket_id) == MASKED
    client.viewer = await somebody(Role.COMMITTEE_MEMBER, compound=world.compound)
    assert await shown(client, ticket_id) is None
    client.viewer = await somebody(Role.ADMINISTRATOR, place=world.street)
    assert await shown(client, ticket_id) is None


async def test_what_is_no_number_opens_no_ticket(world: World, client: Client) -> None:
    given = {"compoundId": world.compound.id, "kind": "REPAIR", "title": "No water"}
    refused = await client.act("ticketOpen", "ticket { id }", **given, contactPhone="12345 secret")
    assert (refused["errors"][0]["code"], refused["errors"][0]["field"]) == ("INVALID", ["contactPhone"])
    assert "12345" not in str(refused)
    assert await Ticket.all().count() == 0
    assert (await client.act("ticketOpen", "ticket { contactPhone }", **given, contactPhone=" "))["errors"] == []


async def test_those_whose_work_needs_it_are_told_the_number_and_it_is_on_record(world: World, client: Client) -> None:
    ticket_id, resident = await a_ticket_with_number(world, client)
    told = await client.act("unmask", "phone", id=ticket_id, reason="OTHER", note="The lift is stuck with a child inside")
    assert told == {"phone": E164, "errors": []}
    fact = await Fact.get(action="unmask")
    assert (fact.actor, fact.subject_id, fact.role) == (world.manager.account_id, ticket_id, Role.COMPANY_MANAGER)
    why = await Unmasking.get()
    assert fact.after == {"reason": "OTHER", "unmasking": why.id}
    assert (why.note, why.subject_id) == ("The lift is stuck with a child inside", ticket_id)
    assert fact.audience_id == resident.account_id
    assert "13800138000" not in str(dict(fact))


@pytest.mark.parametrize(
    ("role", "bound", "code"),
    [
        (Role.STREET_OFFICER, "street", None),
        (Role.COMMUNITY_STAFF, "community", None),
        (Role.COMPANY_STAFF, "company", None),
        (Role.AUDITOR, "street", "FORBIDDEN"),
        (Role.COMMITTEE_MEMBER, "compound", "FORBIDDEN"),
        (Role.INTEGRATION, "company", "FORBIDDEN"),
        (Role.ADMINISTRATOR, "street", "NOT_FOUND"),
        (Role.RESIDENT, "home", "NOT_FOUND"),
    ],
)
async def test_a_role_is_told_or_refused(world: World, client: Client, role: Role, bound: str, code: str | None) -> None:
    ticket_id, _ = await a_ticket_with_number(world, client)
    way = {"street": "place", "community": "place", "company": "organisation"}.get(bound, bound)
    client.viewer = await somebody(role, **{way: getattr(world, bound)})
    told = await client.act("unmask", "phone", id=ticket_id, **CALL_BACK)
    assert [error["code"] for error in told["errors"]] == ([code] if code else [])
    assert told["phone"] == (None if code else E164)
    found = await client.act("findByPhone", "ids", phone=NUMBER, **CALL_BACK)
    assert found["ids"] == ([] if code else [ticket_id])
    facts = await Fact.filter(action__in=["unmask", "findByPhone"])
    assert [fact.role for fact in facts] == ([] if code else [role, role])


async def test_foreign_absent_and_other_ids_answer_alike_and_count_alike(world: World, client: Client) -> None:
    elsewhere = await a_compound(await a_community())
    ticket_id, _ = await a_ticket_with_number(world, client)
    client.viewer = await somebody(Role.COMPANY_MANAGER, organisation=await a_company_serving(elsewhere))
    ids = [ticket_id, new_id("tkt"), new_id("acc"), world.worker.id, world.compound.id, "x", "", "' OR 1=1"]
    answers = [await client.act("unmask", "phone", id=id_, **CALL_BACK) for id_ in ids]
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0]["errors"][0]["code"] == "NOT_FOUND"
    assert (await Attempt.get()).count == len(ids)
    assert (await client.act("findByPhone", "ids", phone=NUMBER, **CALL_BACK)) == {"ids": [], "errors": []}


async def test_numbers_are_told_a_few_an_hour(world: World, client: Client, database: Settings) -> None:
    client.settings = database.model_copy(update={"unmasks_per_hour": 3})
    ticket_id, _ = await a_ticket_with_number(world, client)
    answers = [await client.act("unmask", "phone", id=ticket_id, **CALL_BACK) for _ in range(2)]
    answers.append(await client.act("findByPhone", "ids", phone=NUMBER, **CALL_BACK))
    assert all(answer["errors"] == [] for answer in answers)
    for act, given in (("unmask", {"id": ticket_id}), ("findByPhone", {"phone": NUMBER})):
        refused = await client.act(act, "__typename", **given, **CALL_BACK)
        assert refused["errors"][0]["code"] == "RATE_LIMITED"
    client.viewer = await somebody(Role.COMPANY_MANAGER, organisation=world.company)
    assert (await client.act("unmask", "phone", id=ticket_id, **CALL_BACK))["phone"] == E164


async def test_one_changes_and_sees_ones_own_number(world: World, client: Client) -> None:
    client.viewer = await somebody(Role.RESIDENT, home=world.home)
    assert await client.act("phoneChange", "phone", phone="023-0123 4567") == {"phone": "023****67", "errors": []}
    assert (await client.post("{ viewer { phone } }"))["data"]["viewer"]["phone"] == "023****67"
    own = await client.act("unmask", "phone", id=client.viewer.account_id, **CALL_BACK)
    assert own == {"phone": "+862301234567", "errors": []}
    refused = await client.act("phoneChange", "phone", phone="none")
    assert (refused["errors"][0]["code"], refused["errors"][0]["field"]) == ("INVALID", ["phone"])
    assert await client.act("phoneChange", "phone", phone=None) == {"phone": None, "errors": []}
    assert (await client.act("unmask", "phone", id=client.viewer.account_id, **CALL_BACK)) == {"phone": None, "errors": []}
    assert (await Account.get(id=client.viewer.account_id)).phone_sealed is None
    told = [dict(fact) for fact in await Fact.filter(action="phoneChange")]
    assert len(told) == 2
    assert "1234567" not in str(told)


async def test_who_opened_a_ticket_is_told_its_number_again(world: World, client: Client) -> None:
    ticket_id, client.viewer = await a_ticket_with_number(world, client)
    assert (await client.act("unmask", "phone", id=ticket_id, **CALL_BACK))["phone"] == E164


async def test_numbers_are_found_whatever_way_they_are_written_and_whichever_key_indexed_them(
    world: World, client: Client, database: Settings
) -> None:
    ticket_id, _ = await a_ticket_with_number(world, client)
    worker = await viewer_of(world.worker.id)
    assert worker
    client.viewer = worker
    await client.act("phoneChange", "phone", phone=NUMBER)
    assert database.secret_key
    client.settings = Settings.model_validate(
        dict(database)
        | {"secret_key": "77" * 32, "secret_keys_before": f"99{'00' * 31}, {database.secret_key.get_secret_value()}"}
    )
    for written in (NUMBER, "+86 138 0013 8000", "0086-13800138000"):
        found = await client.act("findByPhone", "ids", phone=written, **CALL_BACK)
        assert sorted(found["ids"]) == sorted([ticket_id, world.worker.id])
    assert (await client.act("unmask", "phone", id=ticket_id, **CALL_BACK))["phone"] == E164
    assert (await client.act("findByPhone", "ids", phone="13900139000", **CALL_BACK))["ids"] == []
    assert [(fact.after or {})["found"] for fact in await Fact.filter(action="findByPhone").order_by("at")] == [2, 2, 2, 0]


async def test_each_street_that_a_number_is_looked_for_in_has_it_on_record(world: World, client: Client) -> None:
    await a_ticket_with_number(world, client)
    other = await a_street()
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await RoleBinding.create(
        account_id=officer.account_id, role=Role.STREET_OFFICER, starts_on=LONG_AGO.date(), place_id=other.id, street_id=other.id
    )
    client.viewer = await viewer_of(officer.account_id or "") or officer
    assert len((await client.act("findByPhone", "ids", phone=NUMBER, **CALL_BACK))["ids"]) == 1
    told = {fact.street_id: (fact.after or {})["found"] for fact in await Fact.filter(action="findByPhone")}
    assert told == {world.street.id: 1, other.id: 0}
    assert {why.street_id for why in await Unmasking.all()} == {world.street.id, other.id}


async def test_without_the_key_no_number_is_told(world: World, client: Client, database: Settings) -> None:
    ticket_id, _ = await a_ticket_with_number(world, client)
    client.settings = Settings.model_validate(dict(database) | {"secret_key": "77" * 32})
    query = "mutation ($input: UnmaskInput!) { unmask(input: $input) { phone } }"
    answer = await client.post(query, input={"id": ticket_id, **CALL_BACK})
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert await Unmasking.all().count() == 0


async def test_no_number_can_be_asked_for_by_filter_sort_or_group(client: Client) -> None:
    answer = await client.post("{ __schema { types { name inputFields { name } enumValues { name } } } }")
    asking = [type_ for type_ in answer["data"]["__schema"]["types"] if type_["name"].endswith(("Filter", "Sort", "GroupBy"))]
    assert len(asking) > 20
    assert "PHONE" not in str(asking).upper()


async def test_who_registers_may_leave_a_number(world: World, client: Client) -> None:
    code = (await client.act("residentInvite", "code", homeId=world.home.id))["code"]
    given = {"code": code, "login": "li.wei", "password": "correct horse battery", "name": "Somebody", "phone": NUMBER}
    assert (await client.act("registerResident", "done", **given | {"phone": "no"}))["errors"][0]["field"] == ["phone"]
    assert await client.act("registerResident", "done", **given) == {"done": True, "errors": []}
    account = await Account.get(login="li.wei")
    assert account.phone_masked == MASKED
    assert "13800138000" not in str([dict(fact) for fact in await Fact.all()])

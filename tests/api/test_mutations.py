"""Mutations on tickets as a client sees them: the changed node, or errors that name field, reason and remedy."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from api.mutations import tickets as ticket_mutations
from domain.access import ANONYMOUS, Role
from domain.tickets import TicketState
from models import Fact, Ticket, TicketComment
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_facility, a_ticket
from tests.models.ticket_world import World, a_world, somebody


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(world: World, database: Settings) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as client:
        yield client


async def test_a_ticket_goes_its_way_by_mutations(world: World, client: Client):
    facility = await a_facility(world.compound, name="Lift 24")
    payload = await client.act(
        "ticketOpen",
        "ticket { id number state title priority version compound { name } facility { name } organisation { code } }",
        compoundId=world.compound.id,
        kind="REPAIR",
        title=" Lift 24 stands still ",
        facilityId=facility.id,
    )
    assert payload["errors"] == []
    ticket = payload["ticket"]
    assert ticket["number"].startswith("T")
    assert ticket == {
        "id": ticket["id"],
        "number": ticket["number"],
        "state": "OPEN",
        "title": "Lift 24 stands still",
        "priority": "ORDINARY",
        "version": 1,
        "compound": {"name": world.compound.name},
        "facility": {"name": "Lift 24"},
        "organisation": {"code": world.company.code},
    }
    steps: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("ticketAccept", {}, {"state": "ACCEPTED"}),
        ("ticketAssign", {"assigneeId": world.worker.id}, {"state": "ASSIGNED", "assignee": {"id": world.worker.id}}),
        ("ticketStart", {}, {"state": "IN_PROGRESS"}),
        ("ticketResolve", {"note": "Door drive replaced"}, {"state": "RESOLVED"}),
        ("ticketConfirm", {}, {"state": "CLOSED"}),
        ("ticketReopen", {"note": "Again"}, {"state": "ACCEPTED"}),
        ("ticketCancel", {"note": "Opened twice"}, {"state": "CANCELLED"}),
    ]
    for version, (field, given, expected) in enumerate(steps, start=1):
        payload = await client.act(
            field, "ticket { id state version assignee { id } }", id=ticket["id"], expectedVersion=version, **given
        )
        assert payload["errors"] == []
        assert payload["ticket"] | expected == payload["ticket"]
        assert payload["ticket"]["version"] == version + 1
    assert await TicketComment.filter(ticket_id=ticket["id"]).count() == 3


async def test_a_comment_comes_back_with_its_ticket(world: World, client: Client):
    ticket = await a_ticket(world.compound)
    payload = await client.act(
        "ticketComment",
        "comment { body internal author { id } } ticket { id comments { nodes { body } } }",
        id=ticket.id,
        body="On our way",
        internal=True,
    )
    assert payload == {
        "comment": {"body": "On our way", "internal": True, "author": {"id": world.manager.account_id}},
        "ticket": {"id": ticket.id, "comments": {"nodes": [{"body": "On our way"}]}},
        "errors": [],
    }


@pytest.mark.parametrize(
    ("field", "given", "code", "path"),
    [
        ("ticketConfirm", {}, "ILLEGAL_MOVE", []),
        ("ticketAccept", {"expectedVersion": 9}, "STALE_VERSION", ["expectedVersion"]),
        ("ticketAccept", {"id": "tkt_unknown"}, "NOT_FOUND", ["id"]),
        ("ticketComment", {"body": ""}, "INVALID", ["body"]),
        ("ticketAccept", {"idempotencyKey": "x" * 101}, "INVALID", ["idempotencyKey"]),
    ],
)
async def test_a_refusal_is_an_error_in_the_payload_in_the_language_of_the_request(
    world: World, client: Client, field: str, given: dict[str, Any], code: str, path: list[str]
):
    ticket = await a_ticket(world.compound)
    for language, chinese in (("en", False), ("zh-CN", True)):
        client.language = language
        payload = await client.act(field, "ticket { id }", **({"id": ticket.id} | given))
        assert payload["ticket"] is None
        [error] = payload["errors"]
        assert (error["code"], error["field"]) == (code, path)
        for sentence in (error["message"], error["hint"]):
            assert any("\u4e00" <= character <= "\u9fff" for character in sentence) == chinese
    assert (await Ticket.get(id=ticket.id)).state is TicketState.OPEN
    assert not await Fact.exists()


async def test_an_id_of_another_type_answers_as_an_id_of_nothing(world: World, client: Client):
    ticket = await a_ticket(world.compound)
    told = [
        (await client.act("ticketAccept", "ticket { id }", id=id_))["errors"]
        for id_ in ("tkt_" + "0" * 26, world.compound.id, ticket.id.upper(), "", "x" * 5_000)
    ]
    assert [errors[0]["code"] for errors in told] == ["NOT_FOUND"] * 5
    assert all(errors == told[0] for errors in told)


async def test_an_assignee_that_cannot_be_is_named_by_its_field(world: World, client: Client):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED)
    payload = await client.act("ticketAssign", "ticket { id }", id=ticket.id, assigneeId="acc_nobody")
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["assigneeId"])]


async def test_nobody_acts_without_logging_in(world: World, client: Client):
    client.viewer = ANONYMOUS
    ticket = await a_ticket(world.compound)
    for key in ({}, {"idempotencyKey": "k1"}):
        payload = await client.act("ticketAccept", "ticket { id }", id=ticket.id, **key)
        assert [error["code"] for error in payload["errors"]] == ["UNAUTHENTICATED"]


async def test_the_committee_may_see_a_ticket_and_not_accept_it(world: World, client: Client):
    client.viewer = await somebody(Role.COMMITTEE_MEMBER, compound=world.compound)
    ticket = await a_ticket(world.compound)
    payload = await client.act("ticketAccept", "ticket { id }", id=ticket.id)
    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]


async def test_a_retry_with_the_same_key_opens_no_second_ticket(world: World, client: Client):
    given = {"compoundId": world.compound.id, "kind": "REPAIR", "title": "Lamp", "idempotencyKey": "k1"}
    answers = await asyncio.gather(*(client.act("ticketOpen", "ticket { id }", **given) for _ in range(6)))
    answers.append(await client.act("ticketOpen", "ticket { id }", **given))
    assert len({answer["ticket"]["id"] for answer in answers}) == 1
    assert await Ticket.all().count() == 1
    changed = await client.act("ticketOpen", "ticket { id }", **{**given, "title": "Bench"})
    assert [(error["code"], error["field"]) for error in changed["errors"]] == [("CONFLICT", ["idempotencyKey"])]


async def test_a_retry_of_a_move_gets_the_first_answer_though_the_table_would_refuse_it_now(world: World, client: Client):
    ticket = await a_ticket(world.compound)
    for _ in range(2):
        payload = await client.act(
            "ticketAccept", "ticket { state version }", id=ticket.id, expectedVersion=1, idempotencyKey="k1"
        )
        assert payload == {"ticket": {"state": "ACCEPTED", "version": 2}, "errors": []}
    comments = [
        await client.act("ticketComment", "comment { id }", id=ticket.id, body="Hi", idempotencyKey="k2") for _ in range(2)
    ]
    assert comments[0] == comments[1]
    assert await TicketComment.all().count() == 1


async def test_a_refused_act_may_be_tried_again_with_its_key(world: World, client: Client):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED)
    refused = await client.act("ticketAccept", "ticket { id }", id=ticket.id, idempotencyKey="k1")
    assert [error["code"] for error in refused["errors"]] == ["ILLEGAL_MOVE"]
    await Ticket.filter(id=ticket.id).update(state=TicketState.OPEN, accepted_at=None)
    again = await client.act("ticketAccept", "ticket { state }", id=ticket.id, idempotencyKey="k1")
    assert again == {"ticket": {"state": "ACCEPTED"}, "errors": []}


async def test_two_mutations_in_one_document_run_in_their_order(world: World, client: Client):
    ticket = await a_ticket(world.compound)
    answer = await client.post(
        "mutation ($id: ID!) { a: ticketAccept(input: {id: $id}) { ticket { state } } "
        "b: ticketStart(input: {id: $id}) { ticket { state } } }",
        id=ticket.id,
    )
    assert answer["data"] == {"a": {"ticket": {"state": "ACCEPTED"}}, "b": {"ticket": {"state": "IN_PROGRESS"}}}


async def test_a_crash_stays_a_crash_and_tells_nothing(world: World, client: Client, monkeypatch: pytest.MonkeyPatch):
    async def crash(*_: Any, **__: Any) -> Ticket:
        raise ZeroDivisionError("a detail of ours")

    monkeypatch.setattr(ticket_mutations.tickets, "accept", crash)
    ticket = await a_ticket(world.compound)
    answer = await client.post("mutation ($id: ID!) { ticketAccept(input: {id: $id}) { ticket { id } } }", id=ticket.id)
    assert answer["data"] is None
    assert len(answer["errors"]) == 1
    assert "a detail of ours" not in str(answer)

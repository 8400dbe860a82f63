"""A ticket nobody takes is warned of, late, brought up the ladder; then handled, paused and done; told through HTTP alone."""

from __future__ import annotations

import json
from typing import Any

from tortoise import connections

from domain.access import Role
from domain.organisations import OrganisationKind
from tests.builders import (
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_street,
    an_account,
    an_organisation,
)
from tests.waiting import until

from .conftest import Receiver
from .stack import Client, Stack, log_in

TICKET = """query ($id: ID!) { node(id: $id) { ... on Ticket {
  state dueAt overdue version arrivedAt
  deadline { goal state level due policy paused why }
  deadlines { nodes { goal state level due metAt breachedAt } }
  pauses { nodes { reason note endedAt } }
  history(first: 50) { nodes { action } }
} } }"""
PASSWORD = "Correct-horse-1"


async def _aged(ticket: str, minutes: int) -> None:
    """Let it have been opened so many minutes earlier."""
    database = connections.get("default")
    span = f"interval '{minutes} minutes'"
    await database.execute_query(f"UPDATE ticket SET opened_at = opened_at - {span} WHERE id = $1", [ticket])
    await database.execute_query("UPDATE ticket_deadline SET next_at = now() WHERE ticket_id = $1 AND next_at > now()", [ticket])


async def _act(client: Client, field: str, selection: str = "ticket { id }", **given: Any) -> dict[str, Any]:
    kind = field[0].upper() + field[1:] + "Input"
    query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} errors {{ code field hint }} }} }}"
    return (await client.ask(query, i=given))[field]


async def test_nothing_is_late_unseen(stack: Stack, receiver: Receiver) -> None:
    street = await a_street()
    community = await a_community(street)
    office = await a_community_office(community)
    compound = await a_compound(community)
    company = await a_company_serving(compound)
    hall = await an_organisation(street, kind=OrganisationKind.STREET_OFFICE, place_id=street.id)
    for role, bound in ((Role.COMPANY_MANAGER, {"organisation": company}), (Role.STREET_OFFICER, {"place": street})):
        await an_account(role, login=f"a.{role.lower()}", password=PASSWORD, **bound)
    await stack.start()
    manager, _ = await log_in(stack, "a.company_manager", PASSWORD)
    officer, _ = await log_in(stack, "a.street_officer", PASSWORD)
    for organisation in (company, office, hall):
        made = await _act(
            officer, "channelAdd", "channel { id }", organisationId=organisation.id, kind="WEBHOOK",
            target=f"{receiver.url}/{organisation.id}",
        )  # fmt: skip
        assert made["errors"] == []

    # the company promises to be quicker than the default
    policy = {"ownerId": company.id, "kind": "REPAIR", "priority": "EMERGENCY", "goal": "ACCEPT", "measure": "MINUTES"}
    refused = await _act(officer, "slaPolicySet", "policy { id }", **policy, amount=20, warnPercent=100)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", ["warnPercent"])]
    assert "before the breach" in refused["errors"][0]["hint"] or "早于超时" in refused["errors"][0]["hint"]
    done = await _act(officer, "slaPolicySet", "policy { amount }", **policy, amount=20, warnPercent=50, escalateMinutes=30)
    assert done["policy"] == {"amount": 20}

    opened = await _act(manager, "ticketOpen", compoundId=compound.id, kind="REPAIR", priority="EMERGENCY", title="A burst pipe")
    id_ = opened["ticket"]["id"]

    async def ticket() -> dict[str, Any]:
        return (await officer.ask(TICKET, id=id_))["node"]

    async def until_told(*actions: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = await ticket()
            told = [fact["action"] for fact in found["history"]["nodes"]]
            return found if all(action in told for action in actions) else None

        return await until(look, what=", ".join(actions))

    async def after(minutes: int) -> None:
        await _aged(id_, minutes)
        ran = await _act(officer, "checkRun", "check { name }", name="tickets.deadlines")
        assert ran["errors"] == []

    async def heard(kind: str) -> set[str]:
        def look() -> set[str]:
            bodies = [json.loads(delivery.body) for delivery in receiver.deliveries]
            return {body["data"]["deadline"]["level"] for body in bodies if body["type"] == f"steward.ticket.{kind}.v1"}

        return await until(look, what=f"the webhook of {kind}")

    first = (await ticket())["deadline"]
    assert (first["goal"], first["state"], first["paused"]) == ("ACCEPT", "RUNNING", False)
    assert first["policy"] == "20 分钟（承办单位规定）"
    assert "起 20 分钟（承办单位规定）内受理：截止" in first["why"]

    await after(12)
    assert (await until_told("ticketWarn"))["deadline"]["state"] == "RUNNING"
    assert await heard("warned") == {"COMPANY"}
    await after(10)
    late = (await until_told("ticketBreach", "ticketEscalate"))["deadline"]
    assert (late["goal"], late["state"], late["level"]) == ("ACCEPT", "LATE", "COMMUNITY")
    assert "COMMUNITY" in await heard("escalated")
    await after(30)

    async def at_the_street() -> dict[str, Any] | None:
        deadline = (await ticket())["deadline"]
        return deadline if deadline["level"] == "STREET" else None

    await until(at_the_street, what="the street")

    assert (await _act(manager, "ticketAccept", id=id_))["errors"] == []
    assert (await _act(manager, "ticketArrive", id=id_))["errors"] == []
    moved = await ticket()
    assert {row["goal"]: row["state"] for row in moved["deadlines"]["nodes"]} == {
        "ACCEPT": "MET_LATE",
        "ON_SITE": "MET_LATE",
        "CLOSE": "RUNNING",
    }
    assert (moved["deadline"]["goal"], moved["deadline"]["due"]) == ("CLOSE", moved["dueAt"])

    for given, field in (
        ({"reason": "OTHER"}, ["note"]),
        ({"reason": "PARTS", "until": "2020-01-01T00:00:00+08:00"}, ["until"]),
        ({"reason": "PARTS", "until": "2099-01-01T00:00:00+08:00"}, ["until"]),
    ):
        refused = await _act(manager, "ticketPause", id=id_, **given)
        assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", field)]
        assert refused["errors"][0]["hint"]
    assert (await _act(manager, "ticketPause", id=id_, reason="PARTS", note="A new valve"))["errors"] == []
    paused = await ticket()
    assert (paused["deadline"]["state"], paused["deadline"]["paused"]) == ("PAUSED", True)
    assert paused["deadline"]["due"] > moved["dueAt"]
    assert "当前暂停中，最迟至" in paused["deadline"]["why"]
    assert (await _act(manager, "ticketResume", id=id_))["errors"] == []
    running = await ticket()
    assert running["deadline"]["state"] == "RUNNING"
    assert moved["dueAt"] <= running["dueAt"] < paused["dueAt"]
    assert [pause["reason"] for pause in running["pauses"]["nodes"]] == ["PARTS"]

    assert (await _act(manager, "ticketStart", id=id_))["errors"] == []
    assert (await _act(manager, "ticketResolve", id=id_))["errors"] == []
    done = await ticket()
    assert (done["state"], done["deadline"], done["overdue"]) == ("RESOLVED", None, False)
    told = [fact["action"] for fact in reversed(done["history"]["nodes"])]
    for action in ("ticketWarn", "ticketPause", "ticketResume", "ticketResolve"):
        assert told.count(action) == 1
    assert told.count("ticketEscalate") >= 2

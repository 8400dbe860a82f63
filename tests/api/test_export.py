"""A person's own export: all that is held about them in one file, for them alone, once in a while and on record."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx2
import orjson
import pytest

from domain.access import Role
from domain.accounts import AccountKind
from domain.tickets import TicketKind
from models import Account, Fact, RoleBinding, TicketComment
from models import export as exporting
from models.calendar import now
from models.facts import Actor, record
from models.phones import kept
from models.tickets import open_ticket
from settings import Settings
from tests.api.doors import a_client, bearer, opened
from tests.builders import a_role, a_ticket, an_account
from tests.models.ticket_world import World, a_world

NUMBER = "+8613800138000"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def fetch(client: httpx2.AsyncClient, authorization: str | None, method: str = "GET") -> httpx2.Response:
    return await client.request(method, "/export/me", headers={"authorization": authorization} if authorization else {})


async def a_person(world: World, database: Settings) -> Account:
    account = await an_account(Role.RESIDENT, home=world.home, name="罗金丝雀")
    await a_role(account, Role.COMMITTEE_MEMBER, compound=world.compound)
    columns = kept(NUMBER, account, "phone", database)
    await account.update_from_dict(columns).save(update_fields=list(columns))
    return account


async def test_all_that_is_held_about_a_person_comes_as_one_file(
    world: World, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    account = await a_person(world, database)
    other = await an_account(Role.RESIDENT, home=world.home)
    tickets = [await a_ticket(world.compound, title=f"Mine {n}", opened_by_id=account.id) for n in range(5)]
    foreign = await a_ticket(world.compound, title="Not mine", opened_by_id=other.id)
    for ticket, author, body in ((tickets[0], account, "My words"), (tickets[0], other, "Their words"), (foreign, account, "No")):
        where = {"ticket_id": ticket.id, "compound_id": ticket.compound_id, "street_id": ticket.street_id}
        await TicketComment.create(body=body, at=now(), author_id=author.id, **where)
    for ticket in tickets:
        await record(Actor(account.id), "ticketOpen", ticket)
    await record(Actor(other.id), "accountDisable", account)
    async with opened(database) as app, a_client(app) as client:
        answer = await fetch(client, await bearer(account, database))
        fact = await Fact.get(action="dataExport")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="steward-export.json"'
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, Any] = orjson.loads(answer.content)
    assert (told["account"]["name"], told["account"]["phone"]) == ("罗金丝雀", NUMBER)
    assert {role["role"] for role in told["roles"]} == {"RESIDENT", "COMMITTEE_MEMBER"}
    assert [home["code"] for home in told["homes"]] == [world.home.code]
    assert len(told["sessions"]) == 1
    assert [ticket["title"] for ticket in told["tickets"]] == [f"Mine {n}" for n in range(5)]
    assert [comment["body"] for comment in told["tickets"][0]["comments"]] == ["My words"]
    assert [act["action"] for act in told["acts"]] == ["ticketOpen"] * 5 + ["dataExport"]
    assert [act["action"] for act in told["actsOnTheAccount"]] == ["accountDisable"]
    for foreigner in ("Not mine", "Their words", other.id, other.login, "password"):
        assert foreigner not in answer.text
    assert (fact.actor, fact.subject_id, fact.address) == (account.id, account.id, "127.0.0.0/24")


async def test_what_was_written_on_duty_is_the_offices_and_stays_there(world: World, database: Settings) -> None:
    account = await Account.get(id=world.manager.account_id)
    on_duty = await open_ticket(world.manager, world.compound.id, kind=TicketKind.REPAIR, title="On duty")
    await RoleBinding.filter(account_id=account.id).delete()
    own = await a_ticket(world.compound, title="Mine", opened_by_id=account.id)
    async with opened(database) as app, a_client(app) as client:
        told = (await fetch(client, await bearer(account, database))).json()
    assert [ticket["id"] for ticket in told["tickets"]] == [own.id]
    assert [act["about"] for act in told["acts"] if act["action"] == "ticketOpen"] == [on_duty.id]


async def test_it_is_given_once_in_a_while_and_to_each_on_their_own(world: World, database: Settings) -> None:
    account, other = await a_person(world, database), await an_account(Role.RESIDENT, home=world.home)
    async with opened(database) as app, a_client(app) as client:
        authorization = await bearer(account, database)
        assert (await fetch(client, authorization)).status_code == 200
        again = await fetch(client, authorization)
        assert (again.status_code, again.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
        assert int(again.headers["retry-after"]) > 0
        assert (await fetch(client, await bearer(other, database))).status_code == 200
        assert await Fact.filter(action="dataExport").count() == 2


async def test_who_is_no_person_or_not_logged_in_is_refused(world: World, database: Settings) -> None:
    person = await a_person(world, database)
    service = await an_account(Role.INTEGRATION, organisation=world.company, kind=AccountKind.SERVICE)
    beginner = await an_account(Role.RESIDENT, home=world.home, must_change_password=True)
    async with opened(database) as app, a_client(app) as client:
        for authorization, status in (
            (None, 401),
            ("Bearer nonsense", 401),
            (await bearer(service, database), 403),
            (await bearer(beginner, database), 403),
        ):
            assert (await fetch(client, authorization)).status_code == status
        authorization = await bearer(person, database)
        for method in ("POST", "HEAD", "PUT"):
            refused = await fetch(client, authorization, method)
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
        connection = await asyncpg.connect(database.database_url)
        await connection.execute("ALTER TABLE attempt RENAME TO elsewhere")
        assert (await fetch(client, authorization)).status_code == 503
        await connection.execute("ALTER TABLE elsewhere RENAME TO attempt")
        await connection.close()
        await Account.filter(id=person.id).update(disabled_at=now())
        assert (await fetch(client, authorization)).status_code == 401
        assert await Fact.filter(action="dataExport").count() == 0

"""Erasing a person: nothing personal is left in any column, the record stays whole, and their sockets close."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from domain.access import Role
from domain.accounts import ERASED, AccountKind
from domain.audit import Door
from domain.refusals import Refused
from domain.tickets import CLEARED
from models import Account, Fact, RoleBinding, Ticket, TicketComment
from models.accounts import log_in
from models.audit import seal, verify
from models.calendar import today
from models.facts import acting
from models.ids import new_id
from models.viewers import viewer_of
from settings import Settings
from tests.api.doors import a_client, a_wire, ask, bearer, opened
from tests.api.mutating import Client
from tests.api.mutating import a_client as a_mutator
from tests.builders import a_role, an_account
from tests.models.ticket_world import World, a_world, somebody

NAME, PASSWORD, NUMBER, TEXT = "罗金丝雀", "canary-password-71", "13800138000", "canary-sings"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def everything(settings: Settings) -> dict[str, str]:
    """Every table but those of tests, as text."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {
            row["relname"]: str(await connection.fetch(f"SELECT to_jsonb(t)::text AS row FROM {row['relname']} t"))
            for row in tables
        }
    finally:
        await connection.close()


async def a_person_who_left_traces(world: World, database: Settings, client: Client) -> Account:
    """A resident with a number, sessions, an identity, and tickets in their own words."""
    code = (await client.act("residentInvite", "code", homeId=world.home.id))["code"]
    manager = client.viewer
    given = {"code": code, "login": "luo.canary", "password": PASSWORD, "name": NAME, "phone": NUMBER}
    assert (await client.act("registerResident", "done", **given))["done"]
    account = await Account.get(login="luo.canary")
    client.viewer = await somebody(Role.ADMINISTRATOR, place=world.street)
    await client.act("accountLinkIdentity", "account { id }", id=account.id, issuer="https://id.example.com", subject=TEXT)
    with acting(Door.GRAPHQL, "203.0.113.7"):
        await client.act("logIn", "token", login="luo.canary", password=PASSWORD)
        await client.act("logIn", "token", login="luo.canary", password=f"{PASSWORD}!")
    resident = await viewer_of(account.id)
    assert resident
    client.viewer = resident
    asked = {"compoundId": world.compound.id, "kind": "COMPLAINT", "title": TEXT, "description": f"{NAME} {NUMBER}"}
    opened_ = await client.act("ticketOpen", "ticket { id }", **asked, contactPhone=NUMBER, idempotencyKey=f"{TEXT} 1")
    ticket_id = opened_["ticket"]["id"]
    await client.act("ticketComment", "comment { id }", id=ticket_id, body=f"Call {NAME}")
    client.viewer = manager
    await client.act("ticketComment", "comment { id }", id=ticket_id, body="We will come on Monday")
    await client.act("unmask", "phone", id=ticket_id, reason="OTHER", note="Because")
    return account


async def seals(settings: Settings) -> Any:
    connection = await asyncpg.connect(settings.database_url)
    try:
        await seal(connection)
        await seal(connection)
        return await verify(connection)
    finally:
        await connection.close()


@pytest.mark.parametrize("by", ["an administrator", "themselves"])
async def test_nothing_personal_is_left_and_the_record_is_whole(world: World, database: Settings, by: str) -> None:
    async with a_mutator(database, world.manager) as client:
        account = await a_person_who_left_traces(world, database, client)
        before = await seals(database)
        assert before.broken is None
        facts = {fact.id: dict(fact) for fact in await Fact.all()}
        own = await viewer_of(account.id)
        assert own
        client.viewer = own if by == "themselves" else await somebody(Role.ADMINISTRATOR, place=world.street)
        payload = await client.act("accountErase", "account { id }", id=account.id)
        assert payload == {"account": {"id": account.id}, "errors": []}

    for table, told in (await everything(database)).items():
        for canary in (NAME, NUMBER, TEXT, "luo.canary", PASSWORD, "Because"):
            assert canary not in told, f"{canary} is left in {table}"
    erased = await Account.get(id=account.id)
    assert (erased.name, erased.phone_masked, erased.password_hash) == (ERASED.zh, None, None)
    assert erased.login.startswith("erased-")
    assert await viewer_of(account.id) is None
    assert await RoleBinding.filter(account_id=account.id).count() == 0
    ticket = await Ticket.get(opened_by_id=account.id)
    assert (ticket.title, ticket.description, ticket.contact_phone_masked) == (CLEARED.zh, "", None)
    bodies = {row.author_id: row.body for row in await TicketComment.filter(ticket_id=ticket.id)}
    assert bodies == {account.id: CLEARED.zh, world.manager.account_id: "We will come on Monday"}

    assert {fact.id: dict(fact) for fact in await Fact.filter(id__in=list(facts))} == facts
    fact = await Fact.get(action="accountErase")
    assert (fact.subject_id, fact.role) == (account.id, None if by == "themselves" else Role.ADMINISTRATOR)
    after = await seals(database)
    assert (after.broken, after.facts) == (None, await Fact.all().count())


async def test_erasing_again_changes_nothing_and_the_account_is_nobodys_for_good(world: World, database: Settings) -> None:
    account = await an_account(Role.RESIDENT, home=world.home, password=PASSWORD)
    keeper = await somebody(Role.ADMINISTRATOR, place=world.street)
    async with a_mutator(database, keeper) as client:
        await client.act("accountErase", "account { id }", id=account.id)
        first = dict(await Account.get(id=account.id))
        assert (await client.act("accountErase", "account { id name disabledAt }", id=account.id))["errors"] == []
        assert dict(await Account.get(id=account.id)) == first
        assert await Fact.filter(action="accountErase").count() == 1
        for act, more in (
            ("accountEnable", {}),
            ("accountResetPassword", {}),
            ("accountLinkIdentity", {"issuer": "https://id.example.com", "subject": "s"}),
        ):
            refused = await client.act(act, "account { id }", id=account.id, **more)
            assert refused["errors"][0]["code"] == "ILLEGAL_MOVE"
    with pytest.raises(Refused):
        await log_in(account.login, PASSWORD)


async def test_who_may_not_is_refused_and_what_is_not_there_is_not(world: World, database: Settings) -> None:
    resident = await an_account(Role.RESIDENT, home=world.home)
    service = await an_account(Role.INTEGRATION, organisation=world.company, kind=AccountKind.SERVICE)
    keeper = await somebody(Role.ADMINISTRATOR, place=world.street)
    elsewhere = await an_account()
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    async with a_mutator(database, keeper) as client:
        for viewer, id_, code in (
            (world.manager, resident.id, "NOT_FOUND"),
            (world.manager, world.worker.id, "FORBIDDEN"),
            (officer, resident.id, "FORBIDDEN"),
            (keeper, elsewhere.id, "NOT_FOUND"),
            (keeper, new_id("acc"), "NOT_FOUND"),
            (keeper, service.id, "INVALID"),
        ):
            client.viewer = viewer
            refused = await client.act("accountErase", "account { id }", id=id_)
            assert (refused["account"], refused["errors"][0]["code"]) == (None, code)
    assert await Account.filter(erased_at__isnull=False).count() == 0


async def test_words_written_on_duty_stay_and_other_roles_end(world: World, database: Settings) -> None:
    account = await an_account(Role.COMPANY_MANAGER, organisation=world.company)
    await a_role(account, Role.RESIDENT, home=world.home)
    viewer = await viewer_of(account.id)
    assert viewer
    async with a_mutator(database, viewer) as client:
        asked = {"compoundId": world.compound.id, "kind": "REPAIR", "title": "The gate does not close"}
        await client.act("ticketOpen", "ticket { id }", **asked)
        await client.act("accountErase", "account { id }", id=account.id)
    assert (await Ticket.get()).title == "The gate does not close"
    (role,) = await RoleBinding.filter(account_id=account.id)
    assert (role.role, role.ends_on) == (Role.COMPANY_MANAGER, today())


async def test_the_socket_of_who_is_erased_closes_and_the_token_holds_no_longer(world: World, database: Settings) -> None:
    account = await an_account(Role.RESIDENT, home=world.home)
    async with opened(database) as app, a_client(app) as client, a_wire(app) as wire:
        authorization = await bearer(account, database)
        await wire.introduce(authorization)
        wire.subscribe("1", "subscription { ticketChanged { id } }")
        query = "mutation ($input: AccountEraseInput!) { accountErase(input: $input) { errors { code } } }"
        answer = await ask(client, {"query": query, "variables": {"input": {"id": account.id}}}, authorization=authorization)
        assert answer.json() == {"data": {"accountErase": {"errors": []}}}
        assert await wire.closing() == 4403
        assert (await ask(client, {"query": "{ viewer { id } }"}, authorization=authorization)).status_code == 401

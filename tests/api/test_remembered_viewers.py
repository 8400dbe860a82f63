"""A query of somebody who asked before takes one statement, and never answers as of the past."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from domain.access import Role
from models import Account, AccountSession, Mandate, RoleBinding
from settings import Settings
from tests.api.doors import a_client, ask, bearer, opened
from tests.builders import a_community, a_company_serving, a_compound, a_role, an_account
from tests.waiting import until

QUERY = {"query": "query ($first: Int) { compounds(first: $first) { totalCount } }"}


class Manager:
    """Somebody who runs a company's work in one compound."""

    account: Account
    mandate: Mandate
    authorization: str


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


@pytest.fixture
async def manager(database: Settings) -> Manager:
    made = Manager()
    company = await a_company_serving(await a_compound())
    made.mandate = await Mandate.get(organisation_id=company.id)
    made.account = await an_account(Role.COMPANY_MANAGER, organisation=company)
    made.authorization = await bearer(made.account, database)
    return made


async def counted(client: httpx2.AsyncClient, manager: Manager, **more: Any) -> Any:
    response = await ask(client, QUERY | more, authorization=manager.authorization)
    assert response.status_code == 200, response.text
    return response.json()["data"]["compounds"]["totalCount"]


async def test_who_asks_again_is_answered_by_one_statement(
    client: httpx2.AsyncClient, manager: Manager, statements: list[str]
) -> None:
    assert await counted(client, manager) == 1
    statements.clear()
    assert await counted(client, manager) == 1
    assert len(statements) == 1


async def test_a_mandate_that_ends_is_obeyed_by_the_next_request(
    client: httpx2.AsyncClient, manager: Manager, statements: list[str]
) -> None:
    assert await counted(client, manager) == 1
    await manager.mandate.delete()
    assert await counted(client, manager) == 0
    statements.clear()
    assert await counted(client, manager) == 0
    assert len(statements) == 1, "what was looked up anew is remembered"


async def test_a_new_role_is_obeyed_by_the_next_request(client: httpx2.AsyncClient, manager: Manager) -> None:
    assert await counted(client, manager) == 1
    compound = await a_compound(await a_community())
    await a_role(manager.account, Role.COMMITTEE_MEMBER, compound=compound)
    assert await counted(client, manager) == 2
    await RoleBinding.filter(compound_id=compound.id).delete()
    assert await counted(client, manager) == 1


@pytest.mark.parametrize(
    "body",
    [
        QUERY,
        QUERY | {"variables": {"first": -1}},
        {"query": '{ compounds(after: "forged") { totalCount } }'},
        {"query": "query ($no: Boolean = false) { compounds @include(if: $no) { totalCount } }"},
        {"query": "{ nothing }"},
        {"query": "{ __typename }"},
    ],
)
async def test_a_session_that_ended_is_401_whatever_is_asked(
    client: httpx2.AsyncClient, manager: Manager, body: dict[str, Any]
) -> None:
    assert await counted(client, manager) == 1
    await AccountSession.filter(account_id=manager.account.id).update(revoked_at=datetime.now(UTC))
    assert (await ask(client, body, authorization=manager.authorization)).status_code == 401


async def test_a_document_that_is_refused_is_refused_in_the_same_words(client: httpx2.AsyncClient, manager: Manager) -> None:
    forged = {"query": '{ compounds(after: "forged") { totalCount } }'}
    first = await ask(client, forged, authorization=manager.authorization)
    assert await counted(client, manager) == 1
    assert (await ask(client, forged, authorization=manager.authorization)).json() == first.json()
    assert first.json()["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_after_a_connection_broke_nobody_is_believed(
    client: httpx2.AsyncClient, manager: Manager, app: Starlette, database: Settings, statements: list[str]
) -> None:
    """A server that crashed may have forgotten what it had begun to change, and count anew from there."""
    assert await counted(client, manager) == 1
    session = await AccountSession.get(account_id=manager.account.id)
    assert app.state.door.viewers.remembered(session.id) is not None
    connection: Any = await asyncpg.connect(database.database_url)
    others = "datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%compound%'"
    await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    await connection.close()
    await until(lambda: app.state.door.viewers.remembered(session.id) is None)
    statements.clear()
    assert await counted(client, manager) == 1
    assert len(statements) == 2


async def test_no_more_viewers_are_remembered_than_may_be(
    client: httpx2.AsyncClient, manager: Manager, app: Starlette, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.viewers._MOST", 2)
    others = [Manager(), Manager()]
    for other in others:
        other.authorization = await bearer(await an_account(street_id=manager.account.street_id), database)
    for one in (manager, *others):
        await counted(client, one)
    first = await AccountSession.get(account_id=manager.account.id)
    assert app.state.door.viewers.remembered(first.id) is None

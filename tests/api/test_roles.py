"""Who holds which role, which company serves which compound, who is invited: decided by acts, obeyed by the next request."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from domain.access import Role
from models import Account, Compound, Fact, Home, Mandate, Organisation, Place, RoleBinding
from models.calendar import today
from settings import Settings
from tests.api.doors import a_client, an_officer, ask, bearer, opened
from tests.builders import (
    a_building,
    a_company_serving,
    a_compound,
    a_grid,
    a_home,
    a_mandate,
    a_role,
    a_street,
    a_unit,
    an_account,
    an_organisation,
)

ERRORS = "errors { code field message hint }"
COUNT = "{ compounds { totalCount } }"
DAY = timedelta(days=1)


class World:
    street: Place
    compound: Compound
    company: Organisation
    home: Home
    administrator: str
    officer: str
    client: httpx2.AsyncClient
    settings: Settings

    async def act(self, authorization: str, field: str, selection: str = "", **given: Any) -> Any:
        kind = field[0].upper() + field[1:] + "Input"
        query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} {ERRORS} }} }}"
        response = await ask(
            self.client, {"query": query, "variables": {"i": given}}, accept_language="en", authorization=authorization
        )
        return response.json()["data"][field]

    async def refused(self, authorization: str, field: str, **given: Any) -> tuple[str, str]:
        (error,) = (await self.act(authorization, field, **given))["errors"]
        assert error["message"]
        assert error["hint"] or error["code"] == "FORBIDDEN"
        return error["code"], error["field"][0] if error["field"] else ""

    async def seen(self, account: Account, authorization: str | None = None) -> int:
        """How many compounds the account sees now."""
        authorization = authorization or await bearer(account, self.settings)
        return (await ask(self.client, {"query": COUNT}, authorization=authorization)).json()["data"]["compounds"]["totalCount"]


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def world(app: Starlette, database: Settings) -> AsyncGenerator[World]:
    made = World()
    made.settings = database
    made.compound = await a_compound()
    made.street = await Place.get(id=made.compound.street_id)
    made.company = await an_organisation(made.street)
    made.home = await a_home(await a_unit(await a_building(made.compound)))
    made.administrator = await bearer(await an_account(Role.ADMINISTRATOR, place=made.street), database)
    made.officer = await bearer(await an_officer(made.street), database)
    async with a_client(app) as made.client:
        yield made


async def test_an_account_is_made_with_a_role_and_a_password_to_be_changed(world: World) -> None:
    given = {"login": "new.manager", "name": "Wang Ming", "role": "COMPANY_MANAGER", "boundId": world.company.id}
    payload = await world.act(world.administrator, "accountCreate", "secret account { id login name }", **given)
    assert payload["errors"] == []
    assert payload["account"]["name"] == "W**", "administrators keep accounts, not people"
    account = await Account.get(login="new.manager")
    assert account.must_change_password
    assert account.organisation_id == world.company.id
    logged_in = await world.act("", "logIn", "passwordChangeRequired", login="new.manager", password=payload["secret"])
    assert logged_in["passwordChangeRequired"]
    assert await world.refused(world.administrator, "accountCreate", **given) == ("CONFLICT", "login")
    fact = await Fact.get(action="accountCreate")
    assert "Wang" not in str(fact.after)


async def test_a_role_given_and_taken_is_obeyed_by_the_next_request(world: World) -> None:
    account = await an_account(street_id=world.street.id)
    token = await bearer(account, world.settings)
    assert await world.seen(account, token) == 0
    given = {"accountId": account.id, "role": "COMMITTEE_MEMBER", "boundId": world.compound.id}
    payload = await world.act(world.administrator, "roleGrant", "account { roles { nodes { id role endsOn } } }", **given)
    (role,) = payload["account"]["roles"]["nodes"]
    assert (role["role"], role["endsOn"]) == ("COMMITTEE_MEMBER", None)
    assert await world.seen(account, token) == 1
    assert await world.refused(world.administrator, "roleGrant", **given) == ("CONFLICT", "startsOn")
    ended = await world.act(world.administrator, "roleEnd", "account { roles { totalCount } }", id=role["id"])
    assert ended == {"account": {"roles": {"totalCount": 0}}, "errors": []}, "it had not begun by yesterday"
    assert await world.seen(account, token) == 0
    assert sorted([fact.action for fact in await Fact.filter(subject_id=account.id)]) == ["roleEnd", "roleGrant"]


@pytest.mark.parametrize(("starts", "ends", "seen"), [(0, 0, 1), (1, None, 0), (0, 5, 1), (-5, -1, 0)])
async def test_a_role_holds_from_its_first_day_to_its_last(world: World, starts: int, ends: int | None, seen: int) -> None:
    account = await an_account(street_id=world.street.id)
    days: dict[str, Any] = {
        "startsOn": str(today() + starts * DAY),
        "endsOn": None if ends is None else str(today() + ends * DAY),
    }
    given = {"accountId": account.id, "role": "COMMITTEE_MEMBER", "boundId": world.compound.id, **days}
    assert (await world.act(world.administrator, "roleGrant", **given))["errors"] == []
    assert await world.seen(account) == seen


async def test_a_term_can_be_given_another_last_day(world: World) -> None:
    account = await an_account(Role.COMMITTEE_MEMBER, compound=world.compound)
    binding = await RoleBinding.get(account_id=account.id)
    for last in (today() + 30 * DAY, today(), today() - DAY):
        assert (await world.act(world.administrator, "roleEnd", id=binding.id, endsOn=str(last)))["errors"] == []
        assert await world.seen(account) == (last >= today())
    later = str(today() + DAY)
    assert await world.refused(world.administrator, "roleEnd", id=binding.id, endsOn=later) == ("INVALID", "endsOn")
    before = str(binding.starts_on - DAY)
    assert await world.refused(world.administrator, "roleEnd", id=binding.id, endsOn=before) == ("INVALID", "endsOn")


async def test_what_is_over_stays_over_when_it_is_ended_again(world: World) -> None:
    over = today() - 90 * DAY
    account = await an_account(Role.COMMITTEE_MEMBER, compound=world.compound, ends_on=over)
    binding = await RoleBinding.get(account_id=account.id)
    mandate = await a_mandate(await an_organisation(world.street), world.compound, role="GUIDES", ends_on=over)
    assert (await world.act(world.administrator, "roleEnd", id=binding.id))["errors"] == []
    assert (await world.act(world.officer, "mandateEnd", id=mandate.id))["errors"] == []
    assert (await RoleBinding.get(id=binding.id)).ends_on == (await Mandate.get(id=mandate.id)).ends_on == over
    assert await Fact.filter(action__in=["roleEnd", "mandateEnd"]).count() == 0
    later = str(today())
    assert await world.refused(world.administrator, "roleEnd", id=binding.id, endsOn=later) == ("INVALID", "endsOn")
    assert await world.refused(world.officer, "mandateEnd", id=mandate.id, endsOn=later) == ("INVALID", "endsOn")


async def test_nobody_gives_a_role_or_a_mandate_where_they_may_only_look(world: World) -> None:
    elsewhere = await a_street()
    account, company = await an_account(street_id=world.street.id), await an_organisation(elsewhere)
    keeper = await an_account(Role.ADMINISTRATOR, place=world.street)
    await a_role(keeper, Role.AUDITOR, place=elsewhere)
    token = await bearer(keeper, world.settings)
    given = {"accountId": account.id, "role": "STREET_OFFICER", "boundId": elsewhere.id}
    assert (await world.refused(token, "roleGrant", **given))[0] == "FORBIDDEN"
    await a_role(keeper, Role.ADMINISTRATOR, place=elsewhere)
    token = await bearer(keeper, world.settings)
    assert await world.refused(token, "roleGrant", **given) == ("INVALID", "boundId")
    officer = await an_officer(world.street)
    await a_role(officer, Role.AUDITOR, place=elsewhere)
    given = {"organisationId": company.id, "compoundId": world.compound.id, "role": "SERVES"}
    token = await bearer(officer, world.settings)
    assert await world.refused(token, "mandateStart", **given) == ("INVALID", "organisationId")
    assert (
        await RoleBinding.filter(account_id=account.id).count(),
        await Mandate.filter(organisation_id=company.id).count(),
    ) == (0, 0)


async def test_a_role_that_cannot_be_is_refused_with_the_reason(world: World) -> None:
    account, grid = await an_account(street_id=world.street.id), await a_grid()
    service = await an_account(street_id=world.street.id, kind="SERVICE")
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"boundId": "plc_doesnotexist", "role": "GRID_WORKER"}, ("NOT_FOUND", "boundId")),
        ({"boundId": "tkt_whatever", "role": "GRID_WORKER"}, ("NOT_FOUND", "boundId")),
        ({"boundId": grid.id, "role": "GRID_WORKER"}, ("NOT_FOUND", "boundId")),
        ({"boundId": world.home.id, "role": "RESIDENT"}, ("NOT_FOUND", "boundId")),
        ({"boundId": world.street.id, "role": "GRID_WORKER"}, ("INVALID", "role")),
        ({"boundId": world.compound.id, "role": "STREET_OFFICER"}, ("INVALID", "role")),
        ({"boundId": world.company.id, "role": "INTEGRATION"}, ("INVALID", "role")),
        ({"boundId": world.company.id, "role": "COMPANY_STAFF", "accountId": service.id}, ("INVALID", "role")),
        (
            {"boundId": world.company.id, "role": "COMPANY_STAFF", "startsOn": "2026-03-01", "endsOn": "2026-02-28"},
            ("INVALID", "endsOn"),
        ),
        ({"accountId": "acc_doesnotexist", "boundId": world.company.id, "role": "COMPANY_STAFF"}, ("NOT_FOUND", "accountId")),
    ]
    for given, wanted in cases:
        assert await world.refused(world.administrator, "roleGrant", **({"accountId": account.id} | given)) == wanted, given
    assert await RoleBinding.filter(account_id__in=[account.id, service.id]).count() == 0


async def test_nobody_gives_or_takes_their_own_roles(world: World) -> None:
    me = await an_account(Role.ADMINISTRATOR, place=world.street)
    token, binding = await bearer(me, world.settings), await RoleBinding.get(account_id=me.id)
    given = {"accountId": me.id, "role": "STREET_OFFICER", "boundId": world.street.id}
    assert await world.refused(token, "roleGrant", **given) == ("ILLEGAL_MOVE", "accountId")
    assert await world.refused(token, "roleEnd", id=binding.id) == ("ILLEGAL_MOVE", "id")


async def test_others_may_not_and_foreign_streets_are_not_there(world: World) -> None:
    account = await an_account(Role.COMMITTEE_MEMBER, compound=world.compound)
    binding, foreign = await RoleBinding.get(account_id=account.id), await an_account(Role.RESIDENT, home=await a_home())
    given = {"accountId": account.id, "role": "COMMITTEE_MEMBER", "boundId": world.compound.id}
    assert (await world.refused(world.officer, "roleGrant", **given))[0] == "FORBIDDEN"
    assert (await world.refused(world.officer, "roleEnd", id=binding.id))[0] == "FORBIDDEN"
    assert (await world.refused(await bearer(account, world.settings), "roleEnd", id=binding.id))[0] == "FORBIDDEN"
    theirs = await RoleBinding.get(account_id=foreign.id)
    assert await world.refused(world.administrator, "roleEnd", id=theirs.id) == ("NOT_FOUND", "id")
    away = await bearer(await an_account(Role.ADMINISTRATOR, place=await a_street()), world.settings)
    assert await world.refused(away, "roleGrant", **given) == ("NOT_FOUND", "accountId")


async def test_a_company_sees_a_compound_from_the_first_day_of_its_mandate(world: World) -> None:
    manager = await an_account(Role.COMPANY_MANAGER, organisation=world.company)
    given = {"organisationId": world.company.id, "compoundId": world.compound.id, "role": "SERVES"}
    assert await world.seen(manager) == 0
    payload = await world.act(world.officer, "mandateStart", "mandate { id startsOn endsOn }", **given)
    assert (payload["mandate"]["startsOn"], payload["mandate"]["endsOn"]) == (str(today()), None)
    assert await world.seen(manager) == 1
    ended = await world.act(
        world.officer, "mandateEnd", "mandate { endsOn }", id=payload["mandate"]["id"], endsOn=str(today() + DAY)
    )
    assert ended == {"mandate": {"endsOn": str(today() + DAY)}, "errors": []}
    facts = await Fact.filter(subject_id=payload["mandate"]["id"], compound_id=world.compound.id)
    assert sorted(fact.action for fact in facts) == ["mandateEnd", "mandateStart"]


async def test_two_companies_never_serve_a_compound_on_one_day(world: World) -> None:
    other = await a_company_serving(world.compound)
    mandate = await Mandate.get(organisation_id=other.id)
    given = {"organisationId": world.company.id, "compoundId": world.compound.id, "role": "SERVES"}
    assert await world.refused(world.officer, "mandateStart", **given) == ("CONFLICT", "startsOn")
    last = today() + 10 * DAY
    assert (await world.act(world.officer, "mandateEnd", id=mandate.id, endsOn=str(last)))["errors"] == []
    assert await world.refused(world.officer, "mandateStart", **given, startsOn=str(last)) == ("CONFLICT", "startsOn")
    assert (await world.act(world.officer, "mandateStart", **given, startsOn=str(last + DAY)))["errors"] == []
    later = str(last + DAY)
    assert await world.refused(world.officer, "mandateEnd", id=mandate.id, endsOn=later) == ("INVALID", "endsOn")
    guides = given | {"role": "SUPERVISES"}
    assert (await world.act(world.officer, "mandateStart", **guides))["errors"] == [], "another thing to do"


async def test_a_mandate_that_cannot_be_is_refused_with_the_reason(world: World) -> None:
    given = {"organisationId": world.company.id, "compoundId": world.compound.id, "role": "SERVES"}
    foreign = {"compoundId": (await a_compound()).id}
    days = {"startsOn": "2026-05-02", "endsOn": "2026-05-01"}
    assert await world.refused(world.officer, "mandateStart", **given, **days) == ("INVALID", "endsOn")
    assert await world.refused(world.officer, "mandateStart", **(given | foreign)) == (
        "NOT_FOUND",
        "compoundId",
    )
    elsewhere = {"organisationId": (await an_organisation()).id}
    assert await world.refused(world.officer, "mandateStart", **(given | elsewhere)) == ("NOT_FOUND", "organisationId")
    mandate = await a_mandate(world.company, world.compound, starts_on=date(2026, 1, 1))
    assert await world.refused(world.officer, "mandateEnd", id=mandate.id, endsOn="2025-12-31") == ("INVALID", "endsOn")
    assert (await world.refused(world.administrator, "mandateEnd", id=mandate.id))[0] == "FORBIDDEN"
    manager = await bearer(await an_account(Role.COMPANY_MANAGER, organisation=world.company), world.settings)
    assert (await world.refused(manager, "mandateEnd", id=mandate.id))[0] == "FORBIDDEN"


async def test_an_invitation_is_listed_and_taken_back(world: World) -> None:
    made = await world.act(world.officer, "residentInvite", "code", homeId=world.home.id)
    query = "{ invitations { nodes { id usedAt home { code } invitedBy { name } } } }"
    (listed,) = (await ask(world.client, {"query": query}, authorization=world.officer)).json()["data"]["invitations"]["nodes"]
    assert (listed["usedAt"], listed["home"]["code"], listed["invitedBy"]["name"]) == (None, world.home.code, "Somebody")
    back = await world.act(world.officer, "invitationRevoke", "invitation { id expiresAt }", id=listed["id"])
    assert back["errors"] == []
    assert await world.act(world.officer, "invitationRevoke", "invitation { id expiresAt }", id=listed["id"]) == back
    who = {"code": made["code"], "login": "too.late", "password": "correct horse battery", "name": "Late"}
    assert (await world.act("", "registerResident", "done", **who))["errors"][0]["code"] == "NOT_FOUND"
    neighbour = await bearer(await an_account(Role.RESIDENT, home=world.home), world.settings)
    assert await world.refused(neighbour, "invitationRevoke", id=listed["id"]) == ("NOT_FOUND", "id")


async def test_an_invitation_that_was_used_is_not_taken_back(world: World) -> None:
    made = await world.act(world.officer, "residentInvite", "code", homeId=world.home.id)
    who = {"code": made["code"], "login": "new.resident", "password": "correct horse battery", "name": "New"}
    assert (await world.act("", "registerResident", "done", **who))["done"]
    response = await ask(world.client, {"query": "{ invitations { nodes { id } } }"}, authorization=world.officer)
    (listed,) = response.json()["data"]["invitations"]["nodes"]
    assert await world.refused(world.officer, "invitationRevoke", id=listed["id"]) == ("ILLEGAL_MOVE", "id")


async def test_everybody_sees_their_own_roles_and_not_their_neighbours(world: World) -> None:
    resident = await an_account(Role.RESIDENT, home=world.home)
    await a_role(resident, Role.COMMITTEE_MEMBER, compound=world.compound)
    other = await an_account(Role.RESIDENT, home=world.home)
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { roles { nodes { role compound { code } } } } } }"
    token = await bearer(resident, world.settings)
    body = {"query": query, "variables": {"ids": [resident.id, other.id]}}
    mine, theirs = (await ask(world.client, body, authorization=token)).json()["data"]["nodes"]
    assert sorted(each["role"] for each in mine["roles"]["nodes"]) == ["COMMITTEE_MEMBER", "RESIDENT"]
    assert theirs is None or theirs["roles"]["nodes"] == []

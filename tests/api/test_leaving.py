"""Whoever leaves an organisation leaves all of it: its desk, and being seen by its people. Whoever joins is of it."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import Reach, Role, Viewer
from domain.organisations import OrganisationKind
from models import Account, Channel, Organisation, Place, RoleBinding
from models.calendar import today
from models.viewers import viewer_of
from settings import Settings
from tasks.checks import employment
from tests.api.mutating import Client, a_client
from tests.builders import a_community, a_community_office, a_compound, a_role, a_street, an_account, an_organisation

DAY = timedelta(days=1)
WEBHOOK = {"kind": "WEBHOOK", "target": "https://example.org/hook"}


class World:
    """A company, a community with its office, and a client that acts as anybody."""

    street: Place
    community: Place
    company: Organisation
    office: Organisation
    administrator: Account
    client: Client

    async def act(self, account: Account, field: str, selection: str = "", **given: Any) -> dict[str, Any]:
        self.client.viewer = await seen(account)
        return await self.client.act(field, selection, **given)

    async def code(self, account: Account, field: str, **given: Any) -> str:
        """The code of what it is refused with; empty when it was done."""
        return next((error["code"] for error in (await self.act(account, field, **given))["errors"]), "")

    async def end_roles(self, account: Account, **given: Any) -> None:
        for binding in await RoleBinding.filter(account_id=account.id):
            assert await self.code(self.administrator, "roleEnd", id=binding.id, **given) == ""

    async def sees(self, account: Account, other: Account) -> bool:
        self.client.viewer = await seen(account)
        return (await self.client.post("query ($id: ID!) { node(id: $id) { id } }", id=other.id))["data"]["node"] is not None


async def seen(account: Account) -> Viewer:
    viewer = await viewer_of(account.id)
    assert viewer is not None
    return viewer


@pytest.fixture
async def world(database: Settings) -> AsyncGenerator[World]:
    made = World()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.company = await an_organisation(made.street)
    made.office = await a_community_office(made.community)
    made.administrator = await an_account(Role.ADMINISTRATOR, place=made.street)
    async with a_client(database, await seen(made.administrator)) as made.client:
        yield made


async def a_manager(world: World, login: str = "the.manager") -> Account:
    """Made by the administrator, as managers are."""
    given = {"login": login, "name": "Manager", "role": "COMPANY_MANAGER", "boundId": world.company.id}
    assert await world.code(world.administrator, "accountCreate", **given) == ""
    await Account.filter(login=login).update(must_change_password=False)
    return await Account.get(login=login)


async def test_who_leaves_a_company_for_a_community_keeps_nothing_of_the_company(world: World):
    manager = await a_manager(world)
    await RoleBinding.filter(account_id=manager.id).update(starts_on=today() - DAY)
    channel = await world.act(manager, "channelAdd", "channel { id }", organisationId=world.company.id, **WEBHOOK)
    await world.end_roles(manager)
    given = {"accountId": manager.id, "role": "COMMUNITY_STAFF", "boundId": world.community.id}
    assert await world.code(world.administrator, "roleGrant", **given) == ""
    assert (await seen(manager)).ids(Role.COMMUNITY_STAFF, Reach.ORGANISATION) == ()
    assert await world.code(manager, "channelAdd", organisationId=world.company.id, **WEBHOOK) != ""
    assert await world.code(manager, "channelRemove", id=channel["channel"]["id"]) == "NOT_FOUND"
    assert await Channel.filter(removed_at=None).count() == 1


async def test_who_left_a_company_is_seen_by_it_no_more_and_who_joined_is(world: World):
    manager, member = await a_manager(world), await an_account(street_id=world.street.id)
    assert not await world.sees(manager, member)
    given = {"accountId": member.id, "role": "COMPANY_STAFF", "boundId": world.company.id}
    assert await world.code(world.administrator, "roleGrant", **given) == ""
    assert await world.sees(manager, member)
    await world.end_roles(member)
    assert not await world.sees(manager, member)
    assert await world.code(manager, "unmask", id=member.id, reason="CALL_BACK") == "NOT_FOUND"


async def test_who_works_for_two_companies_is_of_one_until_that_ends(world: World):
    other = await an_organisation(world.street)
    member = await a_manager(world)
    given = {"accountId": member.id, "role": "COMPANY_STAFF", "boundId": other.id}
    assert await world.code(world.administrator, "roleGrant", **given) == ""
    assert (await Account.get(id=member.id)).organisation_id == world.company.id
    first = await RoleBinding.get(account_id=member.id, organisation_id=world.company.id)
    assert await world.code(world.administrator, "roleEnd", id=first.id) == ""
    assert (await Account.get(id=member.id)).organisation_id == other.id


@pytest.mark.parametrize("last", [-1, 0])
async def test_a_last_day_that_passes_takes_the_desk_at_once_and_the_colleagues_at_midnight(world: World, last: int):
    manager, member = await a_manager(world), await a_manager(world, "another")
    await RoleBinding.filter(account_id=member.id).update(starts_on=today() - 9 * DAY, ends_on=today() + last * DAY)
    await a_role(member, Role.COMMITTEE_MEMBER, compound=await a_compound(world.community))
    reached = (await seen(member)).ids(Role.COMMITTEE_MEMBER, Reach.ORGANISATION)
    assert reached == ()
    await employment(datetime.now(UTC))
    assert await world.sees(manager, member) == (last == 0)


async def test_a_first_day_that_comes_makes_colleagues_at_midnight(world: World):
    manager, member = await a_manager(world), await an_account(street_id=world.street.id)
    await a_role(member, Role.COMPANY_STAFF, organisation=world.company, starts_on=today() + DAY)
    await employment(datetime.now(UTC))
    assert not await world.sees(manager, member)
    await employment(datetime.now(UTC) + DAY)
    assert await world.sees(manager, member)


async def test_an_office_is_the_desk_of_those_who_work_for_its_place(world: World):
    elsewhere = await a_community(world.street)
    clerk = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    moved = await an_account(Role.COMMUNITY_STAFF, place=elsewhere, organisation_id=world.office.id)
    assert (await seen(clerk)).ids(Role.COMMUNITY_STAFF, Reach.ORGANISATION) == (world.office.id,)
    assert (await seen(moved)).ids(Role.COMMUNITY_STAFF, Reach.ORGANISATION) == ()
    await employment(datetime.now(UTC))
    assert [(await Account.get(id=each.id)).organisation_id for each in (clerk, moved)] == [world.office.id, None]


@pytest.mark.parametrize(
    "kind", [kind for kind in OrganisationKind if "COMMITTEE" in kind or kind is OrganisationKind.PROPERTY_COMPANY]
)
async def test_no_company_and_no_committee_is_the_desk_of_a_place(world: World, kind: OrganisationKind):
    body = await an_organisation(world.street, kind=kind, place_id=world.community.id)
    clerk = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=body.id)
    assert (await seen(clerk)).ids(Role.COMMUNITY_STAFF, Reach.ORGANISATION) == ()

"""Who an account is now: what each role reaches, and that dates are obeyed from one request to the next."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import asyncpg
import pytest

from domain.access import Reach, Role, Viewer
from domain.organisations import MandateRole, OrganisationKind
from domain.permits import sees
from models import Compound, Home, Mandate, Organisation, Place, RoleBinding
from models.calendar import now, today, zone
from models.viewers import VIEWERS_SQL, viewer_of, viewers_from_rows, viewers_of
from settings import Settings
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_facility,
    a_grid,
    a_home,
    a_mandate,
    a_role,
    a_street,
    a_unit,
    an_account,
    an_organisation,
)

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


class World:
    """A street with two communities, a grid, three compounds, a company that serves one, and a home."""

    street: Place
    community: Place
    grid: Place
    gridded: Compound
    loose: Compound
    far: Compound
    company: Organisation
    home: Home


@pytest.fixture
async def world(database: Settings) -> World:
    made = World()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.grid = await a_grid(made.community)
    made.gridded = await a_compound(made.community, grid_id=made.grid.id)
    made.loose = await a_compound(made.community)
    made.far = await a_compound(await a_community(made.street))
    made.company = await a_company_serving(made.gridded)
    made.home = await a_home(await a_unit(await a_building(made.gridded)))
    return made


async def seen(account_id: str) -> Viewer:
    viewer = await viewer_of(account_id)
    assert viewer is not None
    return viewer


async def test_an_unknown_account_is_nobody(world: World):
    assert await viewer_of("acc_unknown") is None


async def test_a_disabled_account_is_nobody_from_the_next_request_on(world: World):
    account = await an_account(Role.STREET_OFFICER, place=world.street)
    assert await viewer_of(account.id) is not None
    account.disabled_at = now()
    await account.save()
    assert await viewer_of(account.id) is None


async def test_an_account_without_a_role_is_somebody_who_sees_nothing(world: World):
    account = await an_account(street_id=world.street.id, name="Newcomer")
    viewer = await seen(account.id)
    assert (viewer.account_id, viewer.name, viewer.roles) == (account.id, "Newcomer", frozenset())


@pytest.mark.parametrize("role", [Role.STREET_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
async def test_a_street_wide_role_reaches_the_street_it_is_bound_to(world: World, role: Role):
    office = await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE, place_id=world.street.id)
    account = await an_account(role, place=world.street, organisation_id=office.id)
    viewer = await seen(account.id)
    assert viewer.ids(role, Reach.STREET) == (world.street.id,)
    assert viewer.ids(role, Reach.ACCOUNT) == (account.id,)
    assert viewer.ids(role, Reach.ORGANISATION) == (office.id,)
    assert viewer.ids(role, Reach.COMPOUND) == ()
    assert sees(viewer, "Compound", world.far.belongs())


@pytest.mark.parametrize("role", [Role.STREET_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
async def test_a_street_wide_role_bound_to_less_than_a_street_does_not_reach_the_street(world: World, role: Role):
    account = await an_account(role, place=world.community)
    viewer = await seen(account.id)
    assert viewer.ids(role, Reach.STREET) == ()
    assert not sees(viewer, "Compound", world.far.belongs())


async def test_community_staff_reach_the_compounds_of_their_community(world: World):
    office = await a_community_office(world.community)
    account = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=office.id)
    viewer = await seen(account.id)
    assert set(viewer.ids(Role.COMMUNITY_STAFF, Reach.COMPOUND)) == {world.gridded.id, world.loose.id}
    assert viewer.ids(Role.COMMUNITY_STAFF, Reach.STREET) == (world.street.id,)
    assert viewer.ids(Role.COMMUNITY_STAFF, Reach.ORGANISATION) == (office.id,)
    assert not sees(viewer, "Facility", (await a_facility(world.far)).belongs())


async def test_a_grid_worker_reaches_the_compounds_of_the_grid(world: World):
    viewer = await seen((await an_account(Role.GRID_WORKER, place=world.grid)).id)
    assert viewer.ids(Role.GRID_WORKER, Reach.COMPOUND) == (world.gridded.id,)
    assert viewer.ids(Role.GRID_WORKER, Reach.STREET) == (world.street.id,)


@pytest.mark.parametrize("role", [Role.COMPANY_MANAGER, Role.COMPANY_STAFF, Role.INTEGRATION])
async def test_who_works_for_an_organisation_reaches_it_and_the_compounds_of_its_mandates(world: World, role: Role):
    await a_mandate(world.company, world.far, role=MandateRole.GUIDES)
    viewer = await seen((await an_account(role, organisation=world.company)).id)
    assert set(viewer.ids(role, Reach.COMPOUND)) == {world.gridded.id, world.far.id}
    assert viewer.ids(role, Reach.ORGANISATION) == (world.company.id,)
    assert viewer.ids(role, Reach.STREET) == (world.street.id,)
    assert not sees(viewer, "Compound", world.loose.belongs())


async def test_a_committee_member_reaches_one_compound_and_their_body(world: World):
    body = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(body, world.loose, role=MandateRole.REPRESENTS)
    viewer = await seen((await an_account(Role.COMMITTEE_MEMBER, organisation=body)).id)
    assert viewer.ids(Role.COMMITTEE_MEMBER, Reach.COMPOUND) == (world.loose.id,)
    assert viewer.ids(Role.COMMITTEE_MEMBER, Reach.ORGANISATION) == (body.id,)
    assert viewer.ids(Role.COMMITTEE_MEMBER, Reach.HOME) == ()


async def test_a_resident_reaches_their_home_and_its_compound_and_no_employer(world: World):
    account = await an_account(Role.RESIDENT, home=world.home, organisation_id=world.company.id)
    viewer = await seen(account.id)
    assert viewer.ids(Role.RESIDENT, Reach.HOME) == (world.home.id,)
    assert viewer.ids(Role.RESIDENT, Reach.COMPOUND) == (world.gridded.id,)
    assert viewer.ids(Role.RESIDENT, Reach.ORGANISATION) == ()
    assert viewer.ids(Role.RESIDENT, Reach.ACCOUNT) == (account.id,)


async def test_two_roles_keep_what_they_reach_apart_and_two_bindings_of_one_role_add_up(world: World):
    account = await an_account(Role.RESIDENT, home=world.home)
    await a_role(account, Role.COMMITTEE_MEMBER, compound=world.loose)
    await a_role(account, Role.COMMITTEE_MEMBER, compound=world.far)
    viewer = await seen(account.id)
    assert viewer.ids(Role.RESIDENT, Reach.COMPOUND) == (world.gridded.id,)
    assert set(viewer.ids(Role.COMMITTEE_MEMBER, Reach.COMPOUND)) == {world.loose.id, world.far.id}
    assert viewer.ids(Role.COMMITTEE_MEMBER, Reach.HOME) == ()


async def test_a_mandate_that_ended_is_obeyed_by_the_next_request(world: World):
    account = await an_account(Role.COMPANY_MANAGER, organisation=world.company)
    assert (await seen(account.id)).ids(Role.COMPANY_MANAGER, Reach.COMPOUND) == (world.gridded.id,)
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - 31 * DAY)
    after = await seen(account.id)
    assert after.ids(Role.COMPANY_MANAGER, Reach.COMPOUND) == ()
    assert after.ids(Role.COMPANY_MANAGER, Reach.ORGANISATION) == (world.company.id,)


Dates = Callable[[], tuple[date, date | None]]


@pytest.mark.parametrize(
    ("dates", "current"),
    [
        (lambda: (today(), today()), True),
        (lambda: (today() - DAY, None), True),
        (lambda: (today() + DAY, None), False),
        (lambda: (today() - 99 * DAY, today() - 31 * DAY), False),
    ],
    ids=["today only", "open end", "begins tomorrow", "ended long ago"],
)
async def test_mandates_and_roles_hold_from_their_first_to_their_last_day(world: World, dates: Dates, current: bool):
    starts_on, ends_on = dates()
    await a_mandate(world.company, world.loose, role=MandateRole.GUIDES, starts_on=starts_on, ends_on=ends_on)
    member = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    assert (world.loose.id in (await seen(member.id)).ids(Role.COMPANY_STAFF, Reach.COMPOUND)) == current
    builders: list[Callable[[], Awaitable[RoleBinding]]] = [
        lambda: a_role(member, Role.STREET_OFFICER, place=world.street, starts_on=starts_on, ends_on=ends_on),
        lambda: a_role(member, Role.GRID_WORKER, place=world.grid, starts_on=starts_on, ends_on=ends_on),
        lambda: a_role(member, Role.COMMITTEE_MEMBER, compound=world.far, starts_on=starts_on, ends_on=ends_on),
        lambda: a_role(member, Role.RESIDENT, home=world.home, starts_on=starts_on, ends_on=ends_on),
    ]
    for bind in builders:
        binding = await bind()
        assert (binding.role in (await seen(member.id)).roles) == current


async def test_many_accounts_are_told_apart_in_one_statement(world: World, settings: Settings):
    accounts = [
        await an_account(Role.COMPANY_MANAGER, organisation=world.company),
        await an_account(Role.COMPANY_STAFF, organisation=world.company),
        await an_account(Role.RESIDENT, home=world.home),
        await an_account(Role.STREET_OFFICER, place=world.street),
        await an_account(street_id=world.street.id),
        await an_account(Role.AUDITOR, place=world.street, disabled_at=now()),
    ]
    ids = [account.id for account in accounts]
    one_by_one = {id_: viewer for id_ in ids if (viewer := await viewer_of(id_))}
    assert list(one_by_one) == ids[:5]
    assert await viewers_of([*ids, "acc_unknown"]) == one_by_one
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch(VIEWERS_SQL, ids, zone().key, 30)
    finally:
        await connection.close()
    assert viewers_from_rows(rows) == one_by_one

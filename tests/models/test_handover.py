"""Dates of mandates and roles count by the street's days, to the very midnight; after a mandate comes the handover."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.access import Reach, Role, Viewer
from domain.organisations import MandateRole, OrganisationKind
from domain.permits import may, sees
from domain.refusals import RefusalCode
from models import Account, Mandate, Ticket, tickets
from models.calendar import today
from models.viewers import VIEWERS_SQL, viewer_of, viewers_from_rows
from settings import Settings
from tests.builders import a_mandate, a_role, a_ticket, an_account, an_organisation
from tests.models.ticket_world import World, a_world, refusal

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)
#: Moments in UTC on both sides of midnight in Shanghai: before the first day, in it, in the last, after it.
BEFORE, BEGUN = datetime(2026, 3, 1, 15, 59, 59, 999_999, UTC), datetime(2026, 3, 1, 16, tzinfo=UTC)
LAST_MOMENT, OVER = datetime(2026, 3, 4, 15, 59, 59, 999_999, UTC), datetime(2026, 3, 4, 16, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def connection(settings: Settings) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def viewer_at(connection: Any, account: Account, moment: datetime, *, days: int = 30) -> Viewer:
    """Who the account is at that moment, in a street of Shanghai."""
    sql = VIEWERS_SQL.replace("now()", f"'{moment.isoformat()}'::timestamptz")
    return viewers_from_rows(await connection.fetch(sql, [account.id], "Asia/Shanghai", days))[account.id]


async def a_manager_until(world: World, *, starts_on: date = FIRST, ends_on: date = LAST) -> Account:
    """A manager of the company whose only mandate is for the world's compound, and has these dates."""
    await Mandate.filter(organisation_id=world.company.id).update(starts_on=starts_on, ends_on=ends_on)
    return await an_account(Role.COMPANY_MANAGER, organisation=world.company)


@pytest.mark.parametrize(
    ("moment", "reads", "acts"),
    [
        (BEFORE, False, False),
        (BEGUN, True, True),
        (LAST_MOMENT, True, True),
        (OVER, True, False),
        (LAST_MOMENT + 30 * DAY, True, False),
        (OVER + 30 * DAY, False, False),
    ],
    ids=["before it", "its first moment", "its last", "over", "the last of the handover", "the handover is over"],
)
async def test_a_company_acts_while_its_mandate_lasts_and_reads_for_the_days_of_handover(
    connection: Any, world: World, moment: datetime, reads: bool, acts: bool
) -> None:
    viewer = await viewer_at(connection, await a_manager_until(world), moment)
    assert (world.compound.id in viewer.ids(Role.COMPANY_MANAGER, Reach.COMPOUND)) == reads
    assert sees(viewer, "Compound", world.compound.belongs()) == reads
    assert may(viewer, "ticketOpen", "Compound", world.compound.belongs()) == acts
    assert bool(viewer.read_only) == (reads and not acts)


async def test_without_days_of_handover_all_ends_with_the_mandate(connection: Any, world: World) -> None:
    manager = await a_manager_until(world)
    assert sees(await viewer_at(connection, manager, LAST_MOMENT, days=0), "Compound", world.compound.belongs())
    assert not sees(await viewer_at(connection, manager, OVER, days=0), "Compound", world.compound.belongs())


@pytest.mark.parametrize(("moment", "held"), [(BEFORE, False), (BEGUN, True), (LAST_MOMENT, True), (OVER, False)])
@pytest.mark.parametrize(
    "role", [Role.COMMITTEE_MEMBER, Role.GRID_WORKER, Role.COMMUNITY_STAFF, Role.STREET_OFFICER, Role.RESIDENT]
)
async def test_terms_and_assignments_hold_to_the_midnight_and_leave_nothing_to_read(
    connection: Any, world: World, moment: datetime, held: bool, role: Role
) -> None:
    bound: dict[Role, dict[str, Any]] = {
        Role.COMMITTEE_MEMBER: {"compound": world.compound},
        Role.GRID_WORKER: {"place": world.community},
        Role.COMMUNITY_STAFF: {"place": world.community},
        Role.STREET_OFFICER: {"place": world.street},
        Role.RESIDENT: {"home": world.home},
    }
    account = await an_account(street_id=world.street.id)
    await a_role(account, role, starts_on=FIRST, ends_on=LAST, **bound[role])
    viewer = await viewer_at(connection, account, moment)
    assert (role in viewer.roles, sees(viewer, "Compound", world.compound.belongs())) == (held, held)
    assert viewer.read_only == {}


@pytest.mark.parametrize(
    ("role", "kind", "reads"),
    [
        (Role.COMPANY_STAFF, OrganisationKind.PROPERTY_COMPANY, True),
        (Role.INTEGRATION, OrganisationKind.PROPERTY_COMPANY, True),
        (Role.INTEGRATION, OrganisationKind.OWNERS_COMMITTEE, False),
        (Role.INTEGRATION, OrganisationKind.COMMUNITY_OFFICE, False),
        (Role.COMMITTEE_MEMBER, OrganisationKind.OWNERS_COMMITTEE, False),
    ],
)
async def test_a_handover_is_for_companies_and_their_machines(
    connection: Any, world: World, role: Role, kind: OrganisationKind, reads: bool
) -> None:
    body = await an_organisation(street_id=world.street.id, kind=kind)
    given = {"role": MandateRole.SUPERVISES, "starts_on": FIRST, "ends_on": LAST}
    await a_mandate(body, world.compound, **given)
    account = await an_account(role, organisation=body)
    assert sees(await viewer_at(connection, account, LAST_MOMENT), "Compound", world.compound.belongs())
    assert sees(await viewer_at(connection, account, OVER), "Compound", world.compound.belongs()) == reads


async def test_a_mandate_that_goes_on_under_another_name_is_no_handover(connection: Any, world: World) -> None:
    manager = await a_manager_until(world)
    await a_mandate(world.company, world.compound, starts_on=LAST + DAY)
    viewer = await viewer_at(connection, manager, OVER)
    assert viewer.ids(Role.COMPANY_MANAGER, Reach.COMPOUND) == (world.compound.id,)
    assert may(viewer, "ticketOpen", "Compound", world.compound.belongs())


async def test_who_holds_another_role_there_acts_by_that(connection: Any, world: World) -> None:
    manager = await a_manager_until(world)
    await a_role(manager, Role.RESIDENT, home=world.home)
    viewer = await viewer_at(connection, manager, OVER)
    ticket = await a_ticket(world.compound, opened_by_id=manager.id)
    assert may(viewer, "ticketConfirm", "Ticket", ticket.belongs())
    assert not may(viewer, "ticketAccept", "Ticket", ticket.belongs())


async def test_an_act_in_the_handover_is_refused_with_a_sentence_that_says_so(world: World) -> None:
    ticket = await a_ticket(world.compound)
    account = await a_manager_until(world, ends_on=today() - DAY)
    viewer = await viewer_of(account.id)
    assert viewer is not None
    refused = await refusal(tickets.accept(viewer, ticket.id))
    assert (refused.code, refused.message.en) == (
        RefusalCode.FORBIDDEN,
        "The mandate for this compound has ended: you may still read, and do nothing more.",
    )
    refused = await refusal(tickets.open_ticket(viewer, world.compound.id, kind=ticket.kind, title="Lamp"))
    assert refused.code is RefusalCode.FORBIDDEN
    assert await Ticket.all().count() == 1


async def test_nobody_of_a_company_in_handover_is_assigned(world: World) -> None:
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    await a_manager_until(world, ends_on=today() - DAY)
    officer = await an_account(Role.STREET_OFFICER, place=world.street)
    viewer = await viewer_of(officer.id)
    assert viewer is not None
    await tickets.accept(viewer, ticket.id)
    assert (await refusal(tickets.assign(viewer, ticket.id, world.worker.id))).path == ("assignee_id",)

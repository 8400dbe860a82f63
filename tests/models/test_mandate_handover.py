"""A mandate is handed over: what was given, who signs, and where the open tickets go."""

from datetime import timedelta

import pytest

from domain.access import Role, Viewer
from domain.handovers import HandoverItem
from domain.organisations import MandateRole, MandateService
from domain.refusals import RefusalCode
from domain.tickets import HANDED_OVER, IN_HAND, TicketState
from models import Fact, Mandate, Notice, Organisation, Ticket, TicketParty, Work, handovers
from models.calendar import today
from models.mandates import end_mandate, start_mandate
from models.tickets.handing_over import KIND, hand_over, leave_all
from models.tickets.parties import add_party
from settings import Settings
from tests.builders import a_channel, a_mandate, a_ticket, an_organisation

from .ticket_world import World, a_world, refusal, somebody

_DAY = timedelta(days=1)


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def officer(world: World) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=world.street)


async def _ended(world: World) -> Mandate:
    mandate = await Mandate.get(organisation_id=world.company.id)
    mandate.ends_on = today() - _DAY
    await mandate.save(update_fields=["ends_on"])
    return mandate


async def _next(world: World) -> Organisation:
    company = await an_organisation(world.street, name="Bluewave")
    await a_mandate(company, world.compound, starts_on=today())
    return company


def test_the_table_of_what_is_handed_over_is_total() -> None:
    assert set(HANDED_OVER) == set(TicketState)
    assert {state for state in TicketState if HANDED_OVER[state] is not state} < IN_HAND


async def test_open_tickets_go_to_the_successor_and_done_ones_stay(world: World) -> None:
    held = {"organisation_id": world.company.id}
    tickets = {state: await a_ticket(world.compound, state=state, assignee_id=world.worker.id, **held) for state in TicketState}
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    kept = await a_ticket(world.compound, state="IN_PROGRESS", assignee_id=clerk.account_id, **held)
    await _ended(world)
    company = await _next(world)
    channel = await a_channel(company)
    assert await hand_over(world.compound.id, world.company.id) == len(IN_HAND) + 1
    for state, ticket in tickets.items():
        after = await Ticket.get(id=ticket.id)
        moved = state in IN_HAND
        assert after.organisation_id == (company.id if moved else world.company.id)
        assert after.state is HANDED_OVER[state]
        assert after.assignee_id == (None if moved else world.worker.id)
        assert await Fact.filter(subject_id=ticket.id, action="ticketHandOver").count() == moved
    after = await Ticket.get(id=kept.id)
    assert (after.organisation_id, after.state, after.assignee_id) == (company.id, TicketState.IN_PROGRESS, clerk.account_id)
    assert "Evergreen" in after.routing["en"]
    told = await Notice.filter(channel_id=channel.id, type="steward.tickets.handed_over.v1")
    assert [notice.payload["count"] for notice in told] == [len(IN_HAND) + 1]
    assert await hand_over(world.compound.id, world.company.id) == 0


async def test_where_nobody_comes_after_the_community_takes_them_and_the_nightly_check_finds_them(world: World) -> None:
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    assert await leave_all() == 0
    await _ended(world)
    assert await leave_all() == 1
    (work,) = await Work.filter(kind=KIND)
    await hand_over(work.payload["compound"], work.payload["organisation"])
    assert (await Ticket.get(id=ticket.id)).organisation_id == world.office.id
    assert await leave_all() == 0


async def test_nothing_moves_while_another_mandate_keeps_them_there(world: World) -> None:
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    await _ended(world)
    await a_mandate(world.company, world.compound, service=MandateService.FIRE_MAINTENANCE, starts_on=today())
    assert await hand_over(world.compound.id, world.company.id) == 0
    assert (await Ticket.get(id=ticket.id)).organisation_id == world.company.id


async def test_what_the_leaving_company_had_to_sign_the_next_one_signs(world: World, officer: Viewer) -> None:
    ticket = await a_ticket(world.compound, organisation_id=world.office.id)
    await add_party(officer, ticket.id, world.company.id)
    await _ended(world)
    company = await _next(world)
    assert await leave_all() == 1
    await hand_over(world.compound.id, world.company.id)
    (party,) = await TicketParty.filter(ticket_id=ticket.id)
    assert (party.organisation_id, (await Ticket.get(id=ticket.id)).organisation_id) == (company.id, world.office.id)
    assert await leave_all() == 0


async def test_a_handover_is_recorded_amended_and_signed_by_both(world: World, officer: Viewer) -> None:
    mandate = await _ended(world)
    company = await _next(world)
    made = await handovers.hand_over(officer, mandate.id, handed=[HandoverItem.KEYS, HandoverItem.KEYS], open_points="档案待移交")
    assert (made.from_organisation_id, made.to_organisation_id) == (world.company.id, company.id)
    assert made.handed == ["KEYS"]
    assert "ARCHIVES" in made.missing
    assert await Work.filter(kind=KIND).count() == 1
    outsider = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    assert (await refusal(handovers.sign(outsider, made.id))).code is RefusalCode.INVALID
    await handovers.sign(world.manager, made.id)
    made = await handovers.amend(officer, made.id, handed=list(HandoverItem))
    assert (made.missing, made.from_signed_at) == ([], None)
    comes = await somebody(Role.COMPANY_MANAGER, organisation=company)
    for side in (world.manager, comes, comes):
        made = await handovers.sign(side, made.id)
    assert (made.from_signed_by_id, made.to_signed_by_id) == (world.manager.account_id, comes.account_id)
    assert (await refusal(handovers.amend(officer, made.id, handed=[]))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(handovers.hand_over(officer, mandate.id))).code is RefusalCode.CONFLICT
    assert await Fact.filter(action="handoverSign").count() == 3


async def test_a_handover_that_cannot_be_is_refused_with_the_field(world: World, officer: Viewer) -> None:
    mandate = await Mandate.get(organisation_id=world.company.id)
    assert (await refusal(handovers.hand_over(officer, mandate.id))).code is RefusalCode.ILLEGAL_MOVE
    await _ended(world)
    for day in (today() + _DAY, mandate.starts_on - _DAY):
        assert (await refusal(handovers.hand_over(officer, mandate.id, handed_over_on=day))).path == ("handed_over_on",)
    stranger = await an_organisation(world.street)
    for id_ in (stranger.id, world.company.id):
        refused = await refusal(handovers.hand_over(officer, mandate.id, to_organisation_id=id_))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("to_organisation_id",))
    assert (await refusal(handovers.hand_over(officer, mandate.id, open_points="x" * 2001))).path == ("open_points",)
    made = await handovers.hand_over(officer, mandate.id)
    assert made.to_organisation_id == world.office.id


async def test_who_ends_a_mandate_before_recording_the_next_gives_the_tickets_to_nobody_in_between(
    world: World, officer: Viewer
) -> None:
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    mandate = await Mandate.get(organisation_id=world.company.id)
    await end_mandate(officer, mandate.id, ends_on=today() - _DAY)
    assert await Work.filter(kind=KIND).count() == 0
    company = await an_organisation(world.street)
    await start_mandate(officer, company.id, world.compound.id, MandateRole.SERVES)
    await handovers.hand_over(officer, mandate.id)
    (work,) = await Work.filter(kind=KIND)
    assert await hand_over(work.payload["compound"], work.payload["organisation"]) == 1
    assert (await Ticket.get(id=ticket.id)).organisation_id == company.id

"""Where tickets go, and who is proposed."""

import pytest

from domain.access import Role
from domain.deadlines import DeadlineState, Goal
from domain.facilities import FacilityKind
from domain.organisations import MandateRole
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.routing import RouteTarget
from models import (
    Fact,
    Notice,
    TicketDeadline,
    tickets,
)
from tests.builders import a_channel, a_facility, a_mandate, a_ticket, an_account, an_organisation
from tests.models.ticket_world import World, a_world, refusal, somebody

from .desk import a_committee, on_duty, opened

pytestmark = pytest.mark.usefixtures("database")


async def test_a_ticket_goes_by_default_to_whoever_serves_the_compound_and_says_why(world: World):
    ticket = await opened(world.manager, world)
    assert ticket.organisation_id == world.company.id
    assert ticket.proposed_assignee_id is None
    assert ticket.routing["en"].endswith("Nobody is on duty by its roster now.")
    between_homes = await opened(world.manager, world, category=TicketCategory.NEIGHBOURS)
    assert between_homes.organisation_id == world.office.id
    assert "NEIGHBOURS goes to the office of its community" in between_homes.routing["en"]
    assert "社区居委会承办" in between_homes.routing["zh-CN"]


async def test_whoever_is_on_duty_with_the_fewest_open_tickets_is_proposed_and_assigned(world: World):
    busy, idle = world.worker, await an_account(Role.COMPANY_STAFF, organisation=world.company)
    await an_account(Role.COMPANY_STAFF, organisation=world.company)
    await on_duty(world, busy.id, idle.id)
    await a_ticket(world.compound, state=TicketState.IN_PROGRESS, assignee_id=busy.id)
    await a_ticket(world.compound, state=TicketState.CLOSED, assignee_id=idle.id)
    ticket = await opened(world.manager, world)
    assert ticket.proposed_assignee_id == idle.id
    assert ticket.routing["en"].endswith("Of 2 on duty, the one proposed has the fewest open tickets (0).")
    told = await Notice.filter(ticket_id=ticket.id, account_id=idle.id).values_list("type", flat=True)
    assert told == ["steward.ticket.proposed.v1"]
    await tickets.accept(world.manager, ticket.id)
    assert (await tickets.assign(world.manager, ticket.id)).assignee_id == idle.id
    unserved = await tickets.open_ticket(
        await somebody(Role.COMMUNITY_STAFF, place=world.community), world.unserved.id, kind=TicketKind.ENQUIRY, title="Who?"
    )
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.accept(clerk, unserved.id)
    assert (await refusal(tickets.assign(clerk, unserved.id))).path == ("assignee_id",)


async def test_the_street_s_nearest_route_counts_until_it_is_taken_back(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    committee = await a_committee(world)
    await tickets.set_route(officer, world.street.id, target=RouteTarget.COMMUNITY)
    near = await tickets.set_route(officer, world.compound.id, kind=TicketKind.COMPLAINT, organisation_id=committee.id)
    assert (await opened(world.manager, world)).organisation_id == committee.id
    assert (await opened(world.manager, world, kind=TicketKind.ENQUIRY)).organisation_id == world.office.id
    again = await tickets.set_route(officer, world.compound.id, kind=TicketKind.COMPLAINT, target=RouteTarget.COMPANY)
    await near.refresh_from_db()
    assert near.removed_at is not None
    assert (await opened(world.manager, world)).organisation_id == world.company.id
    await tickets.remove_route(officer, again.id)
    assert (await opened(world.manager, world)).organisation_id == world.office.id
    elsewhere = await an_organisation((await a_world()).street)
    for given, field in (
        ({}, "target"),
        ({"target": RouteTarget.GRID, "organisation_id": committee.id}, "target"),
        ({"organisation_id": elsewhere.id}, "organisation_id"),
        ({"kind": TicketKind.REPAIR, "category": TicketCategory.CHARGES, "target": RouteTarget.GRID}, "category"),
    ):
        assert (await refusal(tickets.set_route(officer, world.street.id, **given))).path == (field,)


async def test_a_route_to_an_organisation_does_not_count_where_this_has_no_mandate_any_more(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    stranger = await an_organisation(world.street)
    await tickets.set_route(officer, world.street.id, organisation_id=stranger.id)
    ticket = await opened(world.manager, world)
    assert ticket.organisation_id == world.company.id
    assert "has nothing to do with this compound now. It goes to the organisation that serves" in ticket.routing["en"]
    await a_mandate(stranger, world.compound, role=MandateRole.REPRESENTS)
    assert (await opened(world.manager, world)).organisation_id == stranger.id


async def test_a_ticket_that_nobody_accepted_goes_elsewhere_when_it_is_classified(world: World):
    ticket = await opened(world.manager, world)
    classified = await tickets.classify(world.manager, ticket.id, TicketCategory.OWNERS_COMMITTEE, expected_version=1)
    assert (classified.organisation_id, classified.version) == (world.office.id, 2)
    fact = await Fact.get(subject_id=ticket.id, action="ticketClassify")
    assert fact.after is not None
    assert fact.after["category"] == "OWNERS_COMMITTEE"
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.accept(clerk, ticket.id)
    stays = await tickets.classify(world.manager, ticket.id, TicketCategory.SERVICE)
    assert stays.organisation_id == world.office.id
    assert (await refusal(tickets.classify(world.manager, ticket.id, TicketCategory.LIFT))).path == ("category",)


async def test_a_complaint_filed_as_a_repair_becomes_one_and_its_limits_are_those_of_a_complaint(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    lift = await a_facility(world.compound, kind=FacilityKind.LIFT)
    ticket = await opened(resident, world, kind=TicketKind.REPAIR, facility_id=lift.id, priority=TicketPriority.EMERGENCY)
    assert (await refusal(tickets.classify(world.manager, ticket.id, kind=TicketKind.COMPLAINT))).code is RefusalCode.FORBIDDEN
    assert (await refusal(tickets.classify(clerk, ticket.id))).path == ("category",)
    wrong = tickets.classify(clerk, ticket.id, TicketCategory.LIFT, kind=TicketKind.COMPLAINT)
    assert (await refusal(wrong)).path == ("category",)

    changed = await tickets.classify(clerk, ticket.id, TicketCategory.NEIGHBOURS, kind=TicketKind.COMPLAINT)
    assert (changed.kind, changed.category, changed.organisation_id) == (
        *(TicketKind.COMPLAINT, TicketCategory.NEIGHBOURS),
        world.office.id,
    )
    rows = {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}
    assert rows[Goal.ON_SITE].state is DeadlineState.DROPPED
    assert rows[Goal.FIRST_REPLY].state is DeadlineState.RUNNING
    assert rows[Goal.CLOSE].policy["en"] == "7 working days (default)"
    assert (rows[Goal.CLOSE].started_at, rows[Goal.CLOSE].due) == (ticket.opened_at, changed.due_at)
    fact = await Fact.get(subject_id=ticket.id, action="ticketClassify")
    assert fact.before is not None
    assert fact.after is not None
    assert (fact.before["kind"], fact.after["kind"]) == ("REPAIR", "COMPLAINT")
    again = await tickets.classify(clerk, ticket.id, kind=TicketKind.REPAIR)
    assert (again.kind, again.category) == (TicketKind.REPAIR, TicketCategory.LIFT)
    assert (await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.ON_SITE)).state is DeadlineState.RUNNING


async def test_what_is_opened_again_after_its_company_has_left_goes_to_whoever_is_there_now(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    gone = await an_organisation(world.street)
    closed = {"state": TicketState.CLOSED, "opened_by_id": resident.account_id, "organisation_id": gone.id}
    ticket = await a_ticket(world.compound, assignee_id=(await an_account(organisation=gone)).id, **closed)
    again = await tickets.reopen(resident, ticket.id)
    assert (again.organisation_id, again.assignee_id, again.state) == (world.company.id, None, TicketState.ACCEPTED)
    assert "It goes to the organisation that serves" in again.routing["en"]
    close = await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.CLOSE)
    assert "Handed on at" in close.why["en"]


async def test_whoever_loses_a_ticket_by_its_class_and_whoever_gets_it_are_told(world: World):
    own = {(await a_channel(each)).id: each.id for each in (world.company, world.office)}
    ticket = await opened(world.manager, world)
    await tickets.classify(world.manager, ticket.id, TicketCategory.OWNERS_COMMITTEE)
    told = await Notice.filter(ticket_id=ticket.id, type="steward.ticket.transferred.v1")
    assert {own[notice.channel_id] for notice in told} == {world.company.id, world.office.id}

"""Tickets on the desk: how they come in, where they go, who takes part, how they hang together, and what is thought of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.deadlines import Goal
from domain.duty import DutyLevel
from domain.facilities import FacilityKind
from domain.organisations import MandateRole, OrganisationKind
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from domain.tickets.satisfaction import CallBackOutcome, CallBackState, RatingReason
from models import (
    CallBack,
    DutyRoster,
    DutyShift,
    Fact,
    Notice,
    Organisation,
    Ticket,
    TicketDeadline,
    TicketLink,
    TicketParty,
    TicketRating,
    deadlines,
    tickets,
)
from models.calendar import now, today
from settings import Settings
from tests.builders import a_compound, a_facility, a_mandate, a_ticket, an_account, an_organisation
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")
_NOW = datetime.now(UTC)


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def a_committee(world: World) -> Organisation:
    committee = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, world.compound, role=MandateRole.REPRESENTS)
    return committee


async def on_duty(world: World, *account_ids: str) -> None:
    """Each of the company's people on a roster of their own, now."""
    for account_id in account_ids:
        place = {"organisation_id": world.company.id, "street_id": world.street.id}
        roster = await DutyRoster.create(name="Desk", level=DutyLevel.DUTY, **place)
        hour = timedelta(hours=1)
        times = {"starts_at": _NOW - hour, "ends_at": _NOW + hour}
        await DutyShift.create(roster_id=roster.id, account_id=account_id, **times, **place)


async def opened(viewer: Viewer, world: World, **given: Any) -> Ticket:
    return await tickets.open_ticket(
        viewer, world.compound.id, **({"kind": TicketKind.COMPLAINT, "title": "Nobody answers"} | given)
    )


# coming in


async def test_a_ticket_says_how_it_came_in_and_by_default_as_the_role_of_its_reporter_says(world: World):
    facility = await a_facility(world.compound, kind=FacilityKind.LIFT)
    resident = await somebody(Role.RESIDENT, home=world.home)
    assert (await opened(resident, world)).source is TicketSource.RESIDENT
    assert (await opened(world.manager, world)).source is TicketSource.STAFF
    scanned = await opened(resident, world, kind=TicketKind.REPAIR, source=TicketSource.QR, facility_id=facility.id)
    assert (scanned.source, scanned.category) == (TicketSource.QR, TicketCategory.LIFT)
    for given, field in (
        ({"source": TicketSource.HOTLINE, "case_number": "CQ-1"}, "source"),
        ({"source": TicketSource.ALERT}, "source"),
        ({"source": TicketSource.QR}, "facility_id"),
        ({"case_number": "CQ-1"}, "source"),
        ({"category": TicketCategory.LIFT}, "category"),
        ({"kind": TicketKind.REPAIR, "facility_id": facility.id, "category": TicketCategory.LIGHTING}, "category"),
    ):
        refused = await refusal(opened(resident, world, **given))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,)), given


async def test_a_machine_passes_the_hotline_s_cases_on_once_and_nothing_else(world: World):
    machine = await somebody(Role.INTEGRATION, organisation=world.company)
    ticket = await opened(machine, world, case_number="CQ-2026-17", category=TicketCategory.SERVICE)
    assert (ticket.source, ticket.case_number) == (TicketSource.HOTLINE, "CQ-2026-17")
    refused = await refusal(opened(machine, world, source=TicketSource.HOTLINE, case_number=" CQ-2026-17 "))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("case_number",))
    refused = await refusal(opened(machine, world, source=TicketSource.HOTLINE))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("case_number",))
    refused = await refusal(opened(machine, world, source=TicketSource.STAFF))
    assert refused.path == ("source",)
    elsewhere = await a_world()
    other = await somebody(Role.INTEGRATION, organisation=elsewhere.company)
    assert await opened(other, elsewhere, case_number="CQ-2026-17")


# going where it belongs


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
    await tickets.accept(world.manager, ticket.id)
    stays = await tickets.classify(world.manager, ticket.id, TicketCategory.SERVICE)
    assert stays.organisation_id == world.office.id
    assert (await refusal(tickets.classify(world.manager, ticket.id, TicketCategory.LIFT))).path == ("category",)


# handling it together


async def test_a_joint_ticket_is_done_when_all_have_signed_and_signed_anew_after_it_was_opened_again(world: World):
    committee = await a_committee(world)
    member = await somebody(Role.COMMITTEE_MEMBER, organisation=committee)
    ticket = await a_ticket(world.compound, state=TicketState.IN_PROGRESS, organisation_id=world.company.id)
    await tickets.add_party(world.manager, ticket.id, committee.id)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await tickets.add_party(officer, ticket.id, world.office.id, sign_off=False)
    refused = await refusal(tickets.resolve(world.manager, ticket.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert committee.name in refused.message.en
    outsider = await refusal(tickets.sign_off(world.manager, ticket.id))
    assert (outsider.code, outsider.path) == (RefusalCode.INVALID, ("id",))
    await tickets.sign_off(member, ticket.id, note="The owners are content.")
    await tickets.sign_off(member, ticket.id)
    assert await Fact.filter(subject_id=ticket.id, action="ticketSignOff").count() == 1
    assert (await tickets.resolve(world.manager, ticket.id)).state is TicketState.RESOLVED
    assert (await refusal(tickets.add_party(world.manager, ticket.id, committee.id))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.reopen(member, ticket.id)
    party = await TicketParty.get(ticket_id=ticket.id, organisation_id=committee.id)
    assert party.signed_off_at is None
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.remove_party(clerk, ticket.id, committee.id)
    assert (await refusal(tickets.remove_party(clerk, ticket.id, committee.id))).code is RefusalCode.INVALID


async def test_only_who_has_to_do_with_the_compound_takes_part(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    stranger = await an_organisation(world.street)
    ticket = await a_ticket(world.compound)
    refused = await refusal(tickets.add_party(officer, ticket.id, stranger.id))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("organisation_id",))


async def test_whoever_watches_hears_of_every_move_as_long_as_they_see_the_ticket(world: World):
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.watch(clerk, ticket.id)
    await tickets.watch(clerk, ticket.id)
    await tickets.accept(world.manager, ticket.id)
    heard = Notice.filter(ticket_id=ticket.id, account_id=clerk.account_id)
    assert await heard.values_list("type", flat=True) == ["steward.ticket.news.v1"]
    await tickets.unwatch(clerk, ticket.id)
    await tickets.start(world.manager, ticket.id)
    assert await heard.count() == 1


# hanging together


async def test_links_of_all_kinds_together_make_no_circle_and_some_are_had_once(world: World):
    one, two, three = [await a_ticket(world.compound) for _ in range(3)]
    elsewhere = await a_ticket(await a_compound((await a_world()).community))
    link = tickets.link
    made = await link(world.manager, one.id, two.id, LinkKind.PART_OF)
    assert (await link(world.manager, one.id, two.id, LinkKind.PART_OF)).id == made.id
    await link(world.manager, two.id, three.id, LinkKind.CAUSED_BY)
    for args in (
        (three.id, one.id, LinkKind.DUPLICATE_OF),
        (two.id, one.id, LinkKind.CAUSED_BY),
        (one.id, one.id, LinkKind.CAUSED_BY),
        (one.id, three.id, LinkKind.PART_OF),
    ):
        refused = await refusal(link(world.manager, *args))
        assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("other_id",)), args
    assert (await refusal(link(world.manager, one.id, elsewhere.id, LinkKind.CAUSED_BY))).code is RefusalCode.NOT_FOUND
    await tickets.unlink(world.manager, one.id, two.id, LinkKind.PART_OF)
    assert (await refusal(tickets.unlink(world.manager, one.id, two.id, LinkKind.PART_OF))).code is RefusalCode.CONFLICT
    assert await link(world.manager, three.id, one.id, LinkKind.CAUSED_BY)


async def test_a_duplicate_goes_the_way_of_what_it_duplicates_until_its_reporter_disagrees(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    original = await a_ticket(world.compound, state=TicketState.IN_PROGRESS)
    duplicate = await opened(resident, world)
    of_it = await opened(world.manager, world)
    await tickets.link(world.manager, duplicate.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.link(world.manager, of_it.id, duplicate.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(tickets.accept(world.manager, duplicate.id))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.resolve(world.manager, original.id)

    async def states() -> list[TicketState]:
        return [(await Ticket.get(id=each.id)).state for each in (original, duplicate, of_it)]

    assert await states() == [TicketState.RESOLVED] * 3
    followed = await Fact.filter(subject_id=duplicate.id, action="ticketFollow")
    assert {(fact.actor, fact.audience_id) for fact in followed} == {("system:tickets", resident.account_id)}
    await tickets.confirm(world.manager, of_it.id)
    await tickets.reopen(world.manager, original.id)
    assert await states() == [TicketState.ACCEPTED, TicketState.ACCEPTED, TicketState.CLOSED]
    await tickets.start(world.manager, original.id)
    await tickets.resolve(world.manager, original.id)
    await tickets.reopen(resident, duplicate.id)
    assert await states() == [TicketState.RESOLVED, TicketState.ACCEPTED, TicketState.CLOSED]
    assert not await TicketLink.exists(ticket_id=duplicate.id)
    assert (await tickets.start(world.manager, duplicate.id)).state is TicketState.IN_PROGRESS


async def test_a_duplicate_is_accepted_with_what_it_duplicates_and_nobody_is_told_that_it_is_late(world: World):
    original, before, after, of_it = [await a_ticket(world.compound, priority=TicketPriority.EMERGENCY) for _ in range(4)]
    await tickets.link(world.manager, before.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.link(world.manager, of_it.id, before.id, LinkKind.DUPLICATE_OF)
    await tickets.accept(world.manager, original.id)
    await deadlines.arrive(world.manager, original.id)
    await tickets.link(world.manager, after.id, original.id, LinkKind.DUPLICATE_OF)
    for each in (before, after, of_it):
        stored = await Ticket.get(id=each.id)
        assert (stored.state, stored.accepted_at is None, stored.arrived_at is None) == (TicketState.ACCEPTED, False, False)
        met = await TicketDeadline.filter(ticket_id=each.id, met_at__isnull=False).values_list("goal", flat=True)
        assert set(met) == {Goal.ACCEPT, Goal.ON_SITE}
        assert stored.reopened_count == 0


async def test_what_duplicates_a_withdrawn_ticket_stands_for_itself_and_what_is_done_is_no_duplicate(world: World):
    original, duplicate, late = [await a_ticket(world.compound) for _ in range(3)]
    done = await a_ticket(world.compound, state=TicketState.RESOLVED)
    await tickets.link(world.manager, duplicate.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.cancel(world.manager, original.id)
    assert not await TicketLink.exists(ticket_id=duplicate.id)
    assert (await tickets.accept(world.manager, duplicate.id)).state is TicketState.ACCEPTED
    link = tickets.link(world.manager, late.id, original.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(link)).code is RefusalCode.CONFLICT
    link = tickets.link(world.manager, done.id, late.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(link)).code is RefusalCode.ILLEGAL_MOVE
    await tickets.link(world.manager, late.id, done.id, LinkKind.DUPLICATE_OF)
    assert (await Ticket.get(id=late.id)).state is TicketState.RESOLVED


# what people think of it


async def test_a_reporter_rates_the_work_once_and_nobody_else_does(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await opened(resident, world)
    assert (await refusal(tickets.rate(resident, ticket.id, 5))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.start(world.manager, (await tickets.accept(world.manager, ticket.id)).id)
    await tickets.resolve(world.manager, ticket.id)
    for given, field in (
        ({"score": 2}, "reasons"),
        ({"score": 6}, "score"),
        ({"score": 3, "reasons": [RatingReason.OTHER]}, "note"),
    ):
        assert (await refusal(tickets.rate(resident, ticket.id, **given))).path == (field,)
    assert (await refusal(tickets.rate(world.manager, ticket.id, 5))).code is RefusalCode.FORBIDDEN
    neighbour = await somebody(Role.RESIDENT, home=world.home)
    assert (await refusal(tickets.rate(neighbour, ticket.id, 5))).code is RefusalCode.NOT_FOUND
    reasons = [RatingReason.SLOW, RatingReason.NOT_SOLVED, RatingReason.SLOW]
    rating = await tickets.rate(resident, ticket.id, 1, reasons=reasons, note="Still dark.")
    assert (rating.reasons, rating.organisation_id) == (["SLOW", "NOT_SOLVED"], world.company.id)
    assert (await refusal(tickets.rate(resident, ticket.id, 5))).code is RefusalCode.CONFLICT
    fact = await Fact.get(subject_id=ticket.id, action="ticketRate")
    assert "Still dark." not in str(fact.after)


async def test_what_was_done_too_long_ago_is_not_opened_again(world: World, database: Settings):
    done = datetime.now(UTC) - timedelta(days=database.ticket_reopen_days, minutes=1)
    late = await a_ticket(world.compound, state=TicketState.CLOSED, opened_at=done - timedelta(hours=1), closed_at=done)
    just = await a_ticket(
        world.compound, state=TicketState.CLOSED, opened_at=done - timedelta(hours=1), closed_at=done + timedelta(minutes=5)
    )
    refused = await refusal(tickets.reopen(world.manager, late.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert "new ticket" in refused.hint.en
    assert (await tickets.reopen(world.manager, just.id)).reopened_count == 1


async def test_the_day_s_sample_is_drawn_once_and_the_dissatisfied_are_always_of_it(world: World):
    resident = (await somebody(Role.RESIDENT, home=world.home)).account_id
    yesterday = today() - timedelta(days=1)
    noon = datetime(yesterday.year, yesterday.month, yesterday.day, 4, tzinfo=UTC)
    closed = {"state": TicketState.CLOSED, "opened_at": noon - timedelta(hours=2), "closed_at": noon, "opened_by_id": resident}
    made = [await a_ticket(world.compound, **closed) for _ in range(20)]
    await a_ticket(world.compound, **(closed | {"opened_by_id": None}))
    low = {"score": 2, "reasons": ["SLOW"], "rated_at": noon, "ticket_id": made[7].id}
    await TicketRating.create(**low, compound_id=world.compound.id, street_id=world.street.id)
    assert await tickets.draw(today(), 10) == 3
    assert await tickets.draw(today(), 100) == 0
    called = await CallBack.all().values_list("ticket_id", flat=True)
    assert made[7].id in called
    assert set(called) <= {ticket.id for ticket in made}


async def test_what_was_rated_badly_after_the_draw_is_called_back_too_and_machines_and_desks_are_not(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    machine = await somebody(Role.INTEGRATION, organisation=world.company)
    made = [await opened(resident, world) for _ in range(3)]
    passed_on, own = await opened(machine, world, case_number="CQ-9"), await opened(world.manager, world)
    phoned = await opened(world.manager, world)
    number = {"contact_phone_masked": "023****1234", "contact_phone_sealed": b"1", "contact_phone_index": b"1"}
    await Ticket.filter(id=phoned.id).update(**number)
    moment = now()
    await Ticket.all().update(state=TicketState.CLOSED, accepted_at=moment, resolved_at=moment, closed_at=moment)
    tomorrow = today() + timedelta(days=1)
    assert await tickets.draw(tomorrow, 1) == 1
    first = await CallBack.get()
    late = next(ticket for ticket in made if ticket.id != first.ticket_id)
    await tickets.rate(resident, late.id, 1, reasons=[RatingReason.NOT_SOLVED])
    assert await tickets.draw(tomorrow, 1) == 1
    assert await tickets.draw(tomorrow, 1) == 0
    assert await CallBack.exists(ticket_id=late.id)
    await CallBack.all().delete()
    await tickets.draw(tomorrow, 100)
    called = set(await CallBack.all().values_list("ticket_id", flat=True))
    assert called == {*(ticket.id for ticket in made), phoned.id}
    assert not called & {passed_on.id, own.id}


async def test_who_is_called_back_is_asked_once_and_looked_for_three_times(world: World):
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    ticket = await a_ticket(world.compound, state=TicketState.CLOSED)
    place = {"ticket_id": ticket.id, "compound_id": world.compound.id, "street_id": world.street.id, "closed_on": today()}
    call = await CallBack.create(state=CallBackState.DUE, **place)
    assert (await refusal(tickets.record_call(world.manager, call.id, CallBackOutcome.SATISFIED))).code is RefusalCode.FORBIDDEN
    refused = await refusal(tickets.record_call(clerk, call.id, CallBackOutcome.NOT_REACHED, score=5))
    assert refused.path == ("score",)
    for state in (CallBackState.DUE, CallBackState.DUE, CallBackState.DONE):
        assert (await tickets.record_call(clerk, call.id, CallBackOutcome.NOT_REACHED)).state is state
    again = tickets.record_call(clerk, call.id, CallBackOutcome.SATISFIED, score=5)
    assert (await refusal(again)).code is RefusalCode.ILLEGAL_MOVE

"""The acts on tickets: what they store, whom they refuse, and what happens when two come at once."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product

import pytest

from domain.access import Role, Viewer
from domain.deadlines import TicketPauseReason
from domain.refusals import RefusalCode, Refused
from domain.tickets import MOVES, TicketKind, TicketMove, TicketSource, TicketState
from domain.tickets.routing import RouteTarget
from models import Fact, Ticket, TicketComment, calendar, deadlines, tickets
from models.ids import new_id
from models.viewers import viewer_of
from tests.builders import (
    a_community,
    a_company_serving,
    a_compound,
    a_street,
    a_ticket,
    an_account,
)
from tests.models.ticket_world import World, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")


Act = Callable[[Viewer, Ticket], Awaitable[Ticket]]


def act_of(move: TicketMove, world: World) -> Act:
    acts: dict[TicketMove, Act] = {
        TicketMove.ACCEPT: lambda viewer, ticket: tickets.accept(viewer, ticket.id),
        TicketMove.ASSIGN: lambda viewer, ticket: tickets.assign(viewer, ticket.id, world.worker.id),
        TicketMove.START: lambda viewer, ticket: tickets.start(viewer, ticket.id),
        TicketMove.TRANSFER: lambda viewer, ticket: tickets.transfer(
            viewer, ticket.id, "Not ours.", target=RouteTarget.COMMUNITY
        ),
        TicketMove.RESOLVE: lambda viewer, ticket: tickets.resolve(viewer, ticket.id),
        TicketMove.CONFIRM: lambda viewer, ticket: tickets.confirm(viewer, ticket.id, note="Agreed on the phone."),
        TicketMove.REOPEN: lambda viewer, ticket: tickets.reopen(viewer, ticket.id),
        TicketMove.CANCEL: lambda viewer, ticket: tickets.cancel(viewer, ticket.id, note="Agreed on the phone."),
    }
    return acts[move]


# the state table


@pytest.mark.parametrize("state", TicketState)
async def test_in_every_state_every_move_obeys_the_table_and_leaves_a_fact_or_nothing(world: World, state: TicketState):
    for move in TicketMove:
        reported = {"organisation_id": world.company.id, "opened_by_id": world.worker.id}
        ticket = await a_ticket(world.compound, state=state, **reported)
        act = act_of(move, world)
        if move not in MOVES[state]:
            assert (await refusal(act(world.manager, ticket))).code is RefusalCode.ILLEGAL_MOVE
            assert dict(await Ticket.get(id=ticket.id)) == dict(ticket)
            assert not await Fact.exists(subject_id=ticket.id)
            continue
        moved = await act(world.manager, ticket)
        stored = await Ticket.get(id=ticket.id)
        assert dict(moved) == dict(stored)
        assert (stored.state, stored.version) == (MOVES[state][move], 2)
        fact = await Fact.get(subject_id=ticket.id)
        assert (fact.action, fact.actor) == (f"ticket{move.title()}", world.manager.account_id)
        assert (fact.compound_id, fact.street_id) == (world.compound.id, world.street.id)
        assert fact.before is not None
        assert fact.after is not None
        assert (fact.before["state"], fact.after["state"]) == (state, MOVES[state][move])


async def test_a_ticket_is_told_from_opening_to_reopening_by_its_times(world: World):
    opened = await tickets.open_ticket(world.manager, world.compound.id, kind=TicketKind.REPAIR, title="Lift 24 stands still")
    accepted = await tickets.accept(world.manager, opened.id, expected_version=1)
    assigned = await tickets.assign(world.manager, opened.id, world.worker.id, expected_version=2)
    started = await tickets.start(world.manager, opened.id, expected_version=3)
    resolved = await tickets.resolve(world.manager, opened.id, note="Door drive replaced", expected_version=4)
    closed = await tickets.confirm(world.manager, opened.id, expected_version=5)
    reopened = await tickets.reopen(world.manager, opened.id, note="It stands still again", expected_version=6)
    assert accepted.accepted_at is not None
    assert (assigned.assignee_id, started.assignee_id) == (world.worker.id, world.worker.id)
    assert resolved.resolved_at is not None
    assert closed.closed_at is not None
    assert (reopened.resolved_at, reopened.closed_at, reopened.version) == (None, None, 7)
    assert reopened.accepted_at == (await Ticket.get(id=opened.id)).accepted_at
    assert reopened.due_at == opened.due_at
    assert [comment.body for comment in await TicketComment.filter(ticket_id=opened.id).order_by("at")] == [
        "Door drive replaced",
        "It stands still again",
    ]
    assert [fact.action for fact in await Fact.filter(subject_id=opened.id).order_by("id")] == [
        *("ticketOpen", "ticketAccept", "ticketAssign", "ticketStart", "ticketResolve", "ticketConfirm", "ticketReopen"),
    ]


async def test_whoever_starts_a_ticket_that_nobody_was_named_for_becomes_its_assignee(world: World):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED)
    assert (await tickets.start(world.manager, ticket.id)).assignee_id == world.manager.account_id


# access


async def everybody(world: World) -> dict[Role, Viewer]:
    return {
        Role.STREET_OFFICER: await somebody(Role.STREET_OFFICER, place=world.street),
        Role.COMMUNITY_STAFF: await somebody(Role.COMMUNITY_STAFF, place=world.community),
        Role.COMPANY_MANAGER: world.manager,
        Role.COMMITTEE_MEMBER: await somebody(Role.COMMITTEE_MEMBER, compound=world.compound),
        Role.RESIDENT: await somebody(Role.RESIDENT, home=world.home),
        Role.INTEGRATION: await somebody(Role.INTEGRATION, organisation=world.company),
        Role.AUDITOR: await somebody(Role.AUDITOR, place=world.street),
        Role.ADMINISTRATOR: await somebody(Role.ADMINISTRATOR, place=world.street),
    }


_NUMBER = {"contact_phone_sealed": b"1", "contact_phone_index": b"1"}
_SAY_NO = {
    Role.INTEGRATION: RefusalCode.FORBIDDEN,
    Role.AUDITOR: RefusalCode.FORBIDDEN,
    Role.ADMINISTRATOR: RefusalCode.NOT_FOUND,
}
_OWNERS_SIDE = {Role.COMMITTEE_MEMBER: RefusalCode.FORBIDDEN, Role.RESIDENT: RefusalCode.NOT_FOUND}
_NOT_MINE = {Role.RESIDENT: RefusalCode.NOT_FOUND}
#: What is its reporter's to say, and an office's in their place.
_NOT_THEIRS = {Role.COMPANY_MANAGER: RefusalCode.FORBIDDEN, Role.COMMITTEE_MEMBER: RefusalCode.FORBIDDEN}


@pytest.mark.parametrize(
    ("state", "move", "refused"),
    [
        (TicketState.OPEN, TicketMove.ACCEPT, _SAY_NO | _OWNERS_SIDE),
        (TicketState.ACCEPTED, TicketMove.START, _SAY_NO | _OWNERS_SIDE),
        (TicketState.IN_PROGRESS, TicketMove.RESOLVE, _SAY_NO | _OWNERS_SIDE),
        (TicketState.RESOLVED, TicketMove.CONFIRM, _SAY_NO | _NOT_MINE | _NOT_THEIRS),
        (TicketState.CLOSED, TicketMove.REOPEN, _SAY_NO | _NOT_MINE),
        (TicketState.OPEN, TicketMove.CANCEL, _SAY_NO | _OWNERS_SIDE | _NOT_THEIRS),
    ],
)
async def test_each_role_does_what_the_table_of_acts_says_on_somebody_elses_ticket(
    world: World, state: TicketState, move: TicketMove, refused: dict[Role, RefusalCode]
):
    neighbour = await an_account(Role.RESIDENT, home=world.home)
    for role, viewer in (await everybody(world)).items():
        ticket = await a_ticket(world.compound, state=state, opened_by_id=neighbour.id)
        act = act_of(move, world)
        if role in refused:
            assert (await refusal(act(viewer, ticket))).code is refused[role], role
        else:
            assert (await act(viewer, ticket)).state is MOVES[state][move], role


async def test_a_resident_follows_their_own_ticket_but_does_not_work_on_it(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    mine = await a_ticket(world.compound, state=TicketState.RESOLVED, opened_by_id=resident.account_id)
    assert (await refusal(tickets.accept(resident, mine.id))).code is RefusalCode.FORBIDDEN
    assert (await tickets.confirm(resident, mine.id)).state is TicketState.CLOSED
    assert (await tickets.reopen(resident, mine.id)).state is TicketState.ACCEPTED
    assert (await tickets.cancel(resident, mine.id)).state is TicketState.CANCELLED


async def test_what_a_resident_asked_for_is_done_or_not_needed_when_they_or_an_office_say_so(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    for state, act in ((TicketState.RESOLVED, tickets.confirm), (TicketState.ASSIGNED, tickets.cancel)):
        for given in (
            {"opened_by_id": resident.account_id},
            {"opened_by_id": world.worker.id, "source": TicketSource.RESIDENT},
            {"opened_by_id": world.worker.id, "source": TicketSource.HOTLINE, "case_number": f"CQ-{state}"},
            {"opened_by_id": world.manager.account_id, "contact_phone_masked": "023****1234", **_NUMBER},
        ):
            ticket = await a_ticket(world.compound, state=state, **given)
            assert (await refusal(act(world.manager, ticket.id, note="Nobody is at home."))).code is RefusalCode.FORBIDDEN
            without = await refusal(act(clerk, ticket.id, note="  "))
            assert (without.code, without.path) == (RefusalCode.INVALID, ("note",))
            assert (await Ticket.get(id=ticket.id)).version == ticket.version
            agreed = await act(clerk, ticket.id, note="They agreed on the phone.")
            assert agreed.state in {TicketState.CLOSED, TicketState.CANCELLED}
            told = await TicketComment.get(ticket_id=ticket.id)
            assert (told.body, told.audience_id) == ("They agreed on the phone.", ticket.opened_by_id)
        own = await a_ticket(world.compound, state=state, opened_by_id=world.worker.id)
        assert (await act(world.manager, own.id)).version == 2


async def test_another_company_and_another_community_do_not_find_the_ticket(world: World):
    elsewhere = await a_community(world.street)
    strangers = [
        await somebody(Role.COMPANY_MANAGER, organisation=await a_company_serving(await a_compound(elsewhere))),
        await somebody(Role.COMMUNITY_STAFF, place=elsewhere),
        await somebody(Role.STREET_OFFICER, place=await a_street()),
        Viewer(),
    ]
    for viewer, move in product(strangers, TicketMove):
        ticket = await a_ticket(world.compound)
        assert (await refusal(act_of(move, world)(viewer, ticket))).code is RefusalCode.NOT_FOUND
        assert (await refusal(tickets.comment(viewer, ticket.id, "Hello"))).code is RefusalCode.NOT_FOUND


async def test_an_id_that_is_none_is_answered_like_one_that_is_not_seen(world: World):
    for ticket_id in ("", "tkt_", "x\0y", "cmp_01hzzzzzzzzzzzzzzzzzzzzzzz", "tkt_01hzzzzzzzzzzzzzzzzzzzzzzz"):
        refused = await refusal(tickets.accept(world.manager, ticket_id))
        assert (refused.code, refused.path) == (RefusalCode.NOT_FOUND, ("id",)), ticket_id


# versions and concurrency


async def test_a_stale_version_is_refused_and_changes_nothing(world: World):
    ticket = await a_ticket(world.compound, version=3)
    for expected in (2, 4):
        refused = await refusal(tickets.accept(world.manager, ticket.id, expected_version=expected))
        assert (refused.code, refused.path) == (RefusalCode.STALE_VERSION, ("expected_version",))
    assert (await Ticket.get(id=ticket.id)).state is TicketState.OPEN
    assert (await tickets.accept(world.manager, ticket.id, expected_version=3)).version == 4


@pytest.mark.parametrize(("version", "code"), [(1, RefusalCode.STALE_VERSION), (None, RefusalCode.ILLEGAL_MOVE)])
async def test_of_two_who_accept_at_once_one_wins(world: World, version: int | None, code: RefusalCode):
    ticket = await a_ticket(world.compound)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    answers = await asyncio.gather(
        *(tickets.accept(viewer, ticket.id, expected_version=version) for viewer in (world.manager, officer) * 3),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Ticket) for answer in answers) == 1
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == [code] * 5
    assert await Fact.filter(subject_id=ticket.id).count() == 1
    assert (await Ticket.get(id=ticket.id)).version == 2


# assigning


async def test_a_ticket_is_assigned_within_the_handling_organisation_or_ones_own(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED, organisation_id=world.company.id)
    assert (await tickets.assign(officer, ticket.id, world.worker.id)).assignee_id == world.worker.id
    assert (await tickets.assign(officer, ticket.id, officer.account_id or "")).assignee_id == officer.account_id
    staff = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    colleague = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    viewer = await viewer_of(staff.id)
    assert viewer is not None
    assert (await tickets.assign(viewer, ticket.id, colleague.id)).assignee_id == colleague.id


async def test_nobody_is_assigned_who_is_unknown_foreign_disabled_or_cannot_handle_it(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    other = await a_company_serving(await a_compound(world.community))
    foreign = await an_account(Role.COMPANY_STAFF, organisation=other)
    disabled = await an_account(Role.COMPANY_STAFF, organisation=world.company, disabled_at=calendar.now())
    roleless = await an_account(organisation=world.company)
    hidden = await an_account(Role.STREET_OFFICER, place=world.street)
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED, organisation_id=world.company.id)
    tries = [(officer, "nobody"), (officer, new_id("acc")), (world.manager, hidden.id)]
    tries += [(officer, account.id) for account in (foreign, disabled, roleless)]
    for viewer, account_id in tries:
        refused = await refusal(tickets.assign(viewer, ticket.id, account_id))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("assignee_id",))
    assert (await Ticket.get(id=ticket.id)).state is TicketState.ACCEPTED


# comments


async def test_a_remark_is_told_to_who_opened_the_ticket_unless_it_is_internal(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await a_ticket(world.compound, opened_by_id=resident.account_id)
    told = await tickets.comment(world.manager, ticket.id, " On our way. ")
    kept = await tickets.comment(world.manager, ticket.id, "Third time this month.", internal=True)
    answered = await tickets.comment(resident, ticket.id, "Thank you.")
    assert (told.body, told.audience_id, told.internal) == ("On our way.", resident.account_id, False)
    assert (kept.audience_id, kept.internal) == (None, True)
    assert (answered.author_id, answered.audience_id) == (resident.account_id, resident.account_id)
    assert (await Ticket.get(id=ticket.id)).version == 1
    assert await Fact.filter(subject_id=ticket.id, action="ticketComment").count() == 3


async def test_only_those_on_duty_write_internal_remarks(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    member = await somebody(Role.COMMITTEE_MEMBER, compound=world.compound)
    ticket = await a_ticket(world.compound, opened_by_id=resident.account_id)
    for viewer in (resident, member):
        refused = await refusal(tickets.comment(viewer, ticket.id, "Psst", internal=True))
        assert refused.code is RefusalCode.FORBIDDEN
    assert not await TicketComment.exists()


@pytest.mark.parametrize("body", ["", "  ", "x" * 2_001, "a\0"])
async def test_a_remark_that_cannot_be_kept_is_refused_and_so_is_the_move_it_came_with(world: World, body: str):
    ticket = await a_ticket(world.compound, state=TicketState.IN_PROGRESS)
    assert (await refusal(tickets.comment(world.manager, ticket.id, body))).path == ("body",)
    if body.strip():
        assert (await refusal(tickets.resolve(world.manager, ticket.id, note=body))).path == ("note",)
        assert (await Ticket.get(id=ticket.id)).state is TicketState.IN_PROGRESS


async def test_a_company_works_on_what_it_handles_takes_part_in_or_is_assigned_and_on_nothing_else(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    for theirs in ("handled", "nobodys", "assigned", "joint", "anothers"):
        handler = {"handled": world.company.id, "nobodys": None}.get(theirs, world.office.id)
        assignee = {"assignee_id": world.manager.account_id if theirs == "assigned" else world.worker.id}
        for state, act in (
            (TicketState.OPEN, tickets.accept),
            (TicketState.ASSIGNED, tickets.start),
            (TicketState.IN_PROGRESS, tickets.resolve),
            (TicketState.IN_PROGRESS, deadlines.arrive),
        ):
            ticket = await a_ticket(world.compound, state=state, organisation_id=handler, **assignee)
            if theirs == "joint":
                await tickets.add_party(officer, ticket.id, world.company.id, sign_off=False)
            if theirs != "anothers":
                assert (await act(world.manager, ticket.id)).version == 2
                continue
            for tried in (
                act(world.manager, ticket.id),
                deadlines.pause(world.manager, ticket.id, TicketPauseReason.PARTS),
                tickets.add_party(world.manager, ticket.id, world.company.id, sign_off=False),
            ):
                refused = await refusal(tried)
                assert (refused.code, refused.path) == (RefusalCode.INVALID, ("id",))
            assert (await Ticket.get(id=ticket.id)).version == 1

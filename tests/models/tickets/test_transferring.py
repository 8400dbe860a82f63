"""Tickets that are handed on to another organisation."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, TicketPauseReason
from domain.organisations import MandateRole
from domain.refusals import RefusalCode
from domain.tickets import TicketState
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from models import Fact, Notice, Ticket, TicketComment, TicketDeadline, TicketParty, TicketPause, deadlines, tickets
from tests.builders import a_channel, a_mandate, a_ticket, an_account, an_organisation
from tests.models.ticket_world import World, refusal, somebody

from .desk import a_committee, on_duty, opened

pytestmark = pytest.mark.usefixtures("database")


async def test_it_is_open_again_with_another_organisation_and_all_whom_it_concerns_are_told_why(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    own = {(await a_channel(each)).id: name for name, each in (("company", world.company), ("office", world.office))}
    ticket = await opened(resident, world)
    await tickets.add_party(officer, ticket.id, world.office.id)
    await tickets.accept(world.manager, ticket.id)
    await tickets.assign(world.manager, ticket.id, world.worker.id)
    await deadlines.pause(world.manager, ticket.id, TicketPauseReason.PARTS)
    version = (await Ticket.get(id=ticket.id)).version

    handed = await tickets.transfer(
        world.manager, ticket.id, "A dispute.", target=RouteTarget.COMMUNITY, expected_version=version
    )
    assert dict(handed) == dict(await Ticket.get(id=ticket.id))
    assert (handed.state, handed.organisation_id, handed.assignee_id) == (TicketState.OPEN, world.office.id, None)
    assert (handed.accepted_at, handed.transferred_at is None, handed.version) == (None, False, version + 1)
    assert "handed on to this organisation" in handed.routing["en"]
    assert not await TicketParty.exists(ticket_id=ticket.id)
    fact = await Fact.get(subject_id=ticket.id, action="ticketTransfer")
    assert fact.before is not None
    assert fact.after is not None
    assert (fact.before["organisation_id"], fact.after["organisation_id"]) == (world.company.id, world.office.id)
    assert "dispute" not in str(fact.after)
    remark = await TicketComment.get(ticket_id=ticket.id)
    assert (remark.body, remark.audience_id) == ("A dispute.", resident.account_id)
    transferred = await Notice.filter(ticket_id=ticket.id, type="steward.ticket.transferred.v1")
    assert {own[notice.channel_id] for notice in transferred} == {"company", "office"}
    assert transferred[0].payload["before"] == {"organisationId": world.company.id}
    heard = await Notice.filter(ticket_id=ticket.id, topic__endswith=f"news {handed.version}").values_list(
        "account_id", flat=True
    )
    assert set(heard) == {resident.account_id, world.worker.id}

    # the clock: what was reached stays, what is left counts from the beginning and starts where the handler stands
    rows = {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}
    assert rows[Goal.ACCEPT].state is DeadlineState.MET
    assert (rows[Goal.CLOSE].started_at, rows[Goal.CLOSE].state) == (ticket.opened_at, DeadlineState.RUNNING)
    assert rows[Goal.CLOSE].level is DeadlineLevel.COMMUNITY
    assert "Handed on at" in rows[Goal.CLOSE].why["en"]
    assert "转办" in rows[Goal.CLOSE].why["zh-CN"]
    assert "Handed on" not in rows[Goal.ACCEPT].why["en"]
    assert (await TicketPause.get(ticket_id=ticket.id)).ended_at is not None
    assert (await tickets.accept(clerk, ticket.id)).state is TicketState.ACCEPTED


async def test_whoever_is_on_duty_there_is_proposed_and_told(world: World):
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    ticket = await a_ticket(world.compound, organisation_id=world.office.id)
    await on_duty(world, world.worker.id)
    handed = await tickets.transfer(clerk, ticket.id, "Their lamp.", organisation_id=world.company.id)
    assert handed.proposed_assignee_id == world.worker.id
    assert await Notice.exists(ticket_id=ticket.id, account_id=world.worker.id, type="steward.ticket.proposed.v1")


async def test_only_to_whom_it_may_go_by_whom_it_may_be_given_and_with_a_reason(world: World):
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    stranger, committee = await an_organisation(world.street), await a_committee(world)
    former = await an_organisation(world.street)
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    await a_mandate(former, world.compound, role=MandateRole.GUIDES, starts_on=yesterday, ends_on=yesterday)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    give = tickets.transfer
    for act, code, path in (
        (give(officer, ticket.id, "Theirs.", organisation_id=stranger.id), RefusalCode.INVALID, ("organisation_id",)),
        (give(officer, ticket.id, "Theirs.", organisation_id=former.id), RefusalCode.INVALID, ("organisation_id",)),
        (give(officer, ticket.id, "Theirs.", organisation_id=world.company.id), RefusalCode.INVALID, ("organisation_id",)),
        (give(officer, ticket.id, "Theirs.", organisation_id=world.street.id), RefusalCode.NOT_FOUND, ("organisation_id",)),
        (give(officer, ticket.id, "Theirs."), RefusalCode.INVALID, ("organisation_id",)),
        (give(officer, ticket.id, "Theirs.", target=RouteTarget.GRID), RefusalCode.INVALID, ("target",)),
        (give(officer, ticket.id, "Theirs.", target=RouteTarget.COMPANY), RefusalCode.INVALID, ("target",)),
        (
            give(officer, ticket.id, "Theirs.", target=RouteTarget.COMMUNITY, organisation_id=committee.id),
            RefusalCode.INVALID,
            ("target",),
        ),
        (give(officer, ticket.id, " ", target=RouteTarget.COMMUNITY), RefusalCode.INVALID, ("reason",)),
        (give(officer, ticket.id, "x" * 2_001, target=RouteTarget.COMMUNITY), RefusalCode.INVALID, ("reason",)),
        (
            give(officer, ticket.id, "Theirs.", target=RouteTarget.COMMUNITY, expected_version=9),
            RefusalCode.STALE_VERSION,
            ("expected_version",),
        ),
    ):
        refused = await refusal(act)
        assert (refused.code, refused.path) == (code, path)
    assert await tickets.transfer(world.manager, ticket.id, "The owners' own bench.", organisation_id=committee.id)
    taken_back = await refusal(give(world.manager, ticket.id, "We want it back.", organisation_id=world.company.id))
    assert (taken_back.code, taken_back.path) == (RefusalCode.INVALID, ("id",))
    assert (
        await give(officer, ticket.id, "Theirs after all.", organisation_id=world.company.id)
    ).organisation_id == world.company.id
    resident = await somebody(Role.RESIDENT, home=world.home)
    own = await opened(resident, world)
    assert (await refusal(give(resident, own.id, "Please.", target=RouteTarget.COMMUNITY))).code is RefusalCode.FORBIDDEN


async def test_what_is_done_stays_and_a_duplicate_goes_with_what_it_duplicates(world: World):
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    fitter = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    handled = {"organisation_id": world.company.id, "assignee_id": fitter.id}
    for state in (TicketState.RESOLVED, TicketState.CLOSED, TicketState.CANCELLED):
        done = await a_ticket(world.compound, state=state, **handled)
        late = tickets.transfer(clerk, done.id, "Theirs.", target=RouteTarget.COMMUNITY)
        assert (await refusal(late)).code is RefusalCode.ILLEGAL_MOVE
    original, duplicate = [await a_ticket(world.compound, state=TicketState.ACCEPTED, **handled) for _ in range(2)]
    await tickets.link(clerk, duplicate.id, original.id, LinkKind.DUPLICATE_OF)
    alone = tickets.transfer(clerk, duplicate.id, "Theirs.", target=RouteTarget.COMMUNITY)
    assert (await refusal(alone)).code is RefusalCode.ILLEGAL_MOVE
    await tickets.transfer(clerk, original.id, "Theirs.", target=RouteTarget.COMMUNITY)
    with_it = await Ticket.get(id=duplicate.id)
    assert (with_it.organisation_id, with_it.assignee_id, with_it.state) == (world.office.id, None, TicketState.ACCEPTED)

"""Who hears of deadlines: the handler, whoever has it in hand, and whoever is above when it is late."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.deadlines import DeadlineLevel, Goal
from domain.organisations import MandateRole, OrganisationKind
from models import (
    Notice,
    Ticket,
    TicketParty,
    TicketWatcher,
)
from tests.builders import a_channel, a_community, a_mandate, an_account, an_organisation
from tests.models.ticket_world import World

from .clockwork import MONDAY, called, opened, told, wound

pytestmark = pytest.mark.usefixtures("database")


async def test_it_warns_then_breaks_then_climbs_to_the_street_each_once_and_to_whom_it_concerns(world: World):
    office = await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE, place_id=world.street.id)
    channels = {(await a_channel(each)).id: name for name, each in (("company", world.company), ("community", world.office))}
    channels[(await a_channel(office)).id] = "street"
    ticket = await opened(world)

    async def notices() -> set[tuple[str, str]]:
        return {(channels[notice.channel_id], notice.type.split(".")[2]) for notice in await Notice.all()}

    assert await told(ticket) == []
    for minutes, actions, heard, level in (
        (7, [], set[tuple[str, str]](), DeadlineLevel.COMPANY),
        (8, ["ticketWarn"], {("company", "warned")}, DeadlineLevel.COMPANY),
        (10, ["ticketBreach", "ticketEscalate"], {("company", "breached"), ("community", "escalated")}, DeadlineLevel.COMMUNITY),
        (39, ["ticketWarn", "ticketBreach", "ticketEscalate"], set[tuple[str, str]](), DeadlineLevel.COMMUNITY),
        (40, ["ticketEscalate"], {("street", "escalated")}, DeadlineLevel.STREET),
    ):
        before, known = await told(ticket), await notices()
        for _ in range(2):
            rows = await wound(ticket, MONDAY + timedelta(minutes=minutes))
        new = (await told(ticket))[len(before) :]
        if minutes == 39:  # nobody came within 30 minutes either
            assert new == ["ticketBreach", "ticketEscalate"]
        else:
            assert new == actions
            assert await notices() - known == heard
        assert rows[Goal.ACCEPT].level is level
    assert rows[Goal.ACCEPT].next_at is None
    assert {notice.severity for notice in await Notice.filter(type__contains="breached")} == {"CRITICAL"}


async def test_where_the_community_itself_handles_a_ticket_it_climbs_to_the_street_at_once(world: World):
    ticket = await opened(world, organisation_id=world.office.id)
    rows = await wound(ticket, MONDAY + timedelta(minutes=10))
    assert rows[Goal.ACCEPT].level is DeadlineLevel.STREET


async def test_people_hear_of_it_too_the_assignee_or_whoever_is_on_duty_where_it_now_is(world: World):
    clerk = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    await called(world.company, world.worker.id)
    await called(world.office, clerk.id)

    async def heard(ticket: Ticket) -> set[tuple[str | None, str]]:
        return {(notice.account_id, notice.type.split(".")[2]) for notice in await Notice.filter(ticket_id=ticket.id)}

    nobodys = await opened(world)
    await wound(nobodys, MONDAY + timedelta(minutes=8))
    assert await heard(nobodys) == {(world.worker.id, "warned")}
    await wound(nobodys, MONDAY + timedelta(minutes=10))
    assert await heard(nobodys) == {(world.worker.id, "warned"), (world.worker.id, "breached"), (clerk.id, "escalated")}
    fitter = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    somebodys = await opened(world, assignee_id=fitter.id)
    await wound(somebodys, MONDAY + timedelta(minutes=8))
    assert await heard(somebodys) == {(fitter.id, "warned")}


async def test_those_who_take_part_and_those_who_watch_hear_of_it_as_long_as_they_see_the_ticket(world: World):
    committee = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, world.compound, role=MandateRole.REPRESENTS)
    stranger = await an_organisation(world.street)
    ticket = await opened(world)
    place = {"ticket_id": ticket.id, "compound_id": world.compound.id, "street_id": world.street.id}
    channels: dict[str, str] = {}
    for name, organisation in (("owners", committee), ("strangers", stranger)):
        channels[(await a_channel(organisation)).id] = name
        await TicketParty.create(organisation_id=organisation.id, added_at=MONDAY, **place)
    clerk = await an_account(Role.COMMUNITY_STAFF, place=world.community)
    gone = await an_account(Role.COMMUNITY_STAFF, place=await a_community(world.street))
    for account in (clerk, gone):
        await TicketWatcher.create(account_id=account.id, since=MONDAY, **place)

    async def heard() -> list[tuple[str, str]]:
        notices = await Notice.filter(ticket_id=ticket.id).order_by("created_at", "id")
        told_to = [(channels.get(each.channel_id) or each.account_id or "", each.type.split(".")[2]) for each in notices]
        assert len(set(told_to)) == len(told_to)
        return sorted(told_to)

    await wound(ticket, MONDAY + timedelta(minutes=8))
    assert await heard() == sorted([("owners", "warned"), (clerk.id, "warned")])
    await wound(ticket, MONDAY + timedelta(minutes=10))
    both = [("owners", "warned"), (clerk.id, "warned"), ("owners", "breached"), (clerk.id, "breached")]
    assert await heard() == sorted([*both, (clerk.id, "escalated")])

"""How tickets are opened, by people and by alerts: to whom they go and when they are due."""

import asyncio
from datetime import datetime, timedelta

import pytest

from domain.access import Role
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.words import Text
from models import Fact, Ticket, calendar, tickets
from models.facts import Actor
from tests.builders import (
    a_building,
    a_device,
    a_facility,
    a_home,
    a_mandate,
    a_unit,
    an_alert,
    an_organisation,
)
from tests.models.ticket_world import World, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")


async def test_a_ticket_goes_to_who_serves_the_compound_today_else_to_its_community(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    yesterday = calendar.today() - timedelta(days=1)
    former = await an_organisation(street_id=world.street.id)
    await a_mandate(former, world.unserved, ends_on=yesterday)
    served = await tickets.open_ticket(officer, world.compound.id, kind=TicketKind.REPAIR, title="A")
    unserved = await tickets.open_ticket(officer, world.unserved.id, kind=TicketKind.REPAIR, title="B")
    assert (served.organisation_id, unserved.organisation_id) == (world.company.id, world.office.id)


async def test_tickets_are_numbered_in_the_order_of_opening(world: World):
    first, second = [
        await tickets.open_ticket(world.manager, world.compound.id, kind=TicketKind.ENQUIRY, title=title) for title in "AB"
    ]
    assert first.number.startswith("T")
    assert len(first.number) == 10
    assert int(second.number[1:]) == int(first.number[1:]) + 1


async def test_an_opened_ticket_holds_what_was_said_trimmed_with_its_facility_and_home(world: World):
    facility = await a_facility(world.compound)
    ticket = await tickets.open_ticket(
        world.manager,
        world.compound.id,
        kind=TicketKind.COMPLAINT,
        title="  Noise at night ",
        description=" Every night. ",
        priority=TicketPriority.URGENT,
        facility_id=facility.id,
        home_id=world.home.id,
    )
    stored = await Ticket.get(id=ticket.id)
    assert (stored.title, stored.description) == ("Noise at night", "Every night.")
    assert (stored.kind, stored.priority, stored.state) == (TicketKind.COMPLAINT, TicketPriority.URGENT, TicketState.OPEN)
    assert (stored.facility_id, stored.home_id, stored.opened_by_id) == (facility.id, world.home.id, world.manager.account_id)
    assert (stored.compound_id, stored.street_id, stored.version) == (world.compound.id, world.street.id, 1)


async def test_words_that_cannot_be_kept_are_refused_by_field(world: World):
    for field, words in (
        ("title", {"title": ""}),
        ("title", {"title": " \n"}),
        ("title", {"title": "x" * 201}),
        ("title", {"title": "a\0b"}),
        ("description", {"description": "x" * 5_001}),
        ("description", {"description": "\0"}),
    ):
        given = {"title": "Lamp", **words}
        refused = await refusal(tickets.open_ticket(world.manager, world.compound.id, kind=TicketKind.REPAIR, **given))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,)), words
        assert not await Ticket.exists()


async def test_residents_open_tickets_in_the_compound_of_their_home_only(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await tickets.open_ticket(resident, world.compound.id, kind=TicketKind.REPAIR, title="Lamp", home_id=world.home.id)
    assert ticket.opened_by_id == resident.account_id
    refused = await refusal(tickets.open_ticket(resident, world.unserved.id, kind=TicketKind.REPAIR, title="Lamp"))
    assert (refused.code, refused.path) == (RefusalCode.NOT_FOUND, ("compound_id",))
    neighbours = await a_home(await a_unit(await a_building(world.compound)))
    refused = await refusal(
        tickets.open_ticket(resident, world.compound.id, kind=TicketKind.REPAIR, title="Lamp", home_id=neighbours.id)
    )
    assert (refused.code, refused.path) == (RefusalCode.NOT_FOUND, ("home_id",))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
async def test_those_who_only_look_open_no_tickets(world: World, role: Role):
    viewer = await somebody(role, place=world.street)
    refused = await refusal(tickets.open_ticket(viewer, world.compound.id, kind=TicketKind.REPAIR, title="Lamp"))
    assert refused.code is RefusalCode.FORBIDDEN


async def test_a_facility_or_home_of_another_compound_is_refused(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    facility = await a_facility(world.unserved)
    for field, value in (("facility_id", facility.id), ("home_id", world.home.id)):
        compound = world.compound if field == "facility_id" else world.unserved
        act = tickets.open_ticket(officer, compound.id, kind=TicketKind.REPAIR, title="Lamp", **{field: value})  # pyright: ignore[reportArgumentType]
        refused = await refusal(act)
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,))


# alerts


async def test_an_alert_opens_one_emergency_ticket_however_often_and_by_how_many(world: World):
    device = await a_device(facility=await a_facility(world.compound))
    alert = await an_alert(device)
    title = Text("Smoke alarm", "烟雾报警")
    opened = await asyncio.gather(
        *(tickets.open_for_alert(alert, actor=Actor("system:fire_safety"), title=title) for _ in range(5))
    )
    assert len({ticket.id for ticket in opened}) == 1
    ticket = await Ticket.get(alert_id=alert.id)
    assert (ticket.kind, ticket.priority, ticket.state) == (TicketKind.REPAIR, TicketPriority.EMERGENCY, TicketState.OPEN)
    assert (ticket.organisation_id, ticket.facility_id) == (world.company.id, device.facility_id)
    assert (ticket.compound_id, ticket.opened_by_id, ticket.title) == (world.compound.id, None, "烟雾报警")
    assert ticket.due_at - ticket.opened_at == timedelta(hours=24)
    fact = await Fact.get(subject_id=ticket.id)
    assert (fact.action, fact.actor) == ("ticketOpen", "system:fire_safety")


async def test_an_alert_where_nobody_serves_goes_to_the_community(world: World):
    alert = await an_alert(await a_device(world.unserved))
    ticket = await tickets.open_for_alert(alert, actor=Actor("system:fire_safety"), title=Text("Smoke alarm", "烟雾报警"))
    assert ticket.organisation_id == world.office.id


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=calendar.zone())


async def test_the_deadline_follows_the_official_calendar(world: World, monkeypatch: pytest.MonkeyPatch):
    for kind, priority, opened, due in [  # working days end at the close of business
        # Friday evening before an ordinary weekend
        (
            TicketKind.REPAIR,
            TicketPriority.ORDINARY,
            _at(2026, 11, 20, 18),
            _at(2026, 11, 25, 18),
        ),
        # Wednesday before National Day: 1 to 7 October are off, 8 and 9 work, Saturday the 10th is a make-up day
        (
            TicketKind.REPAIR,
            TicketPriority.ORDINARY,
            _at(2026, 9, 30, 9),
            _at(2026, 10, 10, 18),
        ),
        # within the week off
        (
            TicketKind.COMPLAINT,
            TicketPriority.ORDINARY,
            _at(2026, 10, 3, 9),
            _at(2026, 10, 15, 18),
        ),
        # Spring Festival: Saturday 14 February works, 15 to 23 are off, Saturday 28 February works
        (TicketKind.REPAIR, TicketPriority.ORDINARY, _at(2026, 2, 13, 9), _at(2026, 2, 25, 18)),
        # an emergency knows no holiday
        (TicketKind.REPAIR, TicketPriority.EMERGENCY, _at(2026, 10, 1, 9), _at(2026, 10, 2, 9)),
        (TicketKind.REPAIR, TicketPriority.URGENT, _at(2026, 10, 1, 9), _at(2026, 10, 3, 9)),
        # over the turn of the year into one that the calendar does not know: 1 January 2027 is a Friday off
        (TicketKind.REPAIR, TicketPriority.ORDINARY, _at(2026, 12, 30, 9), _at(2027, 1, 5, 18)),
        # New Year's Eve of the lunar year 2027 (Friday 5 February) to Monday the 8th
        (TicketKind.REPAIR, TicketPriority.ORDINARY, _at(2027, 2, 3, 9), _at(2027, 2, 10, 18)),
    ]:
        monkeypatch.setattr("models.tickets.opening.now", lambda moment=opened: moment)
        ticket = await tickets.open_ticket(world.manager, world.compound.id, kind=kind, title="Lamp", priority=priority)
        assert (ticket.opened_at, ticket.due_at) == (opened, due)

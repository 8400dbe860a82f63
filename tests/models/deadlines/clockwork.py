"""What the tests of clocks stand on: a Monday, and tickets wound on it."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.deadlines import Goal
from domain.duty import DutyLevel
from domain.tickets import TicketPriority
from models import (
    DutyRoster,
    DutyShift,
    Fact,
    Organisation,
    Ticket,
    TicketDeadline,
    Work,
    calendar,
    deadlines,
)
from models.deadlines.clock import wind
from tests.builders import a_ticket
from tests.models.ticket_world import World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

MONDAY = datetime(2026, 11, 23, 10, tzinfo=calendar.zone())


async def opened(world: World, **columns: Any) -> Ticket:
    """A ticket that the company handles, opened on Monday at 10, its clock wound."""
    given = {"opened_at": MONDAY, "organisation_id": world.company.id, "priority": TicketPriority.EMERGENCY}
    ticket = await a_ticket(world.compound, **(given | columns))
    await wound(ticket, ticket.opened_at)
    return ticket


async def wound(ticket: Ticket, moment: datetime, *, aloud: bool = False) -> dict[Goal, TicketDeadline]:
    """The ticket's deadlines after its clock was wound at a moment."""
    async with in_transaction():
        stored = await Ticket.select_for_update().get(id=ticket.id)
        await wind(stored, moment=moment, aloud=aloud)
    return {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}


async def told(ticket: Ticket) -> list[str]:
    return [fact.action for fact in await Fact.filter(subject_id=ticket.id).order_by("at", "id")]


async def recalculated(ticket: Ticket, moment: datetime) -> dict[Goal, TicketDeadline]:
    """The ticket's deadlines after the work that a change of rules left was done."""
    await worked_off(moment)
    return {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}


async def worked_off(moment: datetime | None = None) -> None:
    """The work that a change of rules left, done."""
    for work in await Work.filter(kind=deadlines.KIND_ALL):
        await deadlines.leave_all(work.payload["street"], work.payload["organisation"])
        await work.delete()
    async with in_transaction():
        for work in await Work.filter(kind=deadlines.KIND):
            await deadlines.wind_all(work.payload["tickets"], moment)
            await work.delete()


async def called(office: Organisation, *account_ids: str) -> None:
    """Somebody is on duty there."""
    at = calendar.now()
    for account_id in account_ids:
        desk = {"organisation_id": office.id, "street_id": office.street_id}
        roster = await DutyRoster.create(name="Desk", level=DutyLevel.DUTY, compound_ids=[], created_at=at, **desk)
        span = {"starts_at": at - HOUR, "ends_at": at + HOUR}
        await DutyShift.create(roster_id=roster.id, account_id=account_id, **span, **desk)

"""What nobody confirms: its reporter is told, then it is closed; nothing is closed of which nobody was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import Role
from domain.alerts import AlertState
from domain.tickets import TicketSource, TicketState
from models import Alert, Channel, Fact, Notice, Ticket, Work, tickets
from models.tickets.closing import KIND, close_unconfirmed, leave_due
from settings import Settings
from tests.builders import a_ticket, an_account, an_alert
from tests.models.ticket_world import World, somebody

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
CLOSING = "steward.ticket.closing.v1"


async def resolved(world: World, days: float, **columns: Any) -> Ticket:
    """A ticket of the world's compound whose work was done so many days ago."""
    at = NOW - days * DAY
    given = {"state": TicketState.RESOLVED, "opened_at": at - DAY, "resolved_at": at, "source": TicketSource.RESIDENT}
    return await a_ticket(world.compound, **(given | columns))


async def run(settings: Settings, at: datetime = NOW) -> None:
    """The check, and the work that it leaves."""
    await leave_due(at, settings)
    for work in await Work.filter(kind=KIND).order_by("id"):
        await close_unconfirmed(work.payload["tickets"], at, settings)
        await work.delete()


async def heard(account_id: str) -> list[str]:
    inbox = await Channel.get_or_none(account_id=account_id)
    return await Notice.filter(channel_id=inbox.id).order_by("created_at").values_list("type", flat=True) if inbox else []


async def test_its_reporter_is_told_two_days_before_and_then_it_is_closed(world: World, database: Settings) -> None:
    resident = await an_account(Role.RESIDENT, home=world.home)
    ticket = await resolved(world, 4.9, opened_by_id=resident.id)
    await run(database)
    assert (await Ticket.get(id=ticket.id)).closes_at is None
    for _ in range(2):
        await run(database, NOW + 0.2 * DAY)
    assert await heard(resident.id) == [CLOSING]
    asked = await Ticket.get(id=ticket.id)
    assert asked.closes_at is not None
    assert asked.closes_at - NOW > 2.1 * DAY
    await run(database, NOW + 2.1 * DAY)
    assert (await Ticket.get(id=ticket.id)).state is TicketState.RESOLVED
    for _ in range(2):
        await run(database, NOW + 2.3 * DAY)
    closed = await Ticket.get(id=ticket.id)
    assert (closed.state, closed.closes_at, closed.closed_at) == (TicketState.CLOSED, None, NOW + 2.3 * DAY)
    assert await heard(resident.id) == [CLOSING, "steward.ticket.news.v1"]
    facts = await Fact.filter(subject_id=ticket.id).order_by("at", "id")
    assert [fact.action for fact in facts] == ["ticketAskToConfirm", "ticketCloseUnconfirmed"]
    assert {fact.actor for fact in facts} == {"system:tickets"}


async def test_what_was_done_long_ago_is_told_of_first_all_the_same(world: World, database: Settings) -> None:
    ticket = await resolved(world, 400)
    await run(database)
    closes_at = (await Ticket.get(id=ticket.id)).closes_at
    assert closes_at == NOW + 2 * DAY


async def test_who_says_that_it_is_not_done_keeps_it_open_and_is_asked_anew_next_time(world: World, database: Settings) -> None:
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await resolved(world, 6, opened_by_id=resident.account_id)
    await run(database)
    await tickets.reopen(resident, ticket.id, note="It drips still")
    await run(database, NOW + 9 * DAY)
    reopened = await Ticket.get(id=ticket.id)
    assert (reopened.state, reopened.closes_at) == (TicketState.ACCEPTED, None)
    again = {"state": TicketState.RESOLVED, "resolved_at": NOW + 9 * DAY}
    await Ticket.filter(id=ticket.id).update(**again)
    await run(database, NOW + 14.5 * DAY)
    assert (await heard(resident.account_id)).count(CLOSING) == 2


async def test_who_confirms_in_time_is_not_overtaken(world: World, database: Settings) -> None:
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await resolved(world, 6, opened_by_id=resident.account_id)
    await run(database)
    await tickets.confirm(resident, ticket.id)
    await close_unconfirmed([ticket.id, "tkt_gone"], NOW + 9 * DAY, database)
    assert "ticketCloseUnconfirmed" not in await Fact.filter(subject_id=ticket.id).values_list("action", flat=True)


async def test_nothing_is_closed_while_its_alert_is_open(world: World, database: Settings) -> None:
    alert = await an_alert()
    ticket = await resolved(world, 40, alert_id=alert.id, source=TicketSource.ALERT, closes_at=NOW - DAY)
    await run(database)
    await close_unconfirmed([ticket.id], NOW, database)
    assert (await Ticket.get(id=ticket.id)).state is TicketState.RESOLVED
    await Alert.filter(id=alert.id).update(state=AlertState.CLEARED, cleared_at=NOW)
    await run(database)
    assert (await Ticket.get(id=ticket.id)).state is TicketState.CLOSED


@pytest.mark.parametrize("state", [TicketState.OPEN, TicketState.IN_PROGRESS, TicketState.CANCELLED])
async def test_only_what_was_reported_done_is_looked_at(world: World, database: Settings, state: TicketState) -> None:
    ticket = await a_ticket(world.compound, state=state, opened_at=NOW - 99 * DAY)
    await run(database)
    await close_unconfirmed([ticket.id], NOW, database)
    kept = await Ticket.get(id=ticket.id)
    assert (kept.state, kept.closes_at) == (state, None)


async def test_a_street_may_wait_for_ever(world: World, database: Settings) -> None:
    ticket = await resolved(world, 400)
    never = database.model_copy(update={"ticket_confirm_days": 0})
    await run(never)
    await close_unconfirmed([ticket.id], NOW, never)
    assert (await Ticket.get(id=ticket.id)).closes_at is None

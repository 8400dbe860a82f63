"""The demo's deadlines are those that the clock of tickets finds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.deadlines import DeadlineState
from domain.organisations import OrganisationKind
from domain.tickets import TicketSource
from models import Account, Fact, Organisation, Ticket, TicketDeadline, TicketParty, TicketRating
from models.database import connect, disconnect
from models.deadlines import wind_all
from settings import Settings
from steward.demo.load import load


async def _companies() -> list[str]:
    kind = OrganisationKind.PROPERTY_COMPANY
    return [each.id for each in await Organisation.filter(kind=kind)]


async def test_at_the_demos_moment_the_clock_of_its_tickets_has_nothing_to_tell_and_nothing_to_change(settings: Settings) -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    await load(settings, "small", now=now)
    await connect(settings)
    try:

        async def deadlines() -> dict[str, dict[str, Any]]:
            return {row.id: dict(row) for row in await TicketDeadline.all()}

        before, facts = await deadlines(), await Fact.all().count()
        tickets = await Ticket.all()
        async with in_transaction():
            await wind_all([ticket.id for ticket in tickets], now)
        assert await deadlines() == before
        assert await Fact.all().count() == facts
        assert {ticket.id: ticket.due_at for ticket in await Ticket.all()} == {ticket.id: ticket.due_at for ticket in tickets}
        states = {row["state"] for row in before.values()}
        assert {DeadlineState.RUNNING, DeadlineState.PAUSED, DeadlineState.LATE, DeadlineState.MET} <= states
        assert {ticket.source for ticket in tickets} == set(TicketSource)
        joint = await TicketParty.filter(sign_off=True).values_list("ticket_id", flat=True)
        rated = await TicketRating.filter(score__lte=2).values_list("ticket_id", flat=True)
        assert {*joint, *rated} <= {ticket.id for ticket in tickets}
        assert joint
        assert rated
        of_company = {account.id for account in await Account.filter(organisation_id__in=await _companies())}
        ended = await Fact.filter(action__in=["ticketConfirm", "ticketCancel"]).values_list("actor", flat=True)
        assert ended
        assert not of_company & set(map(str, ended)), "a company agrees to no work of its own"
    finally:
        await disconnect()

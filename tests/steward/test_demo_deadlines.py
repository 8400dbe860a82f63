"""The demo's deadlines are those that the clock of tickets finds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.deadlines import DeadlineState
from models import Fact, Ticket, TicketDeadline
from models.database import connect, disconnect
from models.deadlines import wind_all
from settings import Settings
from steward.demo.load import load


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
    finally:
        await disconnect()

"""Deadlines and pauses of some tickets, ties among them, and what streets and organisations go by."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, Measure, PolicySource, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import WorkingDays
from tests import builders as build

from .hostile import MOMENTS, Making


async def fill_clocks(m: Making, streets: list[models.Place], organisations: list[models.Organisation]) -> None:
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    for ticket in await models.Ticket.all().order_by("id").limit(24):
        around: dict[str, Any] = {"ticket_id": ticket.id, "audience_id": ticket.opened_by_id}
        around |= {"compound_id": ticket.compound_id, "street_id": ticket.street_id}
        for goal in list(Goal)[: m.of([0, 1, 2, 4])]:
            state, due = m.of(DeadlineState), m.moment()
            met = state in {DeadlineState.MET, DeadlineState.MET_LATE}
            await build.a_deadline(
                ticket,
                id=m.id(models.TicketDeadline),
                goal=goal,
                state=state,
                level=m.of(DeadlineLevel),
                source=m.of(PolicySource),
                policy=m.words(),
                why=m.words(),
                due=due,
                warn_at=due,
                warned_at=m.maybe(MOMENTS),
                breached_at=m.maybe(MOMENTS),
                met_at=m.moment() if met else None,
                next_of_id=ticket.id if goal is Goal.ACCEPT and state is DeadlineState.RUNNING else None,
            )
        for _ in range(m.of([0, 0, 1, 2])):
            begins = m.moment()
            given = {
                "reason": m.of(TicketPauseReason),
                "note": m.text(),
                "started_at": begins,
                "ends_at": begins,
                "ended_at": begins,
            }
            given |= {"started_by_id": m.maybe(accounts), "ended_by_id": m.maybe(accounts)}
            await models.TicketPause.create(id=m.id(models.TicketPause), **given, **around)
    for street, organisation in ((streets[0], None), (streets[1], None), (streets[0], organisations[0])):
        owner = {"street_id": street.id, "organisation_id": organisation and organisation.id}
        for kind in TicketKind:
            figures = {"amount": m.of([1, 3, 15]), "warn_percent": m.of([1, 80, 99]), "escalate_minutes": m.of([5, 43_200])}
            words = {"priority": m.of(TicketPriority), "goal": m.of(Goal), "measure": m.of(Measure)}
            words |= {"pause_minutes": m.maybe([0, 600])}
            await models.SlaPolicy.create(id=m.id(models.SlaPolicy), kind=kind, **words, **figures, **owner)
        hours = {"hours": m.of(["00:00-24:00", "09:00-12:00 14:00-18:00"]), "days": m.of(WorkingDays)}
        await models.WorkingHours.create(id=m.id(models.WorkingHours), **hours, **owner)
        if organisation is None:
            for day in (1, 2):
                told = {"day": date(2026, 2, day), "works": m.of([True, False]), "note": m.text(), "street_id": street.id}
                await models.CalendarDay.create(id=m.id(models.CalendarDay), **told)

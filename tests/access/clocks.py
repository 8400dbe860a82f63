"""The clocks of tickets in the story: deadlines and pauses of each ticket, and what each street goes by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import models
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, Measure, PolicySource, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import WorkingDays

from .story import a_moment, plant, planted
from .world import Ground


async def clock_of(world: Ground, name: str, compound: str, opener: str, worker: str) -> None:
    """Two deadlines of the ticket, of which the first counts, and two pauses."""
    ticket, told = world.stored[name], world.told
    street, person = told[name].street, {"person": opener}
    around: dict[str, Any] = {
        "ticket_id": ticket.id,
        "audience_id": world.stored[opener].id if opener else None,
        "compound_id": ticket.compound_id,
        "street_id": ticket.street_id,
    }
    links = {"ticket": told[name], "compound": told[compound]}
    for goal, state in ((Goal.CLOSE, world.of((DeadlineState.RUNNING, DeadlineState.LATE))), (Goal.ACCEPT, DeadlineState.MET)):
        counts = goal is Goal.CLOSE
        columns = {
            "goal": goal,
            "state": state,
            "level": world.of(DeadlineLevel),
            "source": world.of(PolicySource),
            "policy": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
            "why": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
            "warn_at": a_moment(),
            "due": a_moment(day=1),
            "met_at": None if counts else a_moment(),
            "next_of_id": ticket.id if counts else None,
            **around,
        }
        deadline = await models.TicketDeadline.create(**planted(models.TicketDeadline, columns))
        world.keep(f"deadline {deadline.id}", deadline, street, compound, links=dict(links), **person)
        if counts:
            told[name].links["deadline"] = told[f"deadline {deadline.id}"]
    for day in (0, 1):
        by = world.stored[worker].id
        columns = {
            "reason": world.of(TicketPauseReason),
            "started_at": (begins := a_moment(day=day)),
            "ends_at": begins + timedelta(hours=2, microseconds=plant()),
            "ended_at": begins + timedelta(hours=1, microseconds=plant()),
            "started_by_id": by,
            "ended_by_id": by,
            **around,
        }
        pause = await models.TicketPause.create(**planted(models.TicketPause, columns))
        who = {"startedBy": told[worker], "endedBy": told[worker]}
        world.keep(f"pause {pause.id}", pause, street, compound, links={"ticket": told[name], **who}, **person)


async def rules(world: Ground) -> None:
    """A time limit, hours and a day of each street; a limit and hours of an organisation."""
    for street, organisation in (("north", ""), ("south", ""), ("north", "Evergreen"), ("south", "Southgate")):
        owner = {
            "street_id": world.stored[street].id,
            "organisation_id": world.stored[organisation].id if organisation else None,
        }
        links = {"organisation": world.told[organisation] if organisation else None}
        figures = {"amount": 3, "warn_percent": 80, "escalate_minutes": 60, "pause_minutes": 600}
        columns = {
            "kind": world.of(TicketKind),
            "priority": world.of(TicketPriority),
            "goal": Goal.CLOSE,
            "measure": world.of(Measure),
            **figures,
            **owner,
        }
        policy = await models.SlaPolicy.create(**columns)
        world.keep(f"policy {policy.id}", policy, street, links=dict(links))
        hours = await models.WorkingHours.create(hours="09:00-12:00", days=world.of(WorkingDays), **owner)
        world.keep(f"hours {hours.id}", hours, street, links=dict(links))
        if not organisation:
            columns = {"day": date(2024, 6, 1), "works": True, "street_id": owner["street_id"]}
            day = await models.CalendarDay.create(**planted(models.CalendarDay, columns))
            world.keep(f"day {day.id}", day, street)

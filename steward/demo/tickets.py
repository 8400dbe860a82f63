"""Tickets of the demo street over the last ninety days: a few hot spots, most closed, some late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.deadlines import DEFAULTS, Goal, planned
from domain.organisations import OrganisationKind
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.tickets.categories import TicketCategory, usual
from domain.working_time import SPANS, Timetable
from models import Ticket
from models.calendar import is_working_day
from models.phones import names as phone_columns
from settings import Settings

from . import phones
from .accounts import AccountPlan, People
from .alerts import AlertPlan
from .complaints import DONE, INSIDE, THANKS, WORDINGS
from .equipment import Equipment
from .facilities import FacilityPlan
from .facts import SYSTEM, FactPlan
from .ids import Ids, lots
from .organisations import Bodies
from .plans import CompoundPlan, StreetPlan
from .territory import homes_of

TICKET = (
    *("id", "number", "kind", "priority", "state", "title", "description", "opened_at", "due_at", "accepted_at"),
    *("resolved_at", "closed_at", "version", "compound_id", "street_id", "home_id", "facility_id", "alert_id"),
    *("organisation_id", "assignee_id", "opened_by_id", "arrived_at", "replied_at"),
    *phone_columns("contact_phone"),
)
COMMENT = ("id", "body", "internal", "at", "ticket_id", "author_id", "audience_id", "compound_id", "street_id")

_NUMBERS_FROM = 1_000_000
_DAYS = 90
_HOT_COMPOUNDS, _HOT_TICKETS = 0.11, 0.47
_HOURS = (1, 1, 1, 1, 1, 1, 2, 5, 9, 10, 9, 8, 6, 6, 8, 9, 9, 8, 8, 8, 7, 5, 3, 2)
_S = TicketState
_STEPS = (
    *(("ticketOpen", _S.OPEN), ("ticketAccept", _S.ACCEPTED), ("ticketAssign", _S.ASSIGNED)),
    *(("ticketStart", _S.IN_PROGRESS), ("ticketResolve", _S.RESOLVED), ("ticketConfirm", _S.CLOSED)),
)


def timetable(now: datetime) -> Timetable:
    """When the demo street works."""
    assert now.tzinfo is not None
    return Timetable(SPANS, is_working_day, now.tzinfo)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a ticket; ``actor`` is an account's id or a system actor."""

    act: str
    state: TicketState
    at: datetime
    actor: str


@dataclass(slots=True)
class TicketPlan:
    """A ticket with its course so far; the first step opened it. ``id`` and ``number`` come when all are sorted."""

    kind: TicketKind
    priority: TicketPriority
    title: str
    description: str
    compound: CompoundPlan
    organisation_id: str
    steps: Sequence[Step]
    assignee: AccountPlan
    due_at: datetime
    facility: FacilityPlan | None = None
    home_id: str | None = None
    opened_by: AccountPlan | None = None
    alert: AlertPlan | None = None
    category: TicketCategory | None = None
    served: bool = True
    id: str = ""
    number: str = ""
    remarks: list[tuple[datetime, str, str, bool]] = field(default_factory=list[tuple[datetime, str, str, bool]])

    def at(self, state: TicketState) -> datetime | None:
        """When the ticket entered ``state``; None: it has not."""
        return next((step.at for step in self.steps if step.state is state), None)

    @property
    def state(self) -> TicketState:
        return self.steps[-1].state

    @property
    def replied_at(self) -> datetime | None:
        """When the assignee first wrote what is not internal."""
        return next((at for at, author, _, internal in self.remarks if author == self.assignee.id and not internal), None)

    @property
    def named(self) -> str | None:
        """The assignee's id once somebody has been named."""
        return self.assignee.id if self.at(_S.ASSIGNED) else None


def tickets(
    plan: StreetPlan, of_street: Bodies, who: People, what: Equipment, alerts: Sequence[AlertPlan], now: datetime
) -> list[TicketPlan]:
    """All tickets in the order of opening, numbered from 1; critical alerts have theirs among them."""
    desk = _Desk(plan, of_street, who, what, now)
    opened = [*desk.reported(), *desk.alarmed(alerts)]
    opened.sort(key=lambda ticket: ticket.steps[0].at)
    ids = Ids(plan.seed, "tickets")
    for number, ticket in enumerate(opened, 1):
        ticket.id, ticket.number = ids.new("tkt"), f"T{number:09}"
    return opened


def rows(plan: StreetPlan, all_tickets: Sequence[TicketPlan], settings: Settings) -> Iterator[tuple[Any, ...]]:
    """Rows of tickets. Those about a home have a number to call back on, which numbers of accounts come before."""
    for n, t in enumerate(all_tickets, _NUMBERS_FROM):
        phone = phones.columns(n, Ticket, t.id, "contact_phone", settings) if t.home_id else (None, None, None)
        yield (
            *(t.id, t.number, t.kind, t.priority, t.state, t.title, t.description, t.steps[0].at, t.due_at, t.at(_S.ACCEPTED)),
            *(t.at(_S.RESOLVED), t.at(_S.CLOSED), len(t.steps), t.compound.id, plan.street.id, t.home_id),
            *(t.facility.id if t.facility else None, t.alert.id if t.alert else None, t.organisation_id, t.named),
            *(t.opened_by.id if t.opened_by else None, t.at(_S.IN_PROGRESS), t.replied_at),
            *phone,
        )


def comments(plan: StreetPlan, all_tickets: Sequence[TicketPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of comments; a resident who opened the ticket reads those that are not internal."""
    new = Ids(plan.seed, "comments").new
    for t in all_tickets:
        reader = t.opened_by.id if t.opened_by else None
        for at, author, body, internal in t.remarks:
            yield new("tkc"), body, internal, at, t.id, author, None if internal else reader, t.compound.id, plan.street.id


def facts(all_tickets: Sequence[TicketPlan]) -> Iterator[FactPlan]:
    """What happened to each ticket."""
    for ticket in all_tickets:
        before: dict[str, Any] | None = None
        for version, step in enumerate(ticket.steps, 1):
            after: dict[str, Any] = {"state": step.state, "version": version}
            if version == 1:
                after = {"state": step.state} | ({"alert": ticket.alert.id} if ticket.alert else {})
            resident = ticket.opened_by.id if ticket.opened_by else None
            yield FactPlan(step.at, step.actor, step.act, ticket.id, before, after, ticket.compound.id, resident)
            before = {"state": step.state, "version": version}


class _Desk:
    """Writes tickets down."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, who: People, what: Equipment, now: datetime) -> None:
        self.plan, self.bodies, self.who, self.what, self.now = plan, of_street, who, what, now
        self.random = lots(plan.seed, "tickets")
        self.homes: dict[str, list[tuple[str, str]]] = {}

    def reported(self) -> Iterator[TicketPlan]:
        """Tickets that people opened; the demo resident's own come first."""
        random, compounds = self.random, list(self.plan.compounds)
        hot = compounds[:1] + random.sample(compounds[2:], round(_HOT_COMPOUNDS * len(compounds)))
        others = [compound for compound in compounds if compound not in hot]
        resident = self.who.accounts["resident"]
        for n in range(self.plan.size.tickets):
            if n < 8:
                yield self._reported(self.plan.kangqiao, resident)
                continue
            among = hot if random.random() < _HOT_TICKETS else others
            yield self._reported(random.choice(among), None)

    def _reported(self, compound: CompoundPlan, resident: AccountPlan | None) -> TicketPlan:
        random = self.random
        facilities: dict[Any, list[FacilityPlan]] = {None: []}
        for facility in self.what.facilities_of(compound):
            facilities.setdefault(facility.kind, []).append(facility)
        fitting = [wording for wording in WORDINGS if wording.facility in facilities]
        wording = random.choices(fitting, [wording.weight for wording in fitting])[0]
        facility = random.choice(facilities[wording.facility]) if wording.facility else None
        home_id, place = None, facility.name if facility else ""
        if resident:
            home_id = resident.home_id
        if wording.title.startswith("{}") and not facility:
            chosen_id, home_name = random.choice(self._homes(compound))
            home_id, place = (home_id, "我家") if home_id else (chosen_id, home_name)
        grid_team = self.bodies.by_code[f"{compound.grid.code}-TEAM"]
        opened_by = resident or (random.choice(self.who.staff[grid_team.id]) if random.random() < 0.15 else None)
        opened_at = self._moment()
        ticket = self._ticket(wording.kind, wording.priority, compound, opened_at, opened_by)
        ticket.title, ticket.description = wording.title.format(place), wording.description
        ticket.facility, ticket.home_id, ticket.category = facility, home_id, wording.category
        self._talk(ticket)
        return ticket

    def alarmed(self, alerts: Sequence[AlertPlan]) -> Iterator[TicketPlan]:
        """Emergency tickets that critical alerts opened."""
        for alert in alerts:
            title = alert.ticket_title
            if title:
                opened_at = alert.finding.sights[0].at.astimezone(self.now.tzinfo)
                found_by = alert.finding.actor
                ticket = self._ticket(TicketKind.REPAIR, TicketPriority.EMERGENCY, alert.compound, opened_at, None, found_by)
                ticket.title, ticket.description = title.zh, "\n".join(alert.message.both().values())
                ticket.facility, ticket.alert = alert.device.facility, alert
                ticket.category = usual(TicketKind.REPAIR, ticket.facility.kind if ticket.facility else None)
                yield ticket

    def _ticket(
        self,
        kind: TicketKind,
        priority: TicketPriority,
        compound: CompoundPlan,
        opened_at: datetime,
        opened_by: AccountPlan | None,
        system: str = SYSTEM,
    ) -> TicketPlan:
        """A ticket opened by an account or by ``system``, without words yet."""
        organisation = self.bodies.handling[compound.id]
        assignee = self.random.choice(self.who.staff[organisation.id])
        due = planned(DEFAULTS[kind, priority][Goal.CLOSE], opened_at, (), timetable(self.now)).due.astimezone(self.now.tzinfo)
        clerk = self.who.staff[self.bodies.by_code[f"{compound.community.code}-OFFICE"].id][0].id
        opener, closer = (opened_by.id, opened_by.id) if opened_by else (system, clerk)
        steps = self._course(opened_at, due, (opener, *[assignee.id] * 4, closer))
        served = organisation.kind is OrganisationKind.PROPERTY_COMPANY
        return TicketPlan(
            kind, priority, "", "", compound, organisation.id, steps, assignee, due, opened_by=opened_by, served=served
        )

    def _course(self, opened_at: datetime, due: datetime, actors: Sequence[str]) -> list[Step]:
        """How far the ticket has come by now: most in time, some late, some stuck, a few withdrawn.

        One actor a step; the last, its reporter or an office for them, is who withdraws it.
        """
        random = self.random
        allowed = (due - opened_at).total_seconds()
        taken = allowed * random.lognormvariate(-0.9, 0.6)
        shares = (0.0, 0.06, 0.09, random.uniform(0.2, 0.6), 1.0, 1.0)
        stuck = random.randint(1, 4) if random.random() < 0.03 else len(_STEPS)
        withdrawn = random.random() < 0.03
        confirmed = random.expovariate(1 / 20) * 3600
        steps: list[Step] = []
        for n, ((act, state), share, actor) in enumerate(zip(_STEPS, shares, actors, strict=True)):
            at = opened_at + timedelta(seconds=round(taken * share + (confirmed if state is _S.CLOSED else 0)))
            if at > self.now or n >= stuck:
                break
            if withdrawn and n == 1:
                steps.append(Step("ticketCancel", _S.CANCELLED, at, actors[-1]))
                break
            steps.append(Step(act, state, at, actor))
        return steps

    def _talk(self, ticket: TicketPlan) -> None:
        """What people wrote under the ticket."""
        random, started, done = self.random, ticket.at(_S.IN_PROGRESS), ticket.at(_S.RESOLVED)
        if started and random.random() < 0.25:
            ticket.remarks.append((started, ticket.assignee.id, random.choice(INSIDE), True))
        if done and random.random() < 0.6:
            ticket.remarks.append((done, ticket.assignee.id, random.choice(DONE), False))
        closed = ticket.at(_S.CLOSED)
        if closed and ticket.opened_by and random.random() < 0.5:
            ticket.remarks.append((closed, ticket.opened_by.id, random.choice(THANKS), False))

    def _homes(self, compound: CompoundPlan) -> list[tuple[str, str]]:
        if compound.id not in self.homes:
            self.homes[compound.id] = [(row[0], row[2]) for row in homes_of(self.plan, compound)]
        return self.homes[compound.id]

    def _moment(self) -> datetime:
        """A moment of the last ninety days, by day more often than by night."""
        day = self.now - timedelta(days=self.random.randrange(_DAYS))
        hour = self.random.choices(range(24), _HOURS)[0]
        moment = day.replace(hour=hour, minute=self.random.randrange(60), second=self.random.randrange(60), microsecond=0)
        return moment if moment < self.now else self.now - timedelta(seconds=self.random.randrange(60, 7_200))

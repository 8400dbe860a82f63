"""The ticket desk of the demo street: how tickets came in, what people think of the work, who is called back, what is joint."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from domain.organisations import MandateRole
from domain.tickets import TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import DEFAULTS, RouteTarget, why_there
from domain.tickets.satisfaction import CallBackOutcome, CallBackState, RatingReason, sample
from settings import Settings

from . import tickets
from .accounts import People
from .ids import Ids, lots
from .organisations import Bodies
from .plans import StreetPlan
from .tickets import TicketPlan

#: Columns of tickets besides those of tickets.py.
TICKET = ("source", "case_number", "category", "routing")
RATING = (
    *("id", "score", "reasons", "note", "rated_at", "ticket_id", "organisation_id", "audience_id", "compound_id", "street_id"),
)
CALL_BACK = (
    *("id", "state", "closed_on", "attempts", "called_at", "called_by_id", "outcome", "score", "note"),
    *("ticket_id", "compound_id", "street_id"),
)
PARTY = (
    *("id", "sign_off", "added_at", "signed_off_at", "signed_off_by_id", "ticket_id", "organisation_id", "audience_id"),
    *("compound_id", "street_id"),
)
LINK = ("id", "kind", "made_at", "ticket_id", "other_id", "audience_id", "compound_id", "street_id")
ROUTE = ("id", "category", "target", "set_at", "place_id", "street_id")

_HOTLINE_EVERY, _VISITED_EVERY, _RATED, _PERCENT, _CALLED_DAYS, _JOINT, _LINKED = 5, 4, 0.3, 10, 14, 3, 20
_SCORES = ((5, 52), (4, 27), (3, 11), (2, 6), (1, 4))


def ticket_rows(plan: StreetPlan, opened: Sequence[TicketPlan], settings: Settings) -> Iterator[tuple[Any, ...]]:
    """Rows of tickets, these columns last."""
    for ticket, row in zip(opened, tickets.rows(plan, opened, settings), strict=True):
        yield *row, *_columns(ticket)


def _columns(ticket: TicketPlan) -> tuple[Any, ...]:
    """What no account opened was told to the hotline, or by somebody who lives there; some of what the grids wrote down came up
    on a joint visit."""
    number = int(ticket.number[1:])
    if ticket.alert:
        source = TicketSource.ALERT
    elif ticket.opened_by:
        scanned = TicketSource.QR if ticket.facility and number % 2 else TicketSource.RESIDENT
        written_down = TicketSource.STAFF if number % _VISITED_EVERY else TicketSource.JOINT_WORK
        source = scanned if ticket.home_id else written_down
    else:
        source = TicketSource.RESIDENT if number % _HOTLINE_EVERY else TicketSource.HOTLINE
    case = f"YC-{ticket.steps[0].at.year}-{number:06}" if source is TicketSource.HOTLINE else None
    wanted, got = DEFAULTS[ticket.category], RouteTarget.COMPANY if ticket.served else RouteTarget.COMMUNITY
    went = wanted is got or wanted is RouteTarget.COMPANY
    why = why_there(None, ticket.category, wanted, got).both() if went else {}
    return source, case, ticket.category, orjson.dumps(why).decode()


class Desk:
    """What is around the tickets as of ``now``."""

    def __init__(self, plan: StreetPlan, bodies: Bodies, who: People, opened: Sequence[TicketPlan], now: datetime) -> None:
        self.plan, self.bodies, self.who, self.opened, self.now = plan, bodies, who, opened, now
        self.ratings = list(self._ratings())

    def _place(self, ticket: TicketPlan) -> tuple[str, str]:
        return ticket.compound.id, self.plan.street.id

    def _ratings(self) -> Iterator[tuple[TicketPlan, tuple[Any, ...]]]:
        random, new = lots(self.plan.seed, "ratings"), Ids(self.plan.seed, "ratings").new
        scores, weights = zip(*_SCORES, strict=True)
        for ticket in self.opened:
            done = ticket.at(TicketState.RESOLVED)
            if done is None or ticket.alert or random.random() >= _RATED:
                continue
            late = done > ticket.due_at
            score = random.choice((1, 2, 3)) if late else random.choices(scores, weights)[0]
            reasons = [RatingReason.SLOW] if late else [RatingReason.NOT_SOLVED] if score <= 2 else []
            reader = ticket.opened_by.id if ticket.opened_by and ticket.home_id else None
            at = min(done + timedelta(hours=3), self.now)
            row = new("trt"), score, orjson.dumps(reasons).decode(), "", at, ticket.id, ticket.organisation_id, reader
            yield ticket, (*row, *self._place(ticket))

    def rating_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of ratings: late work is thought badly of."""
        return (row for _, row in self.ratings)

    def call_back_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of call-backs of the last two weeks; those of yesterday are still to be made."""
        random, new = lots(self.plan.seed, "call-backs"), Ids(self.plan.seed, "call-backs").new
        low = {ticket.id for ticket, row in self.ratings if row[1] <= 2}
        by_id = {ticket.id: ticket for ticket in self.opened}
        for back in range(_CALLED_DAYS, 0, -1):
            day = (self.now - timedelta(days=back)).date()
            closed = [t.id for t in self.opened if (at := t.at(TicketState.CLOSED)) and at.date() == day and not t.alert]
            for id_ in sample(day, closed, _PERCENT, always=low):
                ticket, good = by_id[id_], id_ not in low and random.random() < 0.9
                outcome = CallBackOutcome.SATISFIED if good else CallBackOutcome.DISSATISFIED
                caller = self.who.staff[self.bodies.by_code[f"{ticket.compound.community.code}-OFFICE"].id][0].id
                at = self.now - timedelta(days=back - 1)
                due = CallBackState.DUE, day, 0, None, None, None, None, ""
                done = CallBackState.DONE, day, 1, at, caller, outcome, 5 if good else 2, ""
                yield new("clb"), *(due if back == 1 else done), id_, *self._place(ticket)

    def party_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of parties: owners' bodies take part in some of what is in hand, and have yet to sign."""
        new = Ids(self.plan.seed, "parties").new
        speaking = {term.compound.id: term.organisation for term in self.bodies.terms if term.role is MandateRole.REPRESENTS}
        in_hand = [t for t in self.opened if t.state is TicketState.IN_PROGRESS and t.compound.id in speaking]
        for ticket in in_hand[:_JOINT]:
            started = ticket.at(TicketState.IN_PROGRESS)
            reader = ticket.opened_by.id if ticket.opened_by else None
            row = new("tpy"), True, started, None, None, ticket.id, speaking[ticket.compound.id].id, reader
            yield *row, *self._place(ticket)

    def link_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of links: what broke again soon after it had been mended."""
        new, before, made = Ids(self.plan.seed, "links").new, dict[tuple[str, str], TicketPlan](), 0
        for ticket in self.opened:
            if ticket.facility is None or made == _LINKED:
                continue
            key = ticket.facility.id, ticket.title
            if key in before:
                made += 1
                at, reader = ticket.steps[0].at, ticket.opened_by.id if ticket.opened_by else None
                yield new("tln"), LinkKind.CAUSED_BY, at, ticket.id, before[key].id, reader, *self._place(ticket)
            before[key] = ticket

    def route_rows(self) -> Iterator[tuple[Any, ...]]:
        """One row: in Kangqiao's community the grids settle what is between neighbours."""
        set_at, community = self.now - timedelta(days=60), self.plan.kangqiao.community.id
        yield (
            *(Ids(self.plan.seed, "routes").new("trr"), TicketCategory.NEIGHBOURS, RouteTarget.GRID, set_at),
            *(community, self.plan.street.id),
        )

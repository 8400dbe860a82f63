"""What is reported in the compounds of the story: tickets, what is around them, and the facts of what was done."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from typing import Any

import models
from domain.audit import Door
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from domain.tickets.satisfaction import CallBackOutcome, CallBackState
from tests import builders as build

from .clocks import clock_of
from .people import OFFICE
from .story import Told, a_moment, plant, planted
from .world import Ground

#: Who serves a compound, who works there, and who opened tickets there, from which home.
SERVERS = {"K": "Evergreen", "L": OFFICE, "M": "Bluewave", "P": "Redstone", "S": "Southgate"}
WORKERS = {
    "K": "fitter of Evergreen",
    "L": "clerk of Lakeside",
    "M": "manager of Bluewave",
    "P": "fitter of Redstone",
    "S": "fitter of Southgate",
}
_OPENERS = {
    "K": (
        ("resident of 101", "K-101"),
        ("resident of 102", "K-102"),
        ("former resident of 101", "K-101"),
        ("committee member of K", ""),
        ("administrator who lives here", "K-201"),
    ),
    "L": (("resident of L", "L-101"), ("somebody with three roles", "L-102")),
}


class Desk(Ground):
    """The tickets, on the ground."""

    def fact(self, subject: str, compound: str, *, actor: str, audience: str, action: str, inside: bool) -> Any:
        network = plant()
        columns = {
            "actor": self.stored[actor].id if actor in self.stored else actor,
            "roles": "COMPANY_STAFF,GRID_WORKER",
            "door": Door.GRAPHQL,
            "address": f"~{network}~",
            "action": f"{action}~{plant()}~",
            "subject_id": self.stored[subject].id,
            "before": {"accepted_at": f"~{plant()}~", "title": f"~{(hidden := plant())}~"},
            "after": {"outcome": f"~{plant()}~", "assignee_id": f"~{(other := plant())}~", "internal": inside},
            "words": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
            "compound_id": self.stored[compound].id,
            "street_id": self.stored[compound].street_id,
            "audience_id": self.stored[audience].id if audience else None,
        }
        return planted(models.Fact, columns), (network, hidden, other)

    async def done(
        self, subject: str, compound: str, actor: str, *, audience: str = "", action: str = "ticketComment", inside: bool = False
    ) -> None:
        """Something was done to the subject."""
        columns, kept = self.fact(subject, compound, actor=actor, audience=audience, action=action, inside=inside)
        fact = await models.Fact.create(**columns)
        links = {"subject": self.told[subject], "actor": self.told.get(actor)}
        street = self.told[compound].street
        self.keep(f"fact {fact.id}", fact, street, compound, person=audience, links=links, kept=kept, inside=inside)
        values = self.told[f"fact {fact.id}"].values
        values["role"] = "COMPANY_STAFF"
        values["before"] = {"accepted_at": columns["before"]["accepted_at"]}
        values["after"] = {name: columns["after"][name] for name in ("outcome", "internal")}

    async def tickets(self, compound: str) -> None:
        """One of an alert, one that nobody opened, and one of each resident there."""
        row, told = self.stored, self.told
        street, server = told[compound].street, SERVERS[compound]
        earlier = ""
        states = cycle((TicketState.OPEN, TicketState.RESOLVED, TicketState.IN_PROGRESS, TicketState.CLOSED))
        for opener, home, alert, assignee in (
            ("", "", f"{compound} alert 1 OPEN", WORKERS[compound]),
            ("", "", "", "spare fitter of Evergreen"),
            *((opener, home, "", "") for opener, home in _OPENERS.get(compound, ())),
        ):
            name, state = f"ticket {plant()}", next(states)
            columns: dict[str, Any] = {
                "state": state,
                "kind": self.of(TicketKind),
                "priority": self.of(TicketPriority),
                "number": f"T{plant()}",
                "home_id": row[home].id if home else None,
                "facility_id": row[f"{compound} facility 1"].id,
                "alert_id": row[alert].id if alert else None,
                "source": TicketSource.HOTLINE,
                "case_number": f"~{plant()}~",
                "category": self.of(TicketCategory),
                "reopened_count": 1,
                "routing": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
                "proposed_assignee_id": row[WORKERS[compound]].id,
                "organisation_id": row[handler := "Southgate" if assignee.startswith("spare") and compound == "L" else server].id,
                "assignee_id": row[assignee].id if assignee else None,
                "opened_by_id": row[opener].id if opener else None,
            }
            done = state in {TicketState.RESOLVED, TicketState.CLOSED}
            for column, there in (
                ("accepted_at", state is not TicketState.OPEN),
                ("resolved_at", done),
                ("closed_at", state is TicketState.CLOSED),
                ("closes_at", state is TicketState.RESOLVED),
            ):
                columns |= {} if there else {column: None}
            ticket = await build.a_ticket(row[compound], **planted(models.Ticket, columns))
            await self.phone(ticket, "contact_phone")
            links = {
                "compound": told[compound],
                "home": told[home] if home else None,
                "facility": told[f"{compound} facility 1"],
                "alert": told[alert] if alert else None,
                "organisation": told[handler],
                "assignee": told[assignee] if assignee else None,
                "proposedAssignee": told[WORKERS[compound]],
                "rating": None,
            }
            self.keep(name, ticket, street, compound, person=opener, links=links)
            if alert:
                told[alert].links["ticket"] = told[name]
            await self._said(name, compound, opener)
            await self._around(name, compound, opener, earlier)
            await clock_of(self, name, compound, opener, WORKERS[compound])
            earlier = name

    async def _said(self, name: str, compound: str, opener: str) -> None:
        """A remark and an inside one on the ticket, and a fact of each; a file."""
        ticket, author = self.stored[name], WORKERS[compound]
        for internal in (False, True):
            audience = "" if internal else opener
            columns = {
                "internal": internal,
                "ticket_id": ticket.id,
                "author_id": self.stored[author].id,
                "audience_id": self.stored[audience].id if audience else None,
                "compound_id": ticket.compound_id,
                "street_id": ticket.street_id,
            }
            remark = await models.TicketComment.create(**planted(models.TicketComment, columns))
            links = {"of": self.told[name], "author": self.told[author]}
            street = self.told[name].street
            self.keep(f"remark {remark.id}", remark, street, compound, person=audience, links=links, inside=internal)
            await self.done(name, compound, author, audience=audience, inside=internal)

        columns = {
            "subject_id": ticket.id,
            "media_type": "image/png",
            "sha256": f"{plant():a>64}",
            "uploaded_by_id": self.stored[author].id,
            "audience_id": self.stored[opener].id if opener else None,
            "compound_id": ticket.compound_id,
            "street_id": ticket.street_id,
        }
        file = await models.File.create(**planted(models.File, columns))
        links = {"of": self.told[name], "uploadedBy": self.told[author]}
        self.keep(f"file {file.id}", file, self.told[name].street, compound, person=opener, links=links)

    async def _around(self, name: str, compound: str, opener: str, earlier: str) -> None:
        """A party, a watcher, a rating and a call-back of the ticket; what it is to the one before."""
        row, told = self.stored, self.told
        worker, server, street = WORKERS[compound], SERVERS[compound], told[name].street
        place = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
        reader = {"audience_id": row[opener].id if opener else None}
        of: dict[str, Told | None] = {"ticket": told[name]}
        party = {"signed_off_by_id": row[worker].id, "signed_off_at": a_moment(), "sign_off": True}
        columns: dict[str, Any] = {"organisation_id": row[server].id, "ticket_id": row[name].id, **party, **reader, **place}
        made: Any = await models.TicketParty.create(**planted(models.TicketParty, columns))
        links = {**of, "organisation": told[server], "signedOffBy": told[worker]}
        self.keep(f"party {made.id}", made, street, compound, person=opener, links=links)
        columns = {"account_id": row[worker].id, "ticket_id": row[name].id, **place}
        made = await models.TicketWatcher.create(**planted(models.TicketWatcher, columns))
        self.keep(f"watcher {made.id}", made, street, compound, links={**of, "account": told[worker]})
        if earlier:
            columns = {"kind": LinkKind.CAUSED_BY, "ticket_id": row[name].id, "other_id": row[earlier].id, **reader, **place}
            made = await models.TicketLink.create(**planted(models.TicketLink, columns))
            self.keep(f"link {made.id}", made, street, compound, person=opener, links={**of, "other": told[earlier]})
        reasons = [f"~{plant()}~"]
        rated = {"score": 1 + plant() % 5, "reasons": reasons, "organisation_id": row[server].id, "ticket_id": row[name].id}
        made = await models.TicketRating.create(**planted(models.TicketRating, {**rated, **reader, **place}))
        links = {**of, "organisation": told[server], "compound": told[compound]}
        self.keep(f"rating {made.id}", made, street, compound, person=opener, links=links)
        told[name].links["rating"] = told[f"rating {made.id}"]
        called = {"state": self.of(CallBackState), "outcome": self.of(CallBackOutcome), "score": 1 + plant() % 5}
        called |= {"called_at": a_moment(), "called_by_id": row[worker].id, "attempts": 1, "closed_on": date(2024, 3, 1)}
        made = await models.CallBack.create(**planted(models.CallBack, {**called, "ticket_id": row[name].id, **place}))
        links = {**of, "compound": told[compound], "calledBy": told[worker]}
        self.keep(f"call-back {made.id}", made, street, compound, links=links)

    async def routes(self) -> None:
        """Of each street one for an organisation, one of a compound and one of a community."""
        row, told = self.stored, self.told
        for street, compound, community, server in (
            ("north", "K", "Lakeside", "Evergreen"),
            ("south", "S", "Seaside", "Southgate"),
        ):
            for over in ("", compound, community):
                columns = {
                    "kind": self.of(TicketKind),
                    "category": self.of(TicketCategory),
                    "target": None if not over else self.of(RouteTarget),
                    "organisation_id": None if over else row[server].id,
                    "compound_id": row[over].id if over == compound else None,
                    "place_id": row[over].id if over == community else None,
                    "removed_at": a_moment() if over == compound else None,
                    "street_id": row[street].id,
                }
                made = await models.TicketRoute.create(**planted(models.TicketRoute, columns))
                links = {
                    "organisation": None if over else told[server],
                    "compound": told[over] if over == compound else None,
                    "place": told[over] if over == community else None,
                }
                self.keep(f"route {made.id}", made, street, links=links)

"""What stands and happens in the compounds of the story: facilities, devices, alerts, events, tickets, channels and keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import models
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.audit import Door
from domain.duty import DutyLevel
from domain.facilities import FacilityKind, FacilityStatus
from domain.notices import ChannelKind, NoticeState
from domain.notices.delivery import Outcome, PauseReason
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.words import Text
from models.keys import digest
from tests import builders as build

from .clocks import clock_of, rules
from .people import KEYS, OFFICE
from .story import Story, Told, a_moment, plant, planted
from .world import FAR, Ground

_THIS_MONTH = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
#: Who serves a compound, who works there, and who opened tickets there, from which home.
_SERVERS = {"K": "Evergreen", "L": OFFICE, "M": "Bluewave", "P": "Redstone", "S": "Southgate"}
_WORKERS = {
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


class World(Ground):
    """The whole story, built in the connected database."""

    async def fill(self) -> Story:
        await self.territory()
        await self.homes()
        await self.organisations()
        await self.people()
        for compound in "KLMPS":
            await self._things(compound)
        for compound in "KLMPS":
            await self._tickets(compound)
        await rules(self)
        await self._invitations()
        await self._desks()
        does = Text("Look.", "查看。").both()
        await models.ClockCheck.create(name="an.hourly.check", module="notes", cadence="0 * * * *", does=does, next_run_at=FAR)
        return self.story

    def _fact(self, subject: str, compound: str, *, actor: str, audience: str, action: str, inside: bool) -> Any:
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

    async def _done(
        self, subject: str, compound: str, actor: str, *, audience: str = "", action: str = "ticketComment", inside: bool = False
    ) -> None:
        """Something was done to the subject."""
        columns, kept = self._fact(subject, compound, actor=actor, audience=audience, action=action, inside=inside)
        fact = await models.Fact.create(**columns)
        links = {"subject": self.told[subject], "actor": self.told.get(actor)}
        street = self.told[compound].street
        self.keep(f"fact {fact.id}", fact, street, compound, person=audience, links=links, kept=kept, inside=inside)
        values = self.told[f"fact {fact.id}"].values
        values["role"] = "COMPANY_STAFF"
        values["before"] = {"accepted_at": columns["before"]["accepted_at"]}
        values["after"] = {name: columns["after"][name] for name in ("outcome", "internal")}

    async def _things(self, compound: str) -> None:
        """Two facilities, two devices; alerts and events of each."""
        row, told = self.stored, self.told
        street, server = told[compound].street, _SERVERS[compound]
        place = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
        for n, house in ((1, f"{compound} building 1"), (2, None)):
            name = f"{compound} facility {n}"
            columns = {
                "kind": self.of(FacilityKind),
                "status": self.of(FacilityStatus),
                "building_id": row[house].id if house else None,
            }
            made = await build.a_facility(row[compound], **planted(models.Facility, columns))
            links = {"compound": told[compound], "building": told[house] if house else None}
            self.keep(name, made, street, compound, links=links)
            for _ in range(2):
                change = {"status": self.of(FacilityStatus), "facility_id": made.id, **place}
                changed = await models.FacilityStatusChange.create(**planted(models.FacilityStatusChange, change))
                self.keep(f"change {changed.id}", changed, street, compound, links={"facility": told[name]})
            await self._done(name, compound, "officer of the north")
        for n, facility in ((1, f"{compound} facility 1"), (2, None)):
            name = f"{compound} device {n}"
            how: Any = {"facility": row[facility]} if facility else {"compound": row[compound]}
            device = await build.a_device(
                **how, **planted(models.Device, {"facility_id": row[facility].id if facility else None, "retired_at": None})
            )
            around = {"facility": told[facility] if facility else None, "compound": told[compound]}
            self.keep(name, device, street, compound, links=around)
            for state in AlertState:
                await self._alert(f"{compound} alert {n} {state}", device, around | {"device": told[name]}, state)
            columns = {
                "received_at": _THIS_MONTH + timedelta(microseconds=plant()),
                "subject": device.code,
                "event_id": f"~{plant()}~",
                "organisation_id": row[server].id,
                "device_id": device.id,
                "facility_id": device.facility_id,
                **place,
            }
            event = await models.Event.create(**planted(models.Event, columns))
            self.keep(f"event {event.id}", event, street, compound, links=around | {"device": told[name]})

    async def _alert(self, name: str, device: models.Device, around: dict[str, Told | None], state: AlertState) -> None:
        (compound,) = around["device"].compounds if around["device"] else ""
        street = self.told[compound].street
        taker = self.stored[_WORKERS[compound]]
        columns: dict[str, Any] = {
            "severity": (severity := self.of(Severity)),
            "severity_rank": severity.rank,
            "state": state,
            "module": "fire_safety",
            "outcome": None,
            "acknowledged_by_id": taker.id,
            "subject_id": device.id,
            "message": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
        }
        if state is not AlertState.OPEN:
            columns |= {"cleared_at": a_moment(), "outcome": self.of(AlertOutcome)}
        alert = await build.an_alert(device, **planted(models.Alert, columns))
        links = around | {"acknowledgedBy": self.told[_WORKERS[compound]], "ticket": None, "subject": around["device"]}
        told = self._told_as(name, alert, street, compound, links)
        place = {"compound_id": alert.compound_id, "street_id": alert.street_id}
        for _ in range(2):
            columns = {"severity": self.of(Severity), "alert_id": alert.id, **place}
            seen = await models.AlertOccurrence.create(**planted(models.AlertOccurrence, columns))
            self.keep(f"occurrence {seen.id}", seen, street, compound, links={"of": told})
        await self._done(name, compound, _WORKERS[compound])

    def _told_as(self, name: str, row: Any, street: str, compound: str, links: dict[str, Told | None]) -> Told:
        self.keep(name, row, street, compound, links=links)
        return self.told[name]

    async def _tickets(self, compound: str) -> None:
        """One of an alert, one that nobody opened, and one of each resident there."""
        row, told = self.stored, self.told
        street, server = told[compound].street, _SERVERS[compound]
        states = cycle((TicketState.OPEN, TicketState.RESOLVED, TicketState.IN_PROGRESS, TicketState.CLOSED))
        for opener, home, alert, assignee in (
            ("", "", f"{compound} alert 1 OPEN", _WORKERS[compound]),
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
                "organisation_id": row[handler := "Southgate" if assignee.startswith("spare") and compound == "L" else server].id,
                "assignee_id": row[assignee].id if assignee else None,
                "opened_by_id": row[opener].id if opener else None,
            }
            done = state in {TicketState.RESOLVED, TicketState.CLOSED}
            for column, there in (
                ("accepted_at", state is not TicketState.OPEN),
                ("resolved_at", done),
                ("closed_at", state is TicketState.CLOSED),
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
            }
            self.keep(name, ticket, street, compound, person=opener, links=links)
            if alert:
                told[alert].links["ticket"] = told[name]
            await self._said(name, compound, opener)
            await clock_of(self, name, compound, opener, _WORKERS[compound])

    async def _invitations(self) -> None:
        """One to every home."""
        for home in self.story.of_type["Home"]:
            (compound,) = home.compounds
            inviter = _WORKERS[compound]
            columns = {
                "digest": f"{plant():a>64}",
                "home_id": home.id,
                "invited_by_id": self.stored[inviter].id,
                "compound_id": self.stored[compound].id,
                "street_id": self.stored[compound].street_id,
            }
            made = await models.Invitation.create(**planted(models.Invitation, columns))
            links = {"home": home, "invitedBy": self.told[inviter]}
            self.keep(f"invitation {made.id}", made, home.street, compound, links=links)

    async def _said(self, name: str, compound: str, opener: str) -> None:
        """A remark and an inside one on the ticket, and a fact of each; a file."""
        ticket, author = self.stored[name], _WORKERS[compound]
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
            await self._done(name, compound, author, audience=audience, inside=internal)

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

    async def _desks(self) -> None:
        """A channel with two notices and an intake key for every organisation."""
        row, told = self.stored, self.told
        for name, compound in {
            **{v: k for k, v in _SERVERS.items()},
            "Evergreen": "K",
            OFFICE: "L",
            "north office": "M",
        }.items():
            desk = {"organisation_id": row[name].id, "street_id": row[name].street_id}
            columns = {
                "kind": self.of(ChannelKind),
                "removed_at": None,
                "paused_at": a_moment(),
                "pause_reason": self.of(PauseReason),
                "failing_since": a_moment(),
                "old_secret_until": a_moment(),
                "sequence": plant(),
                "digest_at": "08:00",
                "target": f"~{plant()}~".encode(),
                **desk,
            }
            channel = await models.Channel.create(**planted(models.Channel, columns))
            street, links = told[name].street, {"organisation": told[name]}
            self.keep(f"channel of {name}", channel, street, desk=name, links=links)
            alert = f"{compound} alert 1 OPEN"
            ticket = told[alert].links["ticket"]
            for about in (None, ticket):
                columns = {
                    "state": (state := self.of(NoticeState)),
                    "channel_id": channel.id,
                    "alert_id": row[alert].id,
                    "ticket_id": about.id if about else None,
                    "sequence": plant(),
                    "next_attempt_at": a_moment(),
                    **({} if state is NoticeState.SENT else {"sent_at": None}),
                    **({"due_at": FAR} if state is NoticeState.HELD else {}),
                    "title": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
                    "body": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
                    **desk,
                }
                notice = await models.Notice.create(**planted(models.Notice, columns))
                links = {"channel": told[f"channel of {name}"], "alert": told[alert], "ticket": about}
                self.keep(f"notice {notice.id}", notice, street, desk=name, links=links)
                columns = {"outcome": self.of(Outcome), "status": plant(), "notice_id": notice.id, **desk}
                attempt = await models.NoticeAttempt.create(**planted(models.NoticeAttempt, columns))
                self.keep(f"attempt {attempt.id}", attempt, street, desk=name, links={"notice": self.told[f"notice {notice.id}"]})
            await self._duty(name, compound, desk)
            columns = {"digest": digest(KEYS[name]) if name in KEYS else f"~{plant()}~".encode(), "expires_at": FAR, **desk}
            key = await models.IntakeKey.create(**planted(models.IntakeKey, columns))
            self.keep(f"key of {name}", key, street, links={"organisation": told[name]})

    async def _duty(self, name: str, compound: str, desk: dict[str, Any]) -> None:
        """A roster of the organisation's, with two shifts of whoever works there."""
        told = self.told
        columns = {"level": self.of(DutyLevel), "compound_ids": [f"~{plant()}~"], "ended_at": a_moment(), **desk}
        roster = await models.DutyRoster.create(**planted(models.DutyRoster, columns))
        street, links = told[name].street, {"organisation": told[name]}
        self.keep(f"roster of {name}", roster, street, desk=name, links=links)
        worker = _WORKERS[compound]
        for day in (0, 1):
            begins = a_moment(day=day)
            span = {"starts_at": begins, "ends_at": begins + timedelta(hours=8, microseconds=plant())}
            columns = {"roster_id": roster.id, "account_id": self.stored[worker].id, **span, **desk}
            shift = await models.DutyShift.create(**planted(models.DutyShift, columns))
            self.keep(
                f"shift {shift.id}",
                shift,
                street,
                desk=name,
                links=links | {"roster": told[f"roster of {name}"], "account": told[worker]},
            )

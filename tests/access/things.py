"""What stands and happens in the compounds of the story: facilities, devices, alerts, events, tickets, channels and keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import models
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.duty import DutyLevel
from domain.facilities import FacilityKind, FacilityStatus
from domain.notices import ChannelKind, NoticeState
from domain.notices.delivery import Outcome, PauseReason
from domain.words import Text
from models.keys import digest
from tests import builders as build

from .arrears import arrears
from .bodies import Bodies
from .cares import cares
from .clocks import rules
from .desk import SERVERS, WORKERS, Desk
from .fees import fees
from .figures import figures
from .fire import fire
from .ledger import ledger
from .notices import Notices
from .payments import payments
from .people import KEYS, OFFICE
from .posts import posts
from .registers import registers
from .rounds import rounds
from .rulings import rulings
from .statements import statements
from .stations import Stations
from .story import Story, Told, a_moment, plant, planted
from .upkeep import upkeep
from .world import FAR

_THIS_MONTH = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


class World(Notices, Desk, Stations, Bodies):
    """The whole story, built in the connected database."""

    async def fill(self) -> Story:
        await self.territory()
        await self.homes()
        await self.organisations()
        await self.people()
        for compound in "KLMPS":
            await self._things(compound)
            await self.done(compound, compound, "officer of the north")
        for place in ("Lakeside", "grid four"):
            await self.happened(place)
        for compound in "KLMPS":
            await self.tickets(compound)
            await registers(self, compound)
        await self.routes()
        await rules(self)
        await cares(self)
        await figures(self)
        await self._invitations()
        await self.own_channels()
        await self.templates()
        await self._desks()
        await rulings(self)
        await self.stations()
        await self.bodies()
        await upkeep(self)
        await fire(self)
        await rounds(self)
        await posts(self)
        await ledger(self)
        await statements(self)
        await fees(self)
        await arrears(self)
        await payments(self)
        does = Text("Look.", "查看。").both()
        await models.ClockCheck.create(name="an.hourly.check", module="notes", cadence="0 * * * *", does=does, next_run_at=FAR)
        return self.story

    async def _things(self, compound: str) -> None:
        """Two facilities, two devices; alerts and events of each."""
        row, told = self.stored, self.told
        street, server = told[compound].street, SERVERS[compound]
        place = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
        for n, house in ((1, f"{compound} building 1"), (2, None)):
            name = f"{compound} facility {n}"
            columns = {
                "kind": self.of(FacilityKind),
                "status": self.of(FacilityStatus) if n == 2 else FacilityStatus.IN_SERVICE,
                "building_id": row[house].id if house else None,
                "unit_id": row[f"{house} unit"].id if house else None,
                "scrap_on": date(2024, 1, n),
            }
            made = await build.a_facility(row[compound], **planted(models.Facility, columns))
            links = {
                "compound": told[compound],
                "building": told[house] if house else None,
                "unit": told[f"{house} unit"] if house else None,
            }
            self.keep(name, made, street, compound, links=links)
            for _ in range(2):
                change = {"status": self.of(FacilityStatus), "facility_id": made.id, **place}
                changed = await models.FacilityStatusChange.create(**planted(models.FacilityStatusChange, change))
                self.keep(f"change {changed.id}", changed, street, compound, links={"facility": told[name]})
            await self.done(name, compound, "officer of the north")
            self.told[name].values["qr"] = f"/facilities/{made.id}/qr.svg"
        for n, facility in ((1, f"{compound} facility 1"), (2, None)):
            name = f"{compound} device {n}"
            how: Any = {"facility": row[facility]} if facility else {"compound": row[compound]}
            parent = f"{compound} device 1" if n == 2 else ""
            columns = {"facility_id": row[facility].id if facility else None, "retired_at": None}
            columns["parent_id"] = row[parent].id if parent else None
            device = await build.a_device(**how, **planted(models.Device, columns))
            around = {"facility": told[facility] if facility else None, "compound": told[compound]}
            self.keep(name, device, street, compound, links={**around, "parent": told.get(parent)})
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
        taker = self.stored[WORKERS[compound]]
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
        links = around | {"acknowledgedBy": self.told[WORKERS[compound]], "ticket": None, "subject": around["device"]}
        told = self._told_as(name, alert, street, compound, links)
        place = {"compound_id": alert.compound_id, "street_id": alert.street_id}
        for _ in range(2):
            columns = {"severity": self.of(Severity), "alert_id": alert.id, **place}
            seen = await models.AlertOccurrence.create(**planted(models.AlertOccurrence, columns))
            self.keep(f"occurrence {seen.id}", seen, street, compound, links={"of": told})
        await self.done(name, compound, WORKERS[compound])

    def _told_as(self, name: str, row: Any, street: str, compound: str, links: dict[str, Told | None]) -> Told:
        self.keep(name, row, street, compound, links=links)
        return self.told[name]

    async def _invitations(self) -> None:
        """One to every home."""
        for home in self.story.of_type["Home"]:
            (compound,) = home.compounds
            inviter = WORKERS[compound]
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

    async def _desks(self) -> None:
        """A channel with two notices and an intake key for every organisation."""
        row, told = self.stored, self.told
        for name, compound in {
            **{v: k for k, v in SERVERS.items()},
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
            street, links = told[name].street, {"organisation": told[name], "account": None}
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
                    **self.words(),
                    **desk,
                }
                notice = await models.Notice.create(**planted(models.Notice, columns))
                links = {
                    "channel": told[f"channel of {name}"],
                    "alert": told[alert],
                    "ticket": about,
                    "compound": None,
                    "digest": None,
                }
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
        street, links = told[name].street, {"organisation": told[name], "account": None}
        self.keep(f"roster of {name}", roster, street, desk=name, links=links)
        worker = WORKERS[compound]
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

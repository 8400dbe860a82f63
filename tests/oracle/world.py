"""A small and nasty database: two streets, four compounds, every table filled, hostile strings, ties and nulls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import models
from domain.access import ANONYMOUS, Reach, Role, Scope, Viewer
from domain.accounts import AccountKind
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.audit import Door
from domain.duty import DutyLevel
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from domain.notices import ChannelKind, NoticeState
from domain.notices.delivery import Breaker, Outcome, PauseReason
from domain.organisations import MandateRole, OrganisationKind
from domain.territory import CompoundKind, GovernanceMode, PlaceKind
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from models.viewers import viewer_of
from tests import builders as build

from .cares import fill_cares
from .clocks import fill_clocks
from .desk import fill_desk
from .hostile import HOSTILE, MOMENTS, STRAY, Making
from .notices import fill_own_notices
from .rulings import fill_rulings
from .stations import stations


async def fill() -> dict[str, Viewer]:
    """Fill the connected database; gives the viewers by name."""
    m = Making()
    streets = [await build.a_street(id=m.id(models.Place), code=m.code(), name=m.text(120)) for _ in range(2)]
    communities = [
        await build.a_community(street, id=m.id(models.Place), code=m.code(), name=m.text(120), kind=kind)
        for street, kind in (
            (streets[0], PlaceKind.COMMUNITY),
            (streets[0], PlaceKind.VILLAGE),
            (streets[1], PlaceKind.COMMUNITY),
        )
    ]
    grids = [await build.a_grid(c, id=m.id(models.Place), code=m.code(), name="Same name") for c in communities[:2]]
    compounds = [
        await build.a_compound(
            community,
            id=m.id(models.Compound),
            code=m.code(),
            name=name,
            kind=m.of(CompoundKind),
            governance=m.of(GovernanceMode),
            address=m.text(200),
            latitude=m.maybe([29.123456789, -90.0, 1e-7]),
            longitude=m.maybe([105.0, -0.0, 180.0]),
            handed_over_year=m.maybe([1999, 2147483647]),
            home_count=m.of([0, 1, 7]),
            resident_count=m.of([0, 2147483647]),
            grid_id=grid and grid.id,
        )
        for community, grid, name in (
            (communities[0], grids[0], "\x1f"),
            (communities[0], None, "Same name"),
            (communities[1], grids[1], "Same name"),
            (communities[2], None, '"\\\x1e小区'),
        )
    ]
    homes = await _buildings(m, compounds)
    organisations = await _organisations(m, streets, communities, compounds)
    viewers = await _people(m, streets, communities, grids, compounds, organisations, homes)
    await _sensing(m, compounds, organisations)
    await _tickets(m, compounds, organisations, homes)
    await _notices(m, organisations)
    await _keys_and_facts(m, streets, organisations)
    await _invitations(m, homes)
    await fill_desk(m, organisations)
    await _duty(m, organisations)
    await fill_clocks(m, streets, organisations)
    await fill_rulings(m, streets)
    await fill_own_notices(m, streets)
    await fill_cares(m, streets)
    await stations(m, communities, organisations)
    return viewers


async def _buildings(m: Making, compounds: list[models.Compound]) -> list[models.Home]:
    homes: list[models.Home] = []
    for compound in compounds[:3]:
        for _ in range(2):
            high = {"height_m": m.maybe(["54.00", "0.01", "9999.99"]), "storeys": m.of([1, 33])}
            building = await build.a_building(compound, id=m.id(models.Building), code=m.code(), name=m.text(), **high)
            unit = await build.a_unit(building, id=m.id(models.Unit), code=m.code(), name=m.text())
            for floor in (-2, 3):
                area = {"area_m2": m.of(["89.50", "100000.00", "0.10"]), "floor": floor}
                homes.append(await build.a_home(unit, id=m.id(models.Home), code=m.code(), name=m.text(), **area))
    return homes


async def _organisations(
    m: Making, streets: list[models.Place], communities: list[models.Place], compounds: list[models.Compound]
) -> list[models.Organisation]:
    """Three companies with overlapping, ended and future mandates; an office; one that serves nobody."""
    kinds = [OrganisationKind.PROPERTY_COMPANY] * 3 + [OrganisationKind.COMMUNITY_OFFICE, OrganisationKind.OWNERS_COMMITTEE]
    made = [
        await build.an_organisation(
            streets[n == 2],
            id=m.id(models.Organisation),
            code=m.code(),
            name=m.of(["Same name", m.text(120)]),
            kind=kind,
            place_id=m.maybe([c.id for c in communities]),
        )
        for n, kind in enumerate(kinds)
    ]
    first, second, third, office, _ = made
    ended, future = {"starts_on": date(2020, 1, 1), "ends_on": date(2023, 12, 31)}, {"starts_on": date(2099, 1, 1)}
    for organisation, compound, columns in (
        (first, compounds[0], {}),
        (first, compounds[1], {}),
        (first, compounds[2], ended),
        (second, compounds[1], {"role": MandateRole.SUPERVISES}),
        (second, compounds[2], {}),
        (second, compounds[2], {"role": MandateRole.GUIDES, "starts_on": date(2020, 1, 1)}),
        (third, compounds[3], ended),
        (third, compounds[0], future | {"role": MandateRole.GOVERNS}),
        (office, compounds[0], {"role": MandateRole.GUIDES}),
    ):
        await build.a_mandate(organisation, compound, id=m.id(models.Mandate), **columns)
    return made


async def _people(
    m: Making,
    streets: list[models.Place],
    communities: list[models.Place],
    grids: list[models.Place],
    compounds: list[models.Compound],
    organisations: list[models.Organisation],
    homes: list[models.Home],
) -> dict[str, Viewer]:
    """Every role on its own, several at once, none, nobody."""
    first, second, third, office, committee = organisations
    roles: dict[str, list[tuple[Role, dict[str, Any]]]] = {
        "nobody's": [],
        "officer": [(Role.STREET_OFFICER, {"place": streets[0]})],
        "auditor": [(Role.AUDITOR, {"place": streets[1]})],
        "administrator": [(Role.ADMINISTRATOR, {"place": streets[0]})],
        "community staff": [(Role.COMMUNITY_STAFF, {"place": communities[0]})],
        "grid worker": [(Role.GRID_WORKER, {"place": grids[1]})],
        "manager": [(Role.COMPANY_MANAGER, {"organisation": first})],
        "staff": [(Role.COMPANY_STAFF, {"organisation": second})],
        "staff without a mandate": [(Role.COMPANY_STAFF, {"organisation": third})],
        "office staff": [(Role.COMMUNITY_STAFF, {"organisation": office})],
        "committee member": [(Role.COMMITTEE_MEMBER, {"compound": compounds[0]})],
        "integration": [(Role.INTEGRATION, {"organisation": first})],
        "resident": [(Role.RESIDENT, {"home": homes[0]})],
        "neighbour": [(Role.RESIDENT, {"home": homes[1]})],
        "everything": [
            (Role.STREET_OFFICER, {"place": streets[1]}),
            (Role.COMPANY_MANAGER, {"organisation": second}),
            (Role.COMMITTEE_MEMBER, {"organisation": committee}),
            (Role.RESIDENT, {"home": homes[2]}),
            (Role.RESIDENT, {"home": homes[5]}),
            (Role.GRID_WORKER, {"place": grids[0]}),
        ],
    }
    viewers = {"anonymous": ANONYMOUS}
    for name, held in roles.items():
        columns = {"street_id": streets[0].id, "organisation_id": m.maybe([o.id for o in organisations])}
        columns |= m.phone("phone")
        account = await build.an_account(id=m.id(models.Account), login=m.code(), name=m.text(), **columns)
        for role, bound in held:
            await build.a_role(account, role, **bound)
        viewer = await viewer_of(account.id)
        assert viewer is not None
        viewers[name] = viewer
    everywhere = tuple(street.id for street in streets)
    viewers["both streets"] = Viewer("acc_both", HOSTILE[0], {Role.STREET_OFFICER: {Reach.STREET: everywhere}})
    viewers["reaching nothing"] = Viewer(
        "acc_none", HOSTILE[9], {Role.COMPANY_STAFF: {Reach.COMPOUND: (), Reach.STREET: ("'; --",)}}
    )
    return viewers


async def _sensing(m: Making, compounds: list[models.Compound], organisations: list[models.Organisation]) -> None:
    """Facilities, devices, alerts and events."""
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=7)
    accounts = await models.Account.all().order_by("id")
    for n in range(16):
        compound = compounds[n % len(compounds)]
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        buildings = await models.Building.filter(compound_id=compound.id).values_list("id", flat=True)
        facility = await build.a_facility(
            compound,
            id=m.id(models.Facility),
            code=m.code(),
            name=m.text(),
            kind=m.of(FacilityKind),
            status=m.of(FacilityStatus),
            status_since=m.moment(),
            building_id=m.maybe(buildings),
        )
        for _ in range(m.of([0, 1, 3])):
            history = {"status": m.of(FacilityStatus), "since": m.moment(), "note": m.text()}
            await models.FacilityStatusChange.create(
                id=m.id(models.FacilityStatusChange), facility_id=facility.id, **history, **place
            )
        for _ in range(m.of([0, 1, 2])):
            seen = {"last_seen_at": m.maybe(MOMENTS), "last_reading": m.json(), "kind": m.of(DeviceKind)}
            given: Any = {"facility": facility} if m.of([True, True, False]) else {"compound": compound}
            device = await build.a_device(id=m.id(models.Device), code=m.code(), name=m.text(), **given, **seen)
            for _ in range(m.of([0, 1, 2, 4])):
                await _an_alert(m, device, accounts, place)
            for _ in range(m.of([0, 1, 3])):
                await models.Event.create(
                    id=m.id(models.Event),
                    source=m.text(),
                    event_id=m.code(),
                    type=m.of(["steward.device.reading.v1", m.text()]),
                    subject=device.code,
                    time=m.moment(),
                    received_at=month + timedelta(microseconds=m.of([0, 0, 1, 10])),
                    data=m.json(),
                    organisation_id=m.of(organisations).id,
                    device_id=m.maybe([device.id]),
                    facility_id=m.maybe([facility.id]),
                    **place,
                )


async def _an_alert(m: Making, device: models.Device, accounts: list[models.Account], place: dict[str, str]) -> None:
    state = m.of(AlertState)
    first = m.moment()
    alert = await build.an_alert(
        device,
        id=m.id(models.Alert),
        rule=m.code(),
        severity=m.of(Severity),
        state=state,
        first_seen_at=first,
        last_seen_at=max(first, m.moment()),
        acknowledged_at=m.maybe(MOMENTS),
        acknowledged_by_id=m.maybe([account.id for account in accounts]),
        outcome=m.maybe(AlertOutcome),
        outcome_note=m.text(),
        message=m.words(),
        reading=m.json(),
        device_id=m.maybe([device.id]),
        subject_id=m.of([device.id, device.id, device.facility_id or "", device.compound_id, device.street_id, m.of(STRAY)]),
    )
    for _ in range(m.of([0, 1, 3])):
        occurrence = {"kind": m.text(20), "at": m.moment(), "severity": m.of(Severity), "reading": m.json()}
        await models.AlertOccurrence.create(id=m.id(models.AlertOccurrence), alert_id=alert.id, **occurrence, **place)


async def _tickets(
    m: Making, compounds: list[models.Compound], organisations: list[models.Organisation], homes: list[models.Home]
) -> None:
    """More than two default pages of tickets, many of them opened and due at the same instants."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    alerts = [None] * 30 + [alert.id for alert in await models.Alert.all().order_by("id")][:18]
    for alert_id in alerts:
        compound = m.of(compounds)
        facilities = await models.Facility.filter(compound_id=compound.id).values_list("id", flat=True)
        ticket = await build.a_ticket(
            compound,
            id=m.id(models.Ticket),
            number=m.code(20),
            kind=m.of(TicketKind),
            priority=m.of(TicketPriority),
            state=m.of(TicketState),
            **m.of([{"source": TicketSource.QR}, {"source": TicketSource.HOTLINE, "case_number": m.code(60)}]),
            category=m.maybe(TicketCategory),
            reopened_count=m.of([0, 32767]),
            routing=m.words(),
            proposed_assignee_id=m.maybe(accounts),
            title=m.text(200),
            description=m.of([m.text(), "很长 " * 3000]),
            opened_at=m.moment(),
            due_at=m.moment(),
            home_id=m.maybe([home.id for home in homes]),
            facility_id=m.maybe(facilities),
            alert_id=alert_id,
            organisation_id=m.maybe([o.id for o in organisations]),
            assignee_id=m.of(accounts),
            opened_by_id=m.maybe(accounts),
            **m.phone("contact_phone"),
        )
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        for _ in range(m.of([0, 0, 1, 2])):
            removed_at = m.maybe(MOMENTS)
            given = {"name": "" if removed_at else m.text(), "removed_at": removed_at, "uploaded_at": m.moment()}
            given |= {"media_type": "image/png", "size": m.of([1, 2147483647]), "sha256": "0" * 64}
            given |= {"uploaded_by_id": m.maybe(accounts), "audience_id": m.maybe(accounts), "subject_id": ticket.id}
            await models.File.create(id=m.id(models.File), **given, **place)
        for _ in range(m.of([0, 0, 1, 3])):
            internal = m.of([True, False])
            audience = {"internal": internal, "audience_id": None if internal else m.maybe(accounts)}
            said = {"body": m.text(), "at": m.moment(), "author_id": m.maybe(accounts), **audience}
            await models.TicketComment.create(id=m.id(models.TicketComment), ticket_id=ticket.id, **said, **place)


async def _notices(m: Making, organisations: list[models.Organisation]) -> None:
    tickets = [None, *await models.Ticket.all().order_by("id").limit(5).values_list("id", flat=True)]
    alerts = [None, *await models.Alert.all().order_by("id").limit(5).values_list("id", flat=True)]
    for organisation in (*organisations, organisations[0]):
        desk = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        channel = await models.Channel.create(
            id=m.id(models.Channel),
            kind=m.of(ChannelKind),
            hint=m.text(120),
            target=b"\x00sealed",
            removed_at=m.maybe(MOMENTS),
            **_faring(m),
            **desk,
        )
        for number in range(m.of([0, 2, 4])):
            state = m.of(NoticeState)
            notice = await models.Notice.create(
                id=m.id(models.Notice),
                type=m.text(),
                topic=m.code(80),
                payload=m.json(),
                state=state,
                created_at=m.moment(),
                sent_at=m.moment() if state is NoticeState.SENT else None,
                due_at=m.moment() if state is NoticeState.HELD else None,
                title=m.words(),
                body=m.words(),
                last_error=m.text(),
                next_attempt_at=m.maybe(MOMENTS),
                sequence=m.of([None, number]),
                channel_id=channel.id,
                alert_id=m.of(alerts),
                ticket_id=m.of(tickets),
                **desk,
            )
            for _ in range(m.of([0, 1, 3])):
                await models.NoticeAttempt.create(
                    id=m.id(models.NoticeAttempt),
                    at=m.moment(),
                    outcome=m.of(Outcome),
                    status=m.of([None, 204, 503]),
                    milliseconds=m.of([0, 20_000]),
                    problem=m.text(300),
                    notice_id=notice.id,
                    **desk,
                )


def _faring(m: Making) -> dict[str, Any]:
    """How a channel's target fares."""
    breaker, paused_at = m.of(Breaker), m.maybe(MOMENTS)
    return {
        "breaker": breaker,
        "breaker_until": None if breaker is Breaker.CLOSED else m.moment(),
        "failing_since": m.maybe(MOMENTS),
        "sequence": m.of([0, 1, 2**31 - 1]),
        "paused_at": paused_at,
        "pause_reason": paused_at and m.of(PauseReason),
        "old_secret_until": m.maybe(MOMENTS),
    }


async def _keys_and_facts(m: Making, streets: list[models.Place], organisations: list[models.Organisation]) -> None:
    """Tokens of machines, keys of intake, and what was done to tickets and devices."""
    for street in streets:
        service = {"street_id": street.id, "kind": AccountKind.SERVICE}
        account = await build.an_account(id=m.id(models.Account), login=m.code(), name=m.text(), **service)
        for scope in (Scope.READ, Scope.WRITE):
            moments = {"created_at": MOMENTS[-3], "expires_at": MOMENTS[-1], "revoked_at": m.maybe(MOMENTS)}
            given = {"digest": m.code(64), "hint": m.text(12), "account_id": account.id, "street_id": street.id}
            await models.ApiToken.create(id=m.id(models.ApiToken), scope=scope, **given, **moments)
    for number, organisation in enumerate(organisations):
        given = {
            "digest": bytes([number]),
            "hint": m.text(12),
            "source_prefix": m.maybe([m.text()]),
            "expires_at": m.maybe(MOMENTS),
        }
        place = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        await models.IntakeKey.create(id=m.id(models.IntakeKey), **given, **place)
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    kinds: list[tuple[Any, int]] = [(models.Ticket, 12), (models.Device, 8), (models.Alert, 8), (models.Facility, 4)]
    for subject in [row for kind, most in kinds for row in await kind.all().order_by("id").limit(most)]:
        told = {"state": m.text(), "title": m.text(), "opened_at": m.json(), "due_at": None}
        await models.Fact.create(
            id=m.id(models.Fact),
            at=m.moment(),
            actor=m.of([*accounts, "system:clock"]),
            roles=m.of(["", "RESIDENT", "COMPANY_STAFF,GRID_WORKER"]),
            door=m.of(Door),
            action=m.text(),
            subject_id=m.of([subject.id] * 4 + [subject.compound_id, *STRAY]),
            before=m.maybe([told, m.json()]),
            after=m.maybe([told, {}, {"internal": True}, {"internal": m.json()}]),
            words=m.words(),
            compound_id=subject.compound_id,
            street_id=subject.street_id,
            audience_id=m.maybe(accounts),
        )


async def _invitations(m: Making, homes: list[models.Home]) -> None:
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    for home in homes:
        used_at = m.maybe(MOMENTS)
        given = {"used_at": used_at, "account_id": used_at and m.maybe(accounts), "invited_by_id": m.of(accounts)}
        moments = {"created_at": MOMENTS[m.of([0, 3])], "expires_at": MOMENTS[-1]}
        place = {"home_id": home.id, "compound_id": home.compound_id, "street_id": home.street_id}
        await models.Invitation.create(id=m.id(models.Invitation), digest=m.code(64), **given, **moments, **place)


async def _duty(m: Making, organisations: list[models.Organisation]) -> None:
    """Rosters, with shifts one microsecond after the other."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    for organisation in organisations:
        desk = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        named = m.of([[], [m.text(), "\u2028"], list(STRAY)])
        given = {"name": m.text(), "level": m.of(DutyLevel), "compound_ids": named, "ended_at": m.maybe(MOMENTS)}
        roster = await models.DutyRoster.create(id=m.id(models.DutyRoster), **given, **desk)
        for starts_at in sorted({*MOMENTS[2:]})[: m.of([0, 2, 5])]:
            given = {"starts_at": starts_at, "ends_at": starts_at + timedelta(microseconds=1), "account_id": m.of(accounts)}
            await models.DutyShift.create(id=m.id(models.DutyShift), roster_id=roster.id, **given, **desk)

"""Rows for tests. Each builder makes what is missing around its row; any column can be given by keyword."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.access import Role
from domain.alerts import AlertState, Severity
from domain.alerts.versions import DryRunState, RuleVersionState
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, PolicySource
from domain.facilities import DeviceKind, FacilityKind
from domain.notices import ChannelKind
from domain.organisations import MandateRole, MandateService, OrganisationKind
from domain.rounds import RoundKind, RoundMeasure, RoundSource, RoundState
from domain.steward import RULES
from domain.steward.definitions import FIRST_OWN, packed
from domain.territory import CompoundKind, GovernanceMode, PlaceKind
from domain.tickets import TicketKind, TicketPriority, TicketState
from models import (
    Account,
    AccountSession,
    Alert,
    AlertRuleDryRun,
    AlertRuleVersion,
    Building,
    Channel,
    Compound,
    Device,
    Facility,
    Home,
    JournalLine,
    Mandate,
    Organisation,
    Place,
    RoleBinding,
    Round,
    RoundPlan,
    RoundPoint,
    Ticket,
    TicketDeadline,
    Unit,
)
from models.accounts import hash_password
from models.connection import query
from models.ids import new_id

#: The past moment at which built rows begin.
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
_STARTED = LONG_AGO.date()
_numbers = itertools.count(1)


def a_code(kind: str) -> str:
    """A code that no other row of this test run has."""
    return f"{kind}-{next(_numbers):05}"


async def a_street(**columns: Any) -> Place:
    street_id = columns.pop("id", None) or new_id("plc")
    given = {"code": a_code("STREET"), "kind": PlaceKind.STREET, "name": "Long Street"}
    return await Place.create(id=street_id, street_id=street_id, **(given | columns))


async def a_community(street: Place | None = None, **columns: Any) -> Place:
    """An urban community of the street (``kind=PlaceKind.VILLAGE`` for a village)."""
    street = street or await a_street()
    given = {"code": a_code("COMMUNITY"), "kind": PlaceKind.COMMUNITY, "name": "Lakeside Community"}
    return await Place.create(parent_id=street.id, street_id=street.id, **(given | columns))


async def a_grid(community: Place | None = None, **columns: Any) -> Place:
    community = community or await a_community()
    given = {"code": a_code("GRID"), "kind": PlaceKind.GRID, "name": "First Grid"}
    return await Place.create(parent_id=community.id, street_id=community.street_id, **(given | columns))


async def a_compound(community: Place | None = None, **columns: Any) -> Compound:
    """A compound; made ``kind=CompoundKind.UNMANAGED`` it has no company and none is needed."""
    community = community or await a_community()
    given: dict[str, Any] = {
        "code": a_code("COMPOUND"),
        "name": "Maple Court",
        "kind": CompoundKind.PROPERTY_MANAGED,
        "governance": GovernanceMode.COMPANY,
        "address": "1 Long Street",
        "latitude": 29.35,
        "longitude": 105.93,
        "handed_over_year": 2008,
        "home_count": 120,
        "resident_count": 300,
    }
    return await Compound.create(community_id=community.id, street_id=community.street_id, **(given | columns))


async def a_building(compound: Compound | None = None, **columns: Any) -> Building:
    compound = compound or await a_compound()
    given = {"code": a_code("BUILDING"), "name": "Building 1", "storeys": 18, "height_m": "54.00"}
    return await Building.create(compound_id=compound.id, street_id=compound.street_id, **(given | columns))


async def a_unit(building: Building | None = None, **columns: Any) -> Unit:
    building = building or await a_building()
    given = {"code": a_code("UNIT"), "name": "Unit 1", "compound_id": building.compound_id, "street_id": building.street_id}
    return await Unit.create(building_id=building.id, **(given | columns))


async def a_home(unit: Unit | None = None, **columns: Any) -> Home:
    unit = unit or await a_unit()
    given: dict[str, Any] = {"code": a_code("HOME"), "name": "301", "floor": 3, "area_m2": "89.50", "residents": 3}
    given |= {"compound_id": unit.compound_id, "street_id": unit.street_id}
    return await Home.create(unit_id=unit.id, **(given | columns))


async def an_organisation(street: Place | None = None, **columns: Any) -> Organisation:
    """An organisation of the street; a property company unless ``kind`` says otherwise."""
    if "street_id" not in columns:
        columns["street_id"] = (street or await a_street()).id
    given = {"code": a_code("ORG"), "kind": OrganisationKind.PROPERTY_COMPANY, "name": "Evergreen Property Service"}
    return await Organisation.create(**(given | columns))


async def a_community_office(community: Place, **columns: Any) -> Organisation:
    """The office of a community or village."""
    given = {"kind": OrganisationKind.COMMUNITY_OFFICE, "name": "Community Office", "place_id": community.id}
    return await an_organisation(street_id=community.street_id, **(given | columns))


async def a_mandate(organisation: Organisation, compound: Compound, **columns: Any) -> Mandate:
    """A mandate of the organisation for the compound; it serves it since long ago, with no end."""
    role = columns.get("role", MandateRole.SERVES)
    service = MandateService.FULL if role == MandateRole.SERVES else None
    given = {"role": role, "service": service, "starts_on": _STARTED}
    return await Mandate.create(
        organisation_id=organisation.id, compound_id=compound.id, street_id=compound.street_id, **(given | columns)
    )


async def a_company_serving(*compounds: Compound, **columns: Any) -> Organisation:
    """A property company with a current mandate to serve each of the compounds (of one street)."""
    company = await an_organisation(street_id=compounds[0].street_id, **columns)
    for compound in compounds:
        await a_mandate(company, compound)
    return company


async def a_facility(compound: Compound | None = None, **columns: Any) -> Facility:
    compound = compound or await a_compound()
    given = {"code": a_code("FACILITY"), "kind": FacilityKind.HYDRANT, "name": "Hydrant by the gate", "status_since": LONG_AGO}
    return await Facility.create(compound_id=compound.id, street_id=compound.street_id, **(given | columns))


async def a_device(compound: Compound | None = None, *, facility: Facility | None = None, **columns: Any) -> Device:
    """A device of the compound, or of the facility and its compound. A smoke detector unless ``kind`` says otherwise."""
    if facility:
        columns = {"facility_id": facility.id, "compound_id": facility.compound_id, "street_id": facility.street_id} | columns
    else:
        compound = compound or await a_compound()
        columns = {"compound_id": compound.id, "street_id": compound.street_id} | columns
    given = {"code": a_code("DEVICE"), "kind": DeviceKind.SMOKE, "name": "Smoke detector, third floor"}
    return await Device.create(**(given | columns))


async def an_account(
    role: Role | None = None,
    *,
    place: Place | None = None,
    compound: Compound | None = None,
    organisation: Organisation | None = None,
    home: Home | None = None,
    password: str | None = None,
    starts_on: date = _STARTED,
    ends_on: date | None = None,
    **columns: Any,
) -> Account:
    """An account, with the role bound to the one place, compound, organisation or home given.

    Bound to an organisation, it belongs to it. Without a password it cannot log in by itself.
    """
    bound = next((row for row in (place, compound, organisation, home) if row is not None), None)
    given: dict[str, Any] = {
        "login": a_code("login").lower(),
        "name": "Somebody",
        "street_id": bound.street_id if bound else columns.get("street_id") or (await a_street()).id,
        "organisation_id": organisation.id if organisation else None,
        "password_hash": await asyncio.to_thread(hash_password, password) if password else None,
    }
    account = await Account.create(**(given | columns))
    if role:
        await a_role(
            account,
            role,
            place=place,
            compound=compound,
            organisation=organisation,
            home=home,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    return account


async def a_session(account: Account, **columns: Any) -> AccountSession:
    """A session of the account that began just now."""
    now = datetime.now(UTC)
    given = {"label": "test", "created_at": now, "last_used_at": now, "expires_at": now + timedelta(days=1)}
    return await AccountSession.create(account_id=account.id, street_id=account.street_id, **(given | columns))


async def a_role(
    account: Account,
    role: Role,
    *,
    place: Place | None = None,
    compound: Compound | None = None,
    organisation: Organisation | None = None,
    home: Home | None = None,
    starts_on: date = _STARTED,
    ends_on: date | None = None,
) -> RoleBinding:
    """One more role of the account, bound to exactly one thing."""
    return await RoleBinding.create(
        account_id=account.id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        place_id=place.id if place else None,
        compound_id=compound.id if compound else None,
        organisation_id=organisation.id if organisation else None,
        home_id=home.id if home else None,
        street_id=account.street_id,
    )


async def an_alert(device: Device | None = None, **columns: Any) -> Alert:
    """An open critical alert about the device; other states get the columns that they need."""
    device = device or await a_device()
    severity = columns.get("severity", Severity.CRITICAL)
    given: dict[str, Any] = {
        "rule": "fire_safety.smoke",
        "rule_version": 1,
        "module": "fire_safety",
        "severity": severity,
        "severity_rank": severity.rank,
        "state": AlertState.OPEN,
        "subject_id": device.id,
        "first_seen_at": LONG_AGO,
        "last_seen_at": columns.get("first_seen_at", LONG_AGO),
        "message": {"en": "Smoke on the third floor.", "zh-CN": "三楼烟雾报警。"},
        "reading": {"smoke_alarm": True},
        "device_id": device.id,
        "facility_id": device.facility_id,
        "compound_id": device.compound_id,
        "street_id": device.street_id,
    }
    if columns.get("state", AlertState.OPEN) != AlertState.OPEN:
        given["cleared_at"] = LONG_AGO + timedelta(hours=1)
    return await Alert.create(**(given | columns))


async def a_channel(organisation: Organisation, kind: ChannelKind = ChannelKind.WEBHOOK, **columns: Any) -> Channel:
    """A channel of the organisation whose target is not sealed: nothing can be sent through it."""
    given: dict[str, Any] = {"kind": kind, "hint": "https://example.com", "target": b"", "street_id": organisation.street_id}
    return await Channel.create(**({"organisation_id": organisation.id} | given | columns))


async def a_rule_version(
    street: Place | None = None, rule: str = "fire_safety.cable_temperature", **columns: Any
) -> AlertRuleVersion:
    """A draft that says what the rule of the code says; other states get the columns that they need."""
    street = street or await a_street()
    given: dict[str, Any] = {
        "rule": rule,
        "module": RULES[rule].module,
        "number": FIRST_OWN + await AlertRuleVersion.filter(street_id=street.id, rule=rule).count(),
        "state": RuleVersionState.DRAFT,
        "definition": packed(RULES[rule]),
        "drafted_at": LONG_AGO,
        "street_id": street.id,
    }
    state = columns.get("state", RuleVersionState.DRAFT)
    if state is not RuleVersionState.DRAFT:
        given["published_at"] = LONG_AGO
    if state is RuleVersionState.RETIRED:
        given["retired_at"] = LONG_AGO
    return await AlertRuleVersion.create(**(given | columns))


async def a_dry_run(version: AlertRuleVersion, **columns: Any) -> AlertRuleDryRun:
    """A dry run of the version that found nothing, and ended unless it is said that it runs."""
    given: dict[str, Any] = {
        "state": DryRunState.DONE,
        "since": LONG_AGO - timedelta(days=7),
        "until": LONG_AGO,
        "started_at": LONG_AGO,
        "devices": 0,
        "version_id": version.id,
        "street_id": version.street_id,
    }
    if columns.get("state") is not DryRunState.RUNNING:
        given["finished_at"] = LONG_AGO
    return await AlertRuleDryRun.create(**(given | columns))


async def a_ticket(compound: Compound | None = None, **columns: Any) -> Ticket:
    """An open ordinary repair in the compound, reported just now; other states get the columns that they need."""
    compound = compound or await a_compound()
    state = columns.get("state", TicketState.OPEN)
    opened_at: datetime = columns.get("opened_at", datetime.now(UTC) - timedelta(minutes=10))
    given: dict[str, Any] = {
        "number": a_code("TICKET"),
        "kind": TicketKind.REPAIR,
        "priority": TicketPriority.ORDINARY,
        "state": state,
        "title": "The lamp by the gate is out",
        "opened_at": opened_at,
        "due_at": opened_at + timedelta(days=3),
        "compound_id": compound.id,
        "street_id": compound.street_id,
    }
    if state not in {TicketState.OPEN, TicketState.CANCELLED}:
        given["accepted_at"] = opened_at + timedelta(minutes=1)
    if state in {TicketState.RESOLVED, TicketState.CLOSED}:
        given["resolved_at"] = opened_at + timedelta(minutes=2)
    if state == TicketState.CLOSED:
        given["closed_at"] = opened_at + timedelta(minutes=3)
    if state == TicketState.ASSIGNED and "assignee_id" not in columns:
        given["assignee_id"] = (await an_account(street_id=compound.street_id)).id
    return await Ticket.create(**(given | columns))


async def a_deadline(ticket: Ticket, **columns: Any) -> TicketDeadline:
    """A deadline of the ticket by which the work must be done, still running."""
    given: dict[str, Any] = {
        "goal": Goal.CLOSE,
        "state": DeadlineState.RUNNING,
        "level": DeadlineLevel.COMPANY,
        "source": PolicySource.DEFAULT,
        "policy": {"en": "3 working days (default)", "zh-CN": "3 个工作日（默认规定）"},
        "why": {"en": "To be done.", "zh-CN": "办结。"},
        "started_at": ticket.opened_at,
        "due": ticket.due_at,
        "warn_at": ticket.opened_at,
        "ticket_id": ticket.id,
        "audience_id": ticket.opened_by_id,
        "compound_id": ticket.compound_id,
        "street_id": ticket.street_id,
    }
    return await TicketDeadline.create(**(given | columns))


async def a_round_plan(compound: Compound | None = None, **columns: Any) -> RoundPlan:
    """A plan of the compound's security patrols, every day at eight; no rounds are made of it."""
    compound = compound or await a_compound()
    given: dict[str, Any] = {
        "kind": RoundKind.SECURITY_PATROL,
        "name": "Morning patrol",
        "measure": RoundMeasure.DAYS,
        "every": 1,
    }
    given |= {"times": ["08:00"], "window_minutes": 60, "clause": "Contract", "starts_on": _STARTED}
    given |= {"made_at": LONG_AGO, "made_until": LONG_AGO, "compound_id": compound.id, "street_id": compound.street_id}
    return await RoundPlan.create(**(given | columns))


async def a_round_point(compound: Compound | None = None, *, plan: RoundPlan | None = None, **columns: Any) -> RoundPoint:
    plan = plan or await a_round_plan(compound)
    given: dict[str, Any] = {"number": 1, "name": "Gate", "code": a_code("POINT"), "added_at": LONG_AGO, "plan_id": plan.id}
    return await RoundPoint.create(**(given | {"compound_id": plan.compound_id, "street_id": plan.street_id} | columns))


async def a_round(plan: RoundPlan, opens_at: datetime, **columns: Any) -> Round:
    """A round of the plan that opens at that moment, for an hour; planned, and gone by nobody."""
    given: dict[str, Any] = {"kind": plan.kind, "state": RoundState.PLANNED, "source": RoundSource.PLAN, "plan_id": plan.id}
    given |= {"opens_at": opens_at, "closes_at": opens_at + timedelta(hours=1)}
    return await Round.create(**(given | {"compound_id": plan.compound_id, "street_id": plan.street_id} | columns))


async def post_lines(lines: Sequence[JournalLine]) -> None:
    """Store all lines of an entry in one statement, as the database asks for. Call it in the transaction that made the entry."""
    columns = [name for name in JournalLine._meta.fields_map if name]
    rows = json.dumps([{name: getattr(line, name) for name in columns} for line in lines], default=str)
    await query("INSERT INTO journal_line SELECT * FROM jsonb_populate_recordset(NULL::journal_line, $1::jsonb)", rows)

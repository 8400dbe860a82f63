"""What the tests of the desk stand on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.access import Viewer
from domain.duty import DutyLevel
from domain.organisations import MandateRole, OrganisationKind
from domain.tickets import TicketKind
from models import (
    DutyRoster,
    DutyShift,
    Organisation,
    Ticket,
    tickets,
)
from tests.builders import a_mandate, an_organisation
from tests.models.ticket_world import World

_NOW = datetime.now(UTC)


async def a_committee(world: World) -> Organisation:
    committee = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, world.compound, role=MandateRole.REPRESENTS)
    return committee


async def on_duty(world: World, *account_ids: str) -> None:
    """Each of the company's people on a roster of their own, now."""
    for account_id in account_ids:
        place = {"organisation_id": world.company.id, "street_id": world.street.id}
        roster = await DutyRoster.create(name="Desk", level=DutyLevel.DUTY, **place)
        hour = timedelta(hours=1)
        times = {"starts_at": _NOW - hour, "ends_at": _NOW + hour}
        await DutyShift.create(roster_id=roster.id, account_id=account_id, **times, **place)


async def opened(viewer: Viewer, world: World, **given: Any) -> Ticket:
    return await tickets.open_ticket(
        viewer, world.compound.id, **({"kind": TicketKind.COMPLAINT, "title": "Nobody answers"} | given)
    )

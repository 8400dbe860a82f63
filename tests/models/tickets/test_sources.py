"""How tickets come in."""

import pytest

from domain.access import Role
from domain.facilities import FacilityKind
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketSource
from domain.tickets.categories import TicketCategory
from tests.builders import a_facility
from tests.models.ticket_world import World, a_world, refusal, somebody

from .desk import opened

pytestmark = pytest.mark.usefixtures("database")


async def test_a_ticket_says_how_it_came_in_and_by_default_as_the_role_of_its_reporter_says(world: World):
    facility = await a_facility(world.compound, kind=FacilityKind.LIFT)
    resident = await somebody(Role.RESIDENT, home=world.home)
    assert (await opened(resident, world)).source is TicketSource.RESIDENT
    assert (await opened(world.manager, world)).source is TicketSource.STAFF
    scanned = await opened(resident, world, kind=TicketKind.REPAIR, source=TicketSource.QR, facility_id=facility.id)
    assert (scanned.source, scanned.category) == (TicketSource.QR, TicketCategory.LIFT)
    for given, field in (
        ({"source": TicketSource.HOTLINE, "case_number": "CQ-1"}, "source"),
        ({"source": TicketSource.ALERT}, "source"),
        ({"source": TicketSource.QR}, "facility_id"),
        ({"case_number": "CQ-1"}, "source"),
        ({"category": TicketCategory.LIFT}, "category"),
        ({"kind": TicketKind.REPAIR, "facility_id": facility.id, "category": TicketCategory.LIGHTING}, "category"),
    ):
        refused = await refusal(opened(resident, world, **given))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,)), given


async def test_a_machine_passes_the_hotline_s_cases_on_once_and_nothing_else(world: World):
    machine = await somebody(Role.INTEGRATION, organisation=world.company)
    ticket = await opened(machine, world, case_number="CQ-2026-17", category=TicketCategory.SERVICE)
    assert (ticket.source, ticket.case_number) == (TicketSource.HOTLINE, "CQ-2026-17")
    refused = await refusal(opened(machine, world, source=TicketSource.HOTLINE, case_number=" CQ-2026-17 "))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("case_number",))
    refused = await refusal(opened(machine, world, source=TicketSource.HOTLINE))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("case_number",))
    refused = await refusal(opened(machine, world, source=TicketSource.STAFF))
    assert refused.path == ("source",)
    elsewhere = await a_world()
    other = await somebody(Role.INTEGRATION, organisation=elsewhere.company)
    assert await opened(other, elsewhere, case_number="CQ-2026-17")

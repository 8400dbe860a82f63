"""A compound that a company serves, one that nobody does, and their people."""

from typing import Any

from domain.access import Role, Viewer
from domain.organisations import MandateService
from domain.territory import CompoundKind
from models import Compound, Hazard, Organisation, Place
from models.hazards import assign, rectify, report
from tests.builders import a_community, a_community_office, a_company_serving, a_compound, a_mandate, a_street, an_organisation
from tests.models.ticket_world import somebody


class FireWorld:
    """The company answers for the first compound; of the other, the community does."""

    street: Place
    community: Place
    office: Organisation
    street_office: Organisation
    compound: Compound
    open_court: Compound
    company: Organisation
    firemen: Organisation
    officer: Viewer
    clerk: Viewer
    manager: Viewer
    guard: Viewer
    fitter: Viewer


async def a_fire_world() -> FireWorld:
    made = FireWorld()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.office = await a_community_office(made.community)
    made.street_office = await an_organisation(made.street, kind="STREET_OFFICE", name="Street Office", place_id=made.street.id)
    made.compound = await a_compound(made.community)
    made.open_court = await a_compound(made.community, kind=CompoundKind.UNMANAGED, name="Open Court")
    made.company = await a_company_serving(made.compound)
    made.firemen = await an_organisation(made.street, name="Fire Technics")
    await a_mandate(made.firemen, made.compound, service=MandateService.FIRE_MAINTENANCE)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street, organisation_id=made.street_office.id)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community, organisation_id=made.office.id)
    made.manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.guard = await somebody(Role.COMPANY_STAFF, organisation=made.company)
    made.fitter = await somebody(Role.COMPANY_STAFF, organisation=made.firemen)
    return made


async def a_hazard(world: FireWorld, **given: Any) -> Hazard:
    """A hazard in the company's compound that the guard reported."""
    return await report(world.guard, world.compound.id, **({"what": "Boxes on the stairs"} | given))


async def a_hazard_in_hand(world: FireWorld, **given: Any) -> Hazard:
    """The same, assigned to the company."""
    hazard = await a_hazard(world, **given)
    return await assign(world.manager, hazard.id, interim_measure="A guard stands there")


async def a_hazard_put_right(world: FireWorld, **given: Any) -> Hazard:
    """The same, reported put right by the guard."""
    hazard = await a_hazard_in_hand(world, **given)
    return await rectify(world.guard, hazard.id, "Carried away")

"""Mandates in the database: no two for one service at once, whoever is faster; what a specialist has to do with a compound."""

import asyncio
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Reach, Role, Viewer
from domain.organisations import MandateBasis, MandateRole, MandateService, overlapping
from domain.refusals import RefusalCode, Refused
from domain.tickets import TicketKind
from models import Fact, Mandate, tickets
from models.calendar import today
from models.mandates import start_mandate
from models.tickets.routing import handling_organisation
from settings import Settings
from tests.builders import a_compound, a_mandate, a_street, an_organisation

from .ticket_world import World, a_world, refusal, somebody

_DAY = timedelta(days=1)
_FIRST, _LAST = date(2030, 1, 1), date(2030, 12, 31)


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def officer(world: World) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=world.street)


async def test_the_database_lets_in_side_by_side_what_the_domain_does(world: World) -> None:
    company, other = world.company, await an_organisation(world.street)
    for one, second in product(MandateService, repeat=2):
        compound = await a_compound(world.community)
        await a_mandate(company, compound, service=one, starts_on=_FIRST, ends_on=_LAST)
        if overlapping(one, second):
            with pytest.raises(IntegrityError):
                await a_mandate(other, compound, service=second, starts_on=_LAST)
            await a_mandate(other, compound, service=second, starts_on=_LAST + _DAY)
        else:
            await a_mandate(other, compound, service=second, starts_on=_LAST)


async def test_the_same_mandate_is_not_there_twice_at_once(world: World) -> None:
    body = await an_organisation(world.street)
    await a_mandate(body, world.compound, role=MandateRole.GUIDES, starts_on=_FIRST)
    with pytest.raises(IntegrityError):
        await a_mandate(body, world.compound, role=MandateRole.GUIDES, starts_on=_LAST)
    await a_mandate(body, world.compound, role=MandateRole.SUPERVISES, starts_on=_LAST)


async def test_two_companies_are_not_both_to_serve_a_compound_in_full(world: World, officer: Viewer) -> None:
    other = await an_organisation(world.street)
    refused = await refusal(start_mandate(officer, other.id, world.compound.id, MandateRole.SERVES))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("starts_on",))
    assert "FULL" in refused.message.en
    refused = await refusal(
        start_mandate(officer, other.id, world.compound.id, MandateRole.SERVES, service=MandateService.GREENING)
    )
    assert refused.code is RefusalCode.CONFLICT


@pytest.mark.parametrize("companies", [1, 2], ids=["for one company", "for two"])
async def test_of_two_clerks_who_start_the_same_mandate_one_is_refused_in_words(
    world: World, officer: Viewer, companies: int
) -> None:
    named = [await an_organisation(world.street) for _ in range(companies)]
    clerks = [officer, await somebody(Role.STREET_OFFICER, place=world.street)]
    ground: Any = {"basis": MandateBasis.CONTRACT, "basis_number": "HT-2026-7", "basis_on": date(2026, 2, 1)}

    async def start(clerk: Viewer, company_id: str) -> Mandate | Refused:
        try:
            return await start_mandate(clerk, company_id, world.unserved.id, MandateRole.SERVES, **ground)
        except Refused as refused:
            return refused

    answers = await asyncio.gather(start(clerks[0], named[0].id), start(clerks[1], named[-1].id))
    (refused,) = (answer for answer in answers if isinstance(answer, Refused))
    (stands,) = (answer for answer in answers if isinstance(answer, Mandate))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("starts_on",))
    assert refused.message.zh.startswith("该小区在")
    assert await Mandate.filter(compound_id=world.unserved.id).count() == 1
    assert await Fact.filter(action="mandateStart").count() == 1
    assert (stands.service, stands.basis_number) == (MandateService.FULL, "HT-2026-7")


async def test_a_mandate_in_words_that_do_not_fit_is_refused_with_the_field(world: World, officer: Viewer) -> None:
    asked = (officer, world.office.id, world.compound.id, MandateRole.SUPERVISES)
    assert (await refusal(start_mandate(*asked, service=MandateService.CLEANING))).path == ("service",)
    assert (await refusal(start_mandate(*asked, basis=MandateBasis.CONTRACT))).path == ("basis",)
    assert (await refusal(start_mandate(*asked, basis_number="x" * 61))).path == ("basis_number",)
    assert (await refusal(start_mandate(*asked, starts_on=_LAST, ends_on=_FIRST))).path == ("ends_on",)
    foreign = await an_organisation(await a_street())
    assert (await refusal(start_mandate(officer, foreign.id, *asked[2:]))).code is RefusalCode.NOT_FOUND


async def test_a_specialist_is_around_and_handles_nothing_unasked(world: World) -> None:
    """A lift company sees the compounds of its mandates, as everybody with a mandate does, and no others; tickets go to whoever
    serves in full, or else to the community."""
    lifts = await an_organisation(world.street, name="Upward Lifts")
    for compound in (world.compound, world.unserved):
        await a_mandate(lifts, compound, service=MandateService.LIFT_MAINTENANCE)
    elsewhere = await a_compound(world.community)
    fitter = await somebody(Role.COMPANY_STAFF, organisation=lifts)
    assert set(fitter.ids(Role.COMPANY_STAFF, Reach.COMPOUND)) == {world.compound.id, world.unserved.id}
    assert elsewhere.id not in fitter.ids(Role.COMPANY_STAFF, Reach.COMPOUND)
    assert await handling_organisation(world.compound.id, today()) == world.company.id
    assert await handling_organisation(world.unserved.id, today()) == world.office.id
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await tickets.open_ticket(resident, world.compound.id, kind=TicketKind.REPAIR, title="The lift of unit 1 stands")
    assert ticket.organisation_id == world.company.id

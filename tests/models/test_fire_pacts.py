"""Fire pacts, and who keeps a compound's fire safety."""

import asyncio
from datetime import timedelta

import pytest

from domain.fire_pacts import FireDuty, FireKeeperBasis
from domain.refusals import RefusalCode, Refused
from models import FirePact, Organisation
from models.calendar import today
from models.fire_pacts import end_pact, keeper_of, set_homes, sign_pact
from models.fire_reports import fire_report
from tests.models.hazards.world import a_fire_world
from tests.models.ticket_world import refusal

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
DUTIES = [FireDuty.WAYS_CLEAR, FireDuty.PATROL, FireDuty.PATROL]


async def test_the_company_keeps_a_compound_s_fire_safety_and_the_community_by_a_pact() -> None:
    world = await a_fire_world()
    kept = await keeper_of(world.compound.id)
    assert kept is not None
    assert (kept.organisation_id, kept.basis) == (world.company.id, FireKeeperBasis.MANDATE)
    assert await keeper_of(world.open_court.id) is None
    pact = await sign_pact(world.clerk, world.open_court.id, DUTIES, 80)
    assert (pact.organisation_id, pact.duties, pact.homes_joined) == (world.office.id, ["PATROL", "WAYS_CLEAR"], 80)
    kept = await keeper_of(world.open_court.id)
    assert kept is not None
    assert (kept.organisation_id, kept.basis, kept.since) == (world.office.id, FireKeeperBasis.PACT, today())
    assert (await set_homes(world.clerk, pact.id, 101, expected_version=1)).homes_joined == 101
    await end_pact(world.officer, pact.id)
    assert await keeper_of(world.open_court.id) is not None
    assert await keeper_of(world.open_court.id, today() + DAY) is None
    assert (await end_pact(world.officer, pact.id)).version == 3


async def test_an_office_that_has_ended_keeps_nothing() -> None:
    world = await a_fire_world()
    await sign_pact(world.clerk, world.open_court.id, DUTIES, 80, signed_on=today() - 9 * DAY)
    await Organisation.filter(id=world.office.id).update(ended_on=today() - DAY)
    assert await keeper_of(world.open_court.id) is None
    assert await keeper_of(world.open_court.id, today() - DAY) is not None
    told = await fire_report(world.officer, world.open_court.id, today())
    assert told is not None
    assert told.figures["without_keeper"] == 1


async def test_a_compound_has_one_pact_at_a_time_however_many_sign_at_once() -> None:
    world = await a_fire_world()
    signed = await asyncio.gather(
        *(sign_pact(each, world.open_court.id, DUTIES, 10) for each in (world.clerk, world.officer)), return_exceptions=True
    )
    (refused,) = [each for each in signed if isinstance(each, Refused)]
    assert (refused.code, await FirePact.all().count()) == (RefusalCode.CONFLICT, 1)


async def test_what_cannot_be_is_refused_with_its_field() -> None:
    world = await a_fire_world()
    court = world.open_court.id
    assert (await refusal(sign_pact(world.clerk, court, [], 10))).path == ("duties",)
    for homes in (-1, 121):
        assert (await refusal(sign_pact(world.clerk, court, DUTIES, homes))).path == ("homes_joined",)
    assert (await refusal(sign_pact(world.clerk, court, DUTIES, 1, organisation_id=world.company.id))).path == (
        "organisation_id",
    )
    assert (await refusal(sign_pact(world.clerk, court, DUTIES, 1, signed_on=today() + DAY))).path == ("signed_on",)
    assert (await refusal(sign_pact(world.clerk, court, DUTIES, 1, ends_on=today() - DAY))).path == ("ends_on",)
    assert (await refusal(sign_pact(world.manager, world.compound.id, DUTIES, 1))).code is RefusalCode.FORBIDDEN
    pact = await sign_pact(world.clerk, court, DUTIES, 1, signed_on=today() - 9 * DAY, ends_on=today() - DAY)
    assert (await refusal(set_homes(world.clerk, pact.id, 2))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(end_pact(world.clerk, pact.id, ends_on=today()))).path == ("ends_on",)

"""Hazards of a company that has left go to whoever handles the compound now."""

from datetime import timedelta

import pytest

from domain.hazards import HazardState
from models import Fact, Hazard, Mandate, Notice
from models.calendar import now, today
from models.hazards import hand_over, recheck, rectify
from tests.builders import a_channel
from tests.models.hazards.world import a_fire_world, a_hazard, a_hazard_in_hand, a_hazard_put_right

pytestmark = pytest.mark.usefixtures("database")


async def test_what_a_company_had_in_hand_goes_to_who_comes_after_and_no_word_of_it_to_the_company() -> None:
    world = await a_fire_world()
    for organisation in (world.company, world.office):
        await a_channel(organisation)
    open_, in_hand, done = await a_hazard(world), await a_hazard_in_hand(world), await a_hazard_put_right(world)
    assert await hand_over(now()) == 0
    await Notice.all().delete()
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - timedelta(days=1))
    assert [await hand_over(now()) for _ in range(2)] == [2, 0]
    for before in (open_, in_hand):
        after = await Hazard.get(id=before.id)
        assert (after.organisation_id, after.state, after.due_at) == (world.office.id, before.state, before.due_at)
        assert after.version == before.version + 1
    assert (await Hazard.get(id=done.id)).organisation_id == world.company.id
    assert {notice.organisation_id for notice in await Notice.all()} == {world.office.id}
    facts = await Fact.filter(subject_id=in_hand.id).order_by("id")
    assert (facts[-1].action, facts[-1].actor) == ("hazardAssign", "system:fire_safety")
    assert (await rectify(world.clerk, in_hand.id, "Carried away")).state is HazardState.RECTIFIED
    await Notice.all().delete()
    await recheck(world.officer, done.id, passed=False, note="Still there")
    assert not await Notice.exists()
    assert await hand_over(now()) == 1

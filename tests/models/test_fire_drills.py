"""Fire drills and trainings: planned, held with how many people, called off, and what is refused."""

from datetime import date, timedelta

import pytest

from domain.access import Role
from domain.fire_drills import FireDrillKind, FireDrillState, Held
from domain.refusals import RefusalCode
from models import Fact, Mandate
from models.calendar import today
from models.fire_drills import cancel_drill, hold_drill, plan_drill
from tests.models.hazards.world import a_fire_world
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

DRILL, TRAINING = FireDrillKind.DRILL, FireDrillKind.TRAINING
DAY = timedelta(days=1)


async def test_a_drill_is_planned_and_held_once_with_how_many_people() -> None:
    world = await a_fire_world()
    drill = await plan_drill(world.manager, world.compound.id, DRILL, today() + DAY)
    assert (drill.state, drill.organisation_id) == (FireDrillState.PLANNED, world.company.id)
    drill = await hold_drill(world.manager, drill.id, Held(today(), 60, 48, 11), "Doors of unit 3 stick")
    assert (drill.state, drill.participants, drill.residents, drill.minutes) == (FireDrillState.HELD, 60, 48, 11)
    again = await refusal(hold_drill(world.clerk, drill.id, Held(today(), 60, 48, 11)))
    assert again.code is RefusalCode.ILLEGAL_MOVE
    facts = await Fact.filter(subject_id=drill.id).order_by("id")
    assert [fact.action for fact in facts] == ["fireDrillPlan", "fireDrillHold"]
    assert "lessons" not in (facts[1].after or {})


async def test_a_training_is_called_off_with_a_reason() -> None:
    world = await a_fire_world()
    training = await plan_drill(world.clerk, world.open_court.id, TRAINING, today() + DAY)
    assert training.organisation_id == world.office.id
    assert (await refusal(cancel_drill(world.clerk, training.id, ""))).path == ("reason",)
    assert (await cancel_drill(world.officer, training.id, "Heat")).state is FireDrillState.CANCELLED
    assert (await refusal(cancel_drill(world.officer, training.id, "Heat"))).code is RefusalCode.ILLEGAL_MOVE


async def test_what_a_company_planned_that_has_left_is_called_off_or_recorded_by_the_office() -> None:
    world = await a_fire_world()
    first, second = [await plan_drill(world.manager, world.compound.id, DRILL, today()) for _ in range(2)]
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - DAY)
    assert (await cancel_drill(world.clerk, first.id, "They have left")).state is FireDrillState.CANCELLED
    assert (await hold_drill(world.clerk, second.id, Held(today(), 60, 48, 11))).state is FireDrillState.HELD


async def test_what_cannot_be_is_refused_with_its_field() -> None:
    world = await a_fire_world()
    for day in (date.min, date.max, today() + 500 * DAY):
        assert (await refusal(plan_drill(world.manager, world.compound.id, DRILL, day))).path == ("planned_on",)
    for organisation in (world.office.id, world.firemen.id):
        refused = await refusal(plan_drill(world.manager, world.compound.id, DRILL, today(), organisation_id=organisation))
        assert refused.path == ("organisation_id",)
    drill = await plan_drill(world.manager, world.compound.id, DRILL, today())
    for field, held in (
        ("held_on", Held(today() + DAY, 1, 0, 1)),
        ("held_on", Held(date.min, 1, 0, 1)),
        ("participants", Held(today(), 0, 0, 1)),
        ("participants", Held(today(), 2**31, 0, 1)),
        ("residents", Held(today(), 5, 6, 1)),
        ("residents", Held(today(), 5, -1, 1)),
        ("minutes", Held(today(), 5, 0, 0)),
        ("minutes", Held(today(), 5, 0, 1_441)),
    ):
        assert (await refusal(hold_drill(world.manager, drill.id, held))).path == (field,)
    stale = await refusal(hold_drill(world.manager, drill.id, Held(today(), 5, 0, 9), expected_version=7))
    assert stale.code is RefusalCode.STALE_VERSION
    assert (await refusal(plan_drill(world.guard, world.compound.id, DRILL, today()))).code is RefusalCode.FORBIDDEN
    chief = await somebody(Role.COMPANY_MANAGER, organisation=world.firemen)
    assert (await refusal(hold_drill(chief, drill.id, Held(today(), 5, 0, 9)))).path == ("id",)

"""Monthly fire reports: counted of a compound or a street, and kept as they stand once the month is over."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState
from domain.fire_drills import FireDrillKind, Held
from domain.fire_reports import month_of
from domain.hazards import HazardGrade, HazardState
from domain.rounds import RoundKind, RoundMeasure, RoundSource, RoundState
from models import Alert, Compound, FireReport, Hazard, Round, RoundPlan
from models.calendar import now, today, zone
from models.fire_drills import hold_drill, plan_drill
from models.fire_reports import fire_report, keep_reports
from models.hazards import recheck
from tests.builders import a_device, an_alert
from tests.models.hazards.world import a_fire_world, a_hazard, a_hazard_put_right
from tests.models.ticket_world import somebody

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


def month_begins() -> datetime:
    return datetime.combine(month_of(today())[0], time(), zone())


async def a_round_of(compound: Compound, kind: RoundKind, state: RoundState, open_for: timedelta = timedelta(0)) -> None:
    """A round that was over as this month began, and had been open for so long."""
    place = {"compound_id": compound.id, "street_id": compound.street_id}
    often = {"measure": RoundMeasure.DAYS, "every": 1, "times": ["08:00"], "window_minutes": 60, "clause": "none"}
    days = {"starts_on": today(), "made_at": now(), "made_until": now()}
    plan = await RoundPlan.create(kind=kind, name="Patrol", **often, **days, **place)
    times: dict[str, Any] = {"opens_at": month_begins() - open_for, "closes_at": month_begins() + timedelta(seconds=1)}
    times |= {"ended_at": now()} if state is not RoundState.MISSED else {}
    times |= {"started_at": now()} if state in {RoundState.DONE, RoundState.INCOMPLETE} else {}
    await Round.create(kind=kind, state=state, source=RoundSource.PLAN, plan_id=plan.id, **times, **place)


async def test_a_month_is_counted_of_a_compound_and_added_up_for_a_street() -> None:
    world = await a_fire_world()
    gone = await a_hazard_put_right(world)
    await recheck(world.clerk, gone.id, passed=True)
    late = await a_hazard(world, grade=HazardGrade.MAJOR)
    await Hazard.filter(id=late.id).update(due_at=now() - DAY)
    drill = await plan_drill(world.manager, world.compound.id, FireDrillKind.DRILL, today())
    await hold_drill(world.manager, drill.id, Held(today(), 60, 48, 11))
    device = await a_device(world.compound)
    seen = {"first_seen_at": now(), "last_seen_at": now(), "module": "fire_safety"}
    for rule, outcome in (("smoke", AlertOutcome.REAL), ("gas", AlertOutcome.FALSE_ALARM), ("tamper", None)):
        over = {"state": AlertState.CLEARED, "cleared_at": now()}
        await an_alert(device, rule=f"fire_safety.{rule}", outcome=outcome, **seen, **over)
    short = {"first_seen_at": month_begins(), "cleared_at": month_begins() + timedelta(seconds=150)}
    await an_alert(device, rule="fire_safety.control_room_short", state=AlertState.CLEARED, **(seen | short))

    for kind, state in (
        (RoundKind.FIRE_PATROL, RoundState.DONE),
        (RoundKind.FIRE_CHECK, RoundState.MISSED),
        (RoundKind.FIRE_PATROL, RoundState.INCOMPLETE),
        (RoundKind.FIRE_PATROL, RoundState.CANCELLED),
        (RoundKind.SECURITY_PATROL, RoundState.MISSED),
    ):
        await a_round_of(world.compound, kind, state)

    told = await fire_report(world.manager, world.compound.id, today())
    assert told is not None
    assert (told.compounds, told.kept) == (1, 0)
    counted = {name: number for name, number in told.figures.items() if number}
    assert counted == {
        "rounds_planned": 3,
        "rounds_done": 1,
        "rounds_incomplete": 1,
        "rounds_missed": 1,
        "hazards_found": 2,
        "major_hazards_found": 1,
        "hazards_closed": 1,
        "hazards_open": 1,
        "hazards_late": 1,
        "drills": 1,
        "participants": 60,
        "alerts": 4,
        "alerts_real": 1,
        "alerts_false": 1,
        "alerts_unknown": 2,
        "control_room_gaps": 1,
        "control_room_gap_minutes": 3,
    }
    whole = await fire_report(world.officer, world.street.id, today())
    assert whole is not None
    assert (whole.compounds, whole.figures["hazards_found"], whole.figures["without_keeper"]) == (2, 2, 1)


async def test_a_round_that_is_open_over_the_end_of_a_month_is_counted_in_the_one_in_which_it_is_over() -> None:
    world = await a_fire_world()
    await a_round_of(world.compound, RoundKind.FIRE_CHECK, RoundState.MISSED, open_for=7 * DAY)
    for day, missed in ((month_begins().date() - DAY, 0), (today(), 1)):
        told = await fire_report(world.officer, world.compound.id, day)
        assert told is not None
        assert (told.figures["rounds_planned"], told.figures["rounds_missed"]) == (missed, missed)


async def test_nobody_is_told_of_compounds_whose_figures_they_do_not_see() -> None:
    world = await a_fire_world()
    assert await fire_report(world.manager, world.open_court.id, today()) is None
    of_street = await fire_report(world.manager, world.street.id, today())
    assert of_street is not None
    assert of_street.compounds == 1
    resident = await somebody(Role.RESIDENT, compound=world.compound)
    assert await fire_report(resident, world.compound.id, today()) is None
    assert await fire_report(world.officer, "nonsense", today()) is None


async def test_a_month_that_is_over_is_kept_once_some_days_later_and_changes_no_more() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    month, after = month_of(today())
    early, kept_on = (datetime.combine(after + days * DAY, time(12), zone()) for days in (4, 5))
    await keep_reports(early)
    assert not await FireReport.filter(month=month).exists()
    assert await keep_reports(kept_on) == 2
    assert await keep_reports(kept_on) == 0
    await Hazard.filter(id=hazard.id).update(state=HazardState.REPORTED, grade=HazardGrade.MAJOR)
    told = await fire_report(world.officer, world.compound.id, today())
    assert told is not None
    assert (told.kept, told.figures["hazards_found"], told.figures["major_hazards_found"]) == (1, 1, 0)


async def test_what_stood_at_the_end_of_a_month_is_told_by_its_moments() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    long_ago = datetime(2026, 3, 10, tzinfo=zone())
    await Hazard.filter(id=hazard.id).update(found_at=long_ago, due_at=long_ago + 7 * DAY)
    for day, late in ((date(2026, 2, 1), None), (date(2026, 3, 31), 1), (date(2026, 4, 2), 1)):
        told = await fire_report(world.officer, world.compound.id, day)
        assert told is not None
        assert (told.figures["hazards_open"], told.figures["hazards_late"]) == ((1, late) if late else (0, 0))
    assert not await Alert.all().exists()

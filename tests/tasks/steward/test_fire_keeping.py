"""What is looked for of fire safety on the clock: late hazards, who keeps compounds, drills, equipment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.alerts import AlertState, Severity
from domain.deadlines import DeadlineLevel
from domain.facilities import FacilityKind, FacilityStatus
from domain.fire_drills import FireDrillKind, FireDrillState
from domain.fire_pacts import FireDuty
from domain.hazards import HazardGrade
from domain.upkeep import DueState, PlanSource, UpkeepKind
from models import Alert, Compound, CompoundFigures, FireDrill, Hazard, Mandate, Notice, Organisation, UpkeepDue, Work
from models.alerts import set_threshold
from models.calendar import today
from models.facts import Actor
from models.fire_pacts import sign_pact
from models.hazards import KIND, assign, climbing, recheck, rectify, report
from tasks.steward import fire_safety
from tests.builders import a_channel, a_facility
from tests.models.hazards.world import a_fire_world, a_hazard, a_hazard_put_right

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def open_alerts(rule: str) -> dict[str, Severity]:
    alerts = await Alert.filter(rule=f"fire_safety.{rule}", state=AlertState.OPEN)
    return {alert.subject_id: alert.severity for alert in alerts}


async def due(hazard: Hazard, ago: timedelta) -> None:
    """Let a hazard have been due so long ago, and climb since."""
    await Hazard.filter(id=hazard.id).update(due_at=NOW - ago, climbs_at=NOW - ago)


async def told(type_: str) -> list[tuple[str | None, Any]]:
    rows = await Notice.filter(type=f"steward.hazard.{type_}.v1").order_by("created_at", "id")
    return [(row.organisation_id, row.payload["hazard"]["level"]) for row in rows]


async def accounted(compound: Compound, since: date) -> None:
    """Account is kept of the compound since a day."""
    zeros = ("open_tickets", "overdue_tickets", "closed_tickets", "ratings", "score_sum", "critical_alerts", "major_alerts")
    has = [f"has_{each}" for each in ("party_organisation", "party_work", "owners_body", "company", "joint_office")]
    numbers: dict[str, Any] = dict.fromkeys((*zeros, "minor_alerts", "warning_alerts", "facilities_out"), 0)
    place = {"compound_id": compound.id, "street_id": compound.street_id}
    await CompoundFigures.create(day=since, taken_at=NOW, **numbers, **dict.fromkeys(has, False), **place)


async def test_a_late_hazard_is_an_alert_about_itself_and_over_once_it_is_put_right() -> None:
    world = await a_fire_world()
    hazard, grave, fresh = await a_hazard(world), await a_hazard(world, grade=HazardGrade.MAJOR), await a_hazard(world)
    await due(hazard, 2 * HOUR)
    await due(grave, HOUR)
    await fire_safety.find_late_hazards(NOW)
    await fire_safety.find_late_hazards(NOW)
    assert await open_alerts("hazard_overdue") == {hazard.id: Severity.MINOR}
    assert await open_alerts("major_hazard_overdue") == {grave.id: Severity.MAJOR}
    assert not await Alert.filter(subject_id=fresh.id).exists()
    await assign(world.manager, hazard.id)
    await rectify(world.guard, hazard.id, "Carried away")
    await fire_safety.find_late_hazards(NOW)
    assert await open_alerts("hazard_overdue") == {}


async def test_a_late_hazard_climbs_to_the_community_and_the_street_and_each_is_told_once() -> None:
    world = await a_fire_world()
    for organisation in (world.company, world.office, world.street_office, world.firemen):
        await a_channel(organisation)
    hazard = await a_hazard(world)
    await assign(world.manager, hazard.id, organisation_id=world.firemen.id)
    await due(hazard, HOUR)
    for later in (0, 1, 22, 24, 71, 90, 99):
        await fire_safety.find_late_hazards(NOW + later * HOUR)
    assert await told("escalated") == [
        (world.firemen.id, "COMPANY"),
        (world.office.id, "COMMUNITY"),
        (world.street_office.id, "STREET"),
    ]
    assert await told("assigned") == [(world.firemen.id, None)]
    stored = await Hazard.get(id=hazard.id)
    assert (stored.level, stored.climbs_at) == (DeadlineLevel.STREET, None)
    later = await assign(world.clerk, hazard.id, due_at=NOW + 9 * DAY)
    assert (later.level, later.climbs_at) == (None, NOW + 9 * DAY)


async def test_who_hears_of_a_late_major_hazard_by_its_alert_is_not_told_twice() -> None:
    world = await a_fire_world()
    for organisation in (world.company, world.office):
        await a_channel(organisation)
    hazard = await a_hazard(world, grade=HazardGrade.MAJOR)
    assert await told("reported") == [(world.company.id, None), (world.office.id, None)]
    await due(hazard, HOUR)
    await fire_safety.find_late_hazards(NOW)
    assert await told("escalated") == []
    await fire_safety.find_late_hazards(NOW + 4 * HOUR)
    assert await told("escalated") == [(world.office.id, "COMMUNITY")]


async def test_what_its_company_left_behind_is_told_to_whoever_handles_the_compound_now() -> None:
    world = await a_fire_world()
    await a_channel(world.office)
    hazard = await a_hazard(world)
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - DAY)
    await due(hazard, HOUR)
    await fire_safety.find_late_hazards(NOW)
    assert await told("escalated") == [(world.office.id, "COMMUNITY")]
    assert (await Hazard.get(id=hazard.id)).organisation_id == world.office.id


async def test_what_is_late_already_when_it_is_open_again_climbs_with_the_next_look() -> None:
    world = await a_fire_world()
    hazard = await a_hazard_put_right(world)
    await Hazard.filter(id=hazard.id).update(due_at=NOW - 25 * HOUR)
    await recheck(world.clerk, hazard.id, passed=False, note="Still there")
    await fire_safety.find_late_hazards(NOW)
    assert (await Hazard.get(id=hazard.id)).level is DeadlineLevel.COMMUNITY
    assert await open_alerts("hazard_overdue") == {hazard.id: Severity.MINOR}


async def test_after_downtime_a_hazard_stands_at_once_where_it_belongs() -> None:
    world = await a_fire_world()
    await a_channel(world.street_office)
    hazard = await report(world.clerk, world.open_court.id, what="Boxes")
    await due(hazard, 30 * DAY)
    await fire_safety.find_late_hazards(NOW)
    assert (await Hazard.get(id=hazard.id)).level is DeadlineLevel.STREET
    assert await told("escalated") == [(world.street_office.id, "STREET")]


async def test_what_nobody_looks_at_again_is_late_too() -> None:
    world = await a_fire_world()
    hazard = await a_hazard_put_right(world)
    await fire_safety.find_late_hazards(NOW + 2 * DAY)
    assert await open_alerts("hazard_overdue") == {}
    await fire_safety.find_late_hazards(NOW + 4 * DAY + HOUR)
    assert await open_alerts("hazard_overdue") == {hazard.id: Severity.MINOR}
    assert (await Hazard.get(id=hazard.id)).level is DeadlineLevel.COMMUNITY
    await recheck(world.clerk, hazard.id, passed=True)
    await fire_safety.find_late_hazards(NOW + 4 * DAY + HOUR)
    assert await open_alerts("hazard_overdue") == {}


async def test_many_late_hazards_climb_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await a_fire_world()
    monkeypatch.setattr(climbing, "_AT_ONCE", 2)
    for _ in range(3):
        await due(await a_hazard(world), HOUR)
    await fire_safety.find_late_hazards(NOW)
    assert await Hazard.filter(level=None).count() == 1
    assert await Work.filter(kind=KIND).count() == 1
    await fire_safety.climb_on({})
    assert not await Hazard.filter(level=None).exists()


async def test_a_compound_that_nobody_keeps_is_told_of_after_a_week_and_a_pact_ends_it() -> None:
    world = await a_fire_world()
    await fire_safety.find_keeperless(NOW)
    assert await open_alerts("nobody_responsible") == {}
    await accounted(world.open_court, today() - 8 * DAY)
    await Mandate.filter(compound_id=world.compound.id).update(ends_on=today() - 6 * DAY)
    await accounted(world.compound, today() - 99 * DAY)
    await fire_safety.find_keeperless(NOW)
    assert await open_alerts("nobody_responsible") == {world.open_court.id: Severity.MINOR}
    await sign_pact(world.clerk, world.open_court.id, [FireDuty.PATROL], 60)
    await Mandate.filter(compound_id=world.compound.id).update(ends_on=today() - 7 * DAY)
    await fire_safety.find_keeperless(NOW)
    assert await open_alerts("nobody_responsible") == {world.compound.id: Severity.MINOR}


async def test_a_pact_with_an_office_that_has_ended_keeps_nothing() -> None:
    world = await a_fire_world()
    await accounted(world.open_court, today() - 99 * DAY)
    await sign_pact(world.clerk, world.open_court.id, [FireDuty.PATROL], 60, signed_on=today() - 60 * DAY)
    await fire_safety.find_keeperless(NOW)
    assert await open_alerts("nobody_responsible") == {}
    await Organisation.filter(id=world.office.id).update(ended_on=today() - 8 * DAY)
    await fire_safety.find_keeperless(NOW)
    assert await open_alerts("nobody_responsible") == {world.open_court.id: Severity.MINOR}


async def test_a_year_without_a_drill_is_told_of_and_figures_are_the_compound_s() -> None:
    world = await a_fire_world()
    place = {"organisation_id": world.office.id, "street_id": world.street.id, "planned_on": today(), "planned_at": NOW}
    went = {"state": FireDrillState.HELD, "participants": 9, "residents": 9, "minutes": 9}
    for kind, days in ((FireDrillKind.DRILL, 365), (FireDrillKind.TRAINING, 364)):
        held = {"kind": kind, "held_on": today() - days * DAY, "compound_id": world.compound.id}
        await FireDrill.create(**held, **place, **went)
    await accounted(world.open_court, today() - 20 * DAY)
    await fire_safety.find_overdue_drills(NOW)
    assert await open_alerts("drill_overdue") == {world.compound.id: Severity.WARNING}
    assert await open_alerts("training_overdue") == {}
    await set_threshold(Actor("test"), "fire_safety.training_overdue", {"days": 300}, world.compound)
    await FireDrill.create(kind=FireDrillKind.DRILL, held_on=today(), compound_id=world.compound.id, **place, **went)
    await fire_safety.find_overdue_drills(NOW)
    assert await open_alerts("drill_overdue") == {}
    assert await open_alerts("training_overdue") == {world.compound.id: Severity.WARNING}


async def test_extinguishers_that_are_too_old_are_one_alert_of_their_compound() -> None:
    world = await a_fire_world()
    old = {"kind": FacilityKind.EXTINGUISHER}
    first = await a_facility(world.compound, scrap_on=today() + 29 * DAY, **old)
    await a_facility(world.compound, scrap_on=today() + 29 * DAY, **old)
    await a_facility(world.open_court, scrap_on=today() + 30 * DAY, **old)
    await a_facility(world.open_court, scrap_on=today() - DAY, status=FacilityStatus.RETIRED, **old)
    await fire_safety.find_old_equipment(NOW)
    assert await open_alerts("equipment_scrap_due") == {world.compound.id: Severity.WARNING}
    assert (await Alert.get()).reading["count"] == 2
    first.scrap_on = today() - DAY
    await first.save(update_fields=["scrap_on"])
    await fire_safety.find_old_equipment(NOW)
    assert await open_alerts("equipment_scrap_due") == {world.compound.id: Severity.MINOR}


async def test_tests_that_are_a_week_late_are_one_alert_of_their_compound() -> None:
    world = await a_fire_world()
    panel = await a_facility(world.compound, kind=FacilityKind.FIRE_PANEL)
    place = {"facility_id": panel.id, "compound_id": panel.compound_id, "street_id": panel.street_id}
    words = {"source": PlanSource.DEFAULT, "cadence": {}, "why": {}, "clause": "", "since": today()}
    for kind, days in ((UpkeepKind.FIRE_FULL_TEST, 7), (UpkeepKind.FIRE_ASSESSMENT, 3), (UpkeepKind.LIGHTNING_TEST, 99)):
        await UpkeepDue.create(kind=kind, state=DueState.RUNNING, due_on=today() - days * DAY, **words, **place)
    await fire_safety.find_old_equipment(NOW)
    assert await open_alerts("upkeep_overdue") == {world.compound.id: Severity.MINOR}
    await UpkeepDue.filter(kind=UpkeepKind.FIRE_FULL_TEST).update(due_on=today())
    await fire_safety.find_old_equipment(NOW)
    assert await open_alerts("upkeep_overdue") == {}

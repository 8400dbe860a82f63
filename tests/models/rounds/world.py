"""A compound with a property company that goes its rounds, one that nobody serves, and the people of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from domain.access import Role, Viewer
from domain.points import Point
from domain.rounds import Answered, RoundAnswer, RoundKind, RoundState, unpacked
from models import Compound, Organisation, Place, Round, RoundPlan, RoundPoint
from models.calendar import now
from models.rounds import Figures, NewPoint, Scan, make_plan, open_round, start
from tests.builders import a_community, a_community_office, a_company_serving, a_compound, a_street
from tests.models.ticket_world import somebody

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GATE, LOBBY = Point(29.356, 105.918), Point(29.357, 105.918)
TWO = (NewPoint("Gate", at=GATE, items=()), NewPoint("Lobby", at=LOBBY, items=("Stairs swept", "Bins emptied")))


class RoundsWorld:
    street: Place
    community: Place
    office: Organisation
    compound: Compound
    unserved: Compound
    company: Organisation
    officer: Viewer
    clerk: Viewer
    manager: Viewer
    guard: Viewer


async def a_rounds_world() -> RoundsWorld:
    made = RoundsWorld()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.office = await a_community_office(made.community)
    made.compound = await a_compound(made.community)
    made.unserved = await a_compound(made.community)
    made.company = await a_company_serving(made.compound)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community, organisation_id=made.office.id)
    made.manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.guard = await somebody(Role.COMPANY_STAFF, organisation=made.company)
    return made


async def a_plan(
    world: RoundsWorld, kind: RoundKind = RoundKind.SECURITY_PATROL, *, points: Sequence[NewPoint] = TWO, **given: Any
) -> RoundPlan:
    """A plan of the manager's, whose next round opens in twelve hours for a day; ``ordered`` and other figures by keyword."""
    names = set(Figures.__dataclass_fields__)
    figures = {name: given.pop(name) for name in names & set(given)}
    usual: dict[str, Any] = {"times": [f"{now() + 12 * HOUR:%H:%M}"], "window_minutes": 1_440}
    compound, viewer = given.pop("compound", world.compound), given.pop("viewer", world.manager)
    return await make_plan(
        viewer, compound.id, kind, name="Night patrol", points=points, figures=Figures(**(usual | figures)), **given
    )


async def points(plan: RoundPlan) -> list[RoundPoint]:
    return await RoundPoint.filter(plan_id=plan.id).order_by("number")


async def under_way(world: RoundsWorld, plan: RoundPlan, *, viewer: Viewer | None = None) -> Round:
    """A round of the plan that is open now, on which somebody has set out."""
    who = viewer or world.guard
    return await start(who, (await open_round(who, plan.id)).id)


def well(point: RoundPoint, **given: Any) -> Scan:
    """A scan of a point where everything is as it should be."""
    answers = [Answered(item.code, RoundAnswer.OK) for item in unpacked(point.items)]
    told: dict[str, Any] = {"code": point.code, "answers": answers}
    return Scan(**(told | given))


async def planned(plan: RoundPlan) -> list[Round]:
    return await Round.filter(plan_id=plan.id, state=RoundState.PLANNED).order_by("opens_at")


async def let_pass(round_: Round) -> None:
    """As if the round's time had been some hours ago: it and its points are moved back."""
    back = round_.closes_at - now() + 2 * HOUR
    await RoundPoint.filter(plan_id=round_.plan_id).update(added_at=round_.opens_at - back - DAY)
    await Round.filter(id=round_.id).update(opens_at=round_.opens_at - back, closes_at=round_.closes_at - back)
    await round_.refresh_from_db()

"""What goes wrong at desks and on rounds in the day: done by the acts that people's screens call, then moved into the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.access import Role, Viewer
from domain.rounds import RoundKind
from domain.tickets import TicketKind
from domain.tickets.categories import TicketCategory
from models import Compound, Organisation, Round, RoundPoint, Ticket
from models.rounds import NewPoint, make_plan
from models.tickets import accept, open_ticket
from models.viewers import viewer_of
from tests.builders import a_building, a_home, a_unit, an_account

from .devices import Incident

_DAY = timedelta(days=1)


async def _somebody(role: Role, **bound: object) -> Viewer:
    viewer = await viewer_of((await an_account(role, **bound)).id)
    assert viewer is not None
    return viewer


async def a_cluster(compound: Compound) -> Incident:
    """Three homes of the compound complain of the same."""
    unit = await a_unit(await a_building(compound))
    for _ in range(3):
        home = await a_home(unit)
        resident = await _somebody(Role.RESIDENT, home=home)
        given = {"kind": TicketKind.COMPLAINT, "category": TicketCategory.PARKING, "home_id": home.id}
        await open_ticket(resident, compound.id, title="A car before the stairs", **given)
    return Incident(("complaints.cluster",), compound.id)


async def a_repair_nobody_does(compound: Compound, company: Organisation) -> Incident:
    """A repair that the company has accepted three days ago, and given to nobody since."""
    manager = await _somebody(Role.COMPANY_MANAGER, organisation=company)
    ticket = await open_ticket(manager, compound.id, kind=TicketKind.REPAIR, title="The lamp at the gate is dark")
    await accept(manager, ticket.id)
    before = ticket.opened_at - 3 * _DAY
    await Ticket.filter(id=ticket.id).update(opened_at=before, accepted_at=before)
    return Incident(("repairs.unassigned",), compound.id, ticket.id)


async def a_missed_patrol(compound: Compound, company: Organisation) -> Incident:
    """A plan of patrols by the compound's company, of which nobody has gone the first round."""
    manager = await _somebody(Role.COMPANY_MANAGER, organisation=company)
    points = [NewPoint("Gate"), NewPoint("Garage")]
    plan = await make_plan(manager, compound.id, RoundKind.SECURITY_PATROL, name="Night patrol", points=points)
    first = await Round.filter(plan_id=plan.id).order_by("opens_at").first()
    assert first is not None
    opens_at, closes_at = first.opens_at - 3 * _DAY, first.closes_at - 3 * _DAY
    await Round.filter(id=first.id).update(opens_at=opens_at, closes_at=closes_at)
    await RoundPoint.filter(plan_id=plan.id).update(added_at=opens_at - _DAY)
    return Incident(("security.patrol_missed",), compound.id, plan.id)


async def trouble(compounds: Sequence[Compound], company: Organisation, count: int) -> list[Incident]:
    """So many incidents at desks and on rounds, each in a compound of its own, in turns."""
    incidents: list[Incident] = []
    for number, compound in enumerate(compounds[:count]):
        match number % 3:
            case 0:
                incidents.append(await a_cluster(compound))
            case 1:
                incidents.append(await a_repair_nobody_does(compound, company))
            case _:
                incidents.append(await a_missed_patrol(compound, company))
    return incidents

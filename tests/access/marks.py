"""What is run together and judged in the compounds of the story: area-wide services, duties, governance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.compound_duties import CompoundDutyState
from domain.territory import GovernanceMode

from .desk import SERVERS, WORKERS, Desk
from .story import a_moment, plant, planted


async def marks(world: Desk) -> None:
    """In each street a service with its costs; in each compound a place in it, a duty and two terms."""
    for street, compounds in (("north", "KLMP"), ("south", "S")):
        await _area(world, street, compounds)
    for compound in "KLMPS":
        await _run(world, compound)


async def _area(world: Desk, street: str, compounds: str) -> None:
    row, told = world.stored, world.told
    place = {"street_id": row[compounds[0]].street_id}
    company = SERVERS[compounds[0]]
    days: dict[str, Any] = {"starts_on": date(2020, 1, 1), "ends_on": date(2030, 1, 1), "services": ["FULL"]}
    columns = {**days, "organisation_id": row[company].id, **place}
    service = await models.AreaService.create(**planted(models.AreaService, columns))
    name = f"service {service.id}"
    world.keep(name, service, told[compounds[0]].street, links={"organisation": told[company]})
    await world.happened(name)
    days = {"period_from": date(2024, 1, 1), "period_to": date(2024, 3, 31), "withdrawn_at": a_moment()}
    columns = {"total": Decimal(plant()), **days, "area_service_id": service.id, **place}
    cost = await models.AreaServiceCost.create(**planted(models.AreaServiceCost, columns))
    world.keep(f"cost {cost.id}", cost, told[name].street, links={"areaService": told[name]})
    await world.happened(f"cost {cost.id}")
    for compound in compounds:
        where = {"compound_id": row[compound].id, **place}
        days = {"joins_on": date(2020, 1, 1), "leaves_on": date(2021, 1, 1), "area_m2": Decimal(plant())}
        member = await models.AreaServiceMember.create(area_service_id=service.id, **days, **where)
        links = {"areaService": told[name], "compound": told[compound]}
        world.keep(f"member {member.id}", member, told[name].street, compound, links=links)
        await world.done(f"member {member.id}", compound, WORKERS[compound])
        amounts: dict[str, Any] = {"area_m2": Decimal(plant()), "days": plant(), "amount": Decimal(plant())}
        share = await models.AreaServiceShare.create(cost_id=cost.id, **amounts, **where)
        links = {"cost": told[f"cost {cost.id}"], "compound": told[compound]}
        world.keep(f"share {share.id}", share, told[name].street, compound, links=links)


async def _run(world: Desk, compound: str) -> None:
    row, told = world.stored, world.told
    where = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
    for state in CompoundDutyState:
        ended = a_moment() if state is not CompoundDutyState.OPEN else None
        columns: dict[str, Any] = {"state": state, "due_on": date(2024, 6, 1), "ended_at": ended, **where}
        columns["organisation_id"] = row[SERVERS[compound]].id
        duty = await models.CompoundDuty.create(**planted(models.CompoundDuty, columns))
        links = {"compound": told[compound], "organisation": told[SERVERS[compound]]}
        world.keep(f"duty {duty.id}", duty, told[compound].street, compound, links=links)
        await world.done(f"duty {duty.id}", compound, WORKERS[compound])
    for first, last in ((None, date(2021, 12, 31)), (date(2022, 1, 1), None)):
        columns = {"mode": world.of(GovernanceMode), "starts_on": first, "ends_on": last, **where}
        term = await models.GovernanceTerm.create(**planted(models.GovernanceTerm, columns))
        world.keep(f"term {term.id}", term, told[compound].street, compound, links={"compound": told[compound]})

"""Area-wide services, duties, governance: areas and amounts at the edge, open days, hostile words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.compound_duties import CompoundDutyState
from domain.territory import GovernanceMode

from .hostile import Making

_AREAS = [Decimal("0.01"), Decimal("9999999999.99")]
_DAYS = [date(2024, 2, 29), date(2999, 12, 31)]


async def fill_marks(m: Making, organisations: list[models.Organisation]) -> None:
    """Of every street a service or two; of every compound a place in one, duties and terms."""
    bodies = [each.id for each in organisations]
    for compound in await models.Compound.all().order_by("id"):
        place: dict[str, Any] = {"street_id": compound.street_id}
        service = await models.AreaService.create(
            id=m.id(models.AreaService),
            name=m.text(),
            services=m.of([["FULL"], []]),
            contract_number=m.code(),
            starts_on=m.of([date(2020, 1, 1), date(2024, 2, 29)]),
            ends_on=m.maybe(_DAYS),
            organisation_id=m.of(bodies),
            **place,
        )
        away = m.of([True, False])
        cost = await models.AreaServiceCost.create(
            id=m.id(models.AreaServiceCost),
            title=m.text(),
            total=m.of([Decimal("0.01"), Decimal("999999999999.99")]),
            period_from=date(2024, 2, 29),
            period_to=m.of(_DAYS),
            shared_at=m.moment(),
            withdrawn_at=m.moment() if away else None,
            withdrawn_why=m.code() if away else "",
            area_service_id=service.id,
            **place,
        )
        place["compound_id"] = compound.id
        for n in range(m.of([1, 2])):
            joins: dict[str, Any] = {"joins_on": date(2020 + n, 1, 1), "leaves_on": date(2020 + n, 2, 29 - n)}
            area = m.of(_AREAS)
            await models.AreaServiceMember.create(
                id=m.id(models.AreaServiceMember), area_m2=area, area_service_id=service.id, **joins, **place
            )
            amount = m.of([Decimal("0.00"), Decimal("999999999999.99")])
            days = m.of([1, 2147483647])
            await models.AreaServiceShare.create(
                id=m.id(models.AreaServiceShare), area_m2=area, days=days, amount=amount, cost_id=cost.id, **place
            )
            state = m.of([CompoundDutyState.OPEN, CompoundDutyState.DONE])
            await models.CompoundDuty.create(
                id=m.id(models.CompoundDuty),
                state=state,
                what=m.text(),
                note=m.text(),
                due_on=m.of(_DAYS),
                ended_at=m.moment() if state is CompoundDutyState.DONE else None,
                organisation_id=m.of(bodies),
                **place,
            )
        for first, last in m.of([((None, date(2024, 2, 29)), (date(2024, 3, 1), None)), ((None, None),)]):
            await models.GovernanceTerm.create(
                id=m.id(models.GovernanceTerm), mode=m.of(GovernanceMode), starts_on=first, ends_on=last, basis=m.text(), **place
            )

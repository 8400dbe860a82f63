"""What is gone round: hostile words and answers, rounds that open at one moment, counts at the edge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import models
from domain.rounds import RoundBasis, RoundKind, RoundMeasure, RoundSource, RoundState, ScanFault, ScanSource

from .hostile import MOMENTS, Making

_DAYS = (date(2024, 2, 29), date(2024, 2, 29), date(2026, 12, 31))


async def fill_rounds(m: Making, organisations: list[models.Organisation]) -> None:
    """In some compounds."""
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    files = await models.File.all().order_by("id").values_list("id", flat=True)
    free = iter(files)
    named = [each.id for each in organisations]
    for compound in await models.Compound.all().order_by("id").limit(8):
        place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
        buildings = await models.Building.filter(compound_id=compound.id).order_by("id").values_list("id", flat=True)
        facilities = await models.Facility.filter(compound_id=compound.id).order_by("id").values_list("id", flat=True)
        for basis in (RoundBasis.CHECK, None, None):
            plan = await models.RoundPlan.create(
                id=m.id(models.RoundPlan),
                kind=m.of(RoundKind),
                name=m.text(),
                basis=basis,
                measure=m.of(RoundMeasure),
                every=m.of([1, 2147483647]),
                times=m.of([[], ["08:00"], ["\x01", "😀"]]),
                window_minutes=5,
                ordered=m.of([True, False]),
                asks_photo=m.of([True, False]),
                within_m=m.maybe([20, 2147483647]),
                clause=m.text(),
                starts_on=m.of(_DAYS),
                ends_on=m.maybe([date(2999, 12, 31)]),
                made_at=m.moment(),
                made_until=m.moment(),
                organisation_id=m.maybe(named),
                **place,
            )
            points = [await _point(m, plan, number, buildings, facilities, place) for number in range(m.of([0, 2, 3]))]
            for n in range(m.of([0, 1, 3])):
                await _round(m, plan, n, points, named, accounts, free, place)


async def _point(
    m: Making, plan: models.RoundPlan, number: int, buildings: Any, facilities: Any, place: Any
) -> models.RoundPoint:
    where = m.of([{"latitude": 29.3, "longitude": -180.0}, {}])
    return await models.RoundPoint.create(
        id=m.id(models.RoundPoint),
        number=number // 2,
        name=m.text(),
        place=m.text(),
        code=m.code(26),
        items=m.of([[], [{"code": m.text(), "en": m.text(), "zh-CN": m.text()}]]),
        added_at=m.moment(),
        ended_at=m.maybe(MOMENTS),
        fault=m.maybe(ScanFault),
        fault_at=m.maybe(MOMENTS),
        building_id=m.maybe(buildings),
        facility_id=m.maybe(facilities),
        plan_id=plan.id,
        **where,
        **place,
    )


async def _round(
    m: Making, plan: models.RoundPlan, n: int, points: list[models.RoundPoint], named: Any, accounts: Any, free: Any, place: Any
) -> None:
    opens = MOMENTS[0] + timedelta(microseconds=n)
    row = await models.Round.create(
        id=m.id(models.Round),
        kind=plan.kind,
        state=m.of([RoundState.DONE, RoundState.INCOMPLETE, RoundState.MISSED, RoundState.CANCELLED]),
        source=m.of(RoundSource),
        opens_at=opens,
        closes_at=opens + timedelta(hours=1),
        started_at=m.maybe(MOMENTS),
        ended_at=m.maybe(MOMENTS),
        points=m.of([0, 2147483647]),
        scanned=m.of([0, 3]),
        not_ok=m.of([0, 1]),
        left_out=m.text(),
        organisation_id=m.maybe(named),
        started_by_id=m.maybe(accounts),
        ended_by_id=m.maybe(accounts),
        plan_id=plan.id,
        **place,
    )
    for point in points:
        scan = await models.RoundScan.create(
            id=m.id(models.RoundScan),
            scanned_at=m.moment(),
            source=m.of(ScanSource),
            answers=m.of([[], [{"item": m.text(), "answer": "NOT_OK", "note": m.text()}]]),
            not_ok=m.of([0, 2147483647]),
            distance_m=m.maybe([0, 2147483647]),
            photo_id=next(free, None),
            point_id=point.id,
            round_id=row.id,
            **place,
        )
        await models.Hazard.filter(compound_id=plan.compound_id, scan_id=None).limit(1).update(scan_id=scan.id)

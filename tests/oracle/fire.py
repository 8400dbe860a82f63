"""Hazards, drills, pacts: hostile words, ties of moments, numbers at the edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.deadlines import DeadlineLevel
from domain.fire_drills import FireDrillKind, FireDrillState
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState

from .hostile import MOMENTS, Making


async def fill_fire(m: Making, organisations: list[models.Organisation]) -> None:
    """In every compound, some of which have buildings and facilities."""
    accounts = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for compound in await models.Compound.all().order_by("id"):
        within: dict[str, Any] = {"compound_id": compound.id}
        buildings = await models.Building.filter(**within).order_by("id").values_list("id", flat=True)
        facilities = await models.Facility.filter(**within).order_by("id").values_list("id", flat=True)
        alerts = await models.Alert.filter(**within).order_by("id").limit(4).values_list("id", flat=True)
        await _held(m, compound, organisations)
        for _ in range(m.of([2, 4])):
            state = m.of([HazardState.REPORTED, HazardState.CLOSED])
            closed = state is HazardState.CLOSED
            words = {name: m.text() for name in ("spot", "interim_measure", "remedy", "objection")}
            people = {name: m.maybe(accounts) for name in ("assignee_id", "found_by_id", "rectified_by_id", "closed_by_id")}
            given: dict[str, Any] = {
                "grade": m.of(HazardGrade),
                "state": state,
                "source": m.of(HazardSource),
                "outcome": HazardOutcome.NONE if closed else None,
                "level": m.maybe(DeadlineLevel),
                "what": m.code(),
                "found_count": m.of([1, 2147483647]),
                "reopened_count": m.of([0, 2147483647]),
                **{name: m.moment() for name in ("found_at", "last_found_at", "due_at")},
                **{name: m.maybe(MOMENTS) for name in ("assigned_at", "rectified_at")},
                "closed_at": m.moment() if closed else None,
                "facility_id": m.maybe(facilities),
                "building_id": m.maybe(buildings),
                "alert_id": m.maybe(alerts),
                "organisation_id": m.maybe([each.id for each in organisations]),
            }
            await models.Hazard.create(
                id=m.id(models.Hazard), **given, **words, **people, compound_id=compound.id, street_id=compound.street_id
            )


async def _held(m: Making, compound: models.Compound, organisations: list[models.Organisation]) -> None:
    place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
    for n in range(m.of([1, 3])):
        place["organisation_id"] = m.of([each.id for each in organisations])
        day = m.of([date(2024, 2, 29), date(2999, 12, 31)])
        went: dict[str, Any] = {"held_on": day, "participants": 2147483647, "residents": 0, "minutes": 1}
        held = m.of([True, False])
        state = FireDrillState.HELD if held else FireDrillState.PLANNED
        given: dict[str, Any] = {"kind": m.of(FireDrillKind), "state": state, "planned_on": day, "lessons": m.text()}
        given |= {"planned_at": m.moment(), **(went if held else {})}
        await models.FireDrill.create(id=m.id(models.FireDrill), **given, **place)
        signed: dict[str, Any] = {"signed_on": date(2020 + n, 2, 28), "ends_on": date(2020 + n, 3, 1), "homes_joined": n}
        await models.FirePact.create(id=m.id(models.FirePact), duties=m.of([["PATROL"], []]), **signed, **place)

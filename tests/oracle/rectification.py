"""Rectification lists and services beyond the contract: hostile words, ties of days, numbers at the edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.extra_services import ExtraServiceState
from domain.rectification import EvidencePhase, RectificationSource, RectificationState

from .hostile import MOMENTS, Making


async def fill_rectification(m: Making, organisations: list[models.Organisation]) -> None:
    """In every compound, some of which have facilities."""
    days = [date(2024, 2, 29), date(2999, 12, 31)]
    accounts = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for compound in await models.Compound.all().order_by("id"):
        place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
        facilities = await models.Facility.filter(compound_id=compound.id).order_by("id").values_list("id", flat=True)
        given: dict[str, Any] = {"title": m.code(), "source": m.of(RectificationSource), "made_on": m.of(days)}
        given |= {"made_at": m.moment(), "closed_at": m.maybe(MOMENTS)}
        rows = await models.RectificationList.create(id=m.id(models.RectificationList), **given, **place)
        for number in (1, 2147483647):
            dropped = m.of([True, False])
            item: dict[str, Any] = {
                "number": number,
                "state": RectificationState.DROPPED if dropped else RectificationState.OPEN,
                "what": m.code(),
                **{name: m.text() for name in ("place", "remedy", "objection")},
                "due_on": m.of(days),
                "asks_evidence": m.of([True, False]),
                "added_at": m.moment(),
                **{name: m.maybe(MOMENTS) for name in ("claimed_at", "reported_at")},
                "ended_at": m.moment() if dropped else None,
                "refused_count": m.of([0, 2147483647]),
                "list_id": rows.id,
                "organisation_id": m.maybe([each.id for each in organisations]),
                **{name: m.maybe(accounts) for name in ("claimed_by_id", "reported_by_id", "judged_by_id")},
                "facility_id": m.maybe(facilities),
            }
            made = await models.RectificationItem.create(id=m.id(models.RectificationItem), **item, **place)
            file = await models.File.create(
                id=m.id(models.File),
                subject_id=made.id,
                name=m.text(),
                media_type="image/png",
                size=1,
                sha256=f"{m.random.getrandbits(256):064x}",
                uploaded_at=m.moment(),
                **place,
            )
            shown: dict[str, Any] = {"phase": m.of(EvidencePhase), "added_at": m.moment(), "file_id": file.id, "item_id": made.id}
            await models.RectificationEvidence.create(id=m.id(models.RectificationEvidence), **shown, **place)
        confirmed = m.of([True, False])
        service: dict[str, Any] = {
            "state": ExtraServiceState.CONFIRMED if confirmed else ExtraServiceState.WITHDRAWN,
            "what": m.code(),
            "answer": m.text(),
            "done_on": m.of(days),
            "recorded_at": m.moment(),
            "judged_at": m.moment() if confirmed else None,
            "organisation_id": m.of([each.id for each in organisations]),
            "recorded_by_id": m.maybe(accounts),
        }
        await models.ExtraService.create(id=m.id(models.ExtraService), **service, **place)

"""Rectification lists and services beyond the contract in the compounds of the story."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.extra_services import ExtraServiceState
from domain.rectification import EvidencePhase, RectificationSource, RectificationState

from .desk import SERVERS, WORKERS, Desk
from .story import a_moment, planted
from .upkeep import attach


async def rectification(world: Desk) -> None:
    """In each compound a list with an item in every state, and two services."""
    for compound in "KLMPS":
        place = {"compound_id": world.stored[compound].id, "street_id": world.stored[compound].street_id}
        columns: dict[str, Any] = {
            "source": world.of(RectificationSource),
            "made_on": date(2024, 3, 1),
            "closed_at": a_moment(),
            **place,
        }
        made = await models.RectificationList.create(**planted(models.RectificationList, columns))
        name = f"list {made.id}"
        world.keep(name, made, world.told[compound].street, compound, links={"compound": world.told[compound]})
        await world.done(name, compound, WORKERS[compound])
        for number, state in enumerate(RectificationState, 1):
            await _item(world, compound, name, number, state)
        for day, state in enumerate((ExtraServiceState.RECORDED, ExtraServiceState.CONFIRMED), 1):
            await _service(world, compound, state, date(2024, 4, day))


async def _item(world: Desk, compound: str, rows: str, number: int, state: RectificationState) -> None:
    told, stored, worker = world.told, world.stored, WORKERS[compound]
    facility = f"{compound} facility 1"
    claimed, ended = state is not RectificationState.OPEN, state in {RectificationState.ACCEPTED, RectificationState.DROPPED}
    columns: dict[str, Any] = {
        "number": number,
        "state": state,
        "due_on": date(2024, 5, number),
        "asks_evidence": True,
        "claimed_at": a_moment() if claimed else None,
        "reported_at": a_moment() if claimed else None,
        "ended_at": a_moment() if ended else None,
        "extension_until": date(2024, 6, 1) if state is RectificationState.CLAIMED else None,
        "list_id": stored[rows].id,
        "organisation_id": stored[SERVERS[compound]].id if claimed else None,
        "claimed_by_id": stored[worker].id if claimed else None,
        "reported_by_id": stored[worker].id if claimed and not ended else None,
        "judged_by_id": stored[worker].id if ended else None,
        "facility_id": stored[facility].id,
        "resolution_id": None,
        "compound_id": stored[compound].id,
        "street_id": stored[compound].street_id,
    }
    item = await models.RectificationItem.create(**planted(models.RectificationItem, columns))
    name = f"item {item.id}"
    links = {
        "list": told[rows],
        "facility": told[facility],
        "compound": told[compound],
        "organisation": told[SERVERS[compound]] if claimed else None,
        "claimedBy": told[worker] if claimed else None,
        "reportedBy": told[worker] if claimed and not ended else None,
        "judgedBy": told[worker] if ended else None,
    }
    world.keep(name, item, told[compound].street, compound, links=links)
    told[name].values["late"] = not ended
    await attach(world, compound, name)
    await world.done(name, compound, worker)
    file = await models.File.get(subject_id=item.id)
    shown: dict[str, Any] = {
        "phase": EvidencePhase.AFTER,
        "file_id": file.id,
        "item_id": item.id,
        "compound_id": stored[compound].id,
        "street_id": stored[compound].street_id,
    }
    evidence = await models.RectificationEvidence.create(**planted(models.RectificationEvidence, shown))
    around = {"item": told[name], "file": told[f"file {file.id}"], "compound": told[compound]}
    world.keep(f"evidence {evidence.id}", evidence, told[compound].street, compound, links=around)


async def _service(world: Desk, compound: str, state: ExtraServiceState, day: date) -> None:
    told, stored, worker = world.told, world.stored, WORKERS[compound]
    judged = state is ExtraServiceState.CONFIRMED
    columns: dict[str, Any] = {
        "state": state,
        "done_on": day,
        "judged_at": a_moment() if judged else None,
        "organisation_id": stored[SERVERS[compound]].id,
        "recorded_by_id": None if judged else stored[worker].id,
        "judged_by_id": stored[worker].id if judged else None,
        "compound_id": stored[compound].id,
        "street_id": stored[compound].street_id,
    }
    service = await models.ExtraService.create(**planted(models.ExtraService, columns))
    links = {
        "organisation": told[SERVERS[compound]],
        "recordedBy": None if judged else told[worker],
        "judgedBy": told[worker] if judged else None,
        "compound": told[compound],
    }
    world.keep(f"service {service.id}", service, told[compound].street, compound, links=links)
    await world.done(f"service {service.id}", compound, worker)

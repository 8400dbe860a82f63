"""What a round knows of its points, and how a scan is counted. The caller holds the round's row FOR UPDATE."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.hazards import HazardSource
from domain.rounds import KINDS, Answered, RoundAnswer, RoundMove, RoundState, ScanSource, completed, moved, unpacked
from models.facts import Actor, record
from models.hazards import report_found

from .rows import Round, RoundPlan, RoundPoint, RoundScan


async def points_of(round_: Round) -> list[RoundPoint]:
    """The points that are to be scanned on the round, in their order: those that its plan had when it opened, and has still."""
    points = RoundPoint.filter(plan_id=round_.plan_id, ended_at=None, added_at__lte=round_.opens_at)
    return await points.order_by("number", "id")


async def scanned_on(round_: Round) -> Mapping[str, RoundScan]:
    """What was scanned on the round, by point."""
    return {scan.point_id: scan for scan in await RoundScan.filter(round_id=round_.id)}


async def count_scan(
    actor: Actor,
    round_: Round,
    point: RoundPoint,
    answers: Sequence[Answered],
    at: datetime,
    source: ScanSource,
    **columns: Any,
) -> RoundScan:
    """Note that a point was scanned, and count it. What is wrong on a round that the fire code asks for is a hazard.

    Call it within ``ringing()``.
    """
    faults = [each for each in answers if each.answer is RoundAnswer.NOT_OK]
    scan = await RoundScan.create(
        scanned_at=at,
        source=source,
        answers=[each.packed() for each in answers],
        not_ok=len(faults),
        point_id=point.id,
        round_id=round_.id,
        compound_id=round_.compound_id,
        street_id=round_.street_id,
        **columns,
    )
    round_.scanned += 1
    round_.not_ok += len(faults)
    await round_.save(update_fields=["scanned", "not_ok"])
    if KINDS[round_.kind].lawful:
        for each in faults:
            await _find_hazard(actor, point, scan, each)
    return scan


async def _find_hazard(actor: Actor, point: RoundPoint, scan: RoundScan, fault: Answered) -> None:
    """Put what is wrong on record; found again at the same point while it is open, it is counted there."""
    words = {item.code: item.words for item in unpacked(point.items)}
    await report_found(
        actor,
        compound_id=point.compound_id,
        street_id=point.street_id,
        what=f"{words[fault.item].zh}：{fault.note}",
        spot=f"{point.name} {point.place}",
        source=HazardSource.ROUND,
        topic=f"round {point.id} {fault.item}",
        facility_id=point.facility_id,
        building_id=point.building_id,
        scan_id=scan.id,
        found_at=scan.scanned_at,
    )


async def is_complete(round_: Round, points: Sequence[RoundPoint]) -> bool:
    """Whether all of these points were scanned on the round, in their order where that matters."""
    plan = await RoundPlan.get(id=round_.plan_id)
    times = {scan.point_id: scan.scanned_at for scan in (await scanned_on(round_)).values()}
    return completed([point.id for point in points], times, ordered=plan.ordered)


async def move(actor: Actor, round_: Round, act: str, what: RoundMove, **changes: Any) -> Round:
    """Move the round and record it; refuses (ILLEGAL_MOVE) what the state table forbids."""
    before = {"state": round_.state, "version": round_.version}
    round_.update_from_dict({"state": moved(round_.state, what), "version": round_.version + 1, **changes})
    await round_.save(update_fields=["state", "version", *changes])
    after: dict[str, Any] = {"state": round_.state, "version": round_.version}
    if round_.state not in {RoundState.PLANNED, RoundState.UNDER_WAY}:
        after |= {"scanned": round_.scanned, "points": round_.points}
    await record(actor, act, round_, before=before, after=after)
    return round_

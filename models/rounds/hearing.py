"""Scans that companies' own patrol systems tell by event: counted by when they were made, whenever they are heard of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.refusals import Refused
from domain.rounds import (
    NOT_DONE,
    OPEN,
    Answered,
    RoundMove,
    RoundState,
    ScanFault,
    ScanSource,
    check_answers,
    unpacked,
)
from models.calendar import today
from models.facts import Actor

from .rows import Round, RoundPlan, RoundPoint
from .scans import count_scan, is_complete, move, points_of, scanned_on
from .sides import responsible


@dataclass(frozen=True)
class Heard:
    """A point was scanned at a moment, as the organisation tells."""

    point_id: str
    at: datetime
    organisation_id: str
    answers: Sequence[Answered] = ()


async def hear(actor: Actor, heard: Iterable[Heard]) -> None:
    """Count these scans, inside the caller's transaction, within ``ringing()``. One that is known already changes nothing.

    A round sets out with its first scan and is done with its last, also if it was taken for missed meanwhile. Why one does not
    count is noted with its point.
    """
    scans = sorted(heard, key=lambda each: (each.at, each.point_id))
    if not scans:
        return
    points = {point.id: point for point in await RoundPoint.filter(id__in={each.point_id for each in scans})}
    plans = {plan.id: plan for plan in await RoundPlan.filter(id__in={point.plan_id for point in points.values()})}
    if not points:
        return
    near = Round.filter(plan_id__in=list(plans), opens_at__lte=scans[-1].at, closes_at__gt=scans[0].at)
    rounds = await near.order_by("id").select_for_update()
    goes = await responsible(list(plans), today())
    for each in scans:
        point = points.get(each.point_id)
        if point is None:
            continue
        round_ = _round_at(rounds, point.plan_id, each.at)
        fault = await _count(actor, round_, plans[point.plan_id], point, each, goes)
        if fault is not None:
            point.fault, point.fault_at = fault, each.at
            await point.save(update_fields=["fault", "fault_at"])


def _round_at(rounds: Iterable[Round], plan_id: str, at: datetime) -> Round | None:
    """The round of the plan at a moment: one that may still be gone first, then the newest."""
    found = [
        each
        for each in rounds
        if each.plan_id == plan_id and each.opens_at <= at < each.closes_at and each.state is not RoundState.CANCELLED
    ]
    return max(found, key=lambda each: (each.state in OPEN, each.opens_at), default=None)


async def _count(
    actor: Actor,
    round_: Round | None,
    plan: RoundPlan,
    point: RoundPoint,
    heard: Heard,
    goes: Mapping[str, str | None],
) -> ScanFault | None:
    """Count a scan; why it does not count, if it does not."""
    if round_ is None:
        return ScanFault.NO_ROUND
    points = await points_of(round_)
    if point.id not in {each.id for each in points}:
        return ScanFault.NO_POINT
    who = goes[plan.id] if round_.state is RoundState.PLANNED else round_.organisation_id
    if heard.organisation_id != who:
        return ScanFault.OTHER_ORGANISATION
    if plan.asks_photo or (plan.within_m is not None and point.latitude is not None):
        return ScanFault.ON_PHONE
    scanned = await scanned_on(round_)
    if point.id in scanned:
        return None
    try:
        answers = check_answers(unpacked(point.items), heard.answers)
    except Refused:
        return ScanFault.ANSWERS
    if round_.state is RoundState.PLANNED:
        await move(actor, round_, "roundStart", RoundMove.START, started_at=heard.at, organisation_id=who)
    await count_scan(actor, round_, point, answers, heard.at, ScanSource.EVENT)
    if round_.state is RoundState.DONE:
        return None
    ends = {"ended_at": max([heard.at, *(scan.scanned_at for scan in scanned.values())]), "points": len(points)}
    if await is_complete(round_, points):
        await move(actor, round_, "roundFinish", RoundMove.COMPLETE, **ends, left_out="")
    elif round_.state in NOT_DONE:
        await move(actor, round_, "roundFinish", RoundMove.HEAR_LATE, started_at=round_.started_at or heard.at, **ends)
    return None

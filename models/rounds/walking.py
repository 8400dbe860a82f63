"""A round on a phone: set out, scan point by point, come back; and rounds that are opened by hand, or cancelled.

Every act takes the round's row under lock first, so of two phones one waits for the other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.points import Point, check_point, distance_m
from domain.refusals import RefusalCode, Refused
from domain.rounds import (
    Answered,
    RoundMove,
    RoundSource,
    RoundState,
    ScanSource,
    check_answers,
    check_time,
    invalid,
    moved,
    unpacked,
)
from domain.texts import written
from domain.words import Text
from models.calendar import now, today, zone
from models.connection import constrained
from models.facts import record
from models.permits import actor_of, not_found, permitted, unchanged
from models.work import ringing

from .photos import check_photo
from .points import living_plan
from .rows import Round, RoundPlan, RoundPoint, RoundScan
from .scans import count_scan, is_complete, move, points_of, scanned_on
from .sides import check_apart, check_walker, responsible

REASON_MAX = 500


@dataclass(frozen=True)
class Scan:
    """What a phone tells of a point. ``code``: what its QR code holds. ``at``: where the phone is; compared, and not kept."""

    code: str
    answers: Sequence[Answered] = ()
    photo_id: str | None = None
    at: Point | None = None


async def start(viewer: Viewer, round_id: str, *, expected_version: int | None = None) -> Round:
    """Set out. Who goes is settled now: whoever the plan names or serves the compound today.

    Whoever set out already gets the round as it is. Refuses NOT_FOUND, FORBIDDEN, INVALID (another organisation goes it),
    ILLEGAL_MOVE (before its time or after it; another has set out) and STALE_VERSION.
    """
    async with in_transaction():
        round_ = await permitted(Round, round_id, viewer, "roundStart")
        if round_.state is RoundState.UNDER_WAY and round_.started_by_id == viewer.account_id:
            return round_
        unchanged(round_.version, expected_version)
        moved(round_.state, RoundMove.START)
        goes = (await responsible([round_.plan_id], today()))[round_.plan_id]
        await check_walker(viewer, goes, round_.compound_id)
        moment = now()
        check_time(round_.opens_at.astimezone(zone()), round_.closes_at.astimezone(zone()), moment)
        changes = {"started_at": moment, "started_by_id": viewer.account_id, "organisation_id": goes}
        return await move(actor_of(viewer), round_, "roundStart", RoundMove.START, **changes)


async def scan(viewer: Viewer, round_id: str, given: Scan) -> RoundScan:
    """Scan a point of the round that is under way. Of a point that was scanned already the first scan stands, and is answered.

    Refuses NOT_FOUND (no such round; the code is of no point of it), FORBIDDEN, INVALID (another organisation goes it; answers
    that are missing or of nothing; a place or a photo that is missing, or not asked for; from elsewhere; out of order) and
    ILLEGAL_MOVE (nobody has set out, or its time has passed).
    """
    async with ringing(), in_transaction():
        round_ = await permitted(Round, round_id, viewer, "roundScan")
        if round_.state is not RoundState.UNDER_WAY:
            raise _not_under_way(round_)
        await check_walker(viewer, round_.organisation_id, round_.compound_id)
        moment = now()
        check_time(round_.opens_at.astimezone(zone()), round_.closes_at.astimezone(zone()), moment)
        points = await points_of(round_)
        point = next((each for each in points if each.code == given.code), None)
        if point is None:
            raise not_found(("code",))
        before = await scanned_on(round_)
        if point.id in before:
            return before[point.id]
        plan = await RoundPlan.get(id=round_.plan_id)
        if plan.ordered:
            _check_next(points, before.keys(), point)
        answers = check_answers(unpacked(point.items), given.answers)
        distance = _distance(plan, point, given.at)
        await check_photo(viewer, round_, plan, given.photo_id)
        columns = {"distance_m": distance, "photo_id": given.photo_id}
        return await count_scan(actor_of(viewer), round_, point, answers, moment, ScanSource.PHONE, **columns)


async def finish(viewer: Viewer, round_id: str, *, left_out: str = "", expected_version: int | None = None) -> Round:
    """Come back. ``left_out``: why points were left out; needed where some were, and only there.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (another organisation goes it; points were left out and nothing is said of it),
    ILLEGAL_MOVE (of two who finish it the second) and STALE_VERSION.
    """
    async with in_transaction():
        round_ = await permitted(Round, round_id, viewer, "roundFinish")
        unchanged(round_.version, expected_version)
        if round_.state is not RoundState.UNDER_WAY:
            raise _not_under_way(round_)
        await check_walker(viewer, round_.organisation_id, round_.compound_id)
        points, why = await points_of(round_), written(left_out, "left_out", REASON_MAX, least=0)
        complete = await is_complete(round_, points)
        if not complete and not why:
            before = await scanned_on(round_)
            missing = [point for point in points if point.id not in before]
            raise invalid(
                ("left_out",),
                Text(
                    f"Not scanned: {', '.join(point.name for point in missing[:5])}{' …' if len(missing) > 5 else ''}.",
                    f"尚未扫描：{'、'.join(point.name for point in missing[:5])}{' 等' if len(missing) > 5 else ''}。",
                ),
                Text("Scan them, or say why they were left out.", "请补扫，或说明未到原因。"),
            )
        changes = {
            "ended_at": now(),
            "ended_by_id": viewer.account_id,
            "points": len(points),
            "left_out": "" if complete else why,
        }
        what = RoundMove.COMPLETE if complete else RoundMove.BREAK_OFF
        return await move(actor_of(viewer), round_, "roundFinish", what, **changes)


async def open_round(viewer: Viewer, plan_id: str) -> Round:
    """Open a round beyond the plan, from now on, to make up for one that was missed.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (another organisation goes it), ILLEGAL_MOVE (the plan has ended, has not begun or has
    no points) and CONFLICT (one is open, or opens within minutes).
    """
    async with in_transaction():
        plan = await living_plan(viewer, plan_id, "roundOpen", "plan_id")
        moment = now()
        if plan.starts_on > today() or not await RoundPoint.exists(plan_id=plan.id, ended_at=None, added_at__lte=moment):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The plan has not begun, or has no points.", "该计划尚未开始，或没有点位。"),
                path=("plan_id",),
                hint=Text(f"It begins on {plan.starts_on}.", f"开始日期：{plan.starts_on}。"),
            )
        goes = (await responsible([plan.id], today()))[plan.id]
        await check_walker(viewer, goes, plan.compound_id)
        closes = moment + timedelta(minutes=plan.window_minutes)
        following = await Round.filter(plan_id=plan.id, opens_at__gt=moment).exclude(state=RoundState.CANCELLED)
        row = Round(
            kind=plan.kind,
            state=RoundState.PLANNED,
            source=RoundSource.HAND,
            opens_at=moment,
            closes_at=min([closes, *(each.opens_at for each in following)]),
            organisation_id=goes,
            plan_id=plan.id,
            compound_id=plan.compound_id,
            street_id=plan.street_id,
        )
        taken = Refused(
            RefusalCode.CONFLICT,
            Text("A round of this plan is open now.", "该计划已有进行中或待执行的巡查。"),
            path=("plan_id",),
            hint=Text("Go that one.", "请执行该次巡查。"),
        )
        async with constrained(taken):
            await row.save()
        await record(actor_of(viewer), "roundOpen", row, after={"kind": row.kind, "state": row.state})
        return row


async def cancel(viewer: Viewer, round_id: str, reason: str, *, expected_version: int | None = None) -> Round:
    """Say that a round need not be gone, and why: it counts neither as done nor as missed. By an office, never by who goes it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (their own organisation goes it; no reason), ILLEGAL_MOVE (it is over) and
    STALE_VERSION.
    """
    async with in_transaction():
        round_ = await permitted(Round, round_id, viewer, "roundCancel")
        unchanged(round_.version, expected_version)
        check_apart(viewer, round_)
        moved(round_.state, RoundMove.CANCEL)
        given = written(reason, "reason", REASON_MAX)
        changes = {"ended_at": now(), "ended_by_id": viewer.account_id, "left_out": given}
        return await move(actor_of(viewer), round_, "roundCancel", RoundMove.CANCEL, **changes)


def _not_under_way(round_: Round) -> Refused:
    planned = round_.state is RoundState.PLANNED
    return Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"The round is {round_.state}: nobody is on the way.", f"该巡查{round_.state.zh}，未在进行中。"),
        path=("id",),
        hint=Text("Set out first (roundStart).", "请先开始巡查（roundStart）。")
        if planned
        else Text("Go the next one, or open one to make up for it (roundOpen).", "请执行下一次巡查，或补巡（roundOpen）。"),
    )


def _check_next(points: Sequence[RoundPoint], scanned: Collection[str], point: RoundPoint) -> None:
    """Refuses (INVALID) a point whose turn has not come."""
    following = next(each for each in points if each.id not in scanned)
    if following.id != point.id:
        raise invalid(
            ("code",),
            Text(f"{point.name} is not next: {following.name} is.", f"应先扫描“{following.name}”，而非“{point.name}”。"),
            Text("Keep to the order of the points.", "请按点位顺序巡查。"),
        )


def _distance(plan: RoundPlan, point: RoundPoint, at: Point | None) -> int | None:
    """How far from the point they stand, in metres, where that is asked for. Refuses (INVALID) too far."""
    asked = plan.within_m is not None and point.latitude is not None and point.longitude is not None
    if asked != (at is not None):
        raise invalid(
            ("latitude",),
            Text("Where you stand is not said.", "未提供位置。")
            if asked
            else Text("Where you stand is not asked for.", "此点位不要求提供位置。"),
            Text("Give latitude and longitude: the plan asks for them.", "计划要求提供位置，请填写经纬度。")
            if asked
            else Text("Leave the location out.", "请勿填写位置。"),
        )
    if at is None or plan.within_m is None or point.latitude is None or point.longitude is None:
        return None
    check_point(at)
    metres = round(distance_m(Point(point.latitude, point.longitude), at))
    if metres > plan.within_m:
        raise invalid(
            ("latitude",),
            Text(
                f"You are {metres} m from {point.name}; {plan.within_m} m at most is near enough.",
                f"您距“{point.name}”{metres} 米，超过 {plan.within_m} 米。",
            ),
            Text("Scan the code where it hangs.", "请到现场扫码。"),
        )
    return metres

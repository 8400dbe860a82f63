"""What people do to a hazard: say who puts it right, report it put right, look again, dismiss it.

Every act takes the hazard's row under lock and raises its version by one. ``expected_version`` None: whatever the version is.
"""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.hazards import (
    DISMISSED_AS,
    GRAVE,
    SAID_MAX,
    HazardGrade,
    HazardMove,
    HazardOutcome,
    HazardState,
    check_deadline,
    check_evidence,
    check_measure,
    invalid,
    moved,
)
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.upkeep.sides import may_do, works_for
from models.work import ringing

from .limits import limits_of, restart
from .rows import Hazard
from .sides import check_apart, check_assignee, check_concerned, chosen, official
from .telling import tell_of_assignment, tell_of_return

#: $1: hazard, $2: since when it is with whoever puts it right.
_EVIDENCE = "SELECT count(*)::int AS files FROM file WHERE subject_id = $1 AND removed_at IS NULL AND uploaded_at >= $2"


async def assign(
    viewer: Viewer,
    hazard_id: str,
    *,
    organisation_id: str | None = None,
    assignee_id: str | None = None,
    due_at: datetime | None = None,
    interim_measure: str | None = None,
    expected_version: int | None = None,
) -> Hazard:
    """Say which organisation puts it right, who of it, by when, and what is done until then; what is None stays as it is.

    By an office, by whoever handles the compound, or by whose it is now; these name themselves or who serves the compound, and do
    not put it off. Refuses NOT_FOUND, FORBIDDEN, INVALID (organisation, person, deadline; a major hazard without an interim
    measure), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        hazard = await _taken(viewer, hazard_id, "hazardAssign", expected_version)
        is_official = official(viewer, "hazardAssign", hazard)
        if not is_official:
            await check_concerned(viewer, hazard)
        state, moment = moved(hazard.state, HazardMove.ASSIGN), now()
        before = hazard.organisation_id
        hazard.organisation_id = await chosen(viewer, hazard, organisation_id, official=is_official)
        if assignee_id is not None:
            await check_assignee(viewer, assignee_id, hazard)
        elif hazard.organisation_id == before:
            assignee_id = hazard.assignee_id
        measure = (
            hazard.interim_measure if interim_measure is None else written(interim_measure, "interim_measure", SAID_MAX, least=0)
        )
        measure = check_measure(hazard.grade, measure)
        anew = hazard.assigned_at is None or hazard.organisation_id != before
        if due_at is not None:
            due_at = check_deadline(due_at, hazard.due_at, moment, may_extend=is_official)
        changes: dict[str, Any] = {
            "state": state,
            "organisation_id": hazard.organisation_id,
            "assignee_id": assignee_id,
            "interim_measure": measure,
            "assigned_at": moment if anew else hazard.assigned_at,
            "due_at": due_at or hazard.due_at,
        }
        changed = await _move(viewer, hazard, "hazardAssign", changes)
        await tell_of_assignment(changed)
        return changed


async def set_grade(
    viewer: Viewer, hazard_id: str, grade: HazardGrade, *, interim_measure: str = "", expected_version: int | None = None
) -> Hazard:
    """Say how bad it is; its deadline follows: sooner for what is worse, and later only by an office that does not put it right.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whose say it is not; a major hazard in hand without an interim measure), ILLEGAL_MOVE
    and STALE_VERSION. The grade that it has already changes nothing.
    """
    async with ringing(), in_transaction():
        hazard = await _taken(viewer, hazard_id, "hazardSetGrade", expected_version)
        milder = grade not in GRAVE and hazard.grade in GRAVE
        if milder:
            check_apart(
                viewer, "hazardSetGrade", hazard, Text("A milder grade is not yours to say.", "降低隐患等级不由您所在单位决定。")
            )
        elif not official(viewer, "hazardSetGrade", hazard):
            await check_concerned(viewer, hazard)
        state = moved(hazard.state, HazardMove.GRADE)
        if grade is hazard.grade:
            return hazard
        hazard.grade, moment = grade, now()
        measure = written(interim_measure, "interim_measure", SAID_MAX, least=0) or hazard.interim_measure
        if state is not HazardState.REPORTED:
            measure = check_measure(grade, measure)
        held = await limits_of(hazard)
        due_at = max(hazard.due_at, hazard.found_at + held.rectify) if milder else min(hazard.due_at, moment + held.rectify)
        changes = {"state": state, "grade": grade, "interim_measure": measure, "due_at": due_at}
        changed = await _move(viewer, hazard, "hazardSetGrade", changes)
        await tell_of_assignment(changed)
        return changed


async def rectify(viewer: Viewer, hazard_id: str, remedy: str, *, expected_version: int | None = None) -> Hazard:
    """Report it put right, and how; it is to be looked at again by somebody else.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (it is another organisation's; no words; a major hazard without evidence that was
    attached since it is theirs), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        hazard = await _taken(viewer, hazard_id, "hazardRectify", expected_version)
        state, moment = moved(hazard.state, HazardMove.RECTIFY), now()
        owner = hazard.organisation_id
        if owner is None or owner not in works_for(viewer) or not await may_do(owner, hazard.compound_id, today()):
            raise invalid(
                "id",
                Text(
                    "It is another organisation's, or that serves the compound no more.",
                    "该隐患由其他单位整改，或其服务关系已终止。",
                ),
                Text("Let it be assigned to your organisation first.", "请先将该隐患派发给您所在的单位。"),
            )
        (shown,) = await query(_EVIDENCE, hazard.id, hazard.assigned_at)
        check_evidence(hazard.grade, shown["files"])
        changes = {
            "state": state,
            "remedy": written(remedy, "remedy", SAID_MAX),
            "rectified_at": moment,
            "rectified_by_id": viewer.account_id,
            "recheck_by": moment + (await limits_of(hazard)).recheck,
            "objection": "",
        }
        return await _move(viewer, hazard, "hazardRectify", changes)


async def recheck(viewer: Viewer, hazard_id: str, *, passed: bool, note: str = "", expected_version: int | None = None) -> Hazard:
    """Look at it again: it is gone, or it is still there and open again. Never by whoever put it right, and of a major hazard
    by an office that did not.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who may not say so; no note of what is still there), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        hazard = await _taken(viewer, hazard_id, "hazardRecheck", expected_version)
        state, moment = moved(hazard.state, HazardMove.PASS if passed else HazardMove.FAIL), now()
        if viewer.account_id == hazard.rectified_by_id:
            raise invalid(
                "id",
                Text("Whoever put it right does not say that it is gone.", "整改人不能复查自己的整改。"),
                Text("Let somebody else look at it again.", "请由他人复查。"),
            )
        if hazard.grade in GRAVE:
            check_apart(
                viewer,
                "hazardRecheck",
                hazard,
                Text("A major hazard is looked at again by an office.", "重大隐患由社区或街道复查。"),
            )
        elif not official(viewer, "hazardRecheck", hazard):
            await check_concerned(viewer, hazard)
        said = written(note, "note", SAID_MAX, least=0 if passed else 1)
        if passed:
            changes = {"outcome": HazardOutcome.RECTIFIED, "closed_at": moment, "closed_by_id": viewer.account_id}
        else:
            changes = {"objection": said, "assigned_at": moment, "reopened_count": hazard.reopened_count + 1}
        changed = await _move(viewer, hazard, "hazardRecheck", {"state": state, "recheck_by": None, **changes})
        if not passed:
            await tell_of_return(changed)
        return changed


async def dismiss(
    viewer: Viewer, hazard_id: str, outcome: HazardOutcome, reason: str, *, expected_version: int | None = None
) -> Hazard:
    """Say that it is no hazard, or on record already; by an office that is not to put it right.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who may not say so, another outcome, no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        hazard = await _taken(viewer, hazard_id, "hazardDismiss", expected_version)
        check_apart(viewer, "hazardDismiss", hazard, Text("That is not yours to say.", "撤销隐患不由您所在单位决定。"))
        state = moved(hazard.state, HazardMove.DISMISS)
        if outcome not in DISMISSED_AS:
            raise invalid(
                "outcome",
                Text("That is how a hazard ends that was looked at again.", "该结果仅适用于复查通过的隐患。"),
                Text(f"Choose {' or '.join(sorted(DISMISSED_AS))}.", "可选：不属隐患、重复上报。"),
            )
        changes = {
            "state": state,
            "outcome": outcome,
            "objection": written(reason, "reason", SAID_MAX),
            "closed_at": now(),
            "closed_by_id": viewer.account_id,
        }
        return await _move(viewer, hazard, "hazardDismiss", changes)


async def _taken(viewer: Viewer, hazard_id: str, act: str, expected_version: int | None) -> Hazard:
    hazard = await permitted(Hazard, hazard_id, viewer, act)
    unchanged(hazard.version, expected_version)
    return hazard


async def _move(viewer: Viewer, hazard: Hazard, act: str, changes: dict[str, Any]) -> Hazard:
    """Write the changes, let its clock follow, and record them; ``hazard`` may hold some of them already."""
    stored = await Hazard.get(id=hazard.id)
    shown = ("state", "grade", "outcome", "due_at", "organisation_id", "assignee_id", "version")
    hazard.update_from_dict({**changes, "version": stored.version + 1})
    if (hazard.waits_until, hazard.state) != (stored.waits_until, stored.state):
        restart(hazard)
    await hazard.save(update_fields=[*changes, "version", "level", "climbs_at"])
    told = [name for name in shown if getattr(stored, name) != getattr(hazard, name)]
    before, after = ({name: _plain(getattr(row, name)) for name in told} for row in (stored, hazard))
    await record(actor_of(viewer), act, hazard, before=before, after=after)
    return hazard


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value

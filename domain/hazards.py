"""Hazards (隐患): what was found, how bad it is, who puts it right, and who looks whether that is so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.deadlines import LADDER, DeadlineLevel
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

WHAT_MAX, SPOT_MAX, SAID_MAX, TOPIC_MAX = 500, 200, 500, 120
#: The furthest that a deadline set by hand may lie ahead.
AHEAD = timedelta(days=366)


class HazardGrade(Word):
    """How bad a hazard is."""

    GENERAL = "GENERAL", "一般隐患", "Small harm, or easily put right."
    MAJOR = "MAJOR", "重大隐患", "Great harm, or not to be put right at once: needs an interim measure and evidence."


class HazardState(Word):
    """Where a hazard stands."""

    REPORTED = "REPORTED", "待派发", "Found; nobody has said who puts it right."
    ASSIGNED = "ASSIGNED", "整改中", "Somebody is to put it right."
    RECTIFIED = "RECTIFIED", "待复查", "Put right, as whoever did it says; to be looked at again."
    CLOSED = "CLOSED", "已销案", "Looked at again and found to be gone, or dismissed."


class HazardMove(Word):
    """What can be done to a hazard."""

    ASSIGN = "ASSIGN", "派发", "Say who puts it right, and by when."
    GRADE = "GRADE", "定级", "Say how bad it is."
    RECTIFY = "RECTIFY", "报告整改", "Report it put right."
    PASS = "PASS", "复查通过", "Look at it again: it is gone."
    FAIL = "FAIL", "复查不通过", "Look at it again: it is still there."
    DISMISS = "DISMISS", "撤销", "Say that it is none, or the same as another."


class HazardSource(Word):
    """How a hazard came to be known."""

    ROUND = "ROUND", "巡查发现", "A round found it."
    PERSON = "PERSON", "人工上报", "Somebody on duty saw it."
    ALERT = "ALERT", "告警转入", "An alert led to it."


class HazardOutcome(Word):
    """How a hazard came to its end."""

    RECTIFIED = "RECTIFIED", "已整改", "It was put right."
    NONE = "NONE", "不属隐患", "It was no hazard."
    DUPLICATE = "DUPLICATE", "重复上报", "It was on record already."


_S, _M = HazardState, HazardMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[HazardState, Mapping[HazardMove, HazardState]] = {
    _S.REPORTED: {_M.ASSIGN: _S.ASSIGNED, _M.GRADE: _S.REPORTED, _M.DISMISS: _S.CLOSED},
    _S.ASSIGNED: {_M.ASSIGN: _S.ASSIGNED, _M.GRADE: _S.ASSIGNED, _M.RECTIFY: _S.RECTIFIED, _M.DISMISS: _S.CLOSED},
    _S.RECTIFIED: {_M.PASS: _S.CLOSED, _M.FAIL: _S.ASSIGNED},
    _S.CLOSED: {},
}
#: Not over yet.
OPEN = frozenset(HazardState) - {_S.CLOSED}
#: What people dismiss a hazard as.
DISMISSED_AS = frozenset({HazardOutcome.NONE, HazardOutcome.DUPLICATE})
#: Of these grades an interim measure is asked for before anybody is at work, evidence before they are done, and an office
#: looks again.
GRAVE = frozenset({HazardGrade.MAJOR})


def invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


def moved(state: HazardState, move: HazardMove) -> HazardState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A hazard that is {state} does not allow {move}.", f"隐患{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Nothing more can be done to it; report a new one.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该隐患已销案，请另行上报。",
        ),
    )


def check_measure(grade: HazardGrade, measure: str) -> str:
    """The interim measure as it is kept. Refuses (INVALID) none where the grade asks for one."""
    if measure or grade not in GRAVE:
        return measure
    raise invalid(
        "interim_measure",
        Text("A major hazard needs an interim measure until it is put right.", "重大隐患整改期间须有临时措施。"),
        Text(
            "Say what keeps people safe until then: a watch, a barrier, power cut off at the part.",
            "请填写临时防范措施，如专人看守、隔离、局部断电。",
        ),
    )


def check_evidence(grade: HazardGrade, files: int) -> None:
    """Refuses (INVALID) to report a grave hazard put right without a file that shows it."""
    if files or grade not in GRAVE:
        return
    raise invalid(
        "id",
        Text("A major hazard is not reported put right without evidence.", "重大隐患报告整改须有证明材料。"),
        Text("Attach a photo or a document to the hazard first (POST /files).", "请先为该隐患上传照片或文件（POST /files）。"),
    )


def check_deadline(due_at: datetime, usual: datetime, now: datetime, *, may_extend: bool) -> datetime:
    """A deadline set by hand. Refuses (INVALID) one that has passed, or lies too far ahead; and one later than the ``usual`` from
    whoever may not put it off."""
    if due_at <= now or due_at > now + AHEAD:
        raise invalid(
            "due_at",
            Text("A deadline lies in the coming year.", "整改期限须在今后一年之内。"),
            Text("Give a time to come, within a year.", "请填写一年以内的将来时间。"),
        )
    if due_at > usual and not may_extend:
        raise invalid(
            "due_at",
            Text("A later deadline is not for your organisation to set.", "延长整改期限不由您所在单位决定。"),
            Text(
                "Ask the community's or the street's office, or choose an earlier time.", "请联系社区或街道，或填写更早的时间。"
            ),
        )
    return due_at


@dataclass(frozen=True)
class Limits:
    """The figures of a grade at a place: by when it is put right and looked at again, and when its lateness climbs."""

    rectify: timedelta
    recheck: timedelta
    community: timedelta
    street: timedelta


def limits(figures: Mapping[str, float]) -> Limits:
    """The limits that the figures of the grade's rule tell."""
    return Limits(
        timedelta(days=figures["days"]),
        timedelta(days=figures["recheck_days"]),
        timedelta(hours=figures["community_hours"]),
        timedelta(hours=figures["street_hours"]),
    )


def climbed(first: DeadlineLevel, due: datetime, now: datetime, limits: Limits) -> tuple[DeadlineLevel | None, datetime | None]:
    """To whom a hazard has climbed that was due at ``due``, and when it climbs next; None: nobody yet; never.

    ``first``: with whom it is while there is time. A level is passed over that is below it.
    """
    after = {DeadlineLevel.COMPANY: timedelta(0), DeadlineLevel.COMMUNITY: limits.community, DeadlineLevel.STREET: limits.street}
    level: DeadlineLevel | None = None
    for above in LADDER[LADDER.index(first) :]:
        moment = due if above is first else due + after[above]
        if moment > now:
            return level, moment
        level = above
    return level, None

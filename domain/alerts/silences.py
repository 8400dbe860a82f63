"""Silences: what is kept quiet, from when to when, and why. What is CRITICAL is never kept quiet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

from .words import Severity

REASON_MAX = 500
#: What lasts longer is no longer a silence but a rule that is wrong.
LONGEST = timedelta(days=30)
#: The same of an alert that is put aside.
SHELVED_LONGEST = timedelta(days=7)
AHEAD = timedelta(days=90)


class SilenceStanding(Word):
    """Where a silence stands at a moment."""

    PLANNED = "PLANNED", "未开始", "It is to come."
    RUNNING = "RUNNING", "生效中", "It keeps quiet what it covers."
    OVER = "OVER", "已结束", "It keeps nothing quiet any more."


class SilenceMove(Word):
    """What a person can do to a silence."""

    END = "END", "结束", "Let it keep nothing quiet any more."


#: Every standing has a row: whether the move changes anything there. To end what is over changes nothing and is no fault.
MOVES: Mapping[SilenceStanding, Mapping[SilenceMove, SilenceStanding]] = {
    SilenceStanding.PLANNED: {SilenceMove.END: SilenceStanding.OVER},
    SilenceStanding.RUNNING: {SilenceMove.END: SilenceStanding.OVER},
    SilenceStanding.OVER: {SilenceMove.END: SilenceStanding.OVER},
}


def standing(starts_at: datetime, ends_at: datetime, now: datetime) -> SilenceStanding:
    """Where a silence from ``starts_at`` (included) to ``ends_at`` (not included) stands."""
    if now >= ends_at:
        return SilenceStanding.OVER
    return SilenceStanding.RUNNING if now >= starts_at else SilenceStanding.PLANNED


@dataclass(frozen=True)
class Subject:
    """What an alert is of, as far as silences go."""

    street_id: str
    compound_id: str
    module: str
    rule: str
    device_id: str | None
    severity: Severity


@dataclass(frozen=True)
class Matcher:
    """What a silence covers: what all that is named here holds of. ``worst``: nothing worse than this."""

    street_id: str
    compound_id: str | None = None
    module: str | None = None
    rule: str | None = None
    device_id: str | None = None
    worst: Severity = Severity.MAJOR

    def covers(self, subject: Subject) -> bool:
        """Whether it keeps an alert quiet; never one that is CRITICAL, whatever is stored."""
        if subject.severity is Severity.CRITICAL or subject.severity.worse_than(self.worst):
            return False
        named = ((self.compound_id, subject.compound_id), (self.module, subject.module), (self.rule, subject.rule))
        pairs = ((self.street_id, subject.street_id), *named, (self.device_id, subject.device_id))
        return all(mine is None or mine == theirs for mine, theirs in pairs)


def check_matcher(matcher: Matcher, critical_rules: Collection[str]) -> None:
    """Refuses (INVALID, naming the field) a silence of nothing in particular, and one that is meant to hide what is critical.

    ``critical_rules``: those whose alerts are always CRITICAL: smoke, gas, trapped passengers.
    """
    if matcher.worst is Severity.CRITICAL or matcher.rule in critical_rules:
        raise _invalid(
            "rule" if matcher.rule in critical_rules else "worst",
            Text(
                "What is critical, fire and trapped passengers above all, is never kept quiet.", "火警、困人等紧急告警不可静默。"
            ),
            Text(
                "Name another rule or a milder severity; acknowledge the alert instead.",
                "请选择其他规则或较轻级别；紧急告警请直接确认处理。",
            ),
        )
    if not (matcher.compound_id or matcher.module or matcher.rule or matcher.device_id):
        raise _invalid(
            "compound_id",
            Text("The silence covers the whole street.", "该静默未限定范围，将覆盖整个街道。"),
            Text("Name a compound, a module, a rule or a device.", "请至少指定小区、模块、规则或设备之一。"),
        )


def check_window(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuses (INVALID, naming the field) a silence that is over before it begins, too long, or too far ahead."""
    if ends_at <= max(starts_at, now):
        raise _invalid(
            "ends_at",
            Text("The silence would be over before it begins.", "结束时间不晚于开始时间或已过去。"),
            Text("Give an end in the future, after the beginning.", "请填写晚于开始时间的未来时间。"),
        )
    if ends_at - max(starts_at, now) > LONGEST:
        raise _invalid(
            "ends_at",
            Text("The silence is longer than 30 days.", "静默超过 30 天。"),
            Text(
                "Mend the rule's figures or the device instead, or choose an earlier end.",
                "请调整规则阈值或检修设备，或缩短时间。",
            ),
        )
    if starts_at > now + AHEAD:
        raise _invalid(
            "starts_at",
            Text("The silence begins more than 90 days from now.", "开始时间在 90 天之后。"),
            Text("Plan it nearer to its time.", "请临近时再设置。"),
        )


def check_shelving(until: datetime, severity: Severity, now: datetime) -> None:
    """Refuses to put aside what is CRITICAL (ILLEGAL_MOVE), and without an end in sight (INVALID)."""
    if severity is Severity.CRITICAL:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("A critical alert is never put aside.", "紧急告警不可搁置。"),
            path=("id",),
            hint=Text("Acknowledge it, see to it, and clear it with its outcome.", "请确认、处置后登记处置结果并解除。"),
        )
    if not now < until <= now + SHELVED_LONGEST:
        raise _invalid(
            "until",
            Text("An alert is put aside for seven days at most, and not into the past.", "搁置最长七天，且须为未来时间。"),
            Text("Give a time within the next seven days.", "请填写未来七天内的时间。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

"""The reminder ladder (催缴阶梯): what a home that is behind is told, when, and how long it has to answer.

Civil Code art. 944: an owner who does not pay is reminded to pay within a reasonable period; after that only a court or an
arbitration decides. The service goes on all the while.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word
from domain.working_time import Span


class ReminderKind(Word):
    """How firmly a reminder speaks, the mildest first."""

    NOTICE = "NOTICE", "缴费提示", "A friendly word that something may have been forgotten."
    REMINDER = "REMINDER", "催缴通知", "Asks to pay by a day, and says where to ask or to object."
    DEMAND = "DEMAND", "书面催告", "A formal demand with a reasonable period, by art. 944 of the Civil Code."
    LAST_DEMAND = "LAST_DEMAND", "最后催告", "The last demand: says that a court or an arbitration may be asked afterwards."


#: By art. 944 these open the way to a court once their period is over.
FORMAL = frozenset({ReminderKind.DEMAND, ReminderKind.LAST_DEMAND})
#: The shortest reasonable period in days: of a demand, and of what is no demand. (Civil Code art. 944 names none; practice.)
LEAST_PERIOD, LEAST_DEMAND = 7, 15
PERIOD_MAX, AFTER_MAX, STEPS_MAX = 180, 1_095, 8
#: No reminder comes outside these hours (minutes of the day), nor on a day off.
DECENT = Span(9 * 60, 18 * 60)


@dataclass(frozen=True)
class LadderStep:
    """From ``after_days`` past due on, a reminder of ``kind`` that asks to pay within ``period_days``."""

    kind: ReminderKind
    after_days: int
    period_days: int


#: What holds where a book names no steps of its own.
LADDER = (
    LadderStep(ReminderKind.NOTICE, 7, 10),
    LadderStep(ReminderKind.REMINDER, 30, 15),
    LadderStep(ReminderKind.DEMAND, 60, 30),
    LadderStep(ReminderKind.LAST_DEMAND, 105, 30),
)


@dataclass(frozen=True)
class Reminded:
    """The last reminder of a home: which step it was (1 for the first), when it was sent, and by when it asked to pay."""

    step: int
    sent_on: date
    pay_by: date


def check_steps(steps: Sequence[LadderStep]) -> tuple[LadderStep, ...]:
    """The steps as a ladder.

    Refuses (INVALID, naming the step) none or too many, days and periods out of range, a step that begins before the period
    of the one before it is over, one milder than the one before it, and a ladder that does not end with a demand.
    """
    if not 1 <= len(steps) <= STEPS_MAX:
        raise _invalid(
            "steps",
            Text(f"A ladder of {len(steps)} steps.", f"共 {len(steps)} 个催缴步骤。"),
            Text(f"Give 1 to {STEPS_MAX} steps.", f"请填写 1 到 {STEPS_MAX} 个步骤。"),
        )
    for number, step in enumerate(steps, start=1):
        least = LEAST_DEMAND if step.kind in FORMAL else LEAST_PERIOD
        if not 1 <= step.after_days <= AFTER_MAX or not least <= step.period_days <= PERIOD_MAX:
            raise _invalid(
                "steps",
                Text(
                    f"Step {number}: {step.after_days} days past due, {step.period_days} days to pay.",
                    f"第 {number} 步：逾期 {step.after_days} 天，限期 {step.period_days} 天。",
                ),
                Text(
                    f"It begins 1 to {AFTER_MAX} days past due; a reasonable period is {least} to {PERIOD_MAX} days here.",
                    f"起始为逾期 1 到 {AFTER_MAX} 天；该类通知的合理期限为 {least} 到 {PERIOD_MAX} 天。",
                ),
            )
    milder = list(ReminderKind)
    for number, (one, other) in enumerate(pairwise(steps), start=2):
        if other.after_days < one.after_days + one.period_days:
            raise _invalid(
                "steps",
                Text(
                    f"Step {number} begins before the period of step {number - 1} is over.",
                    f"第 {number} 步早于第 {number - 1} 步限期届满。",
                ),
                Text(
                    f"Let it begin {one.after_days + one.period_days} days past due or later.",
                    f"起始应不早于逾期 {one.after_days + one.period_days} 天。",
                ),
            )
        if milder.index(other.kind) < milder.index(one.kind):
            raise _invalid(
                "steps",
                Text(f"Step {number} is milder than the one before it.", f"第 {number} 步比前一步更缓和。"),
                Text(f"Choose {one.kind} or a firmer kind.", f"请选择“{one.kind.zh}”或更正式的种类。"),
            )
    if steps[-1].kind not in FORMAL:
        raise _invalid(
            "steps",
            Text("The ladder does not end with a demand.", "催缴阶梯最后一步不是书面催告。"),
            Text(
                "End with DEMAND or LAST_DEMAND: without one no court can be asked (Civil Code art. 944).",
                "最后一步应为书面催告或最后催告：未经催告不得起诉或申请仲裁（《民法典》第九百四十四条）。",
            ),
        )
    return tuple(steps)


def next_step(ladder: Sequence[LadderStep], days: int, last: Reminded | None, today: date) -> int | None:
    """The number of the step that is due today for a home whose oldest debt is ``days`` past due; None: none is.

    One step after another, each once; none before the period of the last one is over.
    """
    number = 1 if last is None else last.step + 1
    if number > len(ladder) or days < ladder[number - 1].after_days or (last is not None and today <= last.pay_by):
        return None
    return number


def next_on(ladder: Sequence[LadderStep], due_on: date, last: Reminded | None) -> date | None:
    """The first day on which the next step can come, for a home whose oldest debt fell due on ``due_on``; None: none is left."""
    number = 1 if last is None else last.step + 1
    if number > len(ladder):
        return None
    day = due_on + timedelta(days=ladder[number - 1].after_days)
    return day if last is None else max(day, last.pay_by + timedelta(days=1))


def pay_by(sent_on: date, period_days: int, works: Callable[[date], bool]) -> date:
    """The last day of the period, which begins on the day after; put off to the next working day (Civil Code art. 201, 203)."""
    day = sent_on + timedelta(days=period_days)
    while not works(day):
        day += timedelta(days=1)
    return day


def decent(moment: datetime, works: Callable[[date], bool]) -> bool:
    """Whether reminders may be sent at this moment of the street's clock: on a working day, by day."""
    return works(moment.date()) and DECENT.begins <= moment.hour * 60 + moment.minute < DECENT.ends


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

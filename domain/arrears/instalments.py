"""Instalment plans (分期): what is owed, in parts that sum exactly, and whether they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from domain.money import FEN
from domain.refusals import RefusalCode, Refused
from domain.upkeep import months_later
from domain.words import Text, Word

#: No plan has more parts, begins later (days from today), or lasts longer (months) than these.
PARTS_MAX, FIRST_WITHIN, MONTHS_MAX = 36, 62, 36
#: Days after which a part that was not paid breaks the plan.
GRACE_DAYS = 7


class PlanState(Word):
    """Where an instalment plan stands."""

    RUNNING = "RUNNING", "履行中", "It is kept so far."
    KEPT = "KEPT", "已结清", "All that it covers is paid."
    BROKEN = "BROKEN", "已违约", "A part was not paid in time; reminders go on."
    CANCELLED = "CANCELLED", "已取消", "Given up by who agreed it; reminders go on."


@dataclass(frozen=True)
class Part:
    """One instalment: so much, to be paid by a day."""

    due_on: date
    amount: Decimal


def equal_parts(total: Decimal, count: int, first_on: date) -> tuple[Part, ...]:
    """The total in so many parts, a month apart, that sum exactly: the first ones are a fen more where it does not divide."""
    fen, rest = divmod(int(total / FEN), count)
    return tuple(Part(months_later(first_on, n), (fen + (n < rest)) * FEN) for n in range(count))


def check_count(count: int, total: Decimal) -> None:
    """Refuses (INVALID) a plan of fewer than two parts, of too many, or of more parts than there are fen."""
    if not 2 <= count <= PARTS_MAX or total < count * FEN:
        raise _invalid(
            "count",
            Text(f"{total} yuan in {count} parts.", f"{total} 元分 {count} 期。"),
            Text(f"Give 2 to {PARTS_MAX} parts.", f"请填写 2 到 {PARTS_MAX} 期。"),
        )


def check_parts(parts: Sequence[Part], total: Decimal, today: date) -> tuple[Part, ...]:
    """The parts as a plan of ``total``.

    Refuses (INVALID) fewer than two or too many, amounts that are none, days that do not follow each other, begin before today
    or too late, last too long, and parts that do not sum to the total.
    """
    check_count(len(parts), total)
    if any(part.amount <= 0 or part.amount != part.amount.quantize(FEN) for part in parts):
        raise _invalid(
            "instalments",
            Text("An instalment is not an amount in yuan and fen.", "分期金额无效。"),
            Text("Give amounts over 0, exact to the fen.", "请填写大于 0、精确到分的金额。"),
        )
    days = [part.due_on for part in parts]
    if (
        any(other <= one for one, other in pairwise(days))
        or not today <= days[0] <= today + timedelta(days=FIRST_WITHIN)
        or days[-1] > months_later(today, MONTHS_MAX)
    ):
        raise _invalid(
            "instalments",
            Text("The days of the instalments do not make a plan.", "分期日期无效。"),
            Text(
                f"Begin within {FIRST_WITHIN} days, each later than the one before, the last within {MONTHS_MAX} months.",
                f"首期应在 {FIRST_WITHIN} 天内，各期依次递后，末期不晚于 {MONTHS_MAX} 个月。",
            ),
        )
    summed = sum((part.amount for part in parts), Decimal(0))
    if summed != total:
        raise _invalid(
            "instalments",
            Text(f"The instalments sum to {summed} yuan, {total} yuan are owed.", f"分期合计 {summed} 元，欠费 {total} 元。"),
            Text("Let them sum to what is owed, to the fen.", "各期合计应与欠费金额一致，精确到分。"),
        )
    return tuple(parts)


def standing(parts: Sequence[Part], paid: Decimal, today: date, grace_days: int = GRACE_DAYS) -> PlanState:
    """Where a plan stands of which so much has been paid; a part counts as missed when its day and the grace are over."""
    if paid >= sum((part.amount for part in parts), Decimal(0)):
        return PlanState.KEPT
    missed = today - timedelta(days=grace_days)
    wanted = sum((part.amount for part in parts if part.due_on < missed), Decimal(0))
    return PlanState.RUNNING if paid >= wanted else PlanState.BROKEN


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

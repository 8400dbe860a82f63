"""Meters: what a new reading says was used since the last, over the end of the dial, and what is estimated where nobody read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.refusals import RefusalCode, Refused
from domain.words import Text

#: Figures before the point that a dial may have.
DIGITS_LEAST, DIGITS_MOST = 3, 9
#: What one turn of the dial is multiplied with, at most.
RATIO_MOST = Decimal(10_000)
#: Readings on which an estimate rests, at most.
ESTIMATED_FROM = 3
_STEP = Decimal("0.001")
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Dial:
    """Where a meter stands. ``value``: as it was read last; ``turns``: how often it went round before; ``charged``: up to what
    count it was charged for, which estimates may bring ahead of it; ``ratio``: units of use for one of the dial.
    """

    digits: int
    value: Decimal
    turns: int = 0
    charged: Decimal = _NONE
    ratio: Decimal = Decimal(1)

    @property
    def round(self) -> Decimal:
        """How much it counts before it begins again at nought."""
        return Decimal(10) ** self.digits

    @property
    def count(self) -> Decimal:
        """All that it has counted."""
        return self.turns * self.round + self.value


@dataclass(frozen=True, slots=True)
class Read:
    """A reading, taken in: how the dial stands after it, and what is charged for it."""

    dial: Dial
    used: Decimal


def started(digits: int, value: Decimal, ratio: Decimal = Decimal(1)) -> Dial:
    """A meter that begins to count at ``value``. Refuses INVALID (digits, value, ratio)."""
    if not DIGITS_LEAST <= digits <= DIGITS_MOST:
        raise _invalid(
            "digits",
            Text(f"A dial of {digits} figures is none.", f"表盘位数 {digits} 无效。"),
            Text(f"Count the figures before the point: {DIGITS_LEAST} to {DIGITS_MOST}.", "请填写小数点前的位数（3 至 9）。"),
        )
    if not 0 < ratio <= RATIO_MOST:
        raise _invalid(
            "ratio",
            Text(f"A ratio of {ratio} is none.", f"倍率 {ratio} 无效。"),
            Text(f"Give more than 0, at most {RATIO_MOST}.", "请填写大于 0 且不超过 10000 的倍率。"),
        )
    dial = Dial(digits, value, ratio=ratio)
    _check_value(dial, value)
    return replace(dial, charged=value)


def read(dial: Dial, value: Decimal, *, rolled_over: bool = False) -> Read:
    """Take in what somebody read. ``rolled_over``: it has begun again at nought since.

    What estimates charged too much is set off against what is used next. Refuses INVALID: more figures than the dial has; less
    than before, without or with too much of a turn; not less, with a turn.
    """
    _check_value(dial, value)
    if value < dial.value and not rolled_over:
        raise _invalid(
            "value",
            Text(f"The meter shows less than before: {value} after {dial.value}.", f"读数 {value} 小于上次读数 {dial.value}。"),
            Text(
                "Read it again; say rolledOver if it began again at nought, or replace the meter.",
                "请复核读数；如表盘归零请注明 rolledOver，如已换表请办理换表。",
            ),
        )
    if rolled_over and (value >= dial.value or dial.round + value - dial.value > dial.round / 2):
        raise _invalid(
            "rolled_over",
            Text(f"From {dial.value} to {value} it has not gone round.", f"由 {dial.value} 至 {value} 不像表盘归零。"),
            Text("Read it again, and leave rolledOver away.", "请复核读数，并取消 rolledOver。"),
        )
    after = replace(dial, value=value, turns=dial.turns + rolled_over)
    used = max(after.count - dial.charged, _NONE)
    return Read(replace(after, charged=dial.charged + used), used * dial.ratio)


def estimated(dial: Dial, used: Decimal) -> Read:
    """Charge what was estimated; the next reading sets it right. ``used``: in units of use."""
    return Read(replace(dial, charged=dial.charged + used / dial.ratio), used)


def estimate(past: Sequence[tuple[date, date, Decimal]], until: date) -> Decimal | None:
    """What was probably used up to ``until``: by the day as over the last readings (first day, last day, used; the last of them
    last). None: nothing is known.
    """
    known = [(start, end, used) for start, end, used in past if end > start][-ESTIMATED_FROM:]
    if not known or until <= known[-1][1]:
        return None
    days = sum((end - start).days for start, end, _ in known)
    used = sum((used for *_, used in known), _NONE)
    return (used * (until - known[-1][1]).days / days).quantize(_STEP, ROUND_HALF_UP)


def _check_value(dial: Dial, value: Decimal) -> None:
    if not value.is_finite() or not 0 <= value < dial.round or value != value.quantize(_STEP):
        raise _invalid(
            "value",
            Text(f"A dial of {dial.digits} figures cannot show {value}.", f"{dial.digits} 位表盘不可能显示 {value}。"),
            Text("Give what it shows, with three decimals at most.", "请按表盘填写，最多三位小数。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)

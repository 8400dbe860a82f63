"""Late fees (违约金): only where a contract has them, simple, capped, and never on late fees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from domain.money import FEN
from domain.refusals import RefusalCode, Refused
from domain.words import Text

#: The highest figures that terms may have, as shares of the debt: a day, and in all. (Civil Code art. 585: what is far above the
#: loss is cut by the court; practice. Defaults.)
MOST_PER_DAY, MOST_IN_ALL = Decimal("0.0005"), Decimal("0.30")
GRACE_MAX = 180
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What a contract says of late fees from ``starts_on`` to ``ends_on`` (both included; None: open).

    ``per_day``: the share of what is unpaid that is owed for each day (0.0003 for 0.03 %); ``cap``: the most in all, as a share
    of what was billed; ``grace_days``: days past due that cost nothing.
    """

    starts_on: date
    ends_on: date | None
    per_day: Decimal
    cap: Decimal
    grace_days: int


@dataclass(frozen=True)
class LateFee:
    """What is owed for being late, to the fen, and for how many days."""

    amount: Decimal
    days: int


NONE = LateFee(Decimal("0.00"), 0)


def check_terms(terms: Terms) -> Terms:
    """The terms. Refuses (INVALID) a rate, a cap or days of grace out of range."""
    ranges = [
        ("per_day", terms.per_day, Decimal("0.000001"), MOST_PER_DAY),
        ("cap", terms.cap, Decimal("0.01"), MOST_IN_ALL),
        ("grace_days", Decimal(terms.grace_days), Decimal(0), Decimal(GRACE_MAX)),
    ]
    for field, value, least, most in ranges:
        if not least <= value <= most:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{field} cannot be {value}.", f"{field} 不能为 {value}。"),
                path=(field,),
                hint=Text(
                    f"Give {least} to {most}; a court cuts what is far above the loss (Civil Code art. 585).",
                    f"请填写 {least} 到 {most}；约定过高的，法院可以调低（《民法典》第五百八十五条）。",
                ),
            )
    return terms


def late_fee(
    due_on: date,
    billed: Decimal,
    unpaid: Sequence[tuple[date, Decimal]],
    terms: Iterable[Terms],
    pauses: Iterable[tuple[date, date | None]],
    until: date,
) -> LateFee:
    """The late fee of one bill for all days up to ``until`` (included), whatever of it was asked for already.

    ``billed``: what was rightly billed, credits off, which the cap goes by. ``unpaid``: what was open at the end of each day on
    which that changed, in order. ``pauses``: days (the last included, None: going on) that cost nothing: of disputes and of
    plans that are kept. Simple: the share of what was open on each day, summed, without fees on fees. Parts of a fen are left.
    """
    held, paused = list(terms), list(pauses)
    ends = [until + _DAY, *(day for day, _ in unpaid)]
    ends += [day for term in held for day in (term.starts_on, (term.ends_on or until) + _DAY)]
    ends += [due_on + timedelta(days=term.grace_days + 1) for term in held]
    ends += [day for first, last in paused for day in (first, (last or until) + _DAY)]
    amount, cap, days, begins = Decimal(0), Decimal(0), 0, due_on + _DAY
    for end in sorted({day for day in ends if begins < day <= until + _DAY}):
        span, day = (end - begins).days, begins
        begins = end
        term = next((t for t in held if t.starts_on <= day and (t.ends_on is None or day <= t.ends_on)), None)
        if term is None or (day - due_on).days <= term.grace_days:
            continue
        if any(first <= day and (last is None or day <= last) for first, last in paused):
            continue
        open_ = next((left for since, left in reversed(unpaid) if since <= day), Decimal(0))
        if open_ > 0:
            amount, days, cap = amount + open_ * term.per_day * span, days + span, max(cap, billed * term.cap)
    kept = min(amount, max(cap, Decimal(0))).quantize(FEN, ROUND_DOWN)
    return LateFee(kept, days) if kept else NONE
